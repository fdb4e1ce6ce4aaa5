import USB

/// `usbhid_probe()`: reads the report descriptor, sets LEDs and begins to poll.
struct HIDProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case unique
    case idle
    case report(tries: Int)
    case opened
    case registered
  }

  /// What the HID descriptor says, or the error it makes the probe end with.
  private enum Description {
    case length(Int, others: Int, miscounted: Bool)
    case refused(Errno)
  }

  var device: Int
  var interface: Int
  private var stage = Stage.start
  private var size = 0
  private var others = 0

  init(device: Int, interface: Int) {
    self.device = device
    self.interface = interface
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device],
      let setting = target.currentSetting(interface), target.state == .configured
    else { return .done(Errno.ENODEV.negated) }
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    switch stage {
    case .start:
      guard setting.endpoints.contains(where: { $0.type == .interrupt && $0.address & 0x80 != 0 })
      else {
        say(&side, target, "couldn't find an input interrupt endpoint")
        return .done(Errno.ENODEV.negated)
      }
      stage = .unique
      return .call(
        ReadString(device: device, index: target.descriptor[16], limit: 63))
    case .unique:
      return setIdle(&side, target, setting)
    case .idle:
      return requestReport(tries: 0)
    case .report(let tries):
      if value.ret < size, tries < 4 { return requestReport(tries: tries) }
      if value.ret < 0 { return refuse(&side, target, value.ret) }
      let bytes = value.data + [UInt8](repeating: 0, count: max(0, size - value.data.count))
      if others > 0 {
        say(&side, target, "\(others) unsupported optional hid class descriptors")
      }
      let isInput = side.startHID(device, interface, setting, bytes)
      stage = .opened
      guard isInput, side.isThreads(task) else { return open(&side, isInput: isInput) }
      return .pause(Self.givingWay)
    case .opened:
      return open(&side, isInput: true)
    case .registered:
      return .done(0)
    }
  }

  /// Microseconds a thread of the program stands back in a probe: the report on the LEDs has woken
  /// another of its threads, which shares the processor's time with it. A worker of the kernel has
  /// a share of its own and goes on.
  private static let givingWay: Microseconds = 16_000

  /// The console opens the keyboard. Registering takes the host longer than a transfer.
  private mutating func open(_ side: inout some HostSide, isInput: Bool) -> RoutineStep {
    if isInput { side.pollHID(device, interface) }
    stage = .registered
    return .sleep(milliseconds: 1)
  }

  private mutating func setIdle(
    _ side: inout some HostSide, _ target: UsbDevice, _ setting: UsbInterface
  ) -> RoutineStep {
    switch description(setting) {
    case .refused(let errno): return refuse(&side, target, errno.negated)
    case .length(let length, let others, let miscounted):
      if miscounted {
        say(&side, target, "fixing wrong optional hid class descriptors count")
      }
      guard length > 0, length <= 4096 else {
        return refuse(&side, target, Errno.EINVAL.negated)
      }
      size = length
      self.others = others
    }
    stage = .idle
    return .call(ControlMessage.setIdle(device: device, interface: interface))
  }

  /// The HID descriptor behind the interface or, with old devices, behind its first endpoint.
  private func description(_ setting: UsbInterface) -> Description {
    let places = [setting.extra] + setting.endpoints.prefix(1).map(\.extra)
    guard let found = places.lazy.compactMap(hidDescriptor).first else { return .refused(.ENODEV) }
    let count = Int(found[5])
    let miscounted = count == 0 || found.count != 9 + (count - 1) * 3
    let others = miscounted ? (found.count - 9) / 3 : count - 1
    let length = found[6] == 0x22 ? Int(UInt16(low: found[7], high: found[8])) : 0
    return .length(length, others: others, miscounted: miscounted)
  }

  /// `usb_get_extra_descriptor()`: the first of its kind that is long enough.
  private func hidDescriptor(_ extra: [UInt8]) -> [UInt8]? {
    var at = 0
    while at + 1 < extra.count {
      let length = Int(extra[at])
      guard length >= 2, at + length <= extra.count else { return nil }
      if extra[at + 1] == 0x21, length >= 9 { return Array(extra[at..<at + length]) }
      at += length
    }
    return nil
  }

  /// A line of the kernel log about the interface.
  private func say(_ side: inout some HostSide, _ target: UsbDevice, _ text: String) {
    let value = target.activeConfiguration?.value ?? 1
    side.logLine("usbhid \(side.host.name(of: target)):\(value).\(interface): \(text)")
  }

  private mutating func requestReport(tries: Int) -> RoutineStep {
    stage = .report(tries: tries + 1)
    return .call(
      ControlMessage.reportDescriptor(device: device, interface: interface, length: size))
  }

  private func refuse(
    _ side: inout some HostSide, _ target: UsbDevice, _ ret: Int
  ) -> RoutineStep {
    let name = "\(side.host.name(of: target)):\(target.activeConfiguration?.value ?? 1)"
    // The probe's own message names the device, the driver core's the driver; a device that is
    // not there is passed over in silence.
    if ret != Errno.ENODEV.negated {
      say(&side, target, "can't add hid device: \(ret)")
      side.logLine("usbhid: probe of \(name).\(interface) failed with error \(ret)")
    }
    return .done(ret)
  }
}

