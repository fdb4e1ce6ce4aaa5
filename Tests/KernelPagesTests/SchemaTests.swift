import JSON
import Testing

@testable import KernelPages

/// The schema of the format against what is recorded.
struct SchemaTests {
  /// The part of JSON Schema that the schema uses.
  struct Validator {
    let root: JSONValue

    func problem(_ value: JSONValue, _ schema: JSONValue, _ path: String = "") -> String? {
      if let name = schema["$ref"]?.string?.split(separator: "/").last,
        let target = root["$defs"]?[String(name)]
      {
        return problem(value, target, path)
      }
      if let const = schema["const"], const != value { return path }
      if let choices = schema["enum"]?.array, !choices.contains(value) { return path }
      if let types = schema["type"] {
        let names = types.array?.compactMap(\.string) ?? [types.string ?? ""]
        guard names.contains(where: { isOf($0, value) }) else { return path }
      }
      if let least = schema["minimum"]?.int, let number = value.int, number < least { return path }
      if let most = schema["maximum"]?.int, let number = value.int, number > most { return path }
      if let pattern = schema["pattern"]?.string, let text = value.string,
        let regex = try? Regex(pattern), (try? regex.wholeMatch(in: text)) == nil
      {
        return path
      }
      for key in schema["required"]?.array ?? [] where value[key.string ?? ""] == nil {
        return path
      }
      for (key, part) in schema["properties"]?.object?.members ?? [] {
        if let member = value[key], let found = problem(member, part, "\(path).\(key)") {
          return found
        }
      }
      guard let items = schema["items"] else { return nil }
      return value.array?.enumerated().lazy.compactMap { index, item in
        problem(item, items, "\(path)[\(index)]")
      }.first
    }

    private func isOf(_ type: String, _ value: JSONValue) -> Bool {
      switch type {
      case "object": value.object != nil
      case "array": value.array != nil
      case "string": value.string != nil
      case "integer": value.int != nil || value.uint64 != nil
      case "null": value.isNull
      default: false
      }
    }
  }

  static func validator() throws -> Validator {
    Validator(root: try JSONValue(parsing: ExportScript.schema))
  }

  @Test(arguments: Samples.names)
  func whatWasRecordedIsOfTheSchema(name: String) throws {
    let validator = try Self.validator()
    #expect(validator.problem(try Samples.value(name), validator.root) == nil)
  }

  @Test func whatTheReaderRefusesTheSchemaRefuses() throws {
    let validator = try Self.validator()
    for text in [
      #"{"format":"x","version":1,"kernel":{"release":"6"},"caches":[]}"#,
      #"{"format":"kernel-pages","version":2,"kernel":{"release":"6"},"caches":[]}"#,
      #"{"format":"kernel-pages","version":1,"kernel":{},"caches":[]}"#,
      #"{"format":"kernel-pages","version":1,"kernel":{"release":"6"}}"#,
      #"{"format":"kernel-pages","version":1,"kernel":{"release":"6"},"caches":[],"slabs":[{"cache":"c","base":"12","objects":1}]}"#,
      #"{"format":"kernel-pages","version":1,"kernel":{"release":"6"},"caches":[],"slabs":[{"cache":"c","base":"0x1","objects":40000}]}"#,
    ] {
      #expect(validator.problem(try JSONValue(parsing: text), validator.root) != nil, "\(text)")
      #expect(throws: SnapshotError.self) { try SnapshotReader.read(Array(text.utf8)) }
    }
  }
}
