/// A usage: the page in bits 16 to 31, the number on it below (HID Usage Tables).
package struct HIDUsage: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A usage of a page.
  package init(_ page: Page, _ number: UInt16) {
    rawValue = page.rawValue << 16 | UInt32(number)
  }

  /// The page in bits 0 to 15.
  package var page: UInt32 { rawValue >> 16 }
  /// The number on the page.
  package var number: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  /// Pages that the kernel treats differently from each other.
  package enum Page: UInt32, Sendable {
    case undefined = 0
    case genericDesktop = 1
    case simulation = 2
    case deviceControls = 6
    case keyboard = 7
    case led = 8
    case button = 9
    case telephony = 0x0b
    case consumer = 0x0c
    case digitizer = 0x0d
    case physicalInput = 0x0f
    case battery = 0x85
    case custom = 0x00ff
    case microsoft = 0xff00
    case hewlettPackard2 = 0xff01
    case logitech2 = 0xff09
    case logitech3 = 0xff43
    case hewlettPackard = 0xff7f
    case logitech = 0xffbc
  }

  package static let pointer = HIDUsage(.genericDesktop, 1)
  package static let mouse = HIDUsage(.genericDesktop, 2)
  package static let joystick = HIDUsage(.genericDesktop, 4)
  package static let gamepad = HIDUsage(.genericDesktop, 5)
  package static let keyboard = HIDUsage(.genericDesktop, 6)
  package static let keypad = HIDUsage(.genericDesktop, 7)
  package static let multiAxis = HIDUsage(.genericDesktop, 8)
  package static let radioControls = HIDUsage(.genericDesktop, 0x0c)
  package static let systemMultiAxis = HIDUsage(.genericDesktop, 0x0e)
  package static let resolutionMultiplier = HIDUsage(.genericDesktop, 0x48)
  package static let systemControl = HIDUsage(.genericDesktop, 0x80)
  package static let consumerControl = HIDUsage(.consumer, 1)
  static let programmableButtons = HIDUsage(.consumer, 3)
  static let batteryStrength = HIDUsage(.deviceControls, 0x20)
  static let stateOfCharge = HIDUsage(.battery, 0x65)
  static let batteryIsCharging = HIDUsage(.battery, 0x44)
  package static let pen = HIDUsage(.digitizer, 2)
  package static let touchscreen = HIDUsage(.digitizer, 4)
  package static let touchpad = HIDUsage(.digitizer, 5)
  package static let whiteboard = HIDUsage(.digitizer, 6)
  package static let stylus = HIDUsage(.digitizer, 0x20)
  package static let numLockLED = HIDUsage(.led, 1)
  package static let capsLockLED = HIDUsage(.led, 2)
  package static let scrollLockLED = HIDUsage(.led, 3)
  package static let errorRollOver = HIDUsage(.keyboard, 1)

  /// Whether a collection of this usage makes the input layer take the device
  /// (`IS_INPUT_APPLICATION`).
  package var isInputApplication: Bool {
    (0x0001_0000...HIDUsage.multiAxis.rawValue).contains(rawValue)
      || (HIDUsage.pen.rawValue...HIDUsage.whiteboard.rawValue).contains(rawValue)
      || [.systemControl, .consumerControl, .radioControls].contains(self)
  }
}
