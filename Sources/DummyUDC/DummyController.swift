public import USB

/// The device side of one endpoint (`struct dummy_ep`).
public struct DummyEndpoint: Equatable, Sendable {
  /// The name, such as `ep1in-bulk`.
  public let name: String
  /// What it was enabled with; nil while it is disabled.
  public internal(set) var descriptor: EndpointDescriptor?
  /// True while it answers with stalls.
  public internal(set) var halted = false
  /// True when the host cannot clear its halt.
  public internal(set) var wedged = false
  /// The largest packet in bytes; of ep0 at super speed its power of two.
  public internal(set) var maxPacket: Int
  /// Requests of its driver, oldest first.
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
  /// Status in the low half, changes in the high one.
  public internal(set) var portStatus: UInt32 = 0
  var oldStatus: UInt32 = 0
  /// True while the port is enabled and awake.
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

  /// What it is called.
  public let names: ControllerName
  /// ep0 followed by the endpoints in handle order.
  public internal(set) var endpoints: [DummyEndpoint]
  /// The speed it runs at.
  public internal(set) var speed: UsbSpeed
  /// The fastest it can be.
  public let maxSpeed: UsbSpeed
  /// True while the gadget is connected electrically.
  public internal(set) var pullup = false
  var interruptsEnabled = false
  /// The driver whose callbacks run, while it is started.
  public internal(set) var driver: GadgetDriverRef?
  /// The driver bound to the gadget, started or not.
  public internal(set) var boundDriver: GadgetDriverRef?
  /// What GET_STATUS says of the device: self powered, remote wakeup, and what USB 3 adds.
  var deviceStatus: UInt16 = 0
  /// HNP features the host ever set, as bits 3, 4 and 5; sysfs keeps showing them.
  var hnp: UInt16 = 0
  /// True while the FIFO holds a request.
  public internal(set) var fifoOccupied = false
  /// What sysfs says of the gadget.
  public internal(set) var state = GadgetState.notAttached
  /// The half of high speed and below.
  public internal(set) var high = DummyHost()
  /// The half of super speed, where it has one.
  public internal(set) var `super`: DummyHost?

  /// The device name, such as `dummy_udc.0`.
  public var name: String { names.name }

  /// The controller of that number, just loaded; nil names it as `dummy_hcd` does.
  package init(index: Int, maxSpeed: UsbSpeed, names: ControllerName? = nil) {
    self.names = names ?? ControllerName(dummy: index)
    self.maxSpeed = maxSpeed
    speed = .unknown
    if maxSpeed >= .super { `super` = DummyHost() }
    endpoints =
      [DummyEndpoint(name: "ep0", maxPacket: 64)]
      + ControllerEndpoint.dummyUDC.map { DummyEndpoint(name: $0.name, maxPacket: 65535) }
  }
}
