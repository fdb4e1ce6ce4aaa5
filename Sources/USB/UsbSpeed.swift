/// Device speeds with the numbers of `enum usb_device_speed`.
public enum UsbSpeed: UInt8, Equatable, Sendable, CaseIterable, Comparable {
  case unknown = 0
  case low = 1
  case full = 2
  case high = 3
  case wireless = 4
  case `super` = 5
  case superPlus = 6

  /// Orders by number, which is by bit rate for the speeds in use.
  public static func < (left: UsbSpeed, right: UsbSpeed) -> Bool { left.rawValue < right.rawValue }

  /// The words of `usb_speed_string()`.
  public var name: String {
    switch self {
    case .unknown: "UNKNOWN"
    case .low: "low-speed"
    case .full: "full-speed"
    case .high: "high-speed"
    case .wireless: "wireless"
    case .super: "super-speed"
    case .superPlus: "super-speed-plus"
    }
  }

  /// Megabits a second as the `speed` attribute of a device in sysfs gives them.
  public var megabits: String {
    switch self {
    case .low: "1.5"
    case .full, .unknown: "12"
    case .high, .wireless: "480"
    case .super: "5000"
    case .superPlus: "10000"
    }
  }
}
