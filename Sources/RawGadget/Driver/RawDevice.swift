public import Usercopy
public import USB

/// One open of `/dev/raw-gadget` (`struct raw_dev`).
public struct RawDevice: Equatable, Sendable {
  /// The device states of the driver.
  public enum State: String, Equatable, Sendable, CaseIterable {
    case opened = "OPENED"
    case initialized = "INITIALIZED"
    case registering = "REGISTERING"
    case running = "RUNNING"
    case closed = "CLOSED"
    case failed = "FAILED"
  }

  /// An endpoint the program may enable (`struct raw_ep`).
  public struct Endpoint: Equatable, Sendable {
    /// True while the program has it enabled.
    public internal(set) var enabled = false
    /// True while a call that disables it is at work.
    public internal(set) var disabling = false
    /// True while a transfer of a blocked call is queued.
    public internal(set) var transferQueued = false
    /// What the program enabled it with.
    public internal(set) var descriptor: EndpointDescriptor?
  }

  /// An entry of the event queue (`struct usb_raw_event` with its data).
  public struct Event: Equatable, Sendable {
    /// What happened.
    public var type: RawEventType
    /// What it brings: the eight bytes of a control request, else nothing.
    public var data: [UInt8]
    /// Where it lies in the kernel's memory.
    public internal(set) var address: Address?

    /// The bytes as they are copied to the program: type, length, data.
    public var bytes: [UInt8] {
      littleEndian(type.rawValue) + littleEndian(UInt32(truncatingIfNeeded: data.count)) + data
    }
  }

  /// The state the driver keeps.
  public internal(set) var state = State.opened
  /// References held on it: the open file, the registered driver, the bound gadget.
  public internal(set) var references = 1
  /// The speed INIT asked for.
  public internal(set) var speed = UsbSpeed.high
  /// The name of the controller's driver, as INIT took it.
  public internal(set) var udcDriverName: [UInt8] = []
  /// The name of the controller, as INIT took it.
  public internal(set) var udcDeviceName: [UInt8] = []
  /// Where the two names lie in the kernel's memory.
  var nameObjects: [Address] = []
  /// The number of its gadget driver `raw-gadget.N`, from INIT on.
  public internal(set) var driverNumber: Int?
  /// The controller its gadget was bound to; kept even after the gadget was unbound.
  public internal(set) var controller: Int?
  /// True while its gadget driver is registered.
  public internal(set) var isRegistered = false
  /// True while an IN request of the host waits for the program's data.
  public internal(set) var ep0InPending = false
  /// True while an OUT request of the host waits for the program to take it.
  public internal(set) var ep0OutPending = false
  /// True while the transfer that answers it is queued.
  public internal(set) var ep0TransferQueued = false
  /// The endpoints of the gadget by handle; none before RUN.
  public internal(set) var endpoints: [Endpoint] = []
  /// Events not yet fetched, oldest first; at most 16.
  public internal(set) var events: [Event] = []
}

/// An open file description and how many use it.
struct OpenFile: Equatable, Sendable {
  var device: Int
  /// Descriptors and calls in progress that keep it open.
  var references = 1
}

/// A call that sleeps in the driver, with what it needs to go on.
struct PendingCall: Equatable, Sendable {
  enum Wait: Equatable, Sendable {
    case event(memory: UserMemory, length: UInt32)
    case ep0(EndpointIO)
    case endpoint(EndpointIO, handle: Int)
  }

  var file: Int
  var device: Int
  var wait: Wait
  /// The call as it was made, for those that start again after a signal.
  var ioctl: RawIoctl
  var argument: IoctlArgument
  /// When it went to sleep, as a position in the order of all waits.
  var order: UInt64
}

/// The argument of a transfer call, already copied (`struct usb_raw_ep_io`).
struct EndpointIO: Equatable, Sendable {
  var endpoint: Int
  var zero: Bool
  var length: Int
  /// The program's memory, header included.
  var memory: UserMemory
  /// Where a read's data is gathered in the kernel's memory.
  var address: Address?
  /// The bytes to send, for writes.
  var data: [UInt8]
  var isRead: Bool
}
