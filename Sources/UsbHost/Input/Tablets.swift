import USB

/// Codes of the input layer that tablets use.
private enum Code {
  static let x: UInt16 = 0x00
  static let y: UInt16 = 0x01
  static let pressure: UInt16 = 0x18
  static let tiltX: UInt16 = 0x1a
  static let tiltY: UInt16 = 0x1b
  static let misc: UInt16 = 0x28
  static let strip: UInt16 = 0x03
  static let strip2: UInt16 = 0x04
  static let button: UInt16 = 0x100
  static let left: UInt16 = 0x110
  static let right: UInt16 = 0x111
  static let pen: UInt16 = 0x140
  static let rubber: UInt16 = 0x141
  static let finger: UInt16 = 0x145
  static let touch: UInt16 = 0x14a
  static let stylus: UInt16 = 0x14b
  static let stylus2: UInt16 = 0x14c
}

/// Bytes of a packet as numbers.
private func low(_ packet: [UInt8], _ at: Int) -> Int {
  Int(UInt16(low: packet[at], high: packet[at + 1]))
}
private func high(_ packet: [UInt8], _ at: Int) -> Int {
  Int(UInt16(low: packet[at + 1], high: packet[at]))
}

/// `usb_acecad`: the tablets Flair and 302.
struct Acecad: TabletModel {
  static let driver = "usb_acecad"
  static let ids = [UsbID(0x0460, 0x0004), UsbID(0x0460, 0x0008, note: 1)]

  static func takes(_ setting: UsbInterface) -> Bool {
    setting.endpoints.count == 1 && setting.endpoint(.interrupt, isIn: true) != nil
  }

  static func title(_ device: UsbDevice) -> String {
    let name = [device.manufacturer, device.product].compactMap { $0 }.joined(separator: " ")
    if !name.isEmpty { return name }
    if device.productID == 0x0008 { return "USB Acecad 302" }
    return
      "USB Acecad Flair Tablet \(hex(UInt64(device.vendor), 4)):\(hex(UInt64(device.productID), 4))"
  }

  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent] {
    let isNear = packet[0] & 0x04 != 0
    guard isNear else { return [.key(Code.pen, false), .sync] }
    return [
      .key(Code.pen, true), .absolute(Code.x, low(packet, 1)), .absolute(Code.y, low(packet, 3)),
      .absolute(Code.pressure, low(packet, 5)), .key(Code.touch, packet[0] & 0x01 != 0),
      .key(Code.stylus, packet[0] & 0x10 != 0), .key(Code.stylus2, packet[0] & 0x20 != 0), .sync,
    ]
  }

  static func refusal(_ status: Int, _ input: InputPlace) -> String? {
    "\(input.interface): can't resubmit intr, \(input.phys), status \(status)"
  }
}

/// `kbtab`: the tablet of KB Gear.
struct KBTab: TabletModel {
  static let driver = "kbtab"
  static let ids = [UsbID(0x084e, 0x1001)]
  static let packet: Int? = 8
  /// A pen pressed harder than this is a click.
  private static let click: UInt8 = 0x10

  static func takes(_ setting: UsbInterface) -> Bool {
    guard let first = setting.endpoints.first else { return false }
    return first.type == .interrupt && first.address & 0x80 != 0
  }

  static func title(_ device: UsbDevice) -> String { "KB Gear Tablet" }

  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent] {
    [
      .key(Code.pen, true), .absolute(Code.x, low(packet, 1)), .absolute(Code.y, low(packet, 3)),
      .key(Code.right, packet[0] & 0x02 != 0), .key(Code.left, packet[5] > Self.click), .sync,
    ]
  }

  static func refusal(_ status: Int, _ input: InputPlace) -> String? {
    "\(input.interface): kbtab_irq - usb_submit_urb failed with result \(status)"
  }
}

/// `hanwang`: the tablets Art Master.
struct Hanwang: TabletModel {
  static let driver = "hanwang"
  static let ids = [UsbID(vendor: 0x0b57, class: 3, 1, 2)]
  static let packet: Int? = 10
  static let handlers: [String] = []
  private static let names: [UInt16: String] = [
    0x8528: "Hanwang Art Master III 0906", 0x8529: "Hanwang Art Master III 0604",
    0x852a: "Hanwang Art Master III 1308", 0x8401: "Hanwang Art Master HD 5012",
    0x8503: "Hanwang Art Master II",
  ]

  /// The tool that is near: its key, and its number.
  private var tool: UInt16 = 0
  private var number = 0

