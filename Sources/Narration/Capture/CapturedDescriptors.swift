import JSON
import KernelLog
import Text
import USB

/// The descriptors that requests of a capture were answered with.
struct CapturedDescriptors: Sendable {
  /// The longest device descriptor.
  private(set) var device: [UInt8] = []
  /// Configurations by their value, the longest of each.
  private(set) var configurations: [UInt8: [UInt8]] = [:]
  /// Strings by their index, in the language asked for first.
  private(set) var strings: [UInt8: String] = [:]
  /// Report descriptors of HID by interface, where all of one was captured.
  private(set) var hidReports: [UInt8: [UInt8]] = [:]

  /// A string with what the device descriptor uses it for.
  struct Named: Sendable {
    let role: String
    let text: String
  }

  /// An interface's first setting.
  struct Interface: Sendable {
    let number: UInt8
    /// Class, subclass, protocol.
    let kind: [UInt8]
    /// Addresses of its endpoints.
    var endpoints: [UInt8] = []
    /// The endpoints in words: `0x81 interrupt 8`.
    var pipes: [String] = []

    var words: String {
      let codes = kind.map { $0.hex(width: 2) }.joined(separator: "/")
      let ends = pipes.isEmpty ? "" : ", endpoints " + pipes.joined(separator: " and ")
      return "\(number) \(UsbClass.name(kind[0])) (\(codes))\(ends)"
    }

    var json: JSONValue {
      JSONValue([
        ("number", JSONValue(UInt64(number))), ("class", JSONValue(UInt64(kind[0]))),
        ("subclass", JSONValue(UInt64(kind[1]))), ("protocol", JSONValue(UInt64(kind[2]))),
        ("name", .string(UsbClass.name(kind[0]))), ("endpoints", JSONValue(pipes)),
      ])
    }
  }

  init(_ exchanges: [Capture.Exchange]) {
    for exchange in exchanges {
      guard let setup = exchange.setup, exchange.status == 0, setup.isIn, setup.bRequest == 6,
        !exchange.data.isEmpty
      else { continue }
      take(exchange, setup)
    }
  }

  private mutating func take(_ exchange: Capture.Exchange, _ setup: SetupPacket) {
    let bytes = exchange.data
    switch (setup.bmRequestType, DescriptorType(rawValue: setup.wValue.highByte)) {
    case (0x80, .device?):
      if bytes.count > device.count, bytes.count >= 8 { device = bytes }
    case (0x80, .configuration?):
      if bytes.count > 8, bytes.count > configurations[bytes[5]]?.count ?? 0 {
        configurations[bytes[5]] = bytes
      }
    case (0x80, .string?):
      let index = setup.wValue.lowByte
      guard index > 0, strings[index] == nil, strings.count < 64, let text = Self.text(bytes) else {
        return
      }
      strings[index] = text
    case (0x81, .hidReport?):
      let interface = setup.wIndex.lowByte
      guard !exchange.isDataCut, hidReports.count < 32 else { return }
      if bytes.count > hidReports[interface]?.count ?? 0 { hidReports[interface] = bytes }
    default: return
    }
  }

