import USB

/// Who a HID device is in the kernel log.
struct HIDIdentity: Equatable, Sendable {
  /// What the device is called: maker and product, or its numbers.
  var name: String
  /// Where it is, below `/devices`.
  var place: String
  /// The name of its port and interface.
  var phys: String

  init(_ side: some HostSide, _ device: UsbDevice, _ interface: Int) {
    let names = [device.manufacturer, device.product].compactMap { $0 }.joined(separator: " ")
    let numbers =
      "HID \(hex(UInt64(device.vendor), 4)):\(hex(UInt64(device.productID), 4))"
    // The kernel keeps 127 bytes of it.
    name = names.isEmpty ? numbers : String(decoding: names.utf8.prefix(127), as: UTF8.self)
    let bus = side.host.hubs[device.half]?.bus ?? 0
    let configuration = device.activeConfiguration?.value ?? 1
    place =
      "/devices/platform/dummy_hcd.\(device.half.controller)/usb\(bus)/\(bus)-1/"
      + "\(bus)-1:\(configuration).\(interface)"
    phys = "usb-dummy_hcd.\(device.half.controller)-1/input\(interface)"
  }
}

extension HostSide {
  /// `hid_add_device()` up to the parser: gives the device its name and prints what is wrong with
  /// the descriptor.
  ///
  /// - Returns: what the driver keeps, with the descriptor when it is accepted.
  mutating func parseHID(
    _ device: UsbDevice, _ setting: UsbInterface, _ bytes: [UInt8]
  ) -> HIDInterface? {
    let ends = setting.endpoints.filter { $0.type == .interrupt }
    guard let input = ends.first(where: { $0.address & 0x80 != 0 }) else { return nil }
    // The device has no name yet when the kernel looks at the descriptor first.
    for message in HIDParser.scan(bytes) { logLine(message.limit, "hid (null): \(message.line)") }
    host.nextHID += 1
    let label =
      "0003:\(hex(UInt64(device.vendor), 4).uppercased())"
      + ":\(hex(UInt64(device.productID), 4).uppercased())"
      + ".\(hex(UInt64(host.nextHID), 4).uppercased())"
    var hid = HIDInterface(endpoint: input.address, reportDescriptor: bytes, label: label)
    hid.interval = pollInterval(device.speed, input.interval)
    if let output = ends.first(where: { $0.address & 0x80 == 0 }) {
      hid.outEndpoint = output.address
      hid.outInterval = pollInterval(device.speed, output.interval)
    }
    let outcome = HIDParser.open(bytes)
    for message in outcome.messages { hidLog(label, message) }
    hid.descriptor = outcome.descriptor
    hid.reportLength = outcome.descriptor?.longest(.input) ?? 0
    if outcome.descriptor == nil {
      logLine("hid-generic: probe of \(label) failed with error \(Errno.EINVAL.negated)")
    }
    return hid
  }

  /// `usbhid_start()`: a boot keyboard's LEDs are put out before anything else.
  mutating func startHID(
    _ id: Int, _ interface: Int, _ setting: UsbInterface, _ hid: HIDInterface
  ) {
    guard setting.subclass == 1, setting.protocol == 1,
      let lights = hid.descriptor?.numLockReport
    else { return }
    for message in lights.messages { hidLog(hid.label, message) }
    sendReport(id, interface, lights.report, lights.report.bytes(on: []))
  }

  /// Warns of buttons that have no code (`hid_map_usage()`).
  mutating func warnOfCodes(_ identity: HIDIdentity, _ devices: [HIDInputDevice]) {
    let limit = HIDMessage.Limit(.invalidCode, "hid_map_usage")
    let codes = devices.flatMap { device in
      device.codesBeyondKeys.map {
        (report: $0.report, code: $0.code, name: device.name(of: identity.name))
      }
    }
    // Reports are gone through in their order, whichever device they belong to.
    for report in Set(codes.map(\.report)).sorted() {
      for beyond in codes where beyond.report == report {
        logLine(limit, "\(escapedForLog(beyond.name)): Invalid code \(beyond.code) type 1")
      }
    }
  }

  /// `hid_connect()`: registers input devices and nodes, and prints what the device is.
  ///
  /// - Returns: whether there is an input device, and whether the console opens one.
  mutating func connectHID(
    _ id: Int, _ interface: Int, _ identity: HIDIdentity, _ hid: inout HIDInterface,
    _ descriptor: HIDDescriptor, version: String
  ) -> (isInput: Bool, isConsole: Bool) {
    let all = descriptor.inputDevices
    let devices = all.filter(\.isPopulated)
    if descriptor.isForInput, devices.isEmpty { hidLog(hid.label, .noInputs) }
    hid.firstInput = host.nextInput
    host.nextInput += all.count
    for (index, device) in all.enumerated() where device.isPopulated {
      logLine(
        "input: \(escapedForLog(device.name(of: identity.name))) as \(identity.place)"
          + "/\(hid.label)/input/input\(hid.firstInput + index + 1)")
    }
    let place = InterfacePlace(device: id, interface: interface)
    for device in all {
      let node = device.isPopulated ? "input/event\(freeNumber("input/event"))" : nil
      hid.inputNodes.append(node)
      hid.inputStates.append(InputState())
      if let node { addNode(node, .input, driver: HIDInterface.name, place) }
    }
    let others = hidInterfaces.map(\.hid)
    var nodes = devices.isEmpty ? [] : ["input"]
    if descriptor.isForHiddev {
      let number = lowestFree(others.compactMap(\.hiddev))
      hid.hiddev = number
      nodes.append("hiddev\(number)")
    }
    let number = lowestFree(others.compactMap(\.hidraw))
    hid.hidraw = number
    addNode("hidraw\(number)", .character, driver: HIDInterface.name, place)
    nodes.append("hidraw\(number)")
    logLine(
      "hid-generic \(hid.label): \(nodes.joined(separator: ",")): USB HID v\(version) "
        + "\(descriptor.typeName) [\(escapedForLog(identity.name))] on \(identity.phys)")
    return (!devices.isEmpty, devices.contains(where: \.hasConsoleKeys))
  }

  private func lowestFree(_ taken: [Int]) -> Int {
    (0...taken.count).first { !taken.contains($0) } ?? taken.count
  }
}
