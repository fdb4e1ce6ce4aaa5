import KernelLog
import RawGadget
import USB

/// What went to and from one thing plugged into a port, from its connection to its removal.
///
/// A host that fails to enumerate a device tries again under other addresses; all of that is one
/// session. Ports are told apart by the hub requests in the capture.
struct CaptureSession {
  /// Number of the bus.
  var bus: UInt16
  /// Every address it had, in order; without 0.
  var addresses: [UInt8] = []
  /// Its URBs in the order of submission.
  var exchanges: [Capture.Exchange] = []
  /// Microseconds from the capture's first event to each of them.
  var times: [UInt64] = []
  /// Speed by the port's status; nil when the capture lacks it.
  var portSpeed: UsbSpeed?
  /// True for hubs, whose ports are asked for.
  var isHub = false
  /// True when its port says that it is gone.
  var isUnplugged = false

  /// True when the host makes no more use of it than an URB that failed, from that one on.
  func isGone(from index: Int) -> Bool {
    !exchanges[index...].contains { $0.status == 0 }
  }

  /// All sessions of a capture in the order of their first URB.
  static func all(_ capture: Capture) -> [CaptureSession] {
    let base = capture.devices.first?.exchanges.first.flatMap(time) ?? 0
    var sessions: [CaptureSession] = []
    var buses: [UInt16] = []
    for device in capture.devices where !buses.contains(device.bus) { buses.append(device.bus) }
    for bus in buses {
      let exchanges = capture.devices.filter { $0.bus == bus }.flatMap(\.exchanges)
      let timed = exchanges.map { ($0, since(base, time($0) ?? base)) }
      let order = timed.indices.sorted { (timed[$0].1, $0) < (timed[$1].1, $1) }
      var sorter = SessionSorter(bus: bus)
      for index in order { sorter.add(timed[index].0, timed[index].1) }
      sessions += sorter.sessions
    }
    return sessions
  }

  private static func time(_ exchange: Capture.Exchange) -> UInt64? {
    exchange.submitted ?? exchange.completed
  }

  /// The text form keeps 32 bits of the time, which may have wrapped.
  private static func since(_ base: UInt64, _ time: UInt64) -> UInt64 {
    let isShort = max(base, time) <= UInt64(UInt32.max)
    return isShort ? (time &- base) & UInt64(UInt32.max) : time >= base ? time - base : 0
  }
}

/// Follows one bus and gives each URB to its session.
private struct SessionSorter {
  struct Port: Hashable {
    var hub: UInt8
    var number: UInt16
  }

  let bus: UInt16
  var sessions: [CaptureSession] = []
  /// The port reset last: what goes to address 0 is behind it.
  private var port = Port(hub: 0, number: 0)
  private var speeds: [Port: UsbSpeed] = [:]
  private var byPort: [Port: Int] = [:]
  private var byAddress: [UInt8: Int] = [:]

  init(bus: UInt16) { self.bus = bus }

  mutating func add(_ exchange: Capture.Exchange, _ time: UInt64) {
    let index = session(of: exchange)
    sessions[index].exchanges.append(exchange)
    sessions[index].times.append(time)
    guard let setup = exchange.setup else { return }
    if setup.bmRequestType == 0, setup.bRequest == 5, exchange.status == 0,
      let address = UInt8(exactly: setup.wValue), address > 0
    {
      byAddress[address] = index
      if sessions[index].addresses.last != address { sessions[index].addresses.append(address) }
    }
    follow(exchange, setup, hub: index)
  }

  private mutating func session(of exchange: Capture.Exchange) -> Int {
    if exchange.address == 0 {
      let index = byPort[port] ?? start()
      byPort[port] = index
      if let speed = speeds[port] { sessions[index].portSpeed = speed }
      return index
    }
    if let known = byAddress[exchange.address] { return known }
    let index = start()
    sessions[index].addresses = [exchange.address]
    byAddress[exchange.address] = index
    return index
  }

  private mutating func start() -> Int {
    sessions.append(CaptureSession(bus: bus))
    return sessions.count - 1
  }

  /// Requests of the hub class: which port is reset, and what is connected to it.
  private mutating func follow(
    _ exchange: Capture.Exchange, _ setup: SetupPacket, hub: Int
  ) {
    guard setup.bmRequestType == 0x23 || setup.bmRequestType == 0xa3 else { return }
    let asked = Port(hub: exchange.address, number: setup.wIndex & 0xff)
    if setup.bmRequestType == 0x23, setup.bRequest == 3, setup.wValue == 4 || setup.wValue == 28 {
      sessions[hub].isHub = true
      port = asked
    }
    guard setup.bmRequestType == 0xa3, setup.bRequest == 0, exchange.data.count >= 4 else { return }
    sessions[hub].isHub = true
    let status = UInt16(exchange.data[0]) | UInt16(exchange.data[1]) << 8
    if status & 1 == 0 {
      if let gone = byPort.removeValue(forKey: asked) { sessions[gone].isUnplugged = true }
      return
    }
    if byPort[asked] == nil { byPort[asked] = start() }
    if status & 2 != 0 { speeds[asked] = Self.speed(status) }
  }

  /// The speed in a port's status word. Bit 8 says "powered" on USB 2 hubs, bit 9 on USB 3 hubs,
  /// where USB 2 hubs say "low speed".
  private static func speed(_ status: UInt16) -> UsbSpeed {
    if status & 0x300 == 0x200 { return .super }
    return status & 0x400 != 0 ? .high : status & 0x200 != 0 ? .low : .full
  }
}
