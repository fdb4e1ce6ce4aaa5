import USB

/// `pegasus`: adapters with ADMtek's chips.
struct Pegasus: NetworkAdapter {
  static let driver = "pegasus"
  static let ids = (first + second).flatMap { _, vendor, products in
    products.map { UsbID(vendor, $0) }
  }
  static let linkInterval: Int? = 2000
  var readSize: Int { 1536 }

  /// The number of the part that drives the cable.
  var phy: UInt8 = 1
  /// Milliseconds between two notifications.
  var pause: UInt8 = 0

  private static func title(
    _ device: UsbDevice, in table: [(String, UInt16, [UInt16])]
  ) -> String? {
    table.first { $0.1 == device.vendor && $0.2.contains(device.productID) }?.0
  }

  /// True of the second generation, which keeps its address in other registers.
  static func isSecond(_ device: UsbDevice) -> Bool { title(device, in: second) != nil }

  static func write(_ register: UInt16, _ bytes: [UInt8]) -> DriverRequest {
    DriverRequest(type: 0x40, request: 0xf1, index: register, data: bytes, timeout: 1000)
  }

  /// One register; its value stands in the setup packet too.
  static func write(_ register: UInt16, _ byte: UInt8) -> DriverRequest {
    DriverRequest(
      type: 0x40, request: 0xf1, value: UInt16(byte), index: register, data: [byte], timeout: 1000)
  }

  static func read(_ register: UInt16, _ length: Int) -> DriverRequest {
    DriverRequest(type: 0xc0, request: 0xf0, index: register, length: length, timeout: 1000)
  }

  /// `read_eprom_word()`.
  static func word(_ place: InterfacePlace, _ index: UInt8) -> PegasusRead {
    PegasusRead(
      place: place, [write(0x23, 0), write(0x20, index), write(0x23, 2)], poll: 0x23, done: 0x04,
      answer: 0x21)
  }

  /// `read_mii_word()`.
  static func cable(_ place: InterfacePlace, _ phy: UInt8, _ register: UInt8) -> PegasusRead {
    PegasusRead(
      place: place,
      [write(0x28, 0), write(0x25, [phy, 0, 0, register]), write(0x28, register | 0x40)],
      poll: 0x28, done: 0x80, answer: 0x26)
  }

  static func begin(_ place: InterfacePlace) -> any HostRoutine { PegasusProbe(place: place) }

  mutating func learn(_ bytes: [UInt8]) {
    guard bytes.count == 2 else { return }
    (phy, pause) = (bytes[0], bytes[1])
  }

  static func greeting(
    _ side: some HostSide, _ place: InterfacePlace, _ name: String, _ address: [UInt8]
  ) -> String {
    let model = side.host.devices[place.device].flatMap { title($0, in: first + second) } ?? ""
    let shown = address.map { hex(UInt64($0), 2) }.joined(separator: ":")
    return "pegasus \(side.name(of: place)): \(name), \(model), \(shown)"
  }

  func up(
    _ place: InterfacePlace, _ address: [UInt8]
  ) -> (before: [any HostRoutine], after: [any HostRoutine]) {
    (
      [RequestList(device: place.device, [Self.write(0x10, address)], ignoresErrors: true)],
      [PegasusTraffic(place: place, phy: phy)]
    )
  }

  func down(_ place: InterfacePlace) -> [any HostRoutine] {
    [RequestList(device: place.device, [Self.write(0, [0, 0])], ignoresErrors: true)]
  }

  func link(_ place: InterfacePlace) -> (any HostRoutine)? { Self.cable(place, phy, 1) }

  func hasLink(_ answer: HostValue) -> Bool? {
    answer.ret < 0 ? nil : (answer.data.first ?? 0) & 0x04 != 0
  }

  func multicast(_ place: InterfacePlace) -> DriverRequest { Self.write(0, [0xca, 0, 1]) }

  func interval(_ device: UsbDevice, _ endpoint: UsbEndpoint) -> UInt8 {
    device.speed >= .high ? max(1, min(16, pause)) : max(1, pause)
  }

  /// The frame's length stands before it; the end is no whole packet of 64 bytes.
  func framed(_ frame: [UInt8], packet: Int) -> [UInt8] {
    let length = UInt16(clamping: frame.count)
    return [length.lowByte, length.highByte] + frame + ((frame.count + 2) & 0x3f == 0 ? [0] : [])
  }

