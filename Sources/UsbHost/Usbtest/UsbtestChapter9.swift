import USB

/// `ch9_postconfig()`: the requests every configured device has to answer.
struct UsbtestChapter9: HostRoutine {
  /// A request, and what its answer is judged by.
  private enum Part: Equatable, Sendable {
    case set(Int)
    case setting(Int)
    case configuration
    case device
    case capabilities
    case capability(total: Int)
    case configurations(Int)
    case qualifier
    case otherSpeed(Int)
    case deviceStatus
    case interfaceStatus
  }

  var place: InterfacePlace
  private var times: Int
  /// Those left of this round, the next one last.
  private var left: [Part] = []
  private var part: Part?
  /// Bytes of the driver's buffer.
  private static let most = 256

  init(_ place: InterfacePlace, _ times: Int) {
    self.place = place
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    if let part {
      let ret = judge(&side, part, input.value, device)
      guard ret >= 0 else {
        side.usbtestLog(place, "ch9 subset failed, iterations left \(times)")
        return .done(ret)
      }
    }
    if left.isEmpty {
      guard times > 0 else { return .done(0) }
      times -= 1
      left = parts(&side, device).reversed()
    }
    let next = left.removeLast()
    part = next
    return .call(routine(next))
  }

  private func parts(_ side: inout some HostSide, _ device: UsbDevice) -> [Part] {
    let settings = device.settings(place.interface)
    let count = Int(device.descriptor[17])
    for (index, setting) in settings.enumerated() where setting.alternate >= settings.count {
      side.usbtestLog(place, "invalid alt [\(index)].bAltSetting = \(setting.alternate)")
    }
    var parts: [Part] = []
    if settings.count > 1 {
      parts += settings.flatMap { [.set($0.alternate), .setting($0.alternate)] }
    }
    if count != 1 { parts.append(.configuration) }
    parts.append(.device)
    if device.bcdUSB >= 0x0210 { parts.append(.capabilities) }
    parts += (0..<count).map { .configurations($0) }
    if device.bcdUSB == 0x0200 { parts.append(.qualifier) }
    return parts + [.deviceStatus, .interfaceStatus]
  }

  private func routine(_ part: Part) -> any HostRoutine {
    func descriptor(_ type: UInt8, _ index: Int, _ size: Int) -> any HostRoutine {
      GetDescriptor(device: place.device, type: type, index: UInt8(clamping: index), size: size)
    }
    func ask(_ type: UInt8, _ request: UInt8, _ index: Int, _ length: Int) -> any HostRoutine {
      DriverRequest(type: type, request: request, index: UInt16(clamping: index), length: length)
        .message(place.device)
    }
    switch part {
    case .set(let alternate):
      return SetInterface(
        device: place.device, interface: place.interface, alternate: alternate)
    case .setting: return ask(0x81, 10, place.interface, 1)
    case .configuration: return ask(0x80, 8, 0, 1)
    case .device: return descriptor(1, 0, 18)
    case .capabilities: return descriptor(15, 0, 5)
    case .capability(let total): return descriptor(15, 0, total)
    case .configurations(let index): return descriptor(2, index, Self.most)
    case .qualifier: return descriptor(6, 0, 10)
    case .otherSpeed(let index): return descriptor(7, index, Self.most)
    case .deviceStatus: return ask(0x80, 0, 0, 2)
    case .interfaceStatus: return ask(0x81, 0, place.interface, 2)
    }
  }

