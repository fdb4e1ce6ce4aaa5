import JSON
import Text
import Usercopy

/// The forms in which usercopy vectors write addresses, quantities and outcomes.
enum UsercopyJSON {
  /// `"0x..."`, minimal digits.
  static func address(_ value: Address) -> JSONValue { .string("0x" + value.hex()) }

  /// An integer; from 2^53 up a hexadecimal string.
  static func quantity(_ value: UInt64) -> JSONValue {
    value < 1 << 53 ? .unsigned(value) : address(value)
  }

  static func signed(_ value: Int64) -> JSONValue {
    if value >= 0 { return quantity(UInt64(value)) }
    let exact: Int64 = -(1 << 53)
    return value > exact ? .negative(value) : .string("-0x" + value.magnitude.hex())
  }

  /// An address or quantity read back from either form.
  static func number(_ value: JSONValue?) -> UInt64? {
    if let plain = value?.uint64 { return plain }
    if let negative = value?.int64 { return UInt64(bitPattern: negative) }
    guard let text = value?.string, text.hasPrefix("0x") else { return nil }
    return UInt64(text.dropFirst(2), radix: 16)
  }

  static func value(_ value: TraceValue) -> JSONValue {
    switch value {
    case .address(let address): Self.address(address)
    case .quantity(let quantity): Self.quantity(quantity)
    case .signed(let signed): Self.signed(signed)
    case .truth(let truth): .bool(truth)
    }
  }

  static func strings(_ lines: [String]) -> JSONValue { .array(lines.map { .string($0) }) }

  static func step(_ step: TraceStep) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("fn", .string(step.function))]
    switch step.kind {
    case .check(let text, let lhs, let rhs, let result):
      members.append(("check", .string(text)))
      if let lhs { members.append(("lhs", value(lhs))) }
      if let rhs { members.append(("rhs", value(rhs))) }
      members.append(("result", .bool(result)))
    case .assign(let name, let assigned, let truncated):
      members.append(("let", .string(name)))
      members.append(("value", value(assigned)))
      if let truncated { members.append(("truncated_from", quantity(truncated))) }
    case .call(let callee, let arguments):
      members.append(("call", .string(callee)))
      members.append(
        ("args", .object(JSONObject(arguments.map { ($0.name, value($0.value)) }))))
    case .leave(let result): members.append(("return", value(result)))
    case .loop(let frame): members.append(("loop", address(frame)))
    case .bug(let condition): members.append(("bug", .string(condition)))
    }
    return .object(JSONObject(members))
  }
}
