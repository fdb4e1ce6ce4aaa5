import RawGadget
import Simulation
import USB

/// The `:` line's forms for the host: `host ACTION [NUMBER] key=value …`.
enum HostLine {
  /// Keys every action takes.
  static let commonKeys = ["thread", "waits"]

  /// The actions, with the keys or the one word each takes.
  static let actions: [(name: String, keys: [String], word: String?)] = [
    ("open", [], nil), ("close", [], nil), ("reset", [], nil),
    ("claim", [], "INTERFACE"), ("release", [], "INTERFACE"), ("detach", [], "INTERFACE"),
    ("set-configuration", [], "NUMBER"), ("clear-halt", [], "ENDPOINT"),
    ("reset-endpoint", [], "ENDPOINT"), ("discard", [], "NAME"), ("reap", [], "MILLISECONDS"),
    ("bulk", ["endpoint", "data", "text", "length", "timeout"], nil),
    ("control", ["type", "request", "value", "index", "length", "data", "text", "timeout"], nil),
    ("submit", ["as", "type", "endpoint", "flags", "data", "text", "length"], nil),
    ("set-interface", ["interface", "alternate"], nil), ("sysfs-write", ["file", "value"], nil),
  ]

  /// The largest transfer, bytes.
  private static let most = 1 << 20

  static func parse(_ words: [String]) throws(CommandLineError) -> Action {
    guard words.count > 1 else {
      throw CommandLineError(
        description: "something is missing: host ACTION"
          + LineFields.known(nil, actions.map(\.name)))
    }
    guard let known = actions.first(where: { $0.name == words[1] }) else {
      throw CommandLineError(
        description: "the host has no '\(words[1])'"
          + LineFields.known(words[1], actions.map(\.name)))
    }
    let fields = try LineFields(
      words.dropFirst(2), subject: "host \(known.name)", keys: known.keys + commonKeys,
      most: known.word == nil ? 0 : 1)
    return .host(
      Action.HostCall(
        action: try action(known.name, known.word ?? "", fields),
        thread: fields.text("thread") ?? "host", waits: try fields.flag("waits", default: true)))
  }

  private static func action(_ name: String, _ word: String, _ fields: LineFields)
    throws(CommandLineError) -> HostAction
  {
    switch name {
    case "open": return .open
    case "close": return .close
    case "reset": return .reset
    case "claim": return .claim(interface: try fields.onlyNumber(0...255, word))
    case "release": return .release(interface: try fields.onlyNumber(0...255, word))
    case "detach": return .detach(interface: try fields.onlyNumber(0...255, word))
    case "set-configuration":
      return .setConfiguration(value: try fields.onlyNumber(0...255, word))
    case "clear-halt": return .clearHalt(endpoint: try fields.onlyNumber(0...255, word))
    case "reset-endpoint": return .resetEndpoint(endpoint: try fields.onlyNumber(0...255, word))
    case "reap": return .reap(wait: try fields.onlyNumber(0...600_000, word))
    case "discard":
      guard let tag = fields.bare.first else {
        throw CommandLineError(description: "something is missing: host discard NAME")
      }
      return .discard(tag: tag)
    case "bulk": return try bulk(fields)
    case "control": return try control(fields)
    case "submit": return try submit(fields)
    case "set-interface":
      return .setInterface(
        interface: try fields.number("interface", 0...255) ?? 0,
        alternate: try fields.number("alternate", 0...255) ?? 0)
    default:
      return .sysfsWrite(
        file: try fields.requiredText("file"), value: try fields.requiredText("value"))
    }
  }

  private static func timeout(_ fields: LineFields) throws(CommandLineError) -> Int {
    try fields.number("timeout", 0...600_000) ?? 1000
  }

  private static func bulk(_ fields: LineFields) throws(CommandLineError) -> HostAction {
    let data = try fields.bytes() ?? []
    return .bulk(
      endpoint: try fields.requiredNumber("endpoint"), data: data,
      length: try fields.number("length", 0...most) ?? data.count, timeout: try timeout(fields))
  }

  private static func control(_ fields: LineFields) throws(CommandLineError) -> HostAction {
    let data = try fields.bytes() ?? []
    let setup = SetupPacket(
      try fields.number("type") ?? 0x80, try fields.requiredNumber("request"),
      value: try fields.number("value") ?? 0, index: try fields.number("index") ?? 0,
      length: try fields.number("length") ?? UInt16(clamping: data.count))
    let size = Int(setup.wLength)
    let padded = data + [UInt8](repeating: 0, count: max(0, size - data.count))
    return .control(
      setup: setup, data: setup.isIn ? [] : Array(padded.prefix(size)),
      timeout: try timeout(fields))
  }

  private static func submit(_ fields: LineFields) throws(CommandLineError) -> HostAction {
    let data = try fields.bytes() ?? []
    let kind = fields.text("type") ?? "bulk"
    guard kind == "bulk" || kind == "interrupt" else {
      throw CommandLineError(description: "'\(kind)' for 'type=' is neither bulk nor interrupt")
    }
    return .submit(
      tag: try fields.requiredText("as"), type: kind == "bulk" ? .bulk : .interrupt,
      endpoint: try fields.requiredNumber("endpoint"),
      flags: try fields.number("flags", 0...0xffff) ?? 0, data: data,
      length: try fields.number("length", 0...most) ?? data.count)
  }
}
