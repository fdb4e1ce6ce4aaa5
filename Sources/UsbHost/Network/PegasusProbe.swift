import USB

/// `pegasus_probe()`: the interval of notifications, a reset, the address, the part that drives the cable.
struct PegasusProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case interval
    case reset
    case polled(left: Int)
    case lit
    case word(Int)
    case address
    case second
    case waited
    case set
    case kind
    case part(UInt8)
    case over
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var pause: UInt8 = 0
  private var address: [UInt8] = []
  private var phy: UInt8 = 1
  private static let random: [UInt8] = [2, 0, 0, 0, 0, 1]

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    let value = input.value
    switch stage {
    case .start: return start(&side, device)
    case .interval: return interval(&side, device, value)
    case .reset, .polled: return reset(&side, device, value)
    case .lit: return Pegasus.isSecond(device) ? registers() : word(0)
    case .word(let index): return word(index, value, device)
    case .address:
      if Pegasus.isSecond(device) { address = value.ret == 6 ? value.data : Self.random }
      return Pegasus.isSecond(device) ? second(&side) : part(0)
    case .second, .waited, .set, .kind: return setUp(value)
    case .part(let number): return part(&side, number, value)
    case .over: return .done(HostValue(ret: 0, data: address + [phy, pause]))
    }
  }

  private mutating func send(_ next: Stage, _ requests: [DriverRequest]) -> RoutineStep {
    stage = next
    return .call(RequestList(device: place.device, requests, ignoresErrors: true))
  }

  private mutating func start(_ side: inout some HostSide, _ device: UsbDevice) -> RoutineStep {
    let setting = device.currentSetting(place.interface)
    guard setting?.has([(0x81, .bulk), (0x02, .bulk), (0x83, .interrupt)]) == true else {
      side.interfaceLog(Pegasus.driver, place, "Missing or invalid endpoints")
      return .done(Errno.ENODEV.negated)
    }
    stage = .interval
    return .call(Pegasus.word(place, 4))
  }

  /// `get_interrupt_interval()`.
  private mutating func interval(
    _ side: inout some HostSide, _ device: UsbDevice, _ value: HostValue
  ) -> RoutineStep {
    guard value.ret >= 0, value.data.count == 2 else { return .done(min(-1, value.ret)) }
    pause = value.data[1]
    if device.speed != .high, pause < 0x80 {
      side.logLine(
        "(unnamed net_device) (uninitialized): intr interval changed from \(pause)ms to 128ms")
      pause = 0x80
    }
    return send(.reset, [Pegasus.write(1, 8)])
  }

  /// `reset_mac()`.
  private mutating func reset(
    _ side: inout some HostSide, _ device: UsbDevice, _ value: HostValue
  ) -> RoutineStep {
    guard case .polled(let left) = stage else {
      stage = .polled(left: 250)
      return .call(Pegasus.read(1, 1).message(place.device))
    }
    if value.ret >= 0, (value.data.first ?? 0x08) & 0x08 != 0, left > 1 {
      stage = .polled(left: left - 1)
      return .call(Pegasus.read(1, 1).message(place.device))
    }
    guard value.ret >= 0, left > 1 else {
      side.interfaceLog(Pegasus.driver, place, "can't reset MAC")
      return .done(Errno.EIO.negated)
    }
    var requests = [
      Pegasus.write(0x7f, 0x26), Pegasus.write(0x7e, 0x24), Pegasus.write(0x7e, 0x26),
    ]
    if [0x066b, 0x2001].contains(device.vendor) {
      requests += [Pegasus.write(0x7e, 0x24), Pegasus.write(0x7e, 0x26)]
    }
    return send(.lit, requests)
  }

  private mutating func word(_ index: Int) -> RoutineStep {
    stage = .word(index)
    return .call(Pegasus.word(place, UInt8(clamping: index)))
  }

  /// `get_node_id()`; without an answer the adapter is given an address at random.
  private mutating func word(_ index: Int, _ value: HostValue, _ device: UsbDevice) -> RoutineStep {
    guard value.ret == 2 else {
      address = Self.random
      return part(0)
    }
    address += value.data
    return index < 2 ? word(index + 1) : send(.address, [Pegasus.write(0x10, address)])
  }

  private mutating func registers() -> RoutineStep {
    stage = .address
    return .call(Pegasus.read(0x10, 6).message(place.device))
  }

  /// `setup_pegasus_II()`.
  private mutating func second(_ side: inout some HostSide) -> RoutineStep {
    side.interfaceLog(Pegasus.driver, place, "setup Pegasus II specific registers")
    return send(.second, [Pegasus.write(0x1d, 0), Pegasus.write(0x7b, 1)])
  }

  private mutating func setUp(_ value: HostValue) -> RoutineStep {
    switch stage {
    case .second:
      stage = .waited
      return .sleep(milliseconds: 100)
    case .waited: return send(.set, [Pegasus.write(0x7b, 2), Pegasus.write(0x83, 0xa5)])
    case .set:
      stage = .kind
      return .call(Pegasus.read(0x83, 1).message(place.device))
    default:
      guard value.ret >= 0 else { return part(0) }
      stage = .part(0xff)
      return .call(
        RequestList(
          device: place.device,
          [
            Pegasus.write(0x80, 0xc0), Pegasus.write(0x83, 0xff), Pegasus.write(0x84, 1),
            Pegasus.write(0x81, 2),
          ], ignoresErrors: true))
    }
  }

  private mutating func part(_ number: UInt8) -> RoutineStep {
    stage = .part(number)
    return .call(Pegasus.cable(place, number, 1))
  }

  /// `mii_phy_probe()`: the first of 32 that can do something.
  private mutating func part(
    _ side: inout some HostSide, _ number: UInt8, _ value: HostValue
  ) -> RoutineStep {
    guard number != 0xff else { return part(0) }
    let bits = value.data.count == 2 ? UInt16(low: value.data[0], high: value.data[1]) : 0
    if value.ret >= 0, bits == 0 || bits == 0xffff || bits & 0x7808 == 0, number < 31 {
      return part(number + 1)
    }
    let isThere = value.ret >= 0 && bits != 0xffff && bits & 0x7808 != 0
    phy = isThere ? number : 1
    if !isThere {
      side.interfaceLog(Pegasus.driver, place, "can't locate MII phy, using default")
    }
    return send(.over, [Pegasus.write(0x78, 4)])
  }
}
