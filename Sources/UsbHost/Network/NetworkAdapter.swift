import USB

/// What the driver of a network adapter does its own way. All the rest is done by ``NetworkDriver``.
protocol NetworkAdapter: Equatable, Sendable {
  init()
  static var driver: String { get }
  static var ids: [UsbID] { get }
  /// The beginning of the interface's name.
  static var prefix: String { get }
  /// Bytes asked for with each URB.
  static var readSize: Int { get }
  static var notifySize: Int { get }
  /// URBs that read at a time.
  static var readers: Int { get }
  /// `probe()`: returns the address, six bytes.
  static func begin(_ place: InterfacePlace) -> any HostRoutine
  /// The log line once the interface is there.
  static func greeting(
    _ side: some HostSide, _ place: InterfacePlace, _ name: String, _ address: [UInt8]
  ) -> String
  /// What is asked when the interface goes up, before and after reading begins; and when it goes down.
  func up(_ place: InterfacePlace, _ address: [UInt8]) -> (
    before: [any HostRoutine], after: [any HostRoutine]
  )
  func down(_ place: InterfacePlace) -> [any HostRoutine]
  /// A frame as it goes to the adapter.
  func framed(_ frame: [UInt8]) -> [UInt8]
  /// A frame as it came, without what the adapter adds.
  func unframed(_ bytes: [UInt8]) -> [UInt8]
}

/// A network adapter.
struct NetworkDriver<Adapter: NetworkAdapter>: NodeDriver {
  var adapter = Adapter()
  var address: [UInt8] = []
  var node = ""
  var bulkIn: UInt8 = 0
  var bulkOut: UInt8 = 0
  var notify: UInt8?
  var isUp = false

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
    side.removeNodes(InterfacePlace(device: device, interface: interface))
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .command(.up): NetworkUp<Adapter>(place: place)
    case .command(.down): NetworkDown<Adapter>(place: place)
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
      return side.probeFailed(Adapter.driver, place, input.value.ret)
    }
    guard let setting = side.host.devices[place.device]?.currentSetting(place.interface) else {
      return .done(Errno.ENODEV.negated)
    }
    var driver = NetworkDriver<Adapter>()
    driver.address = Array((input.value.data + [0, 0, 0, 0, 0, 0]).prefix(6))
    driver.bulkIn = setting.endpoint(.bulk, isIn: true)?.address ?? 0
    driver.bulkOut = setting.endpoint(.bulk, isIn: false)?.address ?? 0
    driver.notify = setting.endpoint(.interrupt, isIn: true)?.address
    driver.node = "\(Adapter.prefix)\(side.freeNumber(Adapter.prefix))"
    side.keep(driver, place)
    side.addNode(driver.node, .network, driver: Adapter.driver, place)
    side.logLine(Adapter.greeting(side, place, driver.node, driver.address))
    return .done(0)
  }
}

/// An interface goes up (`ndo_open()`).
struct NetworkUp<Adapter: NetworkAdapter>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case before
    case after
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    let routines = driver.adapter.up(place, driver.address)
    switch stage {
    case .start:
      stage = .before
      return .call(Routines(routines.before))
    case .before:
      guard input.value.ret >= 0 else { return .done(input.value.ret) }
      side.change(NetworkDriver<Adapter>.self, place) { $0.isUp = true }
      for _ in 0..<Adapter.readers { side.readFrame(Adapter.self, place) }
      side.readNetworkState(Adapter.self, place)
      stage = .after
      return .call(Routines(routines.after))
    case .after: return .done(0)
    }
  }
}

/// An interface goes down (`ndo_stop()`).
struct NetworkDown<Adapter: NetworkAdapter>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case told
    case killed
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else { return .done(0) }
    switch stage {
    case .start:
      stage = .told
      return .call(Routines(driver.adapter.down(place)))
    case .told:
      stage = .killed
      side.change(NetworkDriver<Adapter>.self, place) { $0.isUp = false }
      return .call(
        KillURBs(
          device: place.device,
          endpoints: [driver.bulkIn, driver.bulkOut] + [driver.notify].compactMap { $0 }))
    case .killed: return .done(0)
    }
  }
}

/// A frame is sent (`ndo_start_xmit()`).
struct NetworkSend<Adapter: NetworkAdapter>: HostRoutine {
  var place: InterfacePlace
  var frame: [UInt8]

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    guard driver.isUp else { return .done(Errno.ENETDOWN.negated) }
    let result = side.submit(
      place, driver.bulkOut, data: driver.adapter.framed(frame), owner: NetworkSent())
    if case .failure(let error) = result { return .done(error.value) }
    return .done(frame.count)
  }
}

extension HostSide {
  fileprivate mutating func readFrame<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace
  ) {
    guard let driver = bound(NetworkDriver<Adapter>.self, place), driver.isUp else { return }
    _ = submit(
      place, driver.bulkIn, length: Adapter.readSize, owner: NetworkFrame<Adapter>(place: place))
  }

  fileprivate mutating func readNetworkState<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace
  ) {
    guard let driver = bound(NetworkDriver<Adapter>.self, place), driver.isUp,
      let notify = driver.notify
    else { return }
    _ = submit(
      place, notify, length: Adapter.notifySize, owner: NetworkState<Adapter>(place: place))
  }
}

/// A frame was sent: nothing follows from it.
struct NetworkSent: URBOwner {
  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {}
}

/// A frame came.
struct NetworkFrame<Adapter: NetworkAdapter>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else { return }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case nil: side.deliver(driver.adapter.unframed(result.data), to: driver.node)
    default: break
    }
    side.readFrame(Adapter.self, place)
  }
}

/// An adapter says how its link is.
struct NetworkState<Adapter: NetworkAdapter>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    default: side.readNetworkState(Adapter.self, place)
    }
  }
}
