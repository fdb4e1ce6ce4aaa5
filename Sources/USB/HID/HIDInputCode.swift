/// What the input layer makes of a usage (`hidinput_configure_usage()` of Linux 6.1 with the driver
/// `hid-generic`).
enum HIDInputCode: Equatable, Sendable {
  /// Nothing.
  case ignored
  /// A key that the console's keyboard handler takes: one with a number below 0x100, or a dot of braille.
  case consoleKey
  /// A key or button above those.
  case button
  /// A code beyond the last key, which the kernel warns of and does not use.
  case beyondKeys(Int)
  /// A movement, a position or a serial number.
  case axis
  /// The pressure of a tip, which makes a touch of it.
  case pressure
  /// A volume; where it moves by steps it stands for two keys.
  case volume
  case led
  /// How full a battery is, which the power-supply class tells.
  case battery
  /// Whether a battery is being charged.
  case charging

  /// Makes it of one usage of a field.
  static func of(_ usage: HIDUsage, in field: HIDField, _ kind: HIDReport.Kind) -> HIDInputCode {
    let isLED = usage.page == HIDUsage.Page.led.rawValue
    if field.isConstant || field.count < 1 || kind == .output && !isLED { return .ignored }
    switch HIDUsage.Page(rawValue: usage.page) {
    case .keyboard: return usage.number < 4 ? .ignored : .consoleKey
    case .button: return button(usage, field)
    case .simulation:
      return [0xba, 0xbb, 0xc4, 0xc5, 0xc8].contains(usage.number) ? .axis : .ignored
    case .genericDesktop: return desktop(usage, field)
    case .led: return leds.contains(usage.number) ? .led : .ignored
    case .digitizer: return digitizer(usage, field)
    case .consumer: return consumer(usage.number)
    default: return further(usage, field)
    }
  }

  private static let leds: Set<UInt16> = [1, 2, 3, 4, 5, 9, 0x19, 0x27, 0x4b, 0x4c, 0x4d]

  private static func further(_ usage: HIDUsage, _ field: HIDField) -> HIDInputCode {
    switch HIDUsage.Page(rawValue: usage.page) {
    case .undefined, .microsoft, .custom, .logitech, .logitech2, .logitech3: .ignored
    case .telephony:
      switch usage.number {
      case 0x2f: .consoleKey
      case 0xb0...0xbf: .button
      default: .ignored
      }
    case .deviceControls where usage == .batteryStrength: .battery
    case .battery where usage == .stateOfCharge: .battery
    case .battery where usage == .batteryIsCharging: .charging
    case .hewlettPackard:
      [0x21, 0x70, 0x71, 0x72, 0x73].contains(usage.number) || (0x80...0x86).contains(usage.number)
        ? .consoleKey : .ignored
    case .hewlettPackard2: [1, 3, 4].contains(usage.number) ? .consoleKey : .ignored
    case .physicalInput: usage.number == 0xa4 ? .button : .ignored
    default: unknown(field)
    }
  }

  /// A usage the kernel has no code for: a miscellaneous button when it has one bit, else an axis.
  private static func unknown(_ field: HIDField) -> HIDInputCode {
    field.size == 1 ? .button : .axis
  }

  /// Buttons are numbered on from one that depends on the device.
  static func buttonCode(_ usage: HIDUsage, _ field: HIDField) -> Int {
    let index = Int(usage.number &- 1)
    return switch field.application {
    case .mouse, .pointer: 0x110 + index
    case .joystick: index <= 0xf ? 0x120 + index : 0x2b0 + index
    case .gamepad: index <= 0xf ? 0x130 + index : 0x2b0 + index
    case .consumerControl where field.isProgrammable:
      index <= 0x1d ? 0x290 + index : 0x2a2 + index
    default:
      switch field.physical {
      case .mouse, .pointer: 0x110 + index
      case .joystick: 0x120 + index
      case .gamepad: 0x130 + index
      default: 0x100 + index
      }
    }
  }

  private static func button(_ usage: HIDUsage, _ field: HIDField) -> HIDInputCode {
    let code = buttonCode(usage, field)
    if code > lastKey { return .beyondKeys(code) }
    return brailleKeys.contains(code) ? .consoleKey : .button
  }

  private static let lastKey = 0x2ff
  /// Dots of a braille keyboard, which a console takes as well.
  private static let brailleKeys = 0x1f1...0x1fa

  private static func desktop(_ usage: HIDUsage, _ field: HIDField) -> HIDInputCode {
    switch usage.number & 0xf0 {
    case 0x80: return systemControl(usage.number & 0xf, field)
    case 0xa0: return usage.number & 0xf == 9 ? .consoleKey : .ignored
    case 0xb0: return usage.number & 0xf == 5 ? .consoleKey : .ignored
    default: break
    }
    if field.application == .systemControl { return .ignored }
    switch usage.number {
    case 0x90...0x93, 0x30...0x39: return .axis
    case 0x3d, 0x3e: return .button
    case 0xc6 where field.application == .radioControls: return .consoleKey
    default: return unknown(field)
    }
  }

  /// Power, sleep and the keys of a system's menu.
  private static func systemControl(_ low: UInt16, _ field: HIDField) -> HIDInputCode {
    switch low {
    case 0: unknown(field)
    case 4, 9, 0xe, 0xf: .button
    default: .consoleKey
    }
  }

  private static func digitizer(_ usage: HIDUsage, _ field: HIDField) -> HIDInputCode {
    switch usage.number & 0xff {
    case 0: .ignored
    case 0x30: .pressure
    case 0x3b: .battery
    case 0x3d, 0x3e, 0x5b, 0x6e: .axis
    case 0x32, 0x33, 0x3c, 0x42...0x46, 0x5a: .button
    default: unknown(field)
    }
  }

  /// Every usage of the consumer page is a key; most have one that a console takes.
  private static func consumer(_ number: UInt16) -> HIDInputCode {
    switch number {
    case 0: .ignored
    case 0xe0: .volume
    case 0x238: .axis
    default: highConsumerKeys.contains(number) ? .button : .consoleKey
    }
  }

  /// Usages of the consumer page whose key has a number of 0x100 or more.
  private static let highConsumerKeys: Set<UInt16> = [
    0x31, 0x36, 0x41, 0x60, 0x61, 0x63, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x72, 0x73, 0x74, 0x83, 0x88,
    0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x96, 0x97, 0x98, 0x9a, 0x9c, 0x9d, 0xa0,
    0xb9,
    0xbc, 0xbf, 0xcf, 0xd8, 0xd9, 0xf5, 0x181, 0x184, 0x185, 0x186, 0x187, 0x188, 0x189, 0x18b,
    0x18c,
    0x18d, 0x18e, 0x18f, 0x190, 0x193, 0x19c, 0x19f, 0x1a2, 0x1a3, 0x1a4, 0x1ab, 0x1ae, 0x1b1,
    0x1b6, 0x1b7, 0x1b8, 0x1bc, 0x1bd, 0x1cb, 0x222, 0x22d, 0x22e, 0x22f, 0x232, 0x29d, 0x2c7,
    0x2c8, 0x2c9, 0x2ca, 0x2cb, 0x2cc,
  ]
}
