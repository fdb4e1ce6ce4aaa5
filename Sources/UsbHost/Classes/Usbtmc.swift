import USB

/// `usbtmc`: test and measurement instruments.
struct Usbtmc: NodeDriver {
  static let name = "usbtmc"
  private static let ids = [
    UsbID(class: 0xfe, 3, 0), UsbID(class: 0xfe, 3, 1),
  ]

  var number = 0
  var bulkIn: UInt8 = 0
  var bulkOut: UInt8 = 0
  var bulkInSize = 0
  var notify: UInt8?
  var notifySize = 0
  /// The tag of the last message, 1 to 255.
  var tag: UInt8 = 1

  var node: String { "usbtmc\(number)" }

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    UsbtmcProbe(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
  }

  var staysThroughReset: Bool { true }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .open, .close: Answer(0)
    case .write(let bytes): UsbtmcWrite(place: place, bytes: bytes)
    case .readAt(_, let length): UsbtmcRead(place: place, length: length)
    case .command(.clear): UsbtmcClear(place: place)
    case .read, .writeAt, .sync, .ask, .command, .line, .raise, .lower, .test, .send: nil
    }
  }

  static func request(_ place: InterfacePlace, _ request: UInt8, length: Int) -> ControlMessage {
    DriverRequest(
      type: 0xa1, request: request, index: UInt16(clamping: place.interface), length: length
    ).message(place.device)
  }
}

/// `usbtmc_probe()`.
struct UsbtmcProbe: HostRoutine {
  var place: InterfacePlace
  private var driver = Usbtmc()
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else { return start(&side) }
    capabilities(&side, input.value)
    driver.number = side.freeNumber("usbtmc")
    side.keep(driver, place)
    if driver.notify != nil {
      let ret = side.readInstrument(place)
      guard ret >= 0 else {
        side.interfaceLog(Usbtmc.name, place, "Failed to submit iin_urb")
        side.host.devices[place.device]?.drivers[place.interface] = nil
        return side.probeFailed(Usbtmc.name, place, ret)
      }
    }
    side.addNode(driver.node, .character, driver: Usbtmc.name, place)
    return .done(0)
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard let setting = side.host.devices[place.device]?.currentSetting(place.interface) else {
      return .done(Errno.ENODEV.negated)
    }
    guard let input = setting.endpoint(.bulk, isIn: true),
      let output = setting.endpoint(.bulk, isIn: false)
    else {
      side.interfaceLog(Usbtmc.name, place, "bulk endpoints not found")
      return side.probeFailed(Usbtmc.name, place, Errno.ENXIO.negated)
    }
    driver.bulkIn = input.address
    driver.bulkInSize = input.packetSize
    driver.bulkOut = output.address
    if let notify = setting.endpoint(.interrupt, isIn: true) {
      driver.notify = notify.address
      driver.notifySize = notify.packetSize
      // A notification has two bytes at least.
      guard notify.packetSize >= 2 else {
        return side.probeFailed(Usbtmc.name, place, Errno.EINVAL.negated)
      }
    }
    asked = true
    return .call(Usbtmc.request(place, 7, length: 24))
  }

  /// `get_capabilities()`: without them the instrument is served all the same.
  private func capabilities(_ side: inout some HostSide, _ value: HostValue) {
    if value.ret < 0 {
      side.deviceLog(place.device, "usb_control_msg returned \(value.ret)")
    } else if let status = value.data.first, status != 1 {
      side.deviceLog(place.device, "GET_CAPABILITIES returned \(String(status, radix: 16))")
    } else {
      return
    }
    side.interfaceLog(Usbtmc.name, place, "can't read capabilities")
  }
}

extension HostSide {
  /// Asks an instrument for a notification: 0, or a negative error number.
  mutating func readInstrument(_ place: InterfacePlace) -> Int {
    guard let driver = bound(Usbtmc.self, place), let endpoint = driver.notify else { return 0 }
    let result = submit(
      place, endpoint, length: driver.notifySize, owner: UsbtmcNotification(place: place))
    if case .failure(let error) = result { return error.value }
    return 0
  }
}

/// `usbtmc_interrupt()`.
struct UsbtmcNotification: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard side.bound(Usbtmc.self, place) != nil else { return }
    switch Errno(negated: result.status) {
    case nil: break
    case .EOVERFLOW:
      return side.interfaceLog(
        Usbtmc.name, place,
        "overflow with length \(urb.length), actual length is \(result.actual)")
    default: return
    }
    if result.data.count < 2 {
      side.interfaceLog(
        Usbtmc.name, place,
        "actual length \(result.actual) not sufficient for interrupt headers")
    } else if result.data[0] < 0x81 {
      side.interfaceLog(
        Usbtmc.name, place, "invalid notification: \(String(result.data[0], radix: 16))")
    }
    let ret = side.readInstrument(place)
    if ret < 0 { side.interfaceLog(Usbtmc.name, place, "usb_submit_urb failed: \(ret)") }
  }
}

