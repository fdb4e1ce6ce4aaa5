import Conformance
import JSON
import Support
import Testing

/// Vectors with absurd numbers must be answered like any others: pass, fail, or say why not.
@Suite struct HostileVectorTests {
  static let extremes: [JSONValue] = [
    .unsigned(0), .unsigned(1), .unsigned(UInt64(Int64.max)), .unsigned(.max), .negative(-1),
    .negative(.min), .unsigned(1 << 32), .unsigned(1 << 62), .string("0xffffffffffffffff"), .null,
    .bool(true), .string("x"), .array([]), .object(JSONObject()), .unsigned((1 << 53) - 1),
    .unsigned(131_391_371_083_775), .unsigned(.max - 4096), .unsigned(1 << 63), .unsigned(65_536),
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

  static func leaves(_ value: JSONValue) -> Int {
    switch value {
    case .array(let elements): elements.reduce(0) { $0 + leaves($1) }
    case .object(let object): object.members.reduce(0) { $0 + leaves($1.value) }
    default: 1
    }
  }

  /// Each of these has stopped the program or kept it busy for ever.
  static let found = [
    """
    {"id": "x", "policy": "linux-6.1", "hcd": "high", "steps": [{"op": "open", "ret": 0}, \
    {"op": "ioctl", "request": "USB_RAW_IOCTL_INIT", "arg": {"driver_name": "dummy_udc", \
    "device_name": "dummy_udc.0", "speed": 3}, "ret": 0}, {"op": "ioctl", "request": \
    "USB_RAW_IOCTL_RUN", "arg": {"value": 0}, "ret": 0}, {"op": "ioctl", "request": \
    "USB_RAW_IOCTL_EVENT_FETCH", "arg": {"length": 64}, "ret": 0}, {"op": "ioctl", \
    "request": "USB_RAW_IOCTL_EPS_INFO", "arg": {}, "ret": 1, "out": {"count": -1}}]}
    """,
    """
    {"policy": "linux-6.1", "region": {"kind": "stack", "frames": [18446744073709551615, \
    16]}, "copy": {"direction": "to_user", "offset": 0, "length": 1}, "expect": {}}
    """,
    """
    {"policy": "linux-6.1", "region": {"kind": "stack", "guard_bytes": \
    18446744073709551615}, "copy": {"direction": "to_user", "offset": 0, "length": 1}, \
    "expect": {}}
    """,
    """
    {"policy": "linux-6.1", "region": {"kind": "page", "linear_text_at": 131391371083775, \
    "text_bytes": 4096}, "copy": {"direction": "to_user", "offset": 0, "length": 1}, \
    "expect": {}}
    """,
    """
    {"id": "x", "policy": "linux-6.1", "hcd": "high", "steps": [{"op": "open", "ret": 0}, \
    {"op": "ioctl", "request": "USB_RAW_IOCTL_INIT", "arg": {"driver_name": "dummy_udc", \
    "device_name": "dummy_udc.0", "speed": 3}, "ret": 0}, {"op": "ioctl", "request": \
    "USB_RAW_IOCTL_RUN", "arg": {"value": 0}, "ret": 0}, {"op": "sleep", "ms": \
    9007199254740991}]}
    """,
  ]

  @Test(arguments: found)
  func whatWasFoundIsSurvived(line: String) throws {
    let vector = try JSONValue(parsing: Array(line.utf8)[...])
    #expect(!VectorFile.replay(vector).policy.isEmpty)
  }

  @Test(arguments: [
    "usercopy-rfc-v1", "usercopy-linux-5.10", "usercopy-linux-6.1", "usercopy-configs",
  ])
  func absurdNumbersAreSurvived(file: String) throws {
    var random = SplitMix(text: file)
    let lines = try PackedVectors.lines(file)
    for _ in 0..<800 {
      var vector = try JSONValue(parsing: try #require(lines.randomElement(using: &random)))
      for _ in 0..<2 {
        var leaf = Int.random(in: 0..<max(1, Self.leaves(vector)), using: &random)
        let extreme = Self.extremes.randomElement(using: &random) ?? .null
        vector = Self.mutated(vector, leaf: &leaf, by: extreme)
      }
      #expect(!VectorFile.replay(vector).id.isEmpty)
    }
  }
}
