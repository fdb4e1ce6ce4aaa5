import RawGadget
import Simulation
import Usercopy

/// The `:` line's language: one action a line, its fields by the table all actions have.
enum CommandLine {
  /// The forms, for help and messages.
  static let forms: [String] = {
    func forms(_ words: ActionWord...) -> [String] { words.map { LineForm($0).text } }
    return forms(.alloc, .free, .call, .return)
      + [copyForm, putForm] + forms(.vmalloc) + ["write [FILE]", "write! [FILE]", writeForm]
      + forms(.user, .pages, .image, .module, .kmap, .task, .run, .era)
      + [
        "note TEXT (your own, kept)", "allocator NAME", "arch NAME", "open LESSON", "new FILE",
        "do FILE (of such lines)",
        LineForm(ActionWord.open).text + " (/dev/raw-gadget)",
      ] + forms(.close)
      + [
        "ioctl REQUEST key=value… (ep= data= length= waits= …)",
        "host ACTION [NUMBER] key=value… (endpoint= data= …)",
      ] + forms(.wait) + [signalForm]
      + [ActionWord.gadgetfs, .gadgetfsRead, .gadgetfsWrite, .gadgetfsStall].map(keysForm)
      + ["NUMBER (go to step)", "theme NAME", "quit!", "any command's name, such as zoom"]
  }()

  private static let copyForm = "copy to|from PLACE [+OFFSET] LENGTH [ENTRY]"
  private static let putForm = "put PLACE TEXT"
  private static let writeForm = "write PLACE +OFFSET TEXT|data=HEX"
  private static let signalForm = "signal THREAD [restart]"

  /// A form without bare words, with its keys: `gadgetfs-read length= thread= …`.
  private static func keysForm(_ word: ActionWord) -> String {
    word.rawValue + word.shape.fields.map { " \($0.name)=" }.joined()
  }

  /// The first words of the forms.
  static let words: [String] = Set(
    forms.compactMap { $0.split(separator: " ").first.map(String.init) }
  ).subtracting(["NUMBER", "any"]).sorted()

  static func parse(_ text: String) throws(CommandLineError) -> Action {
    let words = text.split(separator: " ").map(String.init)
    let first = words.first ?? ""
    if first == "put" { return try put(words) }
    guard let word = ActionWord(rawValue: first), word != .note, word != .signalRestart else {
      throw .unknownCommand(first)
    }
    let behind = try LineFields.words(of: text).dropFirst()
    switch word {
    case .copy: return try copy(Array(behind))
    case .write: return try write(Array(behind))
    case .ioctl: return try ioctl(behind)
    case .host: return try host(behind)
    case .signal where behind.count > 1: return try signal(Array(behind))
    default:
      let form = LineForm(word)
      var values = try LineFields.values(behind, form)
      // Typed by hand, pages are one block.
      if word == .pages, values["compound"] == nil { values["compound"] = .truth(true) }
      return try made(form) { () throws(FieldProblem) in try word.make(values) }
    }
  }

  private static func made(
    _ form: LineForm, _ make: () throws(FieldProblem) -> Action
  ) throws(CommandLineError) -> Action {
    do throws(FieldProblem) { return try make() } catch {
      switch error {
      case .missing(let key): throw .needs(key, subject: form.subject)
      case .needsOneOf(let keys), .needsOnly(let keys):
        throw .needsOne(keys, subject: form.subject)
      case .wrongSide(_, let entry, let reads):
        throw .wrongWay(entry: entry, way: reads ? "from" : "to", form: copyForm)
      case .fillsNothing(let key): throw .fillsNothing(key: key)
      case .both(let first, let second): throw .both(first, second)
      case .structure(let key, let problem): throw .structure(key: key, problem)
      }
    }
  }

  /// `ioctl REQUEST key=value …`.
  private static func ioctl(_ words: ArraySlice<String>) throws(CommandLineError) -> Action {
    guard let name = words.first else { throw .missing(form: "ioctl REQUEST key=value…") }
    let request = try LineFields.request(name)
    let form = LineForm(request)
    var values = try LineFields.values(words.dropFirst(), form)
    values["request"] = .text(request.name)
    return try made(form) { () throws(FieldProblem) in try ActionWord.ioctl.make(values) }
  }

