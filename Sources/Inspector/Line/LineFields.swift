import RawGadget
import Simulation
import Text
import Usercopy

/// Takes the words of a `:` line behind its subject: bare ones in the order of a form, and `key=value`
/// pairs, each by the kind of its field.
enum LineFields {
  static func values(
    _ words: some Sequence<String>, _ form: LineForm
  ) throws(CommandLineError) -> FieldValues {
    var bare: [String] = []
    var values = FieldValues()
    for word in words {
      guard let equals = word.firstIndex(of: "="), !form.fields.isEmpty else {
        bare.append(word)
        continue
      }
      let key = String(word[..<equals])
      guard let field = form.keyed.first(where: { $0.name == key }) else {
        throw .unknownKey(key, subject: form.subject, known: form.keyed.map(\.name))
      }
      guard values[key] == nil else { throw .twice(key: key) }
      values[key] = try value(
        String(word[equals...].dropFirst()), field.kind, key: key, named: "\(key)=")
    }
    try take(bare, form, &values)
    for field in form.keyed where field.isRequired && isMissing(values[field.name]) {
      throw .needs(field.name, subject: form.subject)
    }
    return values
  }

  private static func isMissing(_ value: FieldValue?) -> Bool { value == nil || value == .text("") }

  /// Gives the bare words to the parts of the form.
  private static func take(
    _ bare: [String], _ form: LineForm, _ values: inout FieldValues
  ) throws(CommandLineError) {
    var rest = bare[...]
    for part in form.parts {
      guard let word = rest.first else {
        if part.isNeeded { throw .missing(form: form.text) }
        continue
      }
      var (name, text) = ("", word)
      switch part {
      case .field(let field, _): name = field
      case .either(let number, let other, _):
        name = Number.unsigned(word) != nil ? number : other
      case .optional(let field, _):
        // The word of a flag behind it may stand in its place.
        if form.parts.contains(.flag(word, word: word)), rest.count == 1 { continue }
        name = field
      case .flag(let field, let flag):
        guard word == flag else { continue }
        (name, text) = (field, "true")
      case .rest(let field, _):
        (name, text) = (field, rest.joined(separator: ","))
        rest = rest.suffix(1)
      }
      guard let field = form.field(name) else { continue }
      let label = part.label.trimmingBrackets
      values[name] = try value(text, field.kind, key: name.isEmpty ? label : name, named: label)
      rest = rest.dropFirst()
    }
    if let word = rest.first { throw .tooMuch(word, form: form.text) }
  }

  /// The value of one word by its kind.
  static func value(
    _ text: String, _ kind: FieldKind, key: String, named name: String
  ) throws(CommandLineError) -> FieldValue {
    switch kind {
    case .text, .name: return .text(text)
    case .number(let range, _):
      guard let number = Number.unsigned(text), range.contains(number) else {
        throw .number(text, name: name, range: range)
      }
      return .number(number)
    case .signed:
      guard let number = Number.signed(text) else { throw .notSigned(text, name: key) }
      return .signed(number)
    case .truth:
      switch text {
      case "true", "yes", "on": return .truth(true)
      case "false", "no", "off": return .truth(false)
      default: throw .notTruth(text, key: key)
      }
    case .word(let words):
      guard words.contains(text) else { throw .unknown(text, what: key, known: words) }
      return .text(text)
    case .era: return .text(try era(text))
    case .request: return .text(try request(text).name)
    case .place: return .place(Place(spelling: text))
    case .speed:
      guard let number = SpeedName.number(text) ?? UInt8(text) else {
        throw .unknown(text, what: key, known: SpeedName.all.map(\.name) + ["a number to 255"])
      }
      return .number(UInt64(number))
    case .content: return .bytes(Array(text.utf8))
    case .hex: return .bytes(try hex(text, key: key))
    case .locals(let most): return .locals(try locals(text, most: most))
    case .texts: return .texts(text.split(separator: ",").map(String.init))
    case .numbers(let range):
      guard let numbers = NumberList.numbers(text, in: range) else {
        throw .number(text, name: name, range: range)
      }
      return .numbers(numbers)
    case .members: return .structure(try members(text, key: key))
    case .structure:
      return .structure(
        try structure(key) { () throws(FieldProblem) in
          try StructureFields.structure(text, of: key)
        })
    }
  }

  /// The call of that name, with or without the header's prefix, in any case, or a number.
  static func request(_ name: String) throws(CommandLineError) -> IoctlRequest {
    guard let request = IoctlRequest(name.uppercased()) ?? IoctlRequest(name.lowercased()) else {
      throw .unknown(name, what: "call", known: RawIoctl.allCases.map(\.shortName))
    }
    return request
  }

  /// An era by its id, or by the kernel's tag as the screen writes it: `v6.1`.
  private static func era(_ name: String) throws(CommandLineError) -> String {
    if let era = Era.all.first(where: { [$0.id, $0.shortName].contains(name) }) {
      return era.id
    }
    if Era.named(name) != nil { return name }
    throw .unknown(name, what: "era", known: Era.all.map(\.shortName))
  }

  /// Hexadecimal bytes; blanks inside quotation marks are allowed.
  private static func hex(_ text: String, key: String) throws(CommandLineError) -> [UInt8] {
    do throws(Hexadecimal.Problem) {
      return try Hexadecimal.bytes(text) { $0 == " " }
    } catch {
      throw error == .halfByte ? .halfByte(key: key) : .notHexadecimal(key: key)
    }
  }

  private static func locals(
    _ text: String, most: UInt64
  ) throws(CommandLineError) -> [Action.Local] {
    var locals: [Action.Local] = []
    for word in text.split(separator: ",").map(String.init) {
      let parts = word.split(separator: ":").map(String.init)
      guard parts.count == 2, let size = Number.unsigned(parts[1]), size <= most else {
        throw .notLocal(word, most: most)
      }
      locals.append(Action.Local(name: parts[0], size: size))
    }
    return locals
  }

  /// Members as `kind:u8,name:char[16],tag:6`: a name with a C type or a size.
  private static func members(
    _ text: String, key: String
  ) throws(CommandLineError) -> StructDeclaration {
    let members = text.split(separator: ",").map { word in
      let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
      let what = parts.count > 1 ? parts[1] : ""
      let size = Number.unsigned(what)
      return StructDeclaration.Member(
        name: parts.first ?? "", type: size == nil ? what : "", size: size)
    }
    return try structure(key) { () throws(FieldProblem) in
      try StructureFields.structure(members, of: key)
    }
  }

  private static func structure(
    _ key: String, _ make: () throws(FieldProblem) -> StructDeclaration
  ) throws(CommandLineError) -> StructDeclaration {
    do throws(FieldProblem) { return try make() } catch {
      guard case .structure(_, let problem) = error else { throw .needs(key, subject: key) }
      throw .structure(key: key, problem)
    }
  }

  /// The words of a line: blanks part them, but not inside quotation marks, which are dropped.
  static func words(of text: String) throws(CommandLineError) -> [String] {
    var words: [String] = []
    var word = ""
    var isWord = false
    var isQuoted = false
    for character in text {
      switch character {
      case "\"":
        isQuoted.toggle()
        isWord = true
      case " " where !isQuoted:
        if isWord { words.append(word) }
        (word, isWord) = ("", false)
      default:
        word.append(character)
        isWord = true
      }
    }
    guard !isQuoted else { throw .openQuotation }
    if isWord { words.append(word) }
    return words
  }
}

extension String {
  /// The text without brackets around it.
  fileprivate var trimmingBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