  /// A string descriptor's text; nil where not all of it was captured.
  private static func text(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 2, bytes[1] == DescriptorType.string.rawValue,
      Int(bytes[0]) <= bytes.count,
      bytes[0] > 2
    else { return nil }
    let units = stride(from: 2, to: Int(bytes[0]) - 1, by: 2).map {
      UInt16(low: bytes[$0], high: bytes[$0 + 1])
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// `1209:0001`, or nil without a device descriptor.
  var identity: String? {
    guard device.count >= 12 else { return nil }
    return word(8).hex(width: 4) + ":" + word(10).hex(width: 4)
  }

  /// `1.02`.
  var release: String? {
    guard device.count >= 14 else { return nil }
    return "\(device[13].hex()).\(device[12].hex(width: 2))"
  }

  private func word(_ offset: Int) -> UInt64 {
    UInt64(device[offset]) | UInt64(device[offset + 1]) << 8
  }

  /// Strings the device descriptor names.
  var named: [Named] {
    guard device.count >= 17 else { return [] }
    return zip(["manufacturer", "product", "serial number"], device[14...16]).compactMap {
      role, index in strings[index].map { Named(role: role, text: $0) }
    }
  }

  /// Endpoint descriptors of the first settings.
  var endpoints: [[UInt8]] { configurations.values.flatMap(CaptureDescriptors.endpoints) }

  /// Classes of the device and its interfaces.
  var classes: Set<UInt8> {
    Set(interfaces.map { $0.kind[0] } + (device.count > 4 ? [device[4]] : []))
  }

  /// First settings of the interfaces of the first configuration.
  var interfaces: [Interface] {
    guard let bytes = configurations.min(by: { $0.key < $1.key })?.value else { return [] }
    var found: [Interface] = []
    var isFirst = false
    var offset = 0
    while offset + 2 <= bytes.count {
      let length = Int(bytes[offset])
      guard length >= 2, offset + length <= bytes.count else { break }
      let part = Array(bytes[offset..<offset + length])
      if part[1] == DescriptorType.interface.rawValue, length >= 9 {
        isFirst = part[3] == 0 && !found.contains { $0.number == part[2] }
        if isFirst { found.append(Interface(number: part[2], kind: Array(part[5...7]))) }
      } else if part[1] == DescriptorType.endpoint.rawValue, length >= 7, isFirst {
        found[found.count - 1].endpoints.append(part[2])
        found[found.count - 1].pipes.append(Self.pipe(part))
      }
      offset += length
    }
    return found
  }

  /// `0x81 interrupt 8`.
  private static func pipe(_ endpoint: [UInt8]) -> String {
    let kind = TransferType(rawValue: endpoint[3] & 3).map(CaptureWords.kind) ?? ""
    let size = (Int(endpoint[4]) | Int(endpoint[5]) << 8) & 0x7FF
    return "0x\(endpoint[2].hex(width: 2)) \(kind) \(size)"
  }

  // MARK: names of requests

  /// A request in its specification's words, or by its numbers.
  func name(_ request: Capture.Tally.Request, isHub: Bool) -> String {
    let setup = SetupPacket(
      request.bmRequestType, request.bRequest,
      value: UInt16(low: 0, high: request.descriptor ?? 0), index: 0, length: 0)
    if let standard = StandardRequest(setup) {
      guard let type = request.descriptor else { return standard.name }
      return "\(standard.name) \(Self.descriptor(type))"
    }
    if setup.definer == .class, let name = className(setup, isHub: isHub) { return name }
    return CaptureWords.definer(setup) + " request \(request.bRequest) type "
      + request.bmRequestType.hex(width: 2)
  }

  /// The name of a class request, where one of the device's classes has it.
  private func className(_ setup: SetupPacket, isHub: Bool) -> String? {
    let port = setup.bmRequestType & 0x1F == 3 ? " port" : ""
    if isHub { return ClassRequestName.name(setup.bRequest, of: .hub).map { $0 + port } }
    for code in classes.sorted() {
      guard let kind = UsbClass(rawValue: code) else { continue }
      if let name = ClassRequestName.name(setup.bRequest, of: kind) { return name }
    }
    return nil
  }

  private static func descriptor(_ type: UInt8) -> String {
    switch DescriptorType(rawValue: type) {
    case .device: "device"
    case .configuration: "configuration"
    case .string: "string"
    case .deviceQualifier: "device qualifier"
    case .otherSpeed: "other speed"
    case .bos: "BOS"
    case .hid: "HID"
    case .hidReport: "HID report"
    case .interface, .endpoint, .interfaceAssociation, .deviceCapability, .endpointCompanion, nil:
      "0x" + type.hex(width: 2)
    }
  }
}
