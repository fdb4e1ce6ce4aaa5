import Usercopy
import USB

/// The kinds of event a GadgetFS program reads, numbered as `enum usb_gadgetfs_event_type`.
public enum GadgetFSEventType: UInt32, Equatable, Sendable, CaseIterable {
  case nop = 0
  case connect = 1
  case disconnect = 2
  case setup = 3
  case suspend = 4

  /// The name without its prefix, such as `SETUP`.
  public var name: String { String(describing: self).uppercased() }
}

/// An event of GadgetFS (`struct usb_gadgetfs_event`).
public struct GadgetFSEvent: Equatable, Sendable {
  /// What happened.
  public var type: GadgetFSEventType
  /// CONNECT: four bytes of speed; SETUP: the request's eight bytes.
  public var data: [UInt8]

  /// Bytes of each event.
  public static let size = 12

  /// The twelve bytes as a program reads them: eight of data, then the type.
  public var bytes: [UInt8] {
    Array((data + [UInt8](repeating: 0, count: 8)).prefix(8)) + littleEndian(type.rawValue)
  }
}

/// A call on the `ep0` file of a mounted GadgetFS.
public enum GadgetFSCall: Equatable, Sendable {
  /// Mounts the file system and opens the file named after the first controller without a driver.
  case open
  /// The descriptors at first, later the answer to an IN request; a write while an OUT request
  /// waits stalls it.
  case write(UserMemory)
  /// The next events, or the data of an OUT request; a read while an IN request waits stalls it.
  /// Reads as many bytes as the memory has.
  case read(UserMemory)
  case close
}

/// The one device of GadgetFS (`struct dev_data`).
public struct GadgetFSDevice: Equatable, Sendable {
  /// The states of `enum ep0_state`, without the one before the file is opened.
  public enum State: String, Equatable, Sendable, CaseIterable {
    case opened = "OPENED"
    case unconnected = "UNCONNECTED"
    case connected = "CONNECTED"
    case setup = "SETUP"
    case unbound = "UNBOUND"
  }

  /// The state of its ep0 file.
  public internal(set) var state = State.opened
  /// What the program wrote at first; nil until then.
  public internal(set) var descriptors: GadgetFSDescriptors?
  /// The controller it is bound to.
  public internal(set) var controller: Int?
  /// Files of the endpoints, named as the controller names them.
  public internal(set) var endpointFiles: [String] = []
  /// Events not yet read, oldest first; never more than five.
  public internal(set) var events: [GadgetFSEvent] = []
  /// `bConfigurationValue` of the configuration the host chose, 0 for none.
  public internal(set) var currentConfiguration: UInt8 = 0
  /// True once it is registered with the gadget framework.
  public internal(set) var isRegistered = false

  /// The direction of the request the program has before it, nil when there is none.
  public var pendingIsIn: Bool? { state == .setup ? setupIn : nil }

  /// True once the program has asked for events, so that requests can be passed on.
  var readsEvents = false
  /// True when the request the program answers was given up by the host.
  var setupAborted = false
  var setupIn = false
  var setupCanStall = false
  var setupLength = 0
  /// True while the data of an OUT request is being received.
  var awaitsData = false
  /// The data of an OUT request once it has arrived, or that it failed.
  var setupOut: SetupOut?
  /// True after the file was closed while threads were still reading.
  var isClosing = false
  /// Where `struct dev_data` and the descriptors lie in the kernel's memory.
  var object: Address?
  var descriptorObject: Address?

  enum SetupOut: Equatable, Sendable {
    case data([UInt8])
    case failed
  }

  /// Bytes of `struct dev_data` on a 64-bit machine, and where its parts are.
  static let objectSize = 456
  static let eventsOffset: UInt64 = 16
  static let bufferOffset: UInt64 = 200
  /// `RBUF_SIZE`: the most a control transfer can carry.
  static let bufferSize = 256
}

/// A thread that sleeps in a read of GadgetFS.
struct GadgetFSReader: Equatable, Sendable {
  var memory: UserMemory
  /// True when it waits for the data of an OUT request rather than for an event.
  var wantsData: Bool
  var order: UInt64
}
