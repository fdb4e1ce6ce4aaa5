import RawGadget
import Simulation
import Usercopy
import Yams
import Text

/// Reads the fields of an action out of a mapping, each by its kind.
enum FieldReader {
  /// The values of those fields that are there.
  ///
  /// - Throws: a diagnostic at the value that is not of its field's kind, or at the mapping that
  ///   lacks a field.
  static func values(_ known: [Field], _ fields: Fields) throws(Diagnostic) -> FieldValues {
    for field in known where field.isRequired { _ = try fields.required(field.name) }
    var values = FieldValues()
    for field in known where fields.has(field.name) {
      values[field.name] = try value(field.kind, field.name, fields)
    }
    return values
  }

  /// The value of one key by its kind.
  static func value(
    _ kind: FieldKind, _ key: String, _ fields: Fields
  ) throws(Diagnostic) -> FieldValue {
    switch kind {
    case .text, .name: return .text(try fields.requiredString(key))
    case .number(let range, _): return .number(try fields.number(key, in: range))
    case .signed: return .signed(try fields.signed(key) ?? 0)
    case .truth: return .truth(try fields.bool(key) ?? false)
    case .word(let words):
      let text = try fields.requiredString(key)
      return .text(try known(text, words, "'\(text)' is no \(key)", key, fields))
    case .era:
      let id = try fields.requiredString(key)
      if Era.named(id) != nil { return .text(id) }
      return .text(try known(id, Era.all.map(\.id), "unknown era '\(id)'", key, fields))
    case .request:
      let name = try fields.requiredString(key)
      if IoctlRequest(name) != nil { return .text(name) }
      let words = RawIoctl.allCases.map(\.shortName)
      return .text(try known(name, words, "there is no call '\(name)'", key, fields))
    case .place: return .place(Place(spelling: try fields.requiredString(key)))
    case .speed: return .number(try speed(key, fields))
    case .content: return .bytes(Array(try fields.requiredString(key).utf8))
    case .hex: return .bytes(try hex(key, fields))
    case .locals(let most): return .locals(try StructureReader.locals(key, most, fields))
    case .texts: return .texts(try fields.list(key).compactMap { $0.scalar?.string })
    case .numbers(let range):
      let text = try fields.requiredString(key)
      guard let numbers = NumberList.numbers(text, in: range) else {
        throw fields.fail(
          key,
          "'\(key)' must be numbers from \(range.lowerBound) to \(range.upperBound), such as "
            + "1-10, 13")
      }
      return .numbers(numbers)
    case .members: return .structure(try StructureReader.members(key, fields))
    case .structure: return .structure(try StructureReader.text(key, fields))
    }
  }

  private static func known(
    _ text: String, _ words: [String], _ problem: String, _ key: String, _ fields: Fields
  ) throws(Diagnostic) -> String {
    guard words.contains(text) else {
      throw fields.fail(key, problem, Nearest.word(to: text, among: words), known: words)
    }
    return text
  }

  private static func speed(_ key: String, _ fields: Fields) throws(Diagnostic) -> UInt64 {
    let text = try fields.requiredString(key)
    if let known = SpeedName.number(text) { return UInt64(known) }
    guard let number = Number.unsigned(text), number <= 255 else {
      throw fields.fail(
        key,
        "'\(key)' must be \(SpeedName.all.map(\.name).joined(separator: ", "))"
          + " or a number to 255")
    }
    return number
  }

  static func hex(_ key: String, _ fields: Fields) throws(Diagnostic) -> [UInt8] {
    let text = try fields.string(key, limit: Fields.longestText) ?? ""
    do throws(Hexadecimal.Problem) {
      return try Hexadecimal.bytes(text) { $0.properties.isWhitespace }
    } catch {
      throw fields.fail(
        key,
        "'\(key)' must be hexadecimal bytes, such as 12 01 00 02"
          + (fields.knows("text") ? "; text stands under 'text'" : ""))
    }
  }

  /// What is wrong with fields that are well formed, where they stand.
  static func diagnostic(_ problem: FieldProblem, _ fields: Fields) -> Diagnostic {
    switch problem {
    case .missing(let key):
      Fields.diagnostic(fields.file, fields.mark, "\(fields.subject) needs '\(key)'")
    case .needsOneOf(let keys):
      Fields.diagnostic(
        fields.file, fields.mark,
        "\(fields.subject) needs \(keys.map { "'\($0)'" }.joined(separator: " or "))")
    case .needsOnly(let keys):
      Fields.diagnostic(
        fields.file, fields.mark,
        "\(fields.subject) needs the kernel side once: '\(keys[0])' when it is read, "
          + "'\(keys[1])' when it is written")
    case .wrongSide(let key, let entry, let reads):
      fields.fail(
        key,
        "\(entry) \(reads ? "reads" : "writes") the kernel side; name it with "
          + "'\(reads ? "from" : "to")'")
    case .fillsNothing(let key):
      fields.fail(key, "'\(key)' needs a size to fill; give 'size' too")
    case .both(let first, let second):
      fields.fail(second, "'\(first)' and '\(second)' say the same; give one of them")
    case .structure(let key, let problem): StructureReader.diagnostic(problem, key, fields)
    }
  }
}
