import Text

/// The host's actions by the words scenarios write.
public enum HostWord: String, Sendable, CaseIterable {
  case open
  case close
  case claim
  case release
  case detach
  case bulk
  case control
  case submit
  case reap
  case discard
  case clearHalt = "clear-halt"
  case resetEndpoint = "reset-endpoint"
  case reset
  case setConfiguration = "set-configuration"
  case setInterface = "set-interface"
  case sysfsWrite = "sysfs-write"
  case node
  case usbtest

  /// Fields that stand beside the action.
  public static let commonFields = [
    Field("thread", .name(.thread), usual: "host", "name of the thread on the host"),
    Field("waits", .truth, usual: "true", "time passes until the call returns"),
    Field("when", .text, "'configured', or the node that is waited for, such as lp0 or ttyUSB*"),
    Field(
      "after", .number(0...Action.HostCall.longestPause), usual: "0", "milliseconds to wait then"),
  ]

  /// The largest transfer, bytes, and the longest wait, milliseconds.
  private static let size = FieldKind.number(0...1 << 20)
  private static let time = FieldKind.number(0...600_000)
  private static let timeout = Field("timeout", time, usual: "1000", "milliseconds to wait")
  private static let content = [
    Field("data", .hex, "bytes to send"), Field("text", .content, "bytes to send, as text"),
  ]
  private static let endpoint = Field(
    "endpoint", .hexByte, required: true, "the endpoint's address")

  private static func one(_ name: String, _ kind: FieldKind, _ help: String) -> FieldShape {
    .single(Field(name, kind, required: true, help))
  }

  /// What stands behind the word.
  public var shape: FieldShape {
    switch self {
    case .open, .close, .reset: .nothing
    case .claim, .release, .detach: Self.one("interface", .byte, "the interface's number")
    case .setConfiguration: Self.one("number", .byte, "the configuration's value")
    case .clearHalt, .resetEndpoint: Self.one("endpoint", .hexByte, "the endpoint's address")
    case .reap: Self.one("milliseconds", Self.time, "how long to wait for a URB")
    case .discard: Self.one("name", .text, "the URB's name")
    case .bulk:
      .fields(
        [Self.endpoint] + Self.content
          + [Field("length", Self.size, "bytes; as many as are sent if left out"), Self.timeout])
    case .control: .fields(Self.controlFields)
    case .submit:
      .fields(
        [
          Field("as", .text, required: true, "the URB's name"),
          Field("type", .word(["bulk", "interrupt"]), usual: "bulk", "type of transfer"),
          Self.endpoint, Field("flags", .short, usual: "0", "USBDEVFS_URB_ flags"),
        ] + Self.content
          + [Field("length", Self.size, "bytes; as many as are sent if left out")])
    case .setInterface:
      .fields([
        Field("interface", .byte, usual: "0", "the interface's number"),
        Field("alternate", .byte, usual: "0", "the setting's number"),
      ])
    case .node: .fields(NodeWord.fields)
    case .usbtest:
      Self.one("cases", .numbers(0...29), "cases of usbtest, one after the other")
    case .sysfsWrite:
      .fields([
        Field("file", .text, required: true, "a file of sysfs, or a name in the device's folder"),
        Field("value", .text, required: true, "what to write"),
      ])
    }
  }

  private static let controlFields =
    [
      Field("type", .hexByte, usual: "0x80", "bmRequestType"),
      Field("request", .byte, required: true, "bRequest"),
      Field("value", .hexShort, usual: "0", "wValue"), Field("index", .short, usual: "0", "wIndex"),
      Field("length", .short, "wLength; as many bytes as are sent if left out"),
    ] + content + [timeout]
}