extension HostSide {
  /// `usbhid_start()` and `hid_connect()`: LEDs off and names in the log.
  ///
  /// - Returns: true when there is an input device to be opened and polled.
  mutating func startHID(
    _ id: Int, _ interface: Int, _ setting: UsbInterface, _ descriptor: [UInt8]
  ) -> Bool {
    let report = HIDReport(descriptor)
    guard let device = host.devices[id],
      let endpoint = setting.endpoints.first(where: {
        $0.type == .interrupt && $0.address & 0x80 != 0
      })
    else { return false }
    var hid = HIDInterface(
      endpoint: endpoint.address, reportLength: Int(endpoint.maxPacket & 0x7ff))
    hid.reportDescriptor = descriptor
    if setting.subclass == 1, setting.protocol == 1, let led = report.ledReport {
      hid.ledReport = led.id
      hid.ledLength = led.length
      sendLEDReport(id, interface, hid)
    }
    hid.interval = pollInterval(device.speed, endpoint.interval)
    host.devices[id]?.drivers[interface] = BoundDriver(hid)
    host.nextHID += 1
    announceHID(device, interface, report, host.nextHID)
    return report.isInput
  }

  private mutating func announceHID(
    _ device: UsbDevice, _ interface: Int, _ report: HIDReport, _ number: Int
  ) {
    let bus = host.hubs[device.half]?.bus ?? 0
    let names = [device.manufacturer, device.product].compactMap { $0 }
    let identity =
      "0003:\(hex(UInt64(device.vendor), 4).uppercased())"
      + ":\(hex(UInt64(device.productID), 4).uppercased())"
    let name =
      names.isEmpty ? "HID " + identity.dropFirst(5).lowercased() : names.joined(separator: " ")
    let label = identity + "." + hex(UInt64(number), 4).uppercased()
    let place = "\(bus)-1/\(bus)-1:\(device.activeConfiguration?.value ?? 1).\(interface)"
    if report.isInput {
      logLine(
        "input: \(escapedForLog(name)) as /devices/platform/dummy_hcd.\(device.half.controller)"
          + "/usb\(bus)/\(place)/\(label)/input/input\(number)")
    }
    let setting = device.currentSetting(interface)
    let version = hidVersion(setting?.extra ?? [])
    logLine(
      "hid-generic \(label): \(report.isInput ? "input," : "")hidraw\(number - 1): "
        + "USB HID v\(version) \(report.typeName) [\(escapedForLog(name))] "
        + "on usb-dummy_hcd.\(device.half.controller)-1/input\(interface)")
  }

  private func hidVersion(_ extra: [UInt8]) -> String {
    var at = 0
    while at + 4 <= extra.count, extra[at] >= 2 {
      if extra[at + 1] == 0x21 {
        return String(extra[at + 3], radix: 16) + "." + hex(UInt64(extra[at + 2]), 2)
      }
      at += Int(extra[at])
    }
    return "0.00"
  }
}
