import USB

/// The endpoints of a network adapter.
struct NetworkEndpoints: Equatable, Sendable {
  var input: UInt8
  var output: UInt8
  var notify: UInt8?
}

/// What becomes of reading after an URB that failed.
enum NetworkReadError: Equatable, Sendable {
  case again
  case stop
  /// After that many milliseconds.
  case later(Int)
  case clearHalt
}

/// What the driver of a network adapter does its own way. All the rest is done by ``NetworkDriver``.
protocol NetworkAdapter: Equatable, Sendable {
  init()
  static var driver: String { get }
  static var ids: [UsbID] { get }
  static var notifySize: Int { get }
  /// URBs that write at a time.
  static var writers: Int { get }
  /// How the URBs of an interface that goes down end: all at once as reset, or one after the other as gone.
  static var resetsAtOnce: Bool { get }
  /// Milliseconds between two looks at the link; nil when the adapter tells by itself.
  static var linkInterval: Int? { get }
  /// Bytes asked for with each URB.
  var readSize: Int { get }
  /// URBs that read at a time.
  func readers(_ speed: UsbSpeed) -> Int
  /// The beginning of the interface's name.
  static func prefix(_ address: [UInt8]) -> String
  /// The endpoints, once the probe is over.
  static func endpoints(_ device: UsbDevice, _ interface: Int) -> NetworkEndpoints
  /// `probe()`: returns the address, six bytes, and what ``learn(_:)`` is given.
  static func begin(_ place: InterfacePlace) -> any HostRoutine
  /// What the probe found out beside the address.
  mutating func learn(_ bytes: [UInt8])
  /// The log line once the interface is there, and when it is gone.
  static func greeting(
    _ side: some HostSide, _ place: InterfacePlace, _ name: String, _ address: [UInt8]
  ) -> String
  static func farewell(_ side: some HostSide, _ place: InterfacePlace, _ name: String) -> String?
  /// The other interface it has taken as well.
  static func partner(_ device: UsbDevice, _ interface: Int) -> Int?
  /// What is asked when the interface goes up, before and after reading begins; and when it goes down.
  func up(_ place: InterfacePlace, _ address: [UInt8]) -> (
    before: [any HostRoutine], after: [any HostRoutine]
  )
  func down(_ place: InterfacePlace) -> [any HostRoutine]
  /// Asks for the link; nil when it is taken to be there.
  func link(_ place: InterfacePlace) -> (any HostRoutine)?
  /// Whether there is a link, by that answer; nil when it does not tell.
  func hasLink(_ answer: HostValue) -> Bool?
  /// The same of a notification.
  func hasLink(notified bytes: [UInt8]) -> Bool?
  /// `ndo_set_rx_mode()`: frames for many are wanted too.
  func multicast(_ place: InterfacePlace) -> DriverRequest
  /// A frame as it goes to the adapter.
  func framed(_ frame: [UInt8], packet: Int) -> [UInt8]
  /// A frame as it came, without what the adapter adds.
  func unframed(_ bytes: [UInt8]) -> [UInt8]
  /// The interval of notifications as an endpoint has it; nil for that of the endpoint.
  func interval(_ device: UsbDevice, _ endpoint: UsbEndpoint) -> UInt8
  /// What follows an URB that failed, and the line about it.
  static func afterError(_ errno: Errno) -> NetworkReadError
  static func complaint(_ status: Int, _ name: String, isRead: Bool) -> String?
}

