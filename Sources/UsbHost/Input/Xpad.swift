import USB

/// `xpad`: pads of the Xbox 360 and those that do as it does.
struct Xpad: TabletModel {
  static let driver = "xpad"
  static let ids = vendors.map { UsbID(vendor: $0, class: 0xff, 0x5d, 1) }
  static let packet: Int? = 64
  static let handlers = ["js"]
  static let fuzz: [UInt16: Int32] = [0: 16, 1: 16, 3: 16, 4: 16]
  static let joystick: Joystick? = Joystick(
    keys: [0x130, 0x131, 0x133, 0x134, 0x136, 0x137, 0x13a, 0x13b, 0x13c, 0x13d, 0x13e],
    axes: [stick(0), stick(1), trigger(2), stick(3), stick(4), trigger(5), hat(0x10), hat(0x11)])

  private static func stick(_ code: UInt16) -> Joystick.Axis {
    Joystick.Axis(code: code, low: -32768, high: 32767, flat: 128)
  }
  private static func trigger(_ code: UInt16) -> Joystick.Axis {
    Joystick.Axis(code: code, low: 0, high: 255)
  }
  private static func hat(_ code: UInt16) -> Joystick.Axis {
    Joystick.Axis(code: code, low: -1, high: 1)
  }

  private static let vendors: [UInt16] = [
    0x0079, 0x044f, 0x045e, 0x046d, 0x056e, 0x06a3, 0x0738, 0x07ff, 0x0e6f, 0x0f0d, 0x1038, 0x11c9,
    0x12ab, 0x1430, 0x146b, 0x1532, 0x15e4, 0x162e, 0x1689, 0x1949, 0x1bad, 0x20d6, 0x24c6, 0x2563,
    0x260d, 0x2c22, 0x2dc8, 0x3285, 0x3767, 0x413d,
  ]
  private static let names: [UInt32: String] = [
    0x045e_028e: "Microsoft X-Box 360 pad", 0x045e_028f: "Microsoft X-Box 360 pad v2",
    0x045e_0719: "Xbox 360 Wireless Receiver", 0x046d_c21d: "Logitech Gamepad F310",
    0x046d_c21e: "Logitech Gamepad F510", 0x046d_c21f: "Logitech Gamepad F710",
  ]

  static func takes(_ setting: UsbInterface) -> Bool {
    setting.endpoints.count == 2 && setting.endpoint(.interrupt, isIn: true) != nil
      && setting.endpoint(.interrupt, isIn: false) != nil
  }

  static func endpoint(_ setting: UsbInterface) -> UsbEndpoint? {
    setting.endpoint(.interrupt, isIn: true)
  }

  static func title(_ device: UsbDevice) -> String {
    names[UInt32(device.vendor) << 16 | UInt32(device.productID)] ?? "Generic X-Box pad"
  }

  /// `xpad_led_probe()`: the light of the first pad goes on.
  static func bound(_ side: inout some HostSide, _ place: InterfacePlace, _ input: InputPlace) {
    guard let setting = side.host.devices[place.device]?.currentSetting(place.interface),
      let output = setting.endpoint(.interrupt, isIn: false)
    else { return }
    _ = side.submit(
      place, output.address, data: [1, 3, 2], owner: XpadLight(place: place, input: input))
  }

  /// `xpad360_process_packet()`.
  mutating func decode(
    _ side: inout some HostSide, _ packet: [UInt8], _ input: InputPlace
  ) -> [InputEvent] {
    guard packet[0] == 0 else { return [] }
    func bit(_ byte: Int, _ place: UInt8) -> Bool { packet[byte] >> place & 1 != 0 }
    func word(_ at: Int) -> Int {
      Int(Int16(bitPattern: UInt16(low: packet[at], high: packet[at + 1])))
    }
    func step(_ plus: UInt8, _ minus: UInt8) -> Int {
      (bit(2, plus) ? 1 : 0) - (bit(2, minus) ? 1 : 0)
    }
    return [
      .absolute(0x10, step(3, 2)), .absolute(0x11, step(1, 0)), .key(0x13b, bit(2, 4)),
      .key(0x13a, bit(2, 5)), .key(0x13d, bit(2, 6)), .key(0x13e, bit(2, 7)),
      .key(0x130, bit(3, 4)), .key(0x131, bit(3, 5)), .key(0x133, bit(3, 6)),
      .key(0x134, bit(3, 7)), .key(0x136, bit(3, 0)), .key(0x137, bit(3, 1)),
      .key(0x13c, bit(3, 2)), .absolute(0, word(6)), .absolute(1, ~word(8)),
      .absolute(3, word(10)), .absolute(4, ~word(12)), .absolute(2, Int(packet[4])),
      .absolute(5, Int(packet[5])), .sync,
    ]
  }

  static func refusal(_ status: Int, _ input: InputPlace) -> String? {
    "\(input.interface): xpad_irq_in - usb_submit_urb failed with result \(status)"
  }
}

/// `xpad_irq_out()`: what failed is sent again, for ever.
struct XpadLight: URBOwner {
  var place: InterfacePlace
  var input: InputPlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    switch Errno(negated: result.status) {
    case nil, .ECONNRESET, .ENOENT, .ESHUTDOWN: return
    default: break
    }
    guard
      case .failure(let error) = side.submit(
        place, urb.endpoint, data: urb.buffer, owner: self)
    else { return }
    side.logLine(
      "\(input.interface): xpad_irq_out - usb_submit_urb failed with result \(error.value)")
  }
}