  /// The last four bytes tell how long the frame is, its checksum included, and what is wrong with it.
  func unframed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 4, bytes[bytes.count - 2] & 0x1c == 0 else { return [] }
    let length = Int(UInt16(low: bytes[bytes.count - 4], high: bytes[bytes.count - 3]) & 0xfff)
    return Array(bytes.prefix(max(0, length - 4)))
  }

  static func afterError(_ errno: Errno) -> NetworkReadError { errno == .EPIPE ? .stop : .again }

  /// Names of adapters, with their vendors and products: of the first generation, and of the second.
  private static let first: [(String, UInt16, [UInt16])] = [
    ("USB HPNA/Ethernet", 0x07b8, [0x4104, 0x4004, 0x4007]),
    ("USB 10/100 Fast Ethernet", 0x07b8, [0x4002, 0xabc1]),
    ("Accton USB 10/100 Ethernet Adapter", 0x083a, [0x1046]),
    ("ADMtek AN986 \"Pegasus\" USB Ethernet (evaluation board)", 0x07a6, [0x0986]),
    ("Billionton USB-100", 0x08dd, [0x0986]),
    ("Billionton USBLP-100", 0x08dd, [0x0987]),
    ("Billionton USBEL-100", 0x08dd, [0x0988]),
    ("Corega FEther USB-TX", 0x07aa, [0x0004]),
    ("D-Link DSB-650TX", 0x2001, [0x4001, 0x4002]),
    ("D-Link DSB-650TX(PNA)", 0x2001, [0x4003]),
    ("D-Link DSB-650", 0x2001, [0xabc1]),
    ("EasiDock Ethernet", 0x1342, [0x0304]),
    ("Elsa Micolink USB2Ethernet", 0x05cc, [0x3000]),
    ("GIGABYTE GN-BR402W Wireless Router", 0x1044, [0x8002]),
    ("IO DATA USB ET/TX", 0x04bb, [0x0904]),
    ("Kingston KNU101TX Ethernet", 0x0951, [0x000a]),
    ("LANEED USB Ethernet LD-USB/TX", 0x056e, [0x4002]),
    ("LANEED USB Ethernet LD-USB/T", 0x056e, [0xabc1]),
    ("Linksys USB10TX", 0x066b, [0x2202]),
    ("Linksys USB100TX", 0x066b, [0x2203, 0x2204]),
    ("Linksys USBVPN1", 0x077b, [0x08b4]),
    ("MELCO/BUFFALO LUA-TX", 0x0411, [0x0001, 0x0005]),
    ("SMC 202 USB Ethernet", 0x0707, [0x0200]),
    ("SOHOware NUB100 Ethernet", 0x15e8, [0x9100]),
  ]

  private static let second: [(String, UInt16, [UInt16])] = [
    ("3Com USB Ethernet 3C460B", 0x0506, [0x4601]),
    ("ATEN USB Ethernet UC-110T", 0x0557, [0x2007]),
    ("USB HPNA/Ethernet", 0x07b8, [0x110c]),
    ("USB 10/100 Fast Ethernet", 0x07b8, [0x4102, 0x400b, 0x400c, 0x200c]),
    ("SpeedStream USB 10/100 Ethernet", 0x083a, [0x5046]),
    ("SpeedStream USB 10/100 Ethernet", 0x067c, [0x1001]),
    ("Philips USB 10/100 Ethernet", 0x083a, [0xb004]),
    ("ADMtek ADM8511 \"Pegasus II\" USB Ethernet", 0x07a6, [0x8511]),
    ("ADMtek ADM8513 \"Pegasus II\" USB Ethernet", 0x07a6, [0x8513]),
    ("ADMtek ADM8515 \"Pegasus II\" USB-2.0 Ethernet", 0x07a6, [0x8515]),
    ("AN986A USB MAC", 0x07a6, [0x07c2]),
    ("AEI USB Fast Ethernet Adapter", 0x3334, [0x1701]),
    ("Allied Telesyn Int. AT-USB100", 0x07c9, [0xb100]),
    ("Belkin F5D5050 USB Ethernet", 0x050d, [0x0121]),
    ("Belkin F5U122 10/100 USB Ethernet", 0x050d, [0x0122]),
    ("iPAQ Networking 10/100 USB", 0x049f, [0x8511]),
    ("Billionton USBE-100", 0x08dd, [0x8511]),
    ("Corega FEther USB-TXS", 0x07aa, [0x000d]),
    ("D-Link DSB-650TX", 0x2001, [0x4102, 0x400b, 0x200c]),
    ("GOLDPFEIL USB Adapter", 0x0db7, [0x0002]),
    ("ELECOM USB Ethernet LD-USB20", 0x056e, [0x4010]),
    ("Hawking UF100 10/100 Ethernet", 0x0e66, [0x400c]),
    ("HP hn210c Ethernet USB", 0x03f0, [0x811c]),
    ("IO DATA USB ET/TX-S", 0x04bb, [0x0913]),
    ("IO DATA USB ETX-US2", 0x04bb, [0x093a]),
    ("LANEED USB Ethernet LD-USBL/TX", 0x056e, [0x4005]),
    ("LANEED USB Ethernet LD-USB/TX", 0x056e, [0x400b, 0x200c]),
    ("Linksys USB10T Ethernet Adapter", 0x066b, [0x2206]),
    ("Linksys USB USB100TX", 0x066b, [0x400b]),
    ("Linksys USB10TX", 0x066b, [0x200c]),
    ("MELCO/BUFFALO LUA2-TX", 0x0411, [0x0009]),
    ("Microsoft MN-110", 0x045e, [0x007a]),
    ("NETGEAR FA101", 0x0846, [0x1020]),
    ("OCT Inc.", 0x0b39, [0x0109]),
    ("OCT USB TO Ethernet", 0x0b39, [0x0901]),
    ("smartNIC 2 PnP Adapter", 0x08d1, [0x0003]),
    ("SMC 2206 USB Ethernet", 0x0707, [0x0201]),
    ("SOHOware NUB110 Ethernet", 0x15e8, [0x9110]),
  ]
}
