import USB

/// `cdc_ether`: adapters of the communication class behind the kernel's usbnet.
struct CdcEther: NetworkAdapter {
  static let driver = "cdc_ether"
  static let ids = [UsbID(class: 2, 6, 0)]
  /// As large as a packet of the endpoint.
  static let notifySize = 0
  static let writers = 60
  static let resetsAtOnce = true
  /// `wMaxSegmentSize`.
  var readSize = 1514

  /// Names and numbers of adapters that made their address up are those of a cable between two computers.
  static func prefix(_ address: [UInt8]) -> String { address[0] & 2 != 0 ? "usb" : "eth" }

  func readers(_ speed: UsbSpeed) -> Int {
    speed >= .high ? min(240, max(1, 60 * 1518 / max(1, readSize))) : 4
  }

  mutating func learn(_ bytes: [UInt8]) {
    guard bytes.count == 2 else { return }
    readSize = max(14, Int(UInt16(low: bytes[0], high: bytes[1])))
  }

  static func begin(_ place: InterfacePlace) -> any HostRoutine { CdcEtherBind(place: place) }

  static func partner(_ device: UsbDevice, _ interface: Int) -> Int? {
    guard let setting = device.settings(interface).first,
      let data = CdcHeader(setting).union?.data, Int(data) != interface
    else { return nil }
    return Int(data)
  }

  static func endpoints(_ device: UsbDevice, _ interface: Int) -> NetworkEndpoints {
    let data = partner(device, interface).flatMap { device.currentSetting($0) }
    // A notification has eight bytes.
    let notify = device.currentSetting(interface)?.endpoints.first {
      $0.type == .interrupt && $0.address & 0x80 != 0 && $0.packetSize >= 8 && $0.interval > 0
    }
    return NetworkEndpoints(
      input: data?.endpoint(.bulk, isIn: true)?.address ?? 0,
      output: data?.endpoint(.bulk, isIn: false)?.address ?? 0, notify: notify?.address)
  }

  static func greeting(
    _ side: some HostSide, _ place: InterfacePlace, _ name: String, _ address: [UInt8]
  ) -> String {
    let shown = address.map { hex(UInt64($0), 2) }.joined(separator: ":")
    return "cdc_ether \(side.name(of: place)) \(name): register 'cdc_ether' at "
      + "\(path(side, place)), CDC Ethernet Device, \(shown)"
  }

  static func farewell(_ side: some HostSide, _ place: InterfacePlace, _ name: String) -> String? {
    "cdc_ether \(side.name(of: place)) \(name): unregister 'cdc_ether' \(path(side, place)), "
      + "CDC Ethernet Device"
  }

  private static func path(_ side: some HostSide, _ place: InterfacePlace) -> String {
    "usb-dummy_hcd.\(side.host.devices[place.device]?.half.controller ?? 0)-1"
  }

  /// `SET_ETHERNET_PACKET_FILTER`: frames for this address and for all, and, for one that is up, for groups.
  static func filter(_ place: InterfacePlace, groups: Bool) -> DriverRequest {
    DriverRequest(
      type: 0x21, request: 0x43, value: groups ? 0x0e : 0x0c,
      index: UInt16(clamping: place.interface))
  }

  func up(
    _ place: InterfacePlace, _ address: [UInt8]
  ) -> (before: [any HostRoutine], after: [any HostRoutine]) { ([], []) }

  func down(_ place: InterfacePlace) -> [any HostRoutine] { [] }

  func multicast(_ place: InterfacePlace) -> DriverRequest { Self.filter(place, groups: true) }

  /// `NETWORK_CONNECTION`.
  func hasLink(notified bytes: [UInt8]) -> Bool? {
    bytes.count >= 8 && bytes[1] == 0 ? bytes[2] != 0 || bytes[3] != 0 : nil
  }

  func interval(_ device: UsbDevice, _ endpoint: UsbEndpoint) -> UInt8 {
    max(endpoint.interval, device.speed >= .high ? 7 : 3)
  }

  /// A frame's end is no whole packet.
  func framed(_ frame: [UInt8], packet: Int) -> [UInt8] {
    packet > 0 && frame.count % packet == 0 ? frame + [0] : frame
  }

  func unframed(_ bytes: [UInt8]) -> [UInt8] { bytes }

  static func afterError(_ errno: Errno) -> NetworkReadError {
    switch errno {
    case .EPIPE: .clearHalt
    case .EPROTO, .ETIME, .EILSEQ: .later(125)
    default: .again
    }
  }
}

/// `usbnet_cdc_bind()`: which interfaces belong together, the setting with endpoints, the filter, the address.
struct CdcEtherBind: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case set
    case filtered
    case named
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var ethernet: [UInt8] = []

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start: return start(&side)
    case .set:
      guard input.value.ret >= 0 else { return .done(input.value.ret) }
      stage = .filtered
      return .call(CdcEther.filter(place, groups: false).message(place.device))
    case .filtered:
      stage = .named
      return .call(ReadString(device: place.device, index: ethernet[3], limit: 13))
    case .named: return named(input.value)
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface)
    else { return .done(Errno.ENODEV.negated) }
    let header = CdcHeader(setting)
    guard let ethernet = header.ethernet, let union = header.union,
      Int(union.control) == place.interface,
      let data = CdcEther.partner(device, place.interface),
      device.currentSetting(data)?.interfaceClass == 0x0a
    else { return .done(Errno.ENODEV.negated) }
    guard device.drivers[data] == nil else { return .done(Errno.EBUSY.negated) }
    self.ethernet = ethernet
    side.keep(
      NetworkDriver<CdcEther>(isPartner: true),
      InterfacePlace(device: place.device, interface: data))
    guard
      let found = device.settings(data).first(where: {
        $0.endpoint(.bulk, isIn: true) != nil && $0.endpoint(.bulk, isIn: false) != nil
      })
    else { return .done(Errno.EINVAL.negated) }
    stage = .set
    return .call(SetInterface(device: place.device, interface: data, alternate: found.alternate))
  }

  /// Twelve digits.
  private func named(_ value: HostValue) -> RoutineStep {
    let text = String(decoding: value.data, as: UTF8.self)
    let address = stride(from: 0, to: 12, by: 2).compactMap { at in
      UInt8(text.dropFirst(at).prefix(2), radix: 16)
    }
    guard value.ret == 12, text.utf8.count == 12, address.count == 6 else {
      return .done(Errno.EINVAL.negated)
    }
    return .done(HostValue(ret: 0, data: address + ethernet[8...9]))
  }
}
