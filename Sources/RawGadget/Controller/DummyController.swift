public import USB

/// A transfer queued on the device side (`struct usb_request`).
public struct GadgetRequest: Equatable, Sendable {
  /// Who is told when it completes.
  public enum Owner: Equatable, Sendable {
    /// The ep0 request of a driver.
    case ep0
    /// A request of a driver on that endpoint handle.
    case endpoint(Int)
    /// The one small FIFO of the controller itself.
    case fifo
  }

  public var owner: Owner
  /// The raw-gadget device whose call queued it, which need not be the one bound: a device keeps
  /// its pointer to a controller it was unbound from. Nil for all others.
  public var device: Int?
  /// Bytes to send, or the bytes received so far.
  public var buffer: [UInt8]
  /// Bytes asked for.
  public var length: Int
  /// Bytes moved so far.
  public var actual = 0
  /// True when a transfer of whole packets ends with an empty one.
  public var zero: Bool
  /// nil in progress, 0 done, else a negative error number.
  public var status: Int?
}

/// The device side of one endpoint (`struct dummy_ep`).
public struct DummyEndpoint: Equatable, Sendable {
  public let name: String
  public internal(set) var descriptor: EndpointDescriptor?
  public internal(set) var halted = false
  public internal(set) var wedged = false
  public internal(set) var maxPacket: Int
  public internal(set) var queue: [GadgetRequest] = []
  var alreadySeen = false
  var setupStage = false

  init(name: String, maxPacket: Int) {
    self.name = name
    self.maxPacket = maxPacket
  }
}

/// The host side of a dummy controller at one bus speed (`struct dummy_hcd`).
public struct DummyHost: Equatable, Sendable {
  public internal(set) var portStatus: UInt32 = 0
  var oldStatus: UInt32 = 0
  public internal(set) var active = false
  var oldActive = false
  var resuming = false
  var reTimeout: Microseconds = 0
  /// True while the root hub is suspended.
  var suspended = false
  /// Queued URBs, oldest first.
  var urbs: [Int] = []
  /// The first URB queued after the last timer interrupt.
  var nextFrameURB: Int?
  var timerArmed = false
}

/// Names one half of a dummy controller: high speed and below, or super speed.
public struct HostRef: Equatable, Hashable, Sendable {
  public var controller: Int
  public var isSuper: Bool
}

/// The states the gadget framework shows in sysfs.
public enum GadgetState: String, Equatable, Sendable {
  case notAttached = "not attached"
  case attached
  case powered
  case `default`
  case addressed
  case configured
  case suspended
}

/// A device controller of `dummy_hcd` with both its halves (`struct dummy`).
public struct DummyController: Equatable, Sendable {
  /// Largest write in bytes the FIFO takes without a reader.
  public static let fifoSize = 64

  /// The device name, `dummy_udc.N`.
  public let name: String
  /// ep0 followed by the endpoints in handle order.
  public internal(set) var endpoints: [DummyEndpoint]
  public internal(set) var speed: UsbSpeed
  public let maxSpeed: UsbSpeed
  public internal(set) var pullup = false
  var interruptsEnabled = false
  /// The driver whose callbacks run, while it is started.
  public internal(set) var driver: GadgetDriverRef?
  /// The driver bound to the gadget, started or not.
  public internal(set) var boundDriver: GadgetDriverRef?
  var deviceStatus: UInt16 = 0
  /// HNP features the host ever set, as bits 3, 4 and 5; sysfs keeps showing them.
  var hnp: UInt16 = 0
  /// True while the FIFO holds a request.
  public internal(set) var fifoOccupied = false
  public internal(set) var state = GadgetState.notAttached
  public internal(set) var high = DummyHost()
  public internal(set) var `super`: DummyHost?

  init(index: Int, maxSpeed: UsbSpeed) {
    name = "dummy_udc.\(index)"
    self.maxSpeed = maxSpeed
    speed = .unknown
    if maxSpeed >= .super { `super` = DummyHost() }
    endpoints =
      [DummyEndpoint(name: "ep0", maxPacket: 64)]
      + ControllerEndpoint.dummyUDC.map { DummyEndpoint(name: $0.name, maxPacket: 65535) }
  }
}

/// The gadget driver bound to a controller.
public enum GadgetDriverRef: Equatable, Sendable {
  /// The raw-gadget device of that number.
  case raw(Int)
  /// GadgetFS, of which there is one.
  case gadgetfs

  /// What the driver says it does (`function` of `struct usb_gadget_driver`).
  var function: String {
    switch self {
    case .raw: "USB Raw Gadget"
    case .gadgetfs: "User mode gadget"
    }
  }
}
