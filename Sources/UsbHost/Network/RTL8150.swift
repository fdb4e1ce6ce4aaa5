import USB

/// `rtl8150`: adapters with Realtek's first chip for USB.
struct RTL8150: NetworkAdapter {
  static let driver = "rtl8150"
  var readSize: Int { 1540 }
  static let ids = [
    UsbID(0x0bda, 0x8150), UsbID(0x0411, 0x0012), UsbID(0x3980, 0x0003), UsbID(0x07b8, 0x401a),
    UsbID(0x1557, 0x8150), UsbID(0x0586, 0x401a),
  ]

  static func write(_ register: UInt16, _ bytes: [UInt8]) -> DriverRequest {
    DriverRequest(type: 0x40, request: 5, value: register, data: bytes, timeout: 1000)
  }

  static func read(_ register: UInt16, _ length: Int) -> DriverRequest {
    DriverRequest(type: 0xc0, request: 5, value: register, length: length, timeout: 1000)
  }

  static func begin(_ place: InterfacePlace) -> any HostRoutine { RTL8150Probe(place: place) }

  static func greeting(
    _ side: some HostSide, _ place: InterfacePlace, _ name: String, _ address: [UInt8]
  ) -> String { "rtl8150 \(side.name(of: place)): \(name): rtl8150 is detected" }

  func up(
    _ place: InterfacePlace, _ address: [UInt8]
  ) -> (before: [any HostRoutine], after: [any HostRoutine]) {
    let set = [
      Self.write(0x0130, [0x9e]), Self.write(0x012f, [0xd8]), Self.write(0x012e, [0x0c]),
      Self.read(0x0137, 1),
    ]
    return (
      [RequestList(device: place.device, [Self.write(0x0120, address)], ignoresErrors: true)],
      [
        RTL8150Reset(place: place, isProbe: false), Quietly(),
        RequestList(device: place.device, set, ignoresErrors: true), Quietly(),
      ]
    )
  }

  func down(_ place: InterfacePlace) -> [any HostRoutine] { [RTL8150Stop(place: place)] }

  /// `set_carrier()`.
  func link(_ place: InterfacePlace) -> (any HostRoutine)? {
    Self.read(0x014c, 2).message(place.device)
  }

  func hasLink(_ answer: HostValue) -> Bool? {
    answer.ret < 0 ? nil : (answer.data.first ?? 0) & 0x08 != 0
  }

  func multicast(_ place: InterfacePlace) -> DriverRequest { Self.write(0x0130, [0x9e, 0]) }

  func interval(_ device: UsbDevice, _ endpoint: UsbEndpoint) -> UInt8 {
    device.speed >= .high ? 16 : 100
  }

  static func complaint(_ status: Int, _ name: String, isRead: Bool) -> String? {
    isRead ? "Rx status \(status)" : "\(name): Tx status \(status)"
  }

  /// Frames have 60 bytes at least, and their end is no whole packet.
  func framed(_ frame: [UInt8], packet: Int) -> [UInt8] {
    let length = max(60, frame.count)
    let padded = length % 64 == 0 ? length + 1 : length
    return frame + [UInt8](repeating: 0, count: padded - frame.count)
  }

  /// Four bytes on how it was received stand behind a frame.
  func unframed(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.dropLast(4)) }
}

/// `rtl8150_reset()`: the bit that resets stays while the chip is at it; it is asked 250 times, whatever it answers.
struct RTL8150Reset: HostRoutine {
  var place: InterfacePlace
  /// True for a probe, which fails without it.
  var isProbe: Bool
  private var left = 251
  private var byte: UInt8 = 0x10

  init(place: InterfacePlace, isProbe: Bool) {
    self.place = place
    self.isProbe = isProbe
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if input == .start { return .call(RTL8150.write(0x012e, [0x10]).message(place.device)) }
    if left < 251, input.value.ret == 1, let answer = input.value.data.first { byte = answer }
    left -= 1
    if byte & 0x10 != 0, left > 0 {
      return .call(RTL8150.read(0x012e, 1).message(place.device))
    }
    guard left > 0 else {
      if isProbe {
        side.interfaceLog(RTL8150.driver, place, "couldn't reset the device")
      } else {
        side.deviceLog(place.device, "device reset failed")
      }
      return .done(Errno.EIO.negated)
    }
    return .done(0)
  }
}

/// `rtl8150_probe()`: endpoints, a reset, the address.
struct RTL8150Probe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case reset
    case address
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      let setting = side.host.devices[place.device]?.currentSetting(place.interface)
      guard setting?.has([(0x81, .bulk), (0x02, .bulk), (0x83, .interrupt)]) == true else {
        side.interfaceLog(RTL8150.driver, place, "couldn't find required endpoints")
        return .done(Errno.EIO.negated)
      }
      stage = .reset
      return .call(RTL8150Reset(place: place, isProbe: true))
    case .reset:
      guard input.value.ret >= 0 else { return .done(input.value.ret) }
      stage = .address
      return .call(RTL8150.read(0x0120, 6).message(place.device))
    case .address:
      // Without an answer the adapter is given an address at random.
      guard input.value.ret == 6 else {
        return .done(HostValue(ret: 0, data: [0x02, 0, 0, 0, 0, 1]))
      }
      return .done(HostValue(ret: 0, data: input.value.data))
    }
  }
}

/// `disable_net_traffic()`.
struct RTL8150Stop: HostRoutine {
  var place: InterfacePlace
  private var stage = 0

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    stage += 1
    switch stage {
    case 1: return .call(RTL8150.read(0x012e, 1).message(place.device))
    case 2:
      let byte = input.value.ret == 1 ? input.value.data.first ?? 0 : 0
      return .call(RTL8150.write(0x012e, [byte & 0xf3]).message(place.device))
    default: return .done(0)
    }
  }
}
