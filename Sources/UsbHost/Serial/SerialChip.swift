import USB

/// What a chip of a serial adapter does its own way (`struct usb_serial_driver`). All the rest is the same for
/// all of them and is done by ``SerialDriver``.
protocol SerialChip: Equatable, Sendable {
  init()
  /// The driver's folder below `/sys/bus/usb/drivers`.
  static var driver: String { get }
  /// The folder below `/sys/bus/usb-serial/drivers`.
  static var portDriver: String { get }
  /// What the kernel log calls it (`description`).
  static var title: String { get }
  static var ids: [UsbID] { get }
  /// Endpoints without which it is not probed.
  static var needsBulk: Bool { get }
  static var needsInterrupt: Bool { get }
  /// Bytes of an URB at least (`bulk_in_size`) and at most (`bulk_out_size`); 0 for a packet.
  static var bulkInSize: Int { get }
  static var bulkOutSize: Int { get }
  /// Bits a second before anybody sets them.
  static var firstSpeed: Int { get }
  /// True when closing gives the chip time to send what it holds (`drain_delay`).
  static var drains: Bool { get }
  static var canBreak: Bool { get }

  /// `attach()`: before there is a port.
  static func attach(_ place: InterfacePlace) -> (any HostRoutine)?
  /// `port_probe()`; a failure leaves the adapter without a port.
  static func portProbe(_ place: InterfacePlace) -> (any HostRoutine)?
  /// `open()` before reading begins, the line settings included; and what comes after.
  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine]
  /// `close()`, once the lines are lowered.
  func close(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine]
  /// `set_termios()`; `old` is nil when the line is opened.
  func setLine(
    _ place: InterfacePlace, _ line: LineSettings, old: LineSettings?
  ) -> (any HostRoutine)?
  /// `dtr_rts()`: both lines are raised or lowered with the line.
  func setReady(_ place: InterfacePlace, _ isReady: Bool) -> (any HostRoutine)?
  /// `tiocmset()`: the lines as they shall be and those that change.
  func setModem(
    _ place: InterfacePlace, _ lines: ModemLines, changing: ModemLines
  ) -> (any HostRoutine)?
  /// `tiocmget()`: returns the bits.
  func askModem(_ place: InterfacePlace, _ port: SerialPort) -> any HostRoutine
  /// `break_ctl()`.
  func setBreak(_ place: InterfacePlace, _ isOn: Bool) -> (any HostRoutine)?
  /// `tx_empty()`: returns 0 while something is still to be sent; nil when it cannot be asked.
  func isEmpty(_ place: InterfacePlace) -> (any HostRoutine)?
  /// What an URB brought, without what the chip adds (`process_read_urb()`).
  func received(_ bytes: [UInt8], packet: Int) -> [UInt8]
  /// An interrupt URB is back (`read_int_callback()`): true when it shall be asked again.
  func notified(
    _ side: inout some HostSide, _ place: InterfacePlace, _ result: URBResult
  ) -> Bool
  /// True when URBs of the generic functions write what a program wrote.
  static var writesAtOnce: Bool { get }
  /// True when the generic functions read.
  static var readsAtOnce: Bool { get }
}

extension SerialChip {
  static var portDriver: String { driver }
  static var title: String { portDriver }
  static var needsBulk: Bool { true }
  static var needsInterrupt: Bool { false }
  static var bulkInSize: Int { 0 }
  static var bulkOutSize: Int { 0 }
  static var firstSpeed: Int { 9600 }
  static var drains: Bool { false }
  static var canBreak: Bool { true }
  static var writesAtOnce: Bool { true }
  static var readsAtOnce: Bool { true }
  static func attach(_ place: InterfacePlace) -> (any HostRoutine)? { nil }
  static func portProbe(_ place: InterfacePlace) -> (any HostRoutine)? { nil }
  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [setLine(place, port.line, old: nil), StartReading<Self>(place: place)].compactMap { $0 }
  }
  func close(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [KillURBs(device: place.device, endpoints: port.endpoints)]
  }
  func setReady(_ place: InterfacePlace, _ isReady: Bool) -> (any HostRoutine)? {
    setModem(place, isReady ? [.dtr, .rts] : [], changing: [.dtr, .rts])
  }
  func setBreak(_ place: InterfacePlace, _ isOn: Bool) -> (any HostRoutine)? { nil }
  func isEmpty(_ place: InterfacePlace) -> (any HostRoutine)? { nil }
  func received(_ bytes: [UInt8], packet: Int) -> [UInt8] { bytes }
  func notified(
    _ side: inout some HostSide, _ place: InterfacePlace, _ result: URBResult
  ) -> Bool { false }
}

/// What the serial core keeps of a port (`struct usb_serial_port`).
struct SerialPort: Equatable, Sendable {
  /// Its node, once its probe worked.
  var node: String?
  var bulkIn: UInt8 = 0
  var bulkOut: UInt8 = 0
  var interruptIn: UInt8?
  /// Bytes asked for with each URB, and at most written with one.
  var inSize = 0
  var outSize = 0
  var packet = 0
  var interruptSize = 0
  var isOpen = false
  var line: LineSettings
  /// The lines the host has raised.
  var modem: ModemLines = []
  /// Bytes a program wrote that are in no URB yet.
  var fifo: [UInt8] = []
  /// URBs that carry what was written.
  var writing = 0

  /// The endpoints whose URBs end when the port is closed, in that order.
  var endpoints: [UInt8] { [bulkOut, bulkIn] + [interruptIn].compactMap { $0 } }
}
