import USB

/// What the driver of an input device does its own way. All the rest is the same for all of them and is done by
/// ``TabletDriver``.
protocol TabletModel: Equatable, Sendable {
  init()
  /// The driver's folder below `/sys/bus/usb/drivers`.
  static var driver: String { get }
  static var ids: [UsbID] { get }
  /// True when the endpoint has to be the only one, or one of interrupt transfers.
  static func takes(_ setting: UsbInterface) -> Bool
  /// The largest packet read, in bytes; nil for what the endpoint has.
  static var packet: Int? { get }
  /// What the input device is called.
  static func title(_ device: UsbDevice) -> String
  /// Nodes of the input layer beside `eventN`.
  static var handlers: [String] { get }
  /// By how much an axis trembles.
  static var fuzz: [UInt16: Int32] { get }
  /// Keys that are down before a program listens.
  static var held: Set<UInt16> { get }
  /// What programs for joysticks are told; nil for a device that is none.
  static var joystick: Joystick? { get }
  /// The endpoint that is read.
  static func endpoint(_ setting: UsbInterface) -> UsbEndpoint?
  /// The input device is there.
  static func bound(_ side: inout some HostSide, _ place: InterfacePlace, _ input: InputPlace)
  /// What is asked before there is an input device.
  static func begin(_ place: InterfacePlace) -> (any HostRoutine)?
  /// What is asked when a program opens the device, after the first URB.
  static func opened(_ place: InterfacePlace) -> (any HostRoutine)?
  /// A packet: what it says of keys, axes and other things.
  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent]
  /// The log line for an URB that ended so; nil for none.
  static func complaint(_ status: Int, isOver: Bool) -> String?
  /// The log line for an URB that could not be submitted again.
  static func refusal(_ status: Int, _ input: InputPlace) -> String?
}

extension TabletModel {
  static var packet: Int? { nil }
  static var handlers: [String] { ["mouse"] }
  static var held: Set<UInt16> { [] }
  static var fuzz: [UInt16: Int32] { [0: 4, 1: 4] }
  static var joystick: Joystick? { nil }
  static func endpoint(_ setting: UsbInterface) -> UsbEndpoint? { setting.endpoints.first }
  static func bound(_ side: inout some HostSide, _ place: InterfacePlace, _ input: InputPlace) {}
  static func takes(_ setting: UsbInterface) -> Bool { !setting.endpoints.isEmpty }
  static func begin(_ place: InterfacePlace) -> (any HostRoutine)? { nil }
  static func opened(_ place: InterfacePlace) -> (any HostRoutine)? { nil }
  static func complaint(_ status: Int, isOver: Bool) -> String? { nil }
}

/// Where an input device is, by the names the kernel log has for it.
struct InputPlace: Equatable, Sendable {
  /// The device, such as `usb 1-1`.
  var device: String
  /// The driver and the interface, such as `kbtab 1-1:1.0`.
  var interface: String
  /// The input device, such as `input input3`.
  var input: String
  /// The path of its port, such as `dummy_hcd.0-1/input0`.
  var phys: String
}

/// A device of the input layer behind a driver of its own.
struct TabletDriver<Model: TabletModel>: NodeDriver {
  var model = Model()
  var endpoint: UInt8 = 0
  var size = 0
  var isOpen = false
  var node = ""
  var input = InputPlace(device: "", interface: "", input: "", phys: "")
  var state = InputState()

  static var name: String { Model.driver }

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    Model.ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    TabletProbe<Model>(place: InterfacePlace(device: device, interface: interface))
  }

  /// Keys that are down are told to be up before the device goes.
  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    var state = state
    side.deliver(state.release().flatMap { $0.bytes(at: side.now) }, to: node)
    side.removeNodes(InterfacePlace(device: device, interface: interface))
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .open: TabletOpen<Model>(place: place, node: node.name)
    case .close: TabletClose<Model>(place: place)
    case .read, .write, .readAt, .writeAt, .sync, .ask, .command, .line, .raise, .lower, .test,
      .send:
      nil
    }
  }
}

/// `probe()` of an input device's driver.
struct TabletProbe<Model: TabletModel>: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface)
    else { return .done(Errno.ENODEV.negated) }
    guard asked else {
      guard Model.takes(setting), setting.endpoints.first != nil else {
        return .done(Errno.ENODEV.negated)
      }
      asked = true
      return .call(Model.begin(place) ?? Answer(0))
    }
    guard input.value.ret >= 0, let endpoint = Model.endpoint(setting) else {
      return side.probeFailed(Model.driver, place, input.value.ret)
    }
    register(&side, device, endpoint)
    return .done(0)
  }

  private func register(
    _ side: inout some HostSide, _ device: UsbDevice, _ endpoint: UsbEndpoint
  ) {
    var driver = TabletDriver<Model>()
    driver.endpoint = endpoint.address
    driver.state = InputState(held: Model.held, fuzz: Model.fuzz)
    driver.size = Model.packet ?? min(8, endpoint.packetSize)
    let place = side.registerInput(
      self.place, driver: Model.driver, title: Model.title(device), device)
    driver.input = place
    side.keep(driver, self.place)
    for handler in Model.handlers {
      side.addNode(
        "input/\(handler)\(side.freeNumber("input/\(handler)"))", .input, driver: Model.driver,
        self.place)
    }
    let node = "input/event\(side.freeNumber("input/event"))"
    side.addNode(node, .input, driver: Model.driver, self.place)
    side.change(TabletDriver<Model>.self, self.place) { $0.node = node }
    Model.bound(&side, self.place, place)
  }
}

