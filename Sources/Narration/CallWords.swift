import RawGadget
public import Simulation
import Text
import UsbHost

/// Calls of a program and of the host, with their arguments, in words.
public enum CallWords {
  /// What was called: `EP0_WRITE`, `open`, `bulk`.
  public static func name(_ call: CallRecord.Call) -> String {
    switch call {
    case .open, .openGadgetFS: "open"
    case .close: "close"
    case .ioctl(let request, _): request.name
    case .host(let action): action.name
    case .gadgetfs(let call): name(call)
    }
  }

  /// The argument in a few words; empty where there is none.
  public static func detail(_ call: CallRecord.Call) -> String {
    switch call {
    case .open(let nonblocking): "/dev/raw-gadget" + (nonblocking ? ", O_NONBLOCK" : "")
    case .openGadgetFS, .host: ""
    case .close(let file): file
    case .ioctl(let request, let argument): detail(argument, of: request)
    case .gadgetfs(let call): detail(call)
    }
  }

  /// What the host does; of a node of a driver also what is done with it.
  static func line(_ action: HostAction) -> String {
    if case .usbtest(let cases) = action {
      return "usbtest \(NumberList.text(cases.map { UInt64(clamping: $0) }))"
    }
    guard case .node(let name, let operation) = action else { return action.name }
    let detail: String? =
      switch operation {
      case .read(let length, _), .readAt(_, let length): "room for \(length)"
      case .write(let bytes), .writeAt(_, let bytes), .send(let bytes): "\(bytes.count) bytes"
      case .test(let test): "case \(test.number)"
      case .line(let line):
        "\(line.speed) \(line.bits)\(line.parity.rawValue)\(line.stop)"
      case .open, .close, .sync, .ask, .command, .raise, .lower: nil
      }
    return "\(operation.word.rawValue) \(name)" + (detail.map { ", " + $0 } ?? "")
  }

  /// Calls that name an endpoint by the number that EP_ENABLE returned.
  private static let withHandle: Set<RawIoctl> = [
    .epWrite, .epRead, .epDisable, .epSetHalt, .epClearHalt, .epSetWedge,
  ]

  /// The argument of a call of `/dev/raw-gadget`. A handle is told from an endpoint's number: handle 0 is not
  /// endpoint 0.
  static func detail(_ argument: CallArgument, of request: IoctlRequest) -> String {
    let isHandle = request.call.map(withHandle.contains) ?? false
    let place = isHandle ? "handle" : "ep"
    return switch argument {
    case .none: ""
    case .names(let driver, let device, let speed): "\(driver) \(device) speed \(speed)"
    case .room(let length): "room for \(length)"
    case .data(let endpoint, _, let bytes, let length):
      "\(place) \(endpoint), \(length.map(Int.init) ?? bytes.count) bytes"
    case .read(let endpoint, _, let length): "\(place) \(endpoint), room for \(length)"
    case .descriptor(let bytes):
      bytes.count > 2 ? "address 0x\(bytes[2].hex(width: 2))" : "\(bytes.count) bytes"
    case .bytes(let bytes): "\(bytes.count) bytes" + beginning(bytes)
    case .value(let value): isHandle ? "handle \(value)" : String(value)
    }
  }

  /// The first bytes, as many as a line has room for.
  private static func beginning(_ bytes: [UInt8]) -> String {
    let most = 8
    guard !bytes.isEmpty else { return "" }
    return ", " + bytes.prefix(most).map { $0.hex(width: 2) }.joined(separator: " ")
      + (bytes.count > most ? " …" : "")
  }

  /// A call on the `ep0` file of GadgetFS.
  public static func name(_ call: Action.GadgetFS.Call) -> String {
    switch call {
    case .configure: "write descriptors"
    case .read(let length): length == 0 ? "read nothing" : "read"
    case .write: "write"
    case .stall: "stall"
    }
  }

  /// Its argument in a few words.
  public static func detail(_ call: Action.GadgetFS.Call) -> String {
    switch call {
    case .configure(_, let configuration, let highSpeed):
      highSpeed == nil ? "\(configuration.count) + 18 bytes" : "for two speeds"
    case .read(let length): length == 0 ? "" : "room for \(length)"
    case .write(let bytes): "\(bytes.count) bytes"
    case .stall: ""
    }
  }
}