  /// `host ACTION [NUMBER] key=value …`.
  private static func host(_ words: ArraySlice<String>) throws(CommandLineError) -> Action {
    let known = HostWord.allCases.map(\.rawValue)
    guard let name = words.first else {
      throw .missing(form: "host " + known.joined(separator: "|"))
    }
    // A node may be called as an action is: what is done with it comes next.
    if words.count > 1, name != HostWord.node.rawValue, let spelled = NodeLine.spelled(words) {
      return try host(spelled)
    }
    guard let word = HostWord(rawValue: name) else {
      throw .unknown(name, what: "action of the host", known: known)
    }
    let form = LineForm(word)
    let values = try LineFields.values(words.dropFirst(), form)
    return try made(form) { () throws(FieldProblem) in
      try ActionWord.host(word, values, values)
    }
  }

  /// `signal THREAD restart`.
  private static func signal(_ words: [String]) throws(CommandLineError) -> Action {
    guard words[1...] == ["restart"] else { throw .tooMuch(words[1], form: signalForm) }
    return .signal(thread: words[0], restarts: true)
  }

  /// Most bytes of text a line writes.
  private static let mostText = 256

  /// `put PLACE TEXT`: all of the line behind the place.
  private static func put(_ words: [String]) throws(CommandLineError) -> Action {
    guard words.count > 2 else { throw .missing(form: putForm) }
    let text = words[2...].joined(separator: " ")
    return .write(
      place: Place(spelling: words[1]), offset: 0, bytes: Array(text.utf8.prefix(mostText)))
  }

  /// `write PLACE +OFFSET TEXT` or `… data=HEX`.
  private static func write(_ words: [String]) throws(CommandLineError) -> Action {
    guard words.count > 2 else { throw .missing(form: writeForm) }
    guard let offset = offset(words[1]) else { throw .notSigned(words[1], name: "offset") }
    let place = Place(spelling: words[0])
    guard words[2].hasPrefix("data=") else {
      let text = words[2...].joined(separator: " ")
      return .write(place: place, offset: offset, bytes: Array(text.utf8.prefix(mostText)))
    }
    let form = LineForm(.write)
    let values = try LineFields.values(words, form)
    return try made(form) { () throws(FieldProblem) in try ActionWord.write.make(values) }
  }

  /// An offset, which has its sign on the line.
  private static func offset(_ text: String) -> Int64? {
    text.hasPrefix("+") || text.hasPrefix("-") ? Number.signed(text) : nil
  }

  /// `copy to|from PLACE [+OFFSET] LENGTH [ENTRY]`, and further fields as `key=value`.
  private static func copy(_ words: [String]) throws(CommandLineError) -> Action {
    var bare = words.filter { !$0.contains("=") }[...]
    func next() throws(CommandLineError) -> String {
      guard let word = bare.popFirst() else { throw .missing(form: copyForm) }
      return word
    }
    let way = try next()
    guard way == "to" || way == "from" else {
      throw .unknown(way, what: "way of a copy", known: ["to", "from"])
    }
    let place = try next()
    var length = try next()
    var given = ["\(way == "to" ? "from" : "to")=\(place)"]
    if length.hasPrefix("+") || length.hasPrefix("-") {
      guard offset(length) != nil else { throw .notSigned(length, name: "offset") }
      guard let behind = bare.popFirst() else {
        throw .noLength(offset: length, form: copyForm)
      }
      given.append("offset=\(length)")
      length = behind
    }
    given.append("length=\(length)")
    let entry = bare.popFirst()
    if let word = bare.first { throw .tooMuch(word, form: copyForm) }
    given.append("entry=\(entry ?? EntryPoint.usual(toUser: way == "to").rawValue)")
    if entry == EntryPoint.checkOnly.rawValue {
      let direction = way == "to" ? CopyDirection.toUser : .fromUser
      given.append("direction=\(direction.rawValue)")
    }
    let form = LineForm(.copy)
    let values = try LineFields.values(given + words.filter { $0.contains("=") }, form)
    do throws(FieldProblem) { return try ActionWord.copy.make(values) } catch {
      guard case .wrongSide(_, let entry, _) = error else { throw .missing(form: copyForm) }
      throw .wrongWay(entry: entry, way: way, form: copyForm)
    }
  }
}

extension EntryPoint {
  /// The entry point that is meant where none is named.
  fileprivate static func usual(toUser: Bool) -> EntryPoint {
    toUser ? .copyToUser : .copyFromUser
  }
}
