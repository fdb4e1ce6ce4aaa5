import USB

/// A packet for the bridge or the graphics chip: which bytes of which word are written or read.
struct SisusbPacket: Equatable, Sendable {
  /// Bits 0 to 3: bytes of the word. Bits 6 and 7: memory, ports or registers of the bus.
  var header: UInt16
  var address: UInt32
  /// What is written; nil to read.
  var data: UInt32?
  var isForBridge = false

  var bytes: [UInt8] {
    var bytes: [UInt8] = [header.lowByte, header.highByte]
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: address >> UInt32(shift)))
    }
    guard let data else { return bytes }
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: data >> UInt32(shift)))
    }
    return bytes
  }
}

/// `sisusb_send_packet()` and `sisusb_send_bridge_packet()`: sends one and takes the word that answers a read.
struct SisusbExchange: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case sent
    case received
  }

  var place: InterfacePlace
  var packet: SisusbPacket
  private var stage = Stage.start

  init(place: InterfacePlace, packet: SisusbPacket) {
    self.place = place
    self.packet = packet
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      stage = .sent
      let end: Sisusb.End = packet.isForBridge ? .bridgeOut : .graphicsOut
      return .call(SisusbSend(place: place, endpoint: end, bytes: packet.bytes))
    case .sent:
      guard input.value.ret == 0, packet.data == nil else { return .done(input.value.ret) }
      stage = .received
      let end: Sisusb.End = packet.isForBridge ? .bridgeIn : .graphicsIn
      return .call(SisusbReceive(place: place, endpoint: end, length: 4))
    case .received: return .done(input.value)
    }
  }
}

/// How often a transfer that takes too long is tried again, and after how many milliseconds.
private enum SisusbPatience {
  static let retries = 5
  static let timeout = 5000
}

/// `sisusb_send_bulk_msg()`: 64 KiB at a time. Returns 0 or what failed.
struct SisusbSend: HostRoutine {
  var place: InterfacePlace
  var endpoint: Sisusb.End
  /// What is left of it.
  private var left: [UInt8]
  private var pass = 0
  private var retries = SisusbPatience.retries
  private static let most = 0x10000

  init(place: InterfacePlace, endpoint: Sisusb.End, bytes: [UInt8]) {
    self.place = place
    self.endpoint = endpoint
    left = bytes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input {
      if value.ret == Errno.ETIMEDOUT.negated {
        guard retries > 0 else { return .done(Errno.ETIME.negated) }
        retries -= 1
      } else if value.ret < 0 {
        return .done(value.ret)
      } else {
        // What came back empty counts as sent.
        let count = value.ret == 0 ? pass : value.ret
        left.removeFirst(min(count, left.count))
        pass -= min(count, pass)
      }
    }
    if pass == 0 {
      pass = min(left.count, Self.most)
      retries = SisusbPatience.retries
    }
    guard pass > 0 else { return .done(0) }
    guard let urb = side.urb(place, endpoint.rawValue, data: Array(left.prefix(pass))) else {
      return .done(Errno.ENODEV.negated)
    }
    return .call(URBMessage(urb: urb, timeout: SisusbPatience.timeout))
  }
}

/// `sisusb_recv_bulk_msg()`: what came counts, whatever the transfer ended with. Returns 0 and the bytes.
struct SisusbReceive: HostRoutine {
  var place: InterfacePlace
  var endpoint: Sisusb.End
  var length: Int
  private var got: [UInt8] = []
  private var retries = SisusbPatience.retries

  init(place: InterfacePlace, endpoint: Sisusb.End, length: Int) {
    self.place = place
    self.endpoint = endpoint
    self.length = length
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input {
      if value.ret == Errno.ETIMEDOUT.negated {
        guard retries > 0 else { return .done(Errno.ETIME.negated) }
        retries -= 1
      } else {
        guard !value.data.isEmpty else { return .done(Errno.EIO.negated) }
        got += value.data
      }
    }
    guard got.count < length else { return .done(HostValue(ret: 0, data: got)) }
    guard let urb = side.urb(place, endpoint.rawValue, length: length - got.count) else {
      return .done(Errno.ENODEV.negated)
    }
    return .call(URBMessage(urb: urb, timeout: SisusbPatience.timeout))
  }
}