  /// 0 to go on, or the error the case ends with.
  private mutating func judge(
    _ side: inout some HostSide, _ part: Part, _ value: HostValue, _ device: UsbDevice
  ) -> Int {
    let ret = value.ret
    let failure = ret < 0 ? ret : Errno.EDOM.negated
    func wrong(_ isRight: Bool, _ text: String, _ errno: Int? = nil) -> Int {
      if isRight { return 0 }
      side.usbtestLog(place, text)
      return errno ?? failure
    }
    switch part {
    case .set(let alternate):
      return wrong(ret >= 0, "can't set_interface = \(alternate), \(ret)")
    case .setting(let alternate):
      let got = ret == 1 ? Int(value.data.first ?? 0) : ret == 0 ? Errno.ERANGE.negated : ret
      return wrong(
        got == alternate, "get alt should be \(alternate), was \(got)",
        got < 0 ? got : Errno.EDOM.negated)
    case .configuration:
      let wanted = device.activeConfiguration?.value ?? 0
      let got = value.data.first ?? 0
      return wrong(ret == 1 && got == wanted, "get config --> \(ret) \(got) (1 \(wanted))")
    case .device: return wrong(ret == 18, "dev descriptor --> \(ret)")
    case .capabilities:
      guard ret == 5, value.data.count == 5 else {
        return wrong(false, "bos descriptor --> \(ret)")
      }
      let total = Int(UInt16(low: value.data[2], high: value.data[3]))
      left.append(.capability(total: min(total, Self.most)))
      return 0
    case .capability(let total):
      guard ret == total else { return wrong(false, "bos descriptor set --> \(ret)") }
      let name = UsbtestCapabilities.firstBad(value.data) { side.usbtestLog(place, $0) }
      return wrong(name == nil, "bogus \(name ?? "") descriptor", Errno.EDOM.negated)
    case .configurations(let index):
      return wrong(isGood(&side, value), "config [\(index)] descriptor --> \(ret)")
    case .qualifier:
      if ret == Errno.EPIPE.negated {
        return wrong(device.speed != .high, "hs dev qualifier --> \(ret)")
      }
      guard ret == 10, value.data.count == 10 else {
        return wrong(false, "dev qualifier --> \(ret)")
      }
      left += (0..<Int(value.data[8])).reversed().map { .otherSpeed($0) }
      return 0
    case .otherSpeed: return wrong(isGood(&side, value), "other speed config --> \(ret)")
    // Whatever went wrong with a status is told as EIO.
    case .deviceStatus, .interfaceStatus:
      let what = part == .deviceStatus ? "dev" : "interface"
      return wrong(
        ret == 2, "get \(what) status --> \(Errno.EIO.negated)", Errno.EIO.negated)
    }
  }

  /// `is_good_config()`.
  private func isGood(_ side: inout some HostSide, _ value: HostValue) -> Bool {
    let data = value.data
    guard value.ret >= 9, data.count >= 9, [2, 7].contains(data[1]) else { return false }
    guard data[0] == 9 else {
      side.usbtestLog(place, "bogus config descriptor length")
      return false
    }
    guard data[7] & 0x1f == 0 else {
      side.usbtestLog(place, "reserved config bits set")
      return false
    }
    let total = Int(UInt16(low: data[2], high: data[3]))
    if total == value.ret || total >= Self.most { return true }
    side.usbtestLog(place, "bogus config descriptor read size")
    return false
  }
}

/// What usbtest thinks of the capabilities of a device.
enum UsbtestCapabilities {
  /// The name of the first capability that is not as it shall be; what is wrong with it is told before.
  ///
  /// - Parameter bos: the whole descriptor, its header of five bytes first.
  static func firstBad(_ bos: [UInt8], _ tell: (String) -> Void) -> String? {
    guard bos.count >= 5 else { return nil }
    var start = 0
    var length = 5
    for _ in 0..<bos[4] {
      start += length
      guard start + 3 <= bos.count else { return nil }
      length = Int(bos[start])
      guard bos[start + 1] == 0x10, let kind = kinds[bos[start + 2]] else { continue }
      guard start + kind.length <= bos.count else { return kind.name }
      if let fault = fault(Array(bos[start..<start + kind.length]), kind) {
        tell(fault)
        return kind.name
      }
    }
    return nil
  }

  private struct Kind {
    var name: String
    var lengthFault: String
    var length: Int
  }

  private static let kinds: [UInt8: Kind] = [
    2: Kind(
      name: "usb 2.0 extension", lengthFault: "bogus usb 2.0 extension descriptor length",
      length: 7),
    3: Kind(
      name: "superspeed device capability",
      lengthFault: "bogus superspeed device capability descriptor length", length: 10),
    4: Kind(
      name: "container id", lengthFault: "bogus container id descriptor length", length: 20),
  ]

  /// What is wrong with one capability.
  private static func fault(_ bytes: [UInt8], _ kind: Kind) -> String? {
    guard Int(bytes[0]) == kind.length else { return kind.lengthFault }
    switch bytes[2] {
    case 2:
      let isClean = bytes[3] & 1 == 0 && bytes[5] == 0 && bytes[6] == 0
      return isClean ? nil : "reserved bits set"
    case 3:
      if bytes[3] & ~0x02 != 0 { return "reserved bits set in bmAttributes" }
      let isClean = bytes[4] & 0xf0 == 0 && bytes[5] == 0
      return isClean ? nil : "reserved bits set in wSpeedSupported"
    default: return bytes[3] == 0 ? nil : "reserved bits set"
    }
  }
}
