import USB

/// A driver of interfaces (`struct usb_driver`). A value of it is what it keeps of one interface it is bound to.
///
/// The type says what the driver takes and how it probes; the table of all is ``Host/drivers``. What
/// its URBs lead to is told by their ``URBOwner``.
protocol InterfaceDriver: Equatable, Sendable {
  /// The folder below `/sys/bus/usb/drivers`.
  static var name: String { get }
  /// True when it holds an interface for a program and not for the kernel.
  static var servesPrograms: Bool { get }
  /// True when it can be bound to an interface through its folder.
  static var bindsByName: Bool { get }
  /// Whether it takes an interface (`id_table`).
  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool
  /// `probe()`: the routine that binds it, or nil when there is nothing to wait for.
  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)?

  /// `disconnect()`, when it has been taken off the interface.
  func unbound(_ side: inout some HostSide, device: Int, interface: Int)
  /// True when a reset of the device does not unbind it (`pre_reset`, `post_reset`).
  var staysThroughReset: Bool { get }
  /// `post_reset()`: a routine that returns 0 when the driver can go on; nil when it can at once.
  func afterReset(device: Int, interface: Int) -> (any HostRoutine)?
  /// True when a device may only sleep if it can wake the host (`needs_remote_wakeup`).
  var needsRemoteWakeup: Bool { get }
  /// True while something it does must not be interrupted by sleep.
  var isBusy: Bool { get }
  /// `resume()`: the device is awake again.
  func resumed(_ side: inout some HostSide, device: Int, interface: Int)
}

extension InterfaceDriver {
  static var servesPrograms: Bool { false }
  static var bindsByName: Bool { true }
  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {}
  var staysThroughReset: Bool { false }
  func afterReset(device: Int, interface: Int) -> (any HostRoutine)? { nil }
  var needsRemoteWakeup: Bool { false }
  var isBusy: Bool { false }
  func resumed(_ side: inout some HostSide, device: Int, interface: Int) {}
}

/// Who is told when an URB is given back (`complete` of `struct urb`).
protocol URBOwner: Equatable, Sendable {
  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult)
}

/// The drivers a host has, in the order in which they are asked.
struct DriverTable: Equatable, Sendable {
  var drivers: [any InterfaceDriver.Type]

  static func == (a: DriverTable, b: DriverTable) -> Bool {
    a.drivers.map { $0.name } == b.drivers.map { $0.name }
  }
}

/// A driver bound to an interface, as a device keeps it.
struct BoundDriver: Equatable, Sendable {
  var driver: any InterfaceDriver

  init(_ driver: any InterfaceDriver) { self.driver = driver }

  var name: String { type(of: driver).name }
  var servesPrograms: Bool { type(of: driver).servesPrograms }

  static func == (a: BoundDriver, b: BoundDriver) -> Bool { areEqual(a.driver, b.driver) }
}

/// The owner of an URB in flight, as the host keeps it.
struct OwnedURB: Equatable, Sendable {
  var owner: any URBOwner

  static func == (a: OwnedURB, b: OwnedURB) -> Bool { areEqual(a.owner, b.owner) }
}
