import Simulation
import USB
import UsbHost

/// What a program on the host does with a device of a kind, step by step.
enum StandardHost: String, CaseIterable {
  /// Sets the lights of a keyboard.
  case keyboard
  /// Asks a printer who it is, prints a line, reads what it has to say, prints a page and resets it.
  case printer
  /// Looks a disk up as something that mounts it does: size, first sectors, the place of a superblock.
  case disk
  /// Sends a line over a serial adapter and reads it back.
  case serial
  /// Reads what a tablet tells.
  case tablet

  static let names = allCases.map(\.rawValue)

  /// The calls, each with what it waits for.
  var calls: [Action.HostCall] {
    switch self {
    case .keyboard: Self.lights
    case .printer: Self.printing
    case .disk: Self.mounting
    case .serial: Self.talking
    case .tablet: Self.reading
    }
  }

  /// Calls on one node: the first when it is there, and some time after it has appeared.
  private static func calls(
    _ node: String, after pause: UInt64, _ operations: [NodeOperation]
  ) -> [Action.HostCall] {
    operations.enumerated().map { index, operation in
      Action.HostCall(
        action: .node(node, operation), when: .node(node), after: index == 0 ? pause : 0)
    }
  }

  private static let lights: [Action.HostCall] =
    [Action.HostCall(action: .open, when: .configured, after: 300)]
    + [0b111, 0].map { lights in
      // SET_REPORT of an output report without a number.
      Action.HostCall(
        action: .control(
          setup: SetupPacket(0x21, 9, value: 0x0200, index: 0, length: 1), data: [lights],
          timeout: 1000))
    } + [Action.HostCall(action: .close)]

  private static let printing = calls(
    "lp*", after: 300,
    [
      .open(NodeMode(nonblocking: true)), .ask(.deviceID), .ask(.status),
      .write(Array("hello printer\n".utf8)), .read(length: 64, wait: 3000),
      .read(length: 1024, wait: 3000), .close, .open(NodeMode(reads: false)),
      .write((0..<1024).map { UInt8($0 % 251) }), .command(.reset), .close,
    ])

  private static let mounting = calls(
    "sd*", after: 500,
    [
      .open(NodeMode(writes: false)), .ask(.size), .ask(.sector), .ask(.readOnly),
      .readAt(offset: 0, length: 512), .readAt(offset: 1024, length: 4096),
      .readAt(offset: 1 << 15, length: 1 << 16), .close,
    ])

  private static let reading = calls(
    "event*", after: 0, [.open(NodeMode()), .read(length: 2400, wait: 4000), .close])

  private static let talking = calls(
    "tty*", after: 300,
    [
      .open(NodeMode(nonblocking: true)), .line(LineSettings(speed: 115_200)), .ask(.modem),
      .write(Array("hello\n".utf8)), .read(length: 6, wait: 3000),
      .line(LineSettings(speed: 9600, bits: 7, parity: .even, stop: 2)),
      .raise([.dtr, .rts]), .lower([.dtr]), .close,
    ])
}