  static func title(_ device: UsbDevice) -> String { names[device.productID] ?? "" }

  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent] {
    if packet[0] == 0x0c { return pad(packet) }
    guard packet[0] == 0x02 else { return [.sync] }
    var events: [InputEvent] = []
    switch (packet[1], packet[3] & 0xf0) {
    case (0x80, _):
      number = 0
      events = [.key(tool, false)]
    case (0xc2, 0x20), (0xc2, 0x30): events = near(Code.pen, 0x02)
    case (0xc2, 0xa0), (0xc2, 0xb0): events = near(Code.rubber, 0x0a)
    case (0xc2, _): number = 0
    case (_, _):
      events = [
        .absolute(Code.x, high(packet, 2)), .absolute(Code.y, high(packet, 4)),
        .absolute(Code.pressure, Int(packet[7] >> 6) | Int(packet[6]) << 2),
        .absolute(Code.tiltX, Int(packet[7] & 0x3f)), .absolute(Code.tiltY, Int(packet[8] & 0x7f)),
        .key(Code.stylus, packet[1] & 0x02 != 0), .key(Code.stylus2, packet[1] & 0x04 != 0),
      ]
    }
    return events + [
      .absolute(Code.misc, number), InputEvent(kind: .other, code: 0, value: 1), .sync,
    ]
  }

  /// The pad's keys and touch strips.
  private mutating func pad(_ packet: [UInt8]) -> [InputEvent] {
    number = 0x0f
    var events: [InputEvent] = [
      .key(Code.finger, packet[1...6].contains { $0 != 0 }),
      .absolute(Code.strip, Int(packet[1] & 0x1f) << 8 | Int(packet[2])),
      .absolute(Code.strip2, Int(packet[3] & 0x1f) << 8 | Int(packet[4])),
      .key(Code.button, packet[5] & 0x01 != 0),
    ]
    for bit in 0..<4 {
      events.append(.key(Code.button + 1 + UInt16(bit), packet[5] >> 4 & 1 << bit != 0))
      events.append(.key(Code.button + 5 + UInt16(bit), packet[6] >> 4 & 1 << bit != 0))
    }
    return events + [
      .absolute(Code.misc, number), InputEvent(kind: .other, code: 0, value: -1), .sync,
    ]
  }

  private mutating func near(_ tool: UInt16, _ number: Int) -> [InputEvent] {
    self.tool = tool
    self.number = number
    return [.key(tool, true)]
  }

  static func complaint(_ status: Int, isOver: Bool) -> String? {
    isOver
      ? "hanwang_irq - urb shutting down with status: \(status)"
      : "hanwang_irq - nonzero urb status received: \(status)"
  }

  static func refusal(_ status: Int, _ input: InputPlace) -> String? {
    "\(input.device): hanwang_irq - usb_submit_urb failed with result \(status)"
  }
}

/// `pegasus_notetaker`: a pen whose receiver is clipped to the paper.
struct Notetaker: TabletModel {
  static let driver = "pegasus_notetaker"
  static let ids = [UsbID(0x0e20, 0x0101)]
  static let fuzz: [UInt16: Int32] = [Code.x: 8, Code.y: 8]

  /// Things said once only.
  private var saidLow = false
  private var saidUnknown = false

  static func title(_ device: UsbDevice) -> String {
    let name = [device.manufacturer, device.product].compactMap { $0 }.joined(separator: " ")
    return name.isEmpty
      ? "USB Pegasus Device \(hex(UInt64(device.vendor), 4)):\(hex(UInt64(device.productID), 4))"
      : name
  }

  /// Mode "XY", the light as for a mouse.
  static func opened(_ place: InterfacePlace) -> (any HostRoutine)? {
    DriverRequest(type: 0x40, request: 9, data: [0x02, 0x04, 0x80, 0xb5, 0x02, 0x01])
      .message(place.device)
  }

  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent] {
    switch packet[0] {
    case 0x80: return []
    case 0x40, 0x41, 0x42:
      if packet[0] == 0x41, !saidLow {
        saidLow = true
        side.logLine("\(input.input): Pen battery low")
      }
      let x = low(packet, 2)
      let y = low(packet, 4)
      guard x != 0 || y != 0 else { return [] }
      return [
        .key(Code.touch, packet[1] & 1 != 0), .key(Code.right, packet[1] & 2 != 0),
        .key(Code.pen, true), .absolute(Code.x, Int(Int16(truncatingIfNeeded: x))),
        .absolute(Code.y, y), .sync,
      ]
    default:
      if !saidUnknown {
        saidUnknown = true
        side.logLine("\(input.device): unknown answer from device")
      }
      return []
    }
  }

  static func complaint(_ status: Int, isOver: Bool) -> String? {
    isOver
      ? "pegasus_irq - urb shutting down with status: \(status)"
      : "pegasus_irq - nonzero urb status received: \(status)"
  }

  static func refusal(_ status: Int, _ input: InputPlace) -> String? {
    "\(input.device): pegasus_irq - usb_submit_urb failed with result \(status)"
  }
}

/// `aiptek`: the HyperPen tablets and their kin.
struct Aiptek: TabletModel {
  static let driver = "aiptek"
  static let ids =
    [0x0001, 0x0010, 0x0020, 0x0021, 0x0022, 0x0023, 0x0024].map { UsbID(0x08ca, $0) } + [
      UsbID(0x5543, 0x5003)
    ]
  static let packet: Int? = 8
  static let fuzz: [UInt16: Int32] = [:]
  static let held: Set<UInt16> = [Code.pen]

  static func takes(_ setting: UsbInterface) -> Bool {
    setting.endpoint(.interrupt, isIn: true) != nil
  }

  static func title(_ device: UsbDevice) -> String { "Aiptek" }

  static func begin(_ place: InterfacePlace) -> (any HostRoutine)? { AiptekProgram(place: place) }

  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent] {
    guard packet[0] == 2, packet[5] & 0x01 != 0 else { return [] }
    var events: [InputEvent] = [.key(Code.pen, true)]
    if packet[5] & 0x02 != 0 {
      events += [
        .absolute(Code.x, low(packet, 1)), .absolute(Code.y, low(packet, 3)),
        .absolute(Code.pressure, low(packet, 6)), .key(Code.touch, packet[5] & 0x04 != 0),
        .key(Code.stylus, packet[5] & 0x08 != 0), .key(Code.stylus2, packet[5] & 0x10 != 0),
      ]
    }
    return events + [.sync]
  }

  static func refusal(_ status: Int, _ input: InputPlace) -> String? {
    "\(input.interface): aiptek_irq - usb_submit_urb failed with result \(status)"
  }
}
