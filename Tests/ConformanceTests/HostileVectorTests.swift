import Conformance
import Support
import Testing

/// Vectors with absurd numbers must be answered like any others: pass, fail, or say why not.
@Suite struct HostileVectorTests {
  static let extremes: [JSONValue] = [
    .unsigned(0), .unsigned(1), .unsigned(UInt64(Int64.max)), .unsigned(.max), .negative(-1),
    .negative(.min), .unsigned(1 << 32), .unsigned(1 << 62), .string("0xffffffffffffffff"), .null,
    .bool(true), .string("x"), .array([]), .object(JSONObject()),
  ]

  /// The value with one of its leaves replaced, counted in reading order.
  static func mutated(_ value: JSONValue, leaf: inout Int, by extreme: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements):
      return .array(elements.map { mutated($0, leaf: &leaf, by: extreme) })
    case .object(let object):
      return .object(
        JSONObject(
          object.members.map { ($0.key, mutated($0.value, leaf: &leaf, by: extreme)) }))
    default:
      leaf -= 1
      return leaf == -1 ? extreme : value
    }
  }

  @Test(arguments: [
    "usercopy-rfc-v1", "usercopy-linux-5.10", "usercopy-linux-6.1", "usercopy-configs",
  ])
  func absurdNumbersAreSurvived(file: String) throws {
    var random = SplitMix(text: file)
    let lines = try PackedVectors.lines(file)
    for _ in 0..<400 {
      var vector = try JSONValue(parsing: try #require(lines.randomElement(using: &random)))
      for _ in 0..<2 {
        var leaf = Int.random(in: 0..<90, using: &random)
        let extreme = Self.extremes.randomElement(using: &random) ?? .null
        vector = Self.mutated(vector, leaf: &leaf, by: extreme)
      }
      #expect(!VectorFile.replay(vector).id.isEmpty)
    }
  }
}
