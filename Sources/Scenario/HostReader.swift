import RawGadget
import Simulation
import Yams
import USB

/// Reads what the host does.
enum HostReader {
  static let actions = Shapes.hostActions.names

  /// `host: { control: {…} }`: one action, and on which thread.
  static func call(_ node: Node, _ file: String) throws(Diagnostic) -> Action.HostCall {
    let fields = try Fields(
      node, file: file, subject: "'host'", known: Shapes.host.names)
    let named = actions.filter { fields.has($0) }
    guard named.count == 1, let name = named.first, let value = fields[name] else {
      throw Fields.diagnostic(
        file, node.mark, "'host' needs one action: \(actions.joined(separator: ", "))")
    }
    return Action.HostCall(
      action: try action(name, value, fields), thread: try fields.string("thread") ?? "host",
      waits: try fields.bool("waits") ?? true)
  }

  private static func action(_ name: String, _ node: Node, _ host: Fields) throws(Diagnostic)
    -> HostAction
  {
    let file = host.file
    func fields(_ shape: Shape) throws(Diagnostic) -> Fields {
      try Fields(node, file: file, subject: "'\(name)'", known: shape.names)
    }
    switch name {
    case "open": return .open
    case "close": return .close
    case "reset": return .reset
    case "claim": return .claim(interface: try number(host, name))
    case "release": return .release(interface: try number(host, name))
    case "detach": return .detach(interface: try number(host, name))
    case "set-configuration": return .setConfiguration(value: try number(host, name))
    case "clear-halt": return .clearHalt(endpoint: UInt8(clamping: try number(host, name)))
    case "reset-endpoint":
      return .resetEndpoint(endpoint: UInt8(clamping: try number(host, name)))
    case "discard": return .discard(tag: try host.requiredString(name))
    case "reap": return .reap(wait: try number(host, name))
    case "control": return try control(fields(Shapes.control))
    case "bulk": return try bulk(fields(Shapes.bulk))
    case "submit":
      return try submit(
        fields(Shapes.submit))
    case "set-interface":
      let each = try fields(Shapes.setInterface)
      return .setInterface(
        interface: try number(each, "interface"), alternate: try number(each, "alternate"))
    default:
      let each = try fields(Shapes.sysfsWrite)
      return .sysfsWrite(
        file: try each.requiredString("file"), value: try each.requiredString("value"))
    }
  }

  private static func number(_ fields: Fields, _ key: String) throws(Diagnostic) -> Int {
    Int(clamping: try fields.unsigned(key) ?? 0)
  }

  private static func control(_ fields: Fields) throws(Diagnostic) -> HostAction {
    let data = try GadgetReader.bytes(fields) ?? []
    let length = try fields.unsigned("length") ?? UInt64(data.count)
    let setup = SetupPacket(
      UInt8(clamping: try fields.unsigned("type") ?? 0x80),
      UInt8(clamping: try fields.requiredUnsigned("request")),
      value: UInt16(clamping: try fields.unsigned("value") ?? 0),
      index: UInt16(clamping: try fields.unsigned("index") ?? 0), length: UInt16(clamping: length))
    let padded = data + [UInt8](repeating: 0, count: max(0, Int(setup.wLength) - data.count))
    return .control(
      setup: setup, data: setup.isIn ? [] : Array(padded.prefix(Int(setup.wLength))),
      timeout: try timeout(fields))
  }

  private static func timeout(_ fields: Fields) throws(Diagnostic) -> Int {
    fields.has("timeout") ? try number(fields, "timeout") : 1000
  }

  private static func bulk(_ fields: Fields) throws(Diagnostic) -> HostAction {
    let data = try GadgetReader.bytes(fields) ?? []
    return .bulk(
      endpoint: UInt8(clamping: try fields.requiredUnsigned("endpoint")), data: data,
      length: fields.has("length") ? min(try number(fields, "length"), 1 << 20) : data.count,
      timeout: try timeout(fields))
  }

  private static func submit(_ fields: Fields) throws(Diagnostic) -> HostAction {
    let data = try GadgetReader.bytes(fields) ?? []
    let kind = try fields.string("type") ?? "bulk"
    guard kind == "bulk" || kind == "interrupt" else {
      throw fields.fail("type", "'type' must be bulk or interrupt")
    }
    return .submit(
      tag: try fields.requiredString("as"), type: kind == "bulk" ? .bulk : .interrupt,
      endpoint: UInt8(clamping: try fields.requiredUnsigned("endpoint")),
      flags: try number(fields, "flags"), data: data,
      length: fields.has("length") ? min(try number(fields, "length"), 1 << 20) : data.count)
  }
}