extension HostSide {
  /// `input_register_device()`: the device's line in the kernel log.
  mutating func registerInput(
    _ place: InterfacePlace, driver: String, title: String, _ device: UsbDevice
  ) -> InputPlace {
    let bus = host.hubs[device.half]?.bus ?? 0
    let number = host.nextInput
    host.nextInput += 1
    let name = name(of: place)
    logLine(
      "input: \(escapedForLog(title)) as /devices/platform/dummy_hcd.\(device.half.controller)"
        + "/usb\(bus)/\(bus)-1/\(name)/input/input\(number + 1)")
    return InputPlace(
      device: "usb \(host.name(of: device))", interface: "\(driver) \(name)",
      input: "input input\(number + 1)",
      phys: "dummy_hcd.\(device.half.controller)-1/input0")
  }

  /// Asks an input device for a packet: 0, or a negative error number.
  mutating func readTablet<Model: TabletModel>(_ type: Model.Type, _ place: InterfacePlace) -> Int {
    guard let driver = bound(TabletDriver<Model>.self, place) else { return Errno.ENODEV.negated }
    let result = submit(
      place, driver.endpoint, length: driver.size,
      owner: TabletPacket<Model>(place: place, input: driver.input))
    if case .failure(let error) = result { return error.value }
    return 0
  }
}

/// The interrupt handler of an input device's driver.
struct TabletPacket<Model: TabletModel>: URBOwner {
  var place: InterfacePlace
  var input: InputPlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN:
      if let text = Model.complaint(result.status, isOver: true) {
        side.logLine("\(input.device): \(text)")
      }
      return
    case nil: take(&side, result.data)
    default:
      if let text = Model.complaint(result.status, isOver: false) {
        side.logLine("\(input.device): \(text)")
      }
    }
    guard side.bound(TabletDriver<Model>.self, place)?.isOpen ?? true else { return }
    let ret = side.readTablet(Model.self, place)
    if ret < 0, let text = Model.refusal(ret, input) { side.logLine(text) }
  }

  private func take(_ side: inout some HostSide, _ packet: [UInt8]) {
    guard var driver = side.bound(TabletDriver<Model>.self, place) else { return }
    let padded = packet + [UInt8](repeating: 0, count: max(0, 20 - packet.count))
    let told = driver.model.decode(&side, padded, input)
    let events = driver.state.changed(by: told)
    side.keep(driver, place)
    side.deliver(events.flatMap { $0.bytes(at: side.now) }, to: driver.node)
    guard let joystick = Model.joystick, let node = side.joystickNode(place) else { return }
    side.deliver(events.flatMap { joystick.bytes($0, at: side.now) }, to: node)
  }
}

extension HostSide {
  /// The node for programs that know joysticks, while one has it open.
  func joystickNode(_ place: InterfacePlace) -> String? {
    host.nodes.first {
      $0.device == place.device && $0.interface == place.interface
        && $0.name.hasPrefix("input/js") && $0.mode != nil
    }?.name
  }
}

/// `open()` of an input device.
struct TabletOpen<Model: TabletModel>: HostRoutine {
  var place: InterfacePlace
  var node: String
  private var asked = false

  init(place: InterfacePlace, node: String) {
    self.place = place
    self.node = node
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked else {
      if input.value.ret < 0 { side.change(TabletDriver<Model>.self, place) { $0.isOpen = false } }
      return .done(min(0, input.value.ret))
    }
    asked = true
    tellStart(&side)
    // Another program may have it open through another node.
    guard side.bound(TabletDriver<Model>.self, place)?.isOpen == false else { return .done(0) }
    side.change(TabletDriver<Model>.self, place) { $0.isOpen = true }
    guard side.readTablet(Model.self, place) >= 0 else {
      side.change(TabletDriver<Model>.self, place) { $0.isOpen = false }
      return .done(Errno.EIO.negated)
    }
    return .call(Model.opened(place) ?? Answer(0))
  }

  /// A joystick first tells how it is.
  private func tellStart(_ side: inout some HostSide) {
    guard let joystick = Model.joystick, node.hasPrefix("input/js"),
      let state = side.bound(TabletDriver<Model>.self, place)?.state
    else { return }
    side.deliver(joystick.start(at: side.now) { Int(state.axis($0)) }, to: node)
  }
}

/// `close()` of an input device.
struct TabletClose<Model: TabletModel>: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let driver = side.bound(TabletDriver<Model>.self, place) else { return .done(0) }
    asked = true
    let users = side.host.nodes.filter {
      $0.device == place.device && $0.interface == place.interface && $0.mode != nil
    }
    guard users.count < 2 else { return .done(0) }
    side.change(TabletDriver<Model>.self, place) { $0.isOpen = false }
    return .call(KillURBs(device: place.device, endpoints: [driver.endpoint]))
  }
}
