import USB

/// `usb_get_configuration()`: reads every configuration, first its head, then all of it.
struct GetConfigurations: HostRoutine {
  var device: Int
  private var index = 0
  private var count = 0
  private var wholeLength: Int?

  init(device: Int) { self.device = device }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard case .value(let value) = input else { return begin(&side) }
    guard let length = wholeLength else { return afterHead(&side, value) }
    wholeLength = nil
    guard value.ret >= 0 else {
      side.deviceLog(device, "unable to read config index \(index) descriptor/all")
      return finish(&side, value.ret)
    }
    if value.ret < length {
      side.deviceLog(
        device,
        "config index \(index) descriptor too short (expected \(length), got \(value.ret))")
    }
    var parser = ConfigurationParser(
      bytes: Array(value.data.prefix(min(length, value.ret))), index: index,
      speed: side.host.devices[device]?.speed ?? .high)
    let parsed = parser.parse()
    for line in parser.log { side.deviceLog(device, line) }
    guard let parsed else {
      index += 1
      return finish(&side, Errno.EINVAL.negated)
    }
    side.host.devices[device]?.configurations.append(parsed)
    index += 1
    return next(&side)
  }

  private mutating func begin(_ side: inout some HostSide) -> RoutineStep {
    count = Int(side.host.devices[device]?.descriptor[17] ?? 0)
    side.host.devices[device]?.configurations = []
    if count > 8 {
      side.deviceLog(device, "too many configurations: \(count), using maximum allowed: 8")
      count = 8
    }
    if count < 1 {
      side.deviceLog(device, "no configurations")
      return .done(Errno.EINVAL.negated)
    }
    return next(&side)
  }

  private mutating func next(_ side: inout some HostSide) -> RoutineStep {
    guard index < count else { return finish(&side, 0) }
    return .call(
      GetDescriptor(device: device, type: 2, index: UInt8(clamping: index), size: 9))
  }

  private mutating func afterHead(
    _ side: inout some HostSide, _ value: HostValue
  ) -> RoutineStep {
    if value.ret < 0 {
      side.deviceLog(
        device, "unable to read config index \(index) descriptor/start: \(value.ret)")
      if value.ret == Errno.EPIPE.negated {
        side.deviceLog(device, "chopping to \(index) config(s)")
      }
      return finish(&side, value.ret)
    }
    if value.ret < 4 {
      side.deviceLog(
        device, "config index \(index) descriptor too short (expected 9, got \(value.ret))")
      return finish(&side, Errno.EINVAL.negated)
    }
    let length = max(Int(UInt16(low: value.data[2], high: value.data[3])), 9)
    wholeLength = length
    return .call(
      GetDescriptor(device: device, type: 2, index: UInt8(clamping: index), size: length))
  }

  private func finish(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.host.devices[device]?.configurationCount = index
    side.host.devices[device]?.descriptor[17] = UInt8(clamping: index)
    return .done(ret)
  }
}

/// `usb_get_bos_descriptor()`: the head, then all of it.
struct GetBOS: HostRoutine {
  var device: Int
  private var total = 0

  init(device: Int) { self.device = device }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard case .value(let value) = input else {
      return .call(GetDescriptor(device: device, type: 15, size: 5))
    }
    if total > 0 {
      if value.ret < total {
        side.deviceLog(device, "unable to get BOS descriptor set")
        return .done(value.ret >= 0 ? Errno.ENOMSG.negated : value.ret)
      }
      side.host.devices[device]?.newBOS = value.data
      noteLPM(&side, value.data)
      return .done(0)
    }
    guard value.ret >= 5, value.data.first ?? 0 >= 5 else {
      side.deviceLog(device, "unable to get BOS descriptor or descriptor too short")
      return .done(value.ret >= 0 ? Errno.ENOMSG.negated : value.ret)
    }
    total = Int(UInt16(low: value.data[2], high: value.data[3]))
    guard total >= Int(value.data[0]) else { return .done(Errno.EINVAL.negated) }
    return .call(GetDescriptor(device: device, type: 15, size: total))
  }

  /// `usb_device_supports_lpm()`: what it says of a device of USB 3 without exit latencies.
  private func noteLPM(_ side: inout some HostSide, _ bytes: [UInt8]) {
    guard side.host.devices[device]?.speed ?? .high >= .super else { return }
    guard let capability = superCapability(bytes) else {
      side.deviceLog(device, "No LPM exit latency info found, disabling LPM.")
      return
    }
    if capability[7] == 0, capability[8] == 0, capability[9] == 0 {
      side.deviceLog(device, "LPM exit latency is zeroed, disabling LPM.")
    }
  }

  /// The SuperSpeed capability among the device's, ten bytes.
  private func superCapability(_ bytes: [UInt8]) -> [UInt8]? {
    var at = Int(bytes[0])
    var found: [UInt8]?
    for _ in 0..<Int(bytes[4]) {
      let left = bytes.count - at
      guard left >= 3, left >= Int(bytes[at]), bytes[at] > 0 else { break }
      let length = Int(bytes[at])
      if bytes[at + 1] == 16, bytes[at + 2] == 3 {
        guard length >= 10 else { break }
        found = Array(bytes[at..<at + 10])
      }
      at += length
    }
    return found
  }
}
