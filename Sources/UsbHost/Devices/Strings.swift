import USB

/// `usb_get_string()`: three tries at one string descriptor.
struct GetString: HostRoutine {
  var device: Int
  var language: Int
  var index: UInt8
  var size: UInt16
  private var tries = 0

  init(device: Int, language: Int, index: UInt8, size: UInt16) {
    self.device = device
    self.language = language
    self.index = index
    self.size = size
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(var value) = input {
      tries += 1
      let again = value.ret == 0 || value.ret == Errno.EPIPE.negated
      if !again {
        let wrongType = value.ret > 1 && value.data.count > 1 && value.data[1] != 3
        if !wrongType { return .done(value) }
        value.ret = Errno.ENODATA.negated
      }
      if tries == 3 { return .done(value) }
    }
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(
          0x80, 6, value: UInt16(low: index, high: 3),
          index: UInt16(truncatingIfNeeded: language), length: size)))
  }
}

/// `usb_string()`: one string as UTF-8, reading the language table first when it is not known.
struct ReadString: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case language
    case string
  }

  /// Which of its three requests `usb_string_sub()` is at.
  private enum Part: Equatable, Sendable {
    case whole
    case length
    case exact
  }

  var device: Int
  var index: UInt8
  /// Bytes of UTF-8 that fit.
  var limit = 381
  private var stage = Stage.language
  private var part = Part.whole

  init(device: Int, index: UInt8, limit: Int = 381) {
    self.device = device
    self.index = index
    self.limit = limit
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    guard case .value(let value) = input else {
      guard index > 0 else { return .done(Errno.EINVAL.negated) }
      if target.isSuspended { return .done(Errno.EHOSTUNREACH.negated) }
      if let language = target.languageID {
        if language < 0 { return .done(Errno.EPIPE.negated) }
        stage = .string
      }
      return request(target, 255)
    }
    var result = value
    switch part {
    case .whole where value.ret < 2:
      part = .length
      return request(target, 2)
    case .length where value.ret == 2 && value.data.first == 0:
      // Nothing is asked for in vain.
      result = HostValue(ret: Errno.EINVAL.negated)
    case .length where value.ret == 2:
      part = .exact
      return request(target, UInt16(value.data.first ?? 0))
    default: break
    }
    part = .whole
    trim(&result)
    return stage == .language ? takeLanguage(&side, result) : .done(decode(result))
  }

  private func request(_ target: UsbDevice, _ size: UInt16) -> RoutineStep {
    .call(
      GetString(
        device: device, language: stage == .language ? 0 : target.languageID ?? 0,
        index: stage == .language ? 0 : index, size: size))
  }

  /// The end of `usb_string_sub()`: junk behind the descriptor is cut off.
  private func trim(_ value: inout HostValue) {
    if value.ret >= 2, value.data.count >= 2 {
      if value.data[0] == 0, value.data[1] == 0 {
        var length = 2
        while length + 1 < value.ret, isPrintable(value.data[length]),
          value.data[length + 1] == 0
        { length += 2 }
        if length > 2 {
          value.data[0] = UInt8(clamping: length)
          value.ret = length
        }
      }
      value.ret = min(value.ret, Int(value.data[0]))
      value.ret -= value.ret & 1
    }
    if value.ret < 2 { value.ret = value.ret < 0 ? value.ret : Errno.EINVAL.negated }
  }

  /// `isprint()` of the kernel, which knows Latin 1.
  private func isPrintable(_ byte: UInt8) -> Bool {
    (0x20...0x7e).contains(byte) || byte >= 0xa0
  }

  /// `usb_get_langid()`.
  private mutating func takeLanguage(
    _ side: inout some HostSide, _ value: HostValue
  ) -> RoutineStep {
    if value.ret == Errno.ENODATA.negated || (value.ret > 0 && value.ret < 4) {
      side.deviceLog(
        device, "language id specifier not provided by device, defaulting to English")
      side.host.devices[device]?.languageID = 0x0409
    } else if value.ret < 0 {
      side.deviceLog(device, "string descriptor 0 read error: \(value.ret)")
      side.host.devices[device]?.languageID = -1
      return .done(Errno.EPIPE.negated)
    } else {
      side.host.devices[device]?.languageID = Int(
        UInt16(low: value.data[2], high: value.data[3]))
    }
    stage = .string
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    return request(target, 255)
  }

  /// `utf16s_to_utf8s()`: unpaired surrogates are left out, the limit is in bytes.
  private func decode(_ value: HostValue) -> HostValue {
    guard value.ret >= 2 else { return value }
    var units: [UInt16] = []
    var at = 2
    while at + 1 < value.ret, at + 1 < value.data.count {
      units.append(UInt16(low: value.data[at], high: value.data[at + 1]))
      at += 2
    }
    if let end = units.firstIndex(of: 0) { units.removeSubrange(end...) }
    var text: [UInt8] = []
    var index = 0
    while index < units.count {
      var scalar = UInt32(units[index])
      index += 1
      if scalar & 0xf800 == 0xd800 {
        guard scalar & 0x0400 == 0, index < units.count, units[index] & 0xfc00 == 0xdc00 else {
          continue
        }
        scalar = 0x10000 + (scalar - 0xd800) << 10 + UInt32(units[index]) - 0xdc00
        index += 1
      }
      guard let valid = Unicode.Scalar(scalar) else { continue }
      let bytes = Array(String(Character(valid)).utf8)
      if text.count + bytes.count > limit { continue }
      text += bytes
    }
    return HostValue(ret: text.count, data: text)
  }
}
