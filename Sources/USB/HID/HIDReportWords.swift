/// What a device's reports say, in the words of the HID Usage Tables.
public struct HIDReportReader: Sendable {
  private let descriptor: HIDDescriptor

  /// A reader of the reports that a report descriptor declares; nil for a descriptor the kernel refuses.
  public init?(descriptor bytes: [UInt8]) {
    guard let descriptor = HIDParser.open(bytes).descriptor else { return nil }
    self.descriptor = descriptor
  }

  /// What the device is for, by its application collections.
  public var applications: [String] {
    var names: [String] = []
    for collection in descriptor.collections where collection.kind == HIDCollection.application {
      let name = collection.usage.words
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Values of an input report that are not 0, at most eight: `Left Shift, h` or `X -3, button 1`; nil for a report that is
  /// not declared.
  public func words(input data: [UInt8]) -> String? {
    guard let report = descriptor.report(.input, of: data) else { return nil }
    let values = descriptor.isNumbered(.input) ? data.dropFirst() : data[...]
    var said: [String] = []
    for field in report.fields where !field.isConstant {
      for index in 0..<min(field.count, 256) where said.count < 8 {
        let value = field.value(index, of: values)
        guard value != 0, let word = field.words(index, value) else { continue }
        said.append(word)
      }
    }
    return said.isEmpty ? "all 0" : said.joined(separator: ", ")
  }
}

extension HIDField {
  /// One value in words: a key that is down, or an axis with its number.
  fileprivate func words(_ index: Int, _ value: Int32) -> String? {
    guard isVariable else {
      let place = Int(value) - Int(global.logicalMinimum)
      guard place >= 0, place < usageCount, let usage = usage(at: place) else { return nil }
      return usage.number == 0 ? nil : usage.words
    }
    guard let usage = usage(at: index) else { return nil }
    return size == 1 ? usage.words : "\(usage.words) \(value)"
  }
}

extension HIDUsage {
  /// The usage's name where it is a common one, else its page and number.
  fileprivate var words: String {
    switch Page(rawValue: page) {
    case .genericDesktop?: Self.desktop[number] ?? numbers
    case .keyboard?: key ?? numbers
    case .button?: "button \(number)"
    case .led?: Self.leds[number] ?? numbers
    case .consumer?: Self.controls[number] ?? numbers
    case .digitizer?: Self.digitizers[number] ?? numbers
    default: numbers
    }
  }

  private var numbers: String { "usage 0x" + hex(UInt64(page), 2) + ":0x" + hex(UInt64(number), 2) }

  /// A key of the keyboard page, as it is printed on one of the United States.
  private var key: String? {
    switch number {
    case 0x04...0x1D: String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number - 0x04)))
    case 0x1E...0x26: String(number - 0x1D)
    case 0x27: "0"
    case 0x3A...0x45: "F\(number - 0x39)"
    case 0x59...0x61: "keypad \(number - 0x58)"
    case 0x62: "keypad 0"
    default: Self.keys[number]
    }
  }

  private static let keys: [UInt16: String] = [
    0x28: "Enter", 0x29: "Escape", 0x2A: "Backspace", 0x2B: "Tab", 0x2C: "Space", 0x2D: "-",
    0x2E: "=", 0x2F: "[", 0x30: "]", 0x31: "\\", 0x33: ";", 0x34: "'", 0x35: "`", 0x36: ",",
    0x37: ".", 0x38: "/", 0x39: "Caps Lock", 0x46: "Print Screen", 0x47: "Scroll Lock",
    0x48: "Pause", 0x49: "Insert", 0x4A: "Home", 0x4B: "Page Up", 0x4C: "Delete", 0x4D: "End",
    0x4E: "Page Down", 0x4F: "Right", 0x50: "Left", 0x51: "Down", 0x52: "Up", 0x53: "Num Lock",
    0x54: "keypad /", 0x55: "keypad *", 0x56: "keypad -", 0x57: "keypad +", 0x58: "keypad Enter",
    0x63: "keypad .", 0x65: "Application", 0xE0: "Left Control", 0xE1: "Left Shift",
    0xE2: "Left Alt", 0xE3: "Left GUI", 0xE4: "Right Control", 0xE5: "Right Shift",
    0xE6: "Right Alt", 0xE7: "Right GUI",
  ]

  private static let desktop: [UInt16: String] = [
    1: "pointer", 2: "mouse", 4: "joystick", 5: "game pad", 6: "keyboard", 7: "keypad",
    8: "multi-axis controller", 0x30: "X", 0x31: "Y", 0x32: "Z", 0x33: "Rx", 0x34: "Ry", 0x35: "Rz",
    0x36: "slider", 0x37: "dial", 0x38: "wheel", 0x39: "hat switch", 0x80: "system control",
    0x81: "power down", 0x82: "sleep", 0x83: "wake up",
  ]

  private static let leds: [UInt16: String] = [
    1: "Num Lock LED", 2: "Caps Lock LED", 3: "Scroll Lock LED", 4: "Compose LED", 5: "Kana LED",
  ]

  private static let controls: [UInt16: String] = [
    1: "consumer control", 0xB5: "next track", 0xB6: "previous track", 0xB7: "stop",
    0xCD: "play or pause", 0xE2: "mute", 0xE9: "volume up", 0xEA: "volume down", 0x238: "AC pan",
  ]

  private static let digitizers: [UInt16: String] = [
    1: "digitizer", 2: "pen", 4: "touch screen", 5: "touch pad", 0x20: "stylus", 0x22: "finger",
    0x30: "tip pressure", 0x32: "in range", 0x42: "tip switch", 0x44: "barrel switch",
    0x45: "eraser",
  ]
}
