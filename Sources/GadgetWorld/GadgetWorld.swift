public import DummyUDC
public import RawGadget
public import Timeline
public import USB
public import UsbHost

/// A machine with the raw-gadget driver, dummy controllers, a Linux host on their other end, and the
/// threads of a program: a plain value that can be copied, compared and kept.
///
/// Each of the three sides stands in a room of its own and sees of the others what its protocol says
/// (`ControllerSide`, `DriverSide`, `HostSide`). The world holds their states, the clock and the records,
/// and is what each of them calls the others through.
public struct GadgetWorld: Equatable, Sendable {
  /// How `dummy_hcd` is loaded.
  public enum Controllers: String, Equatable, Sendable, CaseIterable {
    case high
    case `super`
    case full
    /// Two high-speed controllers.
    case two
  }

  /// How it was set up.
  public let setup: GadgetSetup
  /// Virtual time.
  public internal(set) var now: Microseconds = 0
  /// The device controllers.
  public package(set) var controllers: [DummyController]
  /// The host.
  public package(set) var host: Host
  /// Lines of the kernel log, oldest first.
  public internal(set) var log: GrowingList<String> = []
  /// True when what happens is noted in ``events``.
  public var recordsEvents = true
  /// What happened since the last ``takeEvents()``.
  public internal(set) var events: [GadgetEvent] = []

  /// The machine right after each event noted since ``keepMoments()``; nil while none are kept.
  var moments: [GadgetWorld]?

  /// What the gadget drivers hold.
  package var drivers: GadgetDrivers
  /// URBs between host and controllers, by number.
  package var urbs: [Int: URB] = [:]
  var timers = TimerQueue()

  /// A machine just booted: the driver of that version, controllers loaded, nobody has opened it.
  ///
  /// - Parameters:
  ///   - policy: the version of the driver.
  ///   - controllers: how `dummy_hcd` is loaded.
  ///   - modules: the drivers the host has.
  public init(
    policy: DriverPolicy, controllers: Controllers = .high, modules: HostModules = .input
  ) {
    self.init(policy: policy, setup: GadgetSetup(controllers: controllers, modules: modules))
  }

  /// The machine as it is, to see when something comes: it tells nothing and makes no copies.
  public var rehearsal: GadgetWorld {
    var trial = self
    (trial.recordsEvents, trial.copies) = (false, nil)
    return trial
  }

  /// A machine just booted, set up like that.
  public init(policy: DriverPolicy, setup: GadgetSetup) {
    self.setup = setup
    drivers = GadgetDrivers(policy: policy)
    let speed: UsbSpeed =
      switch setup.controllers {
      case .high, .two: .high
      case .super: .super
      case .full: .full
      }
    controllers = (0..<setup.count).map {
      DummyController(index: $0, maxSpeed: speed, names: setup.name(of: $0))
    }
    host = Host(
      hubs: controllers.enumerated().flatMap { index, controller in
        (controller.super == nil ? [false] : [false, true]).map {
          RootHubID(controller: index, isSuper: $0)
        }
      }, modules: setup.modules)
    for index in controllers.indices { powerPorts(controller: index) }
  }

  /// The version of the driver.
  public var policy: DriverPolicy { drivers.policy }
  /// Devices of the driver, by number.
  public var devices: [Int: RawDevice] { drivers.devices }
  /// The device of GadgetFS, while its `ep0` file is open.
  public var gadgetfs: GadgetFSDevice? { drivers.gadgetfs }
  /// Where the driver's copies are made; nil to only look whether user memory is accessible.
  public var copies: CopyMachine? {
    get { drivers.copies }
    set { drivers.copies = newValue }
  }
  /// True once the page allocator has warned of an impossible request; it does so once a boot.
  public var allocatorHasWarned: Bool {
    get { drivers.allocatorHasWarned }
    set { drivers.allocatorHasWarned = newValue }
  }

  /// How many moments are kept at most.
  public static let momentLimit = 512

  /// Keeps the machine as it stands right after each event, from now on.
  public mutating func keepMoments() { moments = [] }

  /// The machine right after each event since ``keepMoments()``, oldest first and at most ``momentLimit``;
  /// none are kept from then on.
  public mutating func takeMoments() -> [GadgetWorld] {
    defer { moments = nil }
    return moments ?? []
  }

  /// The events since the last call, oldest first.
  public mutating func takeEvents() -> [GadgetEvent] {
    defer { events = [] }
    return events
  }
}