extension NetworkAdapter {
  static var notifySize: Int { 8 }
  static var writers: Int { 1 }
  static var resetsAtOnce: Bool { false }
  static var linkInterval: Int? { nil }
  func readers(_ speed: UsbSpeed) -> Int { 1 }
  static func prefix(_ address: [UInt8]) -> String { "eth" }
  static func endpoints(_ device: UsbDevice, _ interface: Int) -> NetworkEndpoints {
    NetworkEndpoints(input: 0x81, output: 0x02, notify: 0x83)
  }
  mutating func learn(_ bytes: [UInt8]) {}
  static func farewell(_ side: some HostSide, _ place: InterfacePlace, _ name: String) -> String? {
    nil
  }
  static func partner(_ device: UsbDevice, _ interface: Int) -> Int? { nil }
  func link(_ place: InterfacePlace) -> (any HostRoutine)? { nil }
  func hasLink(_ answer: HostValue) -> Bool? { nil }
  func hasLink(notified bytes: [UInt8]) -> Bool? { nil }
  func interval(_ device: UsbDevice, _ endpoint: UsbEndpoint) -> UInt8 { endpoint.interval }
  static func afterError(_ errno: Errno) -> NetworkReadError { .again }
  static func complaint(_ status: Int, _ name: String, isRead: Bool) -> String? { nil }
}

/// A network adapter.
struct NetworkDriver<Adapter: NetworkAdapter>: NodeDriver {
  var adapter = Adapter()
  /// True of an interface that is only taken because another one needs it.
  var isPartner = false
  var address: [UInt8] = []
  var node = ""
  var endpoints = NetworkEndpoints(input: 0, output: 0)
  var isUp = false
  var hasCarrier = true
  /// Times the interface went up.
  var ups = 0
  /// Frames that wait for an URB, and URBs that carry some.
  var waiting: [[UInt8]] = []
  var writing = 0

  static var name: String { Adapter.driver }

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    Adapter.ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    NetworkProbe<Adapter>(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    let place = InterfacePlace(device: device, interface: interface)
    side.removeNodes(place)
    guard !isPartner else { return }
    if let line = Adapter.farewell(side, place, node) { side.logLine(line) }
    side.releasePartner(Adapter.self, place)
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .command(.up): isUp ? Answer(0) : NetworkUp<Adapter>(place: place)
    case .command(.down): isUp ? NetworkDown<Adapter>(place: place) : Answer(0)
    case .send(let frame): NetworkSend<Adapter>(place: place, frame: frame)
    case .ask(.address): Answer(0, address)
    case .open, .close, .read, .write, .readAt, .writeAt, .sync, .ask, .command, .line, .raise,
      .lower, .test:
      nil
    }
  }

  func attribute(_ name: String, _ node: DeviceNode, _ side: some HostSide) -> String? {
    name == "address" ? address.map { hex(UInt64($0), 2) }.joined(separator: ":") : nil
  }
}

/// `probe()` of an adapter's driver.
struct NetworkProbe<Adapter: NetworkAdapter>: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(Adapter.begin(place))
    }
    guard input.value.ret >= 0 else {
      side.releasePartner(Adapter.self, place)
      return side.probeFailed(Adapter.driver, place, input.value.ret)
    }
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    var driver = NetworkDriver<Adapter>()
    driver.address = Array((input.value.data + [0, 0, 0, 0, 0, 0]).prefix(6))
    driver.adapter.learn(Array(input.value.data.dropFirst(6)))
    driver.endpoints = Adapter.endpoints(device, place.interface)
    let prefix = Adapter.prefix(driver.address)
    driver.node = "\(prefix)\(side.freeNumber(prefix))"
    side.keep(driver, place)
    side.addNode(driver.node, .network, driver: Adapter.driver, place)
    side.logLine(Adapter.greeting(side, place, driver.node, driver.address))
    if let interval = Adapter.linkInterval {
      side.startTask(.worker, NetworkLink<Adapter>(place: place, interval: interval))
    }
    return .done(0)
  }
}

extension HostSide {
  /// The other interface is free again.
  mutating func releasePartner<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace
  ) {
    guard let device = host.devices[place.device],
      let other = Adapter.partner(device, place.interface),
      (device.drivers[other]?.driver as? NetworkDriver<Adapter>)?.isPartner == true
    else { return }
    unbindInterface(place.device, other)
  }
}
