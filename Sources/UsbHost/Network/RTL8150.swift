import USB

/// `rtl8150`: adapters with Realtek's first chip for USB.
struct RTL8150: NetworkAdapter {
  static let driver = "rtl8150"
  static let prefix = "eth"
  static let readSize = 1540
  static let notifySize = 8
  static let readers = 1
  static let ids = [
    UsbID(0x0bda, 0x8150), UsbID(0x0411, 0x0012), UsbID(0x0586, 0x401a), UsbID(0x0eef, 0x0112),
    UsbID(0x0482, 0x4b50), UsbID(0x2001, 0x1a00),
  ]

  private static func write(_ register: UInt16, _ bytes: [UInt8]) -> DriverRequest {
    DriverRequest(type: 0x40, request: 5, value: register, data: bytes, timeout: 1000)
  }

  private static func read(_ register: UInt16, _ length: Int) -> DriverRequest {
    DriverRequest(type: 0xc0, request: 5, value: register, length: length, timeout: 1000)
  }

  static func begin(_ place: InterfacePlace) -> any HostRoutine { RTL8150Reset(place: place) }

  static func greeting(
    _ side: some HostSide, _ place: InterfacePlace, _ name: String, _ address: [UInt8]
  ) -> String { "rtl8150 \(side.name(of: place)): \(name): rtl8150 is detected" }

  func up(
    _ place: InterfacePlace, _ address: [UInt8]
  ) -> (before: [any HostRoutine], after: [any HostRoutine]) {
    let reset = [
      Self.write(0x012e, [0x10]), Self.read(0x012e, 1), Self.write(0x0130, [0x9e]),
      Self.write(0x012f, [0xd8]), Self.write(0x012e, [0x0c]), Self.read(0x0137, 1),
      Self.read(0x014c, 2), Self.write(0x0130, [0x9e, 0]), Self.write(0x0130, [0x9e, 0]),
      Self.write(0x0130, [0x9e, 0]),
    ]
    return (
      [RequestList(device: place.device, [Self.write(0x0120, address)], ignoresErrors: true)],
      [RequestList(device: place.device, reset, ignoresErrors: true)]
    )
  }

  func down(_ place: InterfacePlace) -> [any HostRoutine] {
    [
      RequestList(
        device: place.device,
        [Self.write(0x0130, [0x9e, 0]), Self.read(0x012e, 1), Self.write(0x012e, [0])],
        ignoresErrors: true)
    ]
  }

  /// Frames have 60 bytes at least, and their end is no whole packet.
  func framed(_ frame: [UInt8]) -> [UInt8] {
    let length = max(60, frame.count)
    let padded = length % 64 == 0 ? length + 1 : length
    return frame + [UInt8](repeating: 0, count: padded - frame.count)
  }

  /// Four bytes on how it was received stand behind a frame.
  func unframed(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.dropLast(4)) }
}

/// `rtl8150_reset()` and the address of the adapter.
struct RTL8150Reset: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case written
    case polled(left: Int)
    case address
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  private func read(_ register: UInt16, _ length: Int) -> RoutineStep {
    .call(
      DriverRequest(type: 0xc0, request: 5, value: register, length: length, timeout: 1000)
        .message(place.device))
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      stage = .written
      return .call(
        DriverRequest(type: 0x40, request: 5, value: 0x012e, data: [0x10], timeout: 1000)
          .message(place.device))
    case .written:
      stage = .polled(left: 100)
      return read(0x012e, 1)
    case .polled(let left):
      // The bit that resets stays while the chip is at it.
      let byte = input.value.data.first ?? 0x10
      if byte & 0x10 != 0, input.value.ret >= 0, left > 0 {
        stage = .polled(left: left - 1)
        return read(0x012e, 1)
      }
      guard input.value.ret >= 0, left > 0 else {
        side.interfaceLog(RTL8150.driver, place, "couldn't reset the device")
        return .done(Errno.EIO.negated)
      }
      stage = .address
      return read(0x0120, 6)
    case .address:
      // Without an answer the adapter is given an address at random.
      guard input.value.ret == 6 else {
        return .done(HostValue(ret: 0, data: [0x02, 0, 0, 0, 0, 1]))
      }
      return .done(HostValue(ret: 0, data: input.value.data))
    }
  }
}
