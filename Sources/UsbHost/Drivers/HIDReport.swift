import USB

/// What the HID driver takes from a report descriptor: the application and its LED report.
struct HIDReport: Equatable, Sendable {
  /// The usage of the first application collection, page in the high half.
  private(set) var application: UInt32?
  /// The report number and length in bytes of the output report with LEDs.
  private(set) var ledReport: (id: UInt8, length: Int)?
  /// True when there are input fields.
  private(set) var hasInput = false

  static func == (left: HIDReport, right: HIDReport) -> Bool {
    left.application == right.application && left.hasInput == right.hasInput
      && left.ledReport?.id == right.ledReport?.id
      && left.ledReport?.length == right.ledReport?.length
  }

  /// Reads the items of a report descriptor (HID 1.11, chapter 6.2.2).
  init(_ bytes: [UInt8]) {
    var at = 0
    var page: UInt32 = 0
    var size = 0
    var count = 0
    var id: UInt8 = 0
    var usages: [UInt32] = []
    var outputBits: [UInt8: Int] = [:]
    var ledID: UInt8?
    while at < bytes.count {
      let prefix = bytes[at]
      let length = [0, 1, 2, 4][Int(prefix & 3)]
      guard at + 1 + length <= bytes.count else { break }
      let value = UInt32(
        truncatingIfNeeded: littleEndianValue(bytes[at + 1..<at + 1 + length]))
      at += 1 + length
      switch prefix & 0xfc {
      case 0x04: page = value << 16
      case 0x74: size = Int(value & 0xffff)
      case 0x94: count = Int(value & 0xffff)
      case 0x84: id = UInt8(truncatingIfNeeded: value)
      case 0x08, 0x18: usages.append(length == 4 ? value : page | value)
      case 0xa0:
        if value == 1, application == nil { application = usages.first }
        usages = []
      case 0x80:
        hasInput = true
        usages = []
      case 0x90:
        outputBits[id, default: 0] += size * count
        if usages.contains(where: { $0 >> 16 == 8 }), ledID == nil { ledID = id }
        usages = []
      case 0xb0, 0xc0: usages = []
      default: break
      }
    }
    if let ledID {
      let bits = outputBits[ledID] ?? 0
      ledReport = (ledID, (max(1, bits) - 1) / 8 + 1 + (ledID > 0 ? 1 : 0))
    }
  }

  /// True when the input layer takes the device.
  var isInput: Bool {
    guard hasInput, let application else { return false }
    return [1, 0x0c, 0x0d].contains(application >> 16)
  }

  /// What the kernel log calls the device (`hid_connect()`).
  var typeName: String {
    let names = [
      "Device", "Pointer", "Mouse", "Device", "Joystick", "Gamepad", "Keyboard", "Keypad",
      "Multi-Axis Controller",
    ]
    guard let application, application >> 16 == 1, Int(application & 0xffff) < names.count else {
      return "Device"
    }
    return names[Int(application & 0xffff)]
  }
}
