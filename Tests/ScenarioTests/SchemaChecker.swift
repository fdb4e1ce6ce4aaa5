import Foundation
import Yams

/// Checks a file against a JSON Schema as an editor does: as much of the standard as the program's schema uses.
struct SchemaChecker {
  let schema: [String: Any]

  /// Whether the schema takes a file.
  func takes(_ yaml: String) throws -> Bool {
    guard let value = try Yams.load(yaml: yaml) else { return false }
    return Self.takes(value, schema)
  }

  private static func takes(_ value: Any, _ schema: [String: Any]) -> Bool {
    isOfType(value, schema) && isInRange(value, schema) && isListed(value, schema)
      && hasForm(value, schema) && holdsKeys(value, schema) && combines(value, schema)
  }

  private static func isOfType(_ value: Any, _ schema: [String: Any]) -> Bool {
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] }
    guard let types else { return true }
    let own: [String] =
      switch value {
      case is Bool: ["boolean"]
      case is Int, is UInt: ["integer", "number"]
      case is Double: ["number"]
      case is String: ["string"]
      case is NSNull: ["null"]
      case is [Any]: ["array"]
      case is [AnyHashable: Any]: ["object"]
      default: []
      }
    return !Set(own).isDisjoint(with: types)
  }

  private static func isInRange(_ value: Any, _ schema: [String: Any]) -> Bool {
    if let list = value as? [Any] {
      let items = schema["items"] as? [String: Any] ?? [:]
      return (schema["minItems"] as? Int ?? 0) <= list.count
        && list.count <= (schema["maxItems"] as? Int ?? .max)
        && list.allSatisfy { takes($0, items) }
    }
    guard let number = value as? Int, !(value is Bool) else { return true }
    return (schema["minimum"] as? Int ?? .min) <= number
      && number <= (schema["maximum"] as? Int ?? .max)
      && number % (schema["multipleOf"] as? Int ?? 1) == 0
  }

  private static func isListed(_ value: Any, _ schema: [String: Any]) -> Bool {
    guard let listed = schema["enum"] as? [Any] else { return true }
    guard let truth = value as? Bool else { return listed.contains { "\($0)" == "\(value)" } }
    return listed.contains { !($0 is String) && ($0 as? Bool) == truth }
  }

  private static func hasForm(_ value: Any, _ schema: [String: Any]) -> Bool {
    guard let pattern = schema["pattern"] as? String, let text = value as? String else {
      return true
    }
    return text.range(of: pattern, options: .regularExpression) != nil
  }

  private static func holdsKeys(_ value: Any, _ schema: [String: Any]) -> Bool {
    guard let mapping = value as? [AnyHashable: Any] else { return true }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    let needed = schema["required"] as? [String] ?? []
    guard needed.allSatisfy({ mapping[$0] != nil }) else { return false }
    return mapping.allSatisfy { key, value in
      if let known = properties["\(key)"] as? [String: Any] { return takes(value, known) }
      if let others = schema["additionalProperties"] as? [String: Any] {
        return takes(value, others)
      }
      return schema["additionalProperties"] as? Bool ?? true
    }
  }

  private static func combines(_ value: Any, _ schema: [String: Any]) -> Bool {
    func count(_ key: String) -> (matching: Int, all: Int)? {
      (schema[key] as? [[String: Any]]).map { all in (all.count { takes(value, $0) }, all.count) }
    }
    if let any = count("anyOf"), any.matching == 0 { return false }
    if let one = count("oneOf"), one.matching != 1 { return false }
    if let all = count("allOf"), all.matching != all.all { return false }
    if let other = schema["not"] as? [String: Any], takes(value, other) { return false }
    guard let condition = schema["if"] as? [String: Any], takes(value, condition) else {
      return true
    }
    return takes(value, schema["then"] as? [String: Any] ?? [:])
  }
}
