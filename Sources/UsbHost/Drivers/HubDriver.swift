import USB

/// The hub driver, for a gadget that is a hub: it asks how many ports there are, gives them power and waits for
/// something to happen on them.
struct HubDriver: InterfaceDriver {
  static let name = "hub"

  static var bindsByName: Bool { false }

  var status: UInt8 = 0
  var ports = 0
  /// Transfers of the status endpoint that failed one after the other.
  var errors = 0

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    setting.interfaceClass == 9 || device.descriptor[4] == 9
  }

  /// A hub sleeps only when it can wake the host.
  var needsRemoteWakeup: Bool { true }

  /// `hub_probe()`: the device may sleep from now on, and a descriptor without the one interrupt endpoint of a
  /// hub is refused.
  static func probe(
    _ side: inout some HostSide, device id: Int, interface: Int
  ) -> (any HostRoutine)? {
    guard let device = side.host.devices[id], let setting = device.currentSetting(interface) else {
      return nil
    }
    side.host.devices[id]?.autosuspendDelay = 0
    side.host.devices[id]?.controlAuto = true
    let place = InterfacePlace(device: id, interface: interface)
    let status = setting.endpoints.first
    let isSane =
      setting.subclass <= 1 && setting.endpoints.count == 1 && status?.type == .interrupt
      && status.map { $0.address & 0x80 != 0 } ?? false
    guard isSane, let status else {
      side.interfaceLog(name, place, "bad descriptor, ignoring hub")
      return nil
    }
    side.interfaceLog(name, place, "USB hub found")
    return HubConfigure(place: place, status: status.address)
  }
}

/// `hub_configure()` and `hub_activate()`.
struct HubConfigure: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case described(tries: Int)
    case deviceStatus
    case hubStatus
    case power(port: Int)
  }

  var place: InterfacePlace
  /// The address of the status endpoint.
  var status: UInt8
  private var stage = Stage.start
  private var ports = 0
  /// Milliseconds until the ports' power is good.
  private var delay = 0

  init(place: InterfacePlace, status: UInt8) {
    self.place = place
    self.status = status
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let value = input.value
    switch stage {
    case .start: return describe(tries: 1)
    case .described(let tries): return described(&side, value, tries)
    case .deviceStatus:
      guard value.ret == 2 else {
        return fail(&side, "can't get hub status", value.ret < 0 ? value.ret : Errno.EIO.negated)
      }
      stage = .hubStatus
      return .call(
        DriverRequest(type: 0xa0, request: 0, length: 4, timeout: 1000).message(place.device))
    case .hubStatus:
      guard value.ret == 4 else {
        return fail(&side, "can't get hub status", value.ret < 0 ? value.ret : Errno.EIO.negated)
      }
      return power(&side, port: 1)
    case .power(let port): return power(&side, port: port + 1)
    }
  }

  private mutating func describe(tries: Int) -> RoutineStep {
    stage = .described(tries: tries)
    return .call(
      DriverRequest(type: 0xa0, request: 6, value: 0x2900, length: 15).message(place.device))
  }

  /// `get_hub_descriptor()`: three tries, and as long as the number of ports makes it.
  private mutating func described(
    _ side: inout some HostSide, _ value: HostValue, _ tries: Int
  ) -> RoutineStep {
    guard value.ret >= 9 else {
      guard tries < 3 else {
        return fail(&side, "can't read hub descriptor", Errno.EINVAL.negated)
      }
      return describe(tries: tries + 1)
    }
    ports = Int(value.data[2])
    guard value.ret >= 7 + ports / 8 + 1 else {
      return fail(&side, "can't read hub descriptor", Errno.EMSGSIZE.negated)
    }
    if ports > 31 { return fail(&side, "hub has too many ports!", Errno.ENODEV.negated) }
    if ports == 0 { return fail(&side, "hub doesn't have any ports!", Errno.ENODEV.negated) }
    delay = Int(value.data[5]) * 2
    side.interfaceLog(HubDriver.name, place, "\(ports) port\(ports == 1 ? "" : "s") detected")
    stage = .deviceStatus
    return .call(DriverRequest(type: 0x80, request: 0, length: 2).message(place.device))
  }

  private mutating func power(_ side: inout some HostSide, port: Int) -> RoutineStep {
    guard port <= ports else {
      side.keep(HubDriver(status: status, ports: ports), place)
      side.startTask(.worker, HubActivation(place: place, ports: ports, delay: delay))
      return .done(0)
    }
    stage = .power(port: port)
    return .call(
      DriverRequest(
        type: 0x23, request: 3, value: 8, index: UInt16(clamping: port), timeout: 1000
      ).message(place.device))
  }

  private func fail(_ side: inout some HostSide, _ why: String, _ ret: Int) -> RoutineStep {
    side.interfaceLog(HubDriver.name, place, "config failed, \(why) (err \(ret))")
    return .done(Errno.ENODEV.negated)
  }
}