/// `USBTMC_IOCTL_CLEAR`.
struct UsbtmcClear: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case initiated
    case checked
    case read
    case cleared
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var reads = 0

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtmc.self, place) else { return .done(Errno.ENODEV.negated) }
    let value = input.value
    switch stage {
    case .start:
      stage = .initiated
      return .call(Usbtmc.request(place, 5, length: 1))
    case .initiated:
      if let ret = failed(&side, value, "INITIATE_CLEAR", accepts: [1]) { return .done(ret) }
      return check()
    case .checked:
      if let ret = failed(&side, value, "CHECK_CLEAR_STATUS", accepts: [1, 2]) {
        return .done(ret)
      }
      guard value.data.first == 2 else { return clear(driver) }
      guard value.data.count > 1, value.data[1] & 1 != 0 else { return check() }
      return read(&side, driver)
    case .read:
      guard value.ret == driver.bulkInSize else { return check() }
      return read(&side, driver)
    case .cleared:
      if value.ret < 0 {
        side.interfaceLog(Usbtmc.name, place, "usb_clear_halt returned \(value.ret)")
      }
      return .done(value.ret)
    }
  }

  private func failed(
    _ side: inout some HostSide, _ value: HostValue, _ name: String, accepts: [UInt8]
  ) -> Int? {
    if value.ret < 0 {
      side.interfaceLog(Usbtmc.name, place, "usb_control_msg returned \(value.ret)")
      return value.ret
    }
    let status = value.data.first ?? 0
    if accepts.contains(status) { return nil }
    side.interfaceLog(Usbtmc.name, place, "\(name) returned \(String(status, radix: 16))")
    return Errno.EIO.negated
  }

  private mutating func check() -> RoutineStep {
    stage = .checked
    return .call(Usbtmc.request(place, 6, length: 2))
  }

  private mutating func clear(_ driver: Usbtmc) -> RoutineStep {
    stage = .cleared
    return .call(ClearHalt(device: place.device, endpoint: driver.bulkOut))
  }

  private mutating func read(_ side: inout some HostSide, _ driver: Usbtmc) -> RoutineStep {
    reads += 1
    guard reads <= 100, let urb = side.urb(place, driver.bulkIn, length: driver.bulkInSize) else {
      side.interfaceLog(Usbtmc.name, place, "Couldn't clear device buffer within 100 cycles")
      return .done(Errno.EIO.negated)
    }
    stage = .read
    return .call(URBMessage(urb: urb, timeout: 5000))
  }
}

/// `usbtmc_write()`: one message with its header, padded to four bytes.
struct UsbtmcWrite: HostRoutine {
  var place: InterfacePlace
  var bytes: [UInt8]
  private var asked = false

  init(place: InterfacePlace, bytes: [UInt8]) {
    self.place = place
    self.bytes = bytes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtmc.self, place) else { return .done(Errno.ENODEV.negated) }
    guard !asked else {
      return .done(input.value.ret < 0 ? input.value.ret : bytes.count)
    }
    asked = true
    let header = UsbtmcHeader.bytes(1, driver.tag, bytes.count, attributes: 1)
    let padding = [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    side.change(Usbtmc.self, place) { $0.tag = $0.tag == 255 ? 1 : $0.tag + 1 }
    guard let urb = side.urb(place, driver.bulkOut, data: header + bytes + padding) else {
      return .done(Errno.ENODEV.negated)
    }
    return .call(URBMessage(urb: urb, timeout: 5000))
  }
}

/// `usbtmc_read()`: asks for a message and reads it.
struct UsbtmcRead: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case asked
    case read
  }

  var place: InterfacePlace
  var length: Int
  private var stage = Stage.start

  init(place: InterfacePlace, length: Int) {
    self.place = place
    self.length = length
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtmc.self, place) else { return .done(Errno.ENODEV.negated) }
    switch stage {
    case .start:
      stage = .asked
      let header = UsbtmcHeader.bytes(2, driver.tag, length, attributes: 0)
      side.change(Usbtmc.self, place) { $0.tag = $0.tag == 255 ? 1 : $0.tag + 1 }
      guard let urb = side.urb(place, driver.bulkOut, data: header) else {
        return .done(Errno.ENODEV.negated)
      }
      return .call(URBMessage(urb: urb, timeout: 5000))
    case .asked:
      guard input.value.ret >= 0, let urb = side.urb(place, driver.bulkIn, length: 4096) else {
        return .done(min(input.value.ret, 0))
      }
      stage = .read
      return .call(URBMessage(urb: urb, timeout: 5000))
    case .read:
      guard input.value.ret >= 12 else {
        return .done(input.value.ret < 0 ? input.value.ret : Errno.EIO.negated)
      }
      let data = Array(input.value.data.dropFirst(12).prefix(length))
      if let index = side.nodeIndex(driver.node) {
        side.host.nodes[index].lastReceived = Array(data.suffix(64))
      }
      return .done(HostValue(ret: data.count, data: data))
    }
  }
}

/// The twelve bytes a message begins with.
enum UsbtmcHeader {
  static func bytes(_ kind: UInt8, _ tag: UInt8, _ length: Int, attributes: UInt8) -> [UInt8] {
    [kind, tag, ~tag, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      + [attributes, 0, 0, 0]
  }
}
