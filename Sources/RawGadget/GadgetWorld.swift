public import USB

/// A machine with the raw-gadget driver, dummy controllers, a Linux host on their other end, and the
/// threads of a program: a plain value that can be copied, compared and kept.
public struct GadgetWorld: Equatable, Sendable {
  /// How `dummy_hcd` is loaded.
  public enum Controllers: String, Equatable, Sendable, CaseIterable {
    case high
    case `super`
    case full
    /// Two high-speed controllers.
    case two
  }

  public let policy: DriverPolicy
  public let controllersLoaded: Controllers
  /// Virtual time.
  public internal(set) var now: Microseconds = 0
  public internal(set) var controllers: [DummyController]
  /// Devices of the driver, by number.
  public internal(set) var devices: [Int: RawDevice] = [:]
  /// The device of GadgetFS, while its `ep0` file is open.
  public internal(set) var gadgetfs: GadgetFSDevice?
  public internal(set) var host: Host
  /// Lines of the kernel log, oldest first.
  public internal(set) var log: [String] = []
  /// Where the driver's copies are made; nil to only look whether user memory is accessible.
  public var machine: CopyMachine?
  /// True when what happens is noted in ``events``.
  public var recordsEvents = true
  /// What happened since the last ``takeEvents()``.
  public internal(set) var events: [GadgetEvent] = []

  var descriptors: [Int: Int] = [:]
  var files: [Int: OpenFile] = [:]
  var pending: [ThreadID: PendingCall] = [:]
  /// Threads that sleep in a read of GadgetFS.
  var gadgetfsReaders: [ThreadID: GadgetFSReader] = [:]
  var finished: [ThreadID: CallResult] = [:]
  var hostFinished: [ThreadID: HostResult] = [:]
  var timers = TimerQueue()
  var nextFile = 0
  var nextDevice = 0
  var waitOrder: UInt64 = 0
  /// The thread whose call is being made right now.
  var entering: ThreadID?
  /// True once the page allocator has warned of an impossible request; it does so once a boot.
  public var allocatorHasWarned = false

  /// A machine just booted: the driver of that version, controllers loaded, nobody has opened it.
  public init(policy: DriverPolicy, controllers: Controllers = .high) {
    self.policy = policy
    controllersLoaded = controllers
    let speed: UsbSpeed =
      switch controllers {
      case .high, .two: .high
      case .super: .super
      case .full: .full
      }
    self.controllers = (0..<(controllers == .two ? 2 : 1)).map {
      DummyController(index: $0, maxSpeed: speed)
    }
    host = Host(controllers: self.controllers)
    for index in self.controllers.indices { powerPorts(controller: index) }
  }

  /// The events since the last call, oldest first.
  public mutating func takeEvents() -> [GadgetEvent] {
    defer { events = [] }
    return events
  }

  /// The result of that thread's blocked call once it has returned; each result is given once.
  public mutating func takeResult(of thread: ThreadID) -> CallResult? {
    finished.removeValue(forKey: thread)
  }

  /// True while that thread sleeps in a call.
  public func isBlocked(_ thread: ThreadID) -> Bool {
    pending[thread] != nil || gadgetfsReaders[thread] != nil || host.hasTask(of: thread)
  }

  mutating func note(_ kind: GadgetEvent.Kind) {
    if recordsEvents { events.append(GadgetEvent(time: now, kind: kind)) }
  }

  mutating func logLine(_ text: String) {
    log.append(text)
    note(.hostLog(text))
  }

  subscript(half: HostRef) -> DummyHost {
    get {
      half.isSuper
        ? controllers[half.controller].super ?? DummyHost() : controllers[half.controller].high
    }
    set {
      if half.isSuper {
        controllers[half.controller].super = newValue
      } else {
        controllers[half.controller].high = newValue
      }
    }
  }
}