/// The second half of `hub_activate()`, once the ports have power: looks at each and listens for changes.
struct HubActivation: HostRoutine {
  var place: InterfacePlace
  var ports: Int
  /// Milliseconds.
  var delay: Int
  private var port = -1

  init(place: InterfacePlace, ports: Int, delay: Int) {
    self.place = place
    self.ports = ports
    self.delay = delay
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard side.bound(HubDriver.self, place) != nil else { return .done(0) }
    port += 1
    if port == 0 { return .sleep(milliseconds: delay) }
    guard port <= ports else {
      side.readHub(place)
      return .done(0)
    }
    return .call(
      DriverRequest(type: 0xa3, request: 0, index: UInt16(clamping: port), length: 4, timeout: 1000)
        .message(place.device))
  }
}

extension HostSide {
  /// Asks a hub for changes.
  mutating func readHub(_ place: InterfacePlace) {
    guard let driver = bound(HubDriver.self, place) else { return }
    _ = submit(
      place, driver.status, length: min(4, (driver.ports + 8) / 8), owner: HubChange(place: place))
  }
}

/// `hub_irq()`: a hub that fails ten times in a row is given up.
struct HubChange: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(HubDriver.self, place) else { return }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case nil:
      side.change(HubDriver.self, place) { $0.errors = 0 }
      side.startTask(.worker, HubPorts(place: place, changed: result.data))
    default:
      side.change(HubDriver.self, place) { $0.errors += 1 }
      if driver.errors < 9 { side.readHub(place) }
    }
  }
}

/// `hub_event()` as far as ports go: those that changed are looked at and their changes acknowledged.
struct HubPorts: HostRoutine {
  var place: InterfacePlace
  /// A bit for each port, that of the hub itself first.
  var changed: [UInt8]
  private var port = 0
  /// Changes of the present port that are still to be acknowledged.
  private var features: [UInt16] = []
  private var asked = false

  init(place: InterfacePlace, changed: [UInt8]) {
    self.place = place
    self.changed = changed
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(HubDriver.self, place) else { return .done(0) }
    if asked {
      asked = false
      let data = input.value.data
      let changes = data.count == 4 ? UInt16(low: data[2], high: data[3]) : 0
      features = (0..<5).filter { changes & 1 << $0 != 0 }.map { 16 + UInt16($0) }
    }
    if let feature = features.popLast() {
      return .call(
        DriverRequest(
          type: 0x23, request: 1, value: feature, index: UInt16(clamping: port), timeout: 1000
        )
        .message(place.device))
    }
    while port < driver.ports {
      port += 1
      let byte = changed.indices.contains(port / 8) ? changed[port / 8] : 0
      guard byte & 1 << (port % 8) != 0 else { continue }
      asked = true
      return .call(
        DriverRequest(
          type: 0xa3, request: 0, index: UInt16(clamping: port), length: 4, timeout: 1000
        )
        .message(place.device))
    }
    side.readHub(place)
    return .done(0)
  }
}
