import USB

/// One control transfer of a driver: what stands in the setup packet, and the bytes for the device.
struct DriverRequest: Equatable, Sendable {
  var type: UInt8
  var request: UInt8
  var value: UInt16 = 0
  var index: UInt16 = 0
  /// Bytes sent, or nil for a transfer that asks for some.
  var data: [UInt8] = []
  /// Bytes asked for.
  var length = 0
  /// Milliseconds.
  var timeout = 5000

  /// The routine that makes it.
  func message(_ device: Int) -> ControlMessage {
    let isIn = type & 0x80 != 0
    return ControlMessage(
      device: device,
      setup: SetupPacket(
        type, request, value: value, index: index,
        length: UInt16(clamping: isIn ? length : data.count)),
      data: data, timeout: timeout)
  }
}

/// Makes one control transfer after the other; what one of them fails with ends it, unless they are all made
/// whatever comes of them. Returns the last answer.
struct RequestList: HostRoutine {
  var device: Int
  /// Those left, the next one last.
  private var left: [DriverRequest]
  private var ignoresErrors: Bool

  init(device: Int, _ requests: [DriverRequest], ignoresErrors: Bool = false) {
    self.device = device
    left = requests.reversed()
    self.ignoresErrors = ignoresErrors
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if input.value.ret < 0, !ignoresErrors { return .done(input.value) }
    guard let next = left.popLast() else { return .done(input.value) }
    return .call(next.message(device))
  }
}

/// Does nothing and returns that.
struct Answer: HostRoutine {
  var value: HostValue

  init(_ ret: Int, _ data: [UInt8] = []) { value = HostValue(ret: ret, data: data) }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep { .done(value) }
}

extension HostSide {
  /// An URB for an endpoint of an interface, or nil when the device has no such endpoint.
  func urb(_ place: InterfacePlace, _ endpoint: UInt8, data: [UInt8] = [], length: Int = 0) -> URB?
  {
    guard let device = host.devices[place.device],
      let found = device.endpoint(endpoint)?.1
        ?? device.settings(place.interface).flatMap(\.endpoints).first(where: {
          $0.address == endpoint
        })
    else { return nil }
    let isIn = endpoint & 0x80 != 0
    return URB(
      half: device.half, device: place.device, address: device.devnum, endpoint: endpoint,
      type: found.type, isIn: isIn, buffer: data, length: isIn ? length : data.count,
      interval: found.type == .interrupt ? pollInterval(device.speed, found.interval) : 0)
  }

  /// Submits an URB of a driver.
  ///
  /// - Returns: its number, or a negative error number as the failure.
  mutating func submit(
    _ place: InterfacePlace, _ endpoint: UInt8, data: [UInt8] = [], length: Int = 0,
    owner: some URBOwner
  ) -> Result<Int, NegatedErrno> {
    guard let urb = urb(place, endpoint, data: data, length: length) else {
      return .failure(NegatedErrno(.ENOENT))
    }
    return submit(urb, owner: owner)
  }

  /// The URBs a device has in flight on an endpoint, oldest first.
  func inFlight(_ device: Int, _ endpoint: UInt8) -> [Int] {
    urbs.filter { $0.value.device == device && $0.value.endpoint == endpoint }.keys.sorted()
  }
}

/// `usb_kill_urb()` of all that is in flight on some endpoints, one after the other.
struct KillURBs: HostRoutine {
  var device: Int
  /// Those left, the next one last.
  private var left: [UInt8]

  init(device: Int, endpoints: [UInt8]) {
    self.device = device
    left = endpoints.reversed()
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    while let endpoint = left.last {
      guard let urb = side.inFlight(device, endpoint).first else {
        left.removeLast()
        continue
      }
      side.unlink(urb, .ENOENT)
      // The controller gives it back at its next turn.
      return .pause(200)
    }
    return .done(0)
  }
}

extension UsbInterface {
  /// Whether it has all these endpoints (`usb_check_bulk_endpoints()`, `usb_check_int_endpoints()`).
  func has(_ wanted: [(address: UInt8, type: TransferType)]) -> Bool {
    wanted.allSatisfy { want in
      endpoints.contains { $0.address == want.address && $0.type == want.type }
    }
  }

  /// The first endpoint of a type and direction.
  func endpoint(_ type: TransferType, isIn: Bool) -> UsbEndpoint? {
    endpoints.first { $0.type == type && ($0.address & 0x80 != 0) == isIn }
  }
}

extension UsbEndpoint {
  /// The largest packet in bytes.
  var packetSize: Int { Int(maxPacket & 0x7ff) }
}
