/// Names of the classes devices and interfaces belong to (the USB-IF's list of defined class codes).
public enum UsbClass: UInt8, Sendable, Equatable, CaseIterable {
  case perInterface = 0
  case audio = 1
  case communications = 2
  case hid = 3
  case physical = 5
  case image = 6
  case printer = 7
  case massStorage = 8
  case hub = 9
  case communicationsData = 0x0A
  case smartCard = 0x0B
  case contentSecurity = 0x0D
  case video = 0x0E
  case healthcare = 0x0F
  case audioVideo = 0x10
  case billboard = 0x11
  case diagnostic = 0xDC
  case wireless = 0xE0
  case miscellaneous = 0xEF
  case application = 0xFE
  case vendor = 0xFF

  /// The name in words.
  public var name: String {
    switch self {
    case .perInterface: "told by each interface"
    case .audio: "audio"
    case .communications: "communications"
    case .hid: "HID"
    case .physical: "physical"
    case .image: "image"
    case .printer: "printer"
    case .massStorage: "mass storage"
    case .hub: "hub"
    case .communicationsData: "communications data"
    case .smartCard: "smart card"
    case .contentSecurity: "content security"
    case .video: "video"
    case .healthcare: "personal healthcare"
    case .audioVideo: "audio and video"
    case .billboard: "billboard"
    case .diagnostic: "diagnostic"
    case .wireless: "wireless controller"
    case .miscellaneous: "miscellaneous"
    case .application: "application specific"
    case .vendor: "vendor specific"
    }
  }

  /// The name of a class code; `class 0x42` for one that is not defined.
  public static func name(_ code: UInt8) -> String {
    UsbClass(rawValue: code)?.name ?? "class 0x" + hex(UInt64(code), 2)
  }
}

/// Requests that classes other than HID define, by the class of the device or interface they go to.
public enum ClassRequestName {
  /// The name of a class request; nil for one that is not listed here.
  ///
  /// Hubs: USB 2.0, table 11-16, and USB 3.2, table 10-8. Mass storage: Bulk-Only Transport 1.0, chapter 3. Communications:
  /// CDC 1.2, PSTN 1.2. Printers: Printer Class 1.1, chapter 4.2.
  public static func name(_ request: UInt8, of kind: UsbClass) -> String? {
    switch kind {
    case .hub: hub[request]
    case .hid: HIDRequest(rawValue: request)?.name
    case .massStorage: [0xFE: "GET_MAX_LUN", 0xFF: "BULK_ONLY_RESET"][request]
    case .communications, .communicationsData: communications[request]
    case .printer: [0: "GET_DEVICE_ID", 1: "GET_PORT_STATUS", 2: "SOFT_RESET"][request]
    case .perInterface, .audio, .physical, .image, .smartCard, .contentSecurity, .video,
      .healthcare,
      .audioVideo, .billboard, .diagnostic, .wireless, .miscellaneous, .application, .vendor:
      nil
    }
  }

  private static let hub: [UInt8: String] = [
    0: "GET_STATUS", 1: "CLEAR_FEATURE", 3: "SET_FEATURE", 6: "GET_DESCRIPTOR", 7: "SET_DESCRIPTOR",
    8: "CLEAR_TT_BUFFER", 9: "RESET_TT", 10: "GET_TT_STATE", 11: "STOP_TT", 12: "SET_HUB_DEPTH",
    13: "GET_PORT_ERR_COUNT",
  ]

  private static let communications: [UInt8: String] = [
    0: "SEND_ENCAPSULATED_COMMAND", 1: "GET_ENCAPSULATED_RESPONSE", 0x20: "SET_LINE_CODING",
    0x21: "GET_LINE_CODING", 0x22: "SET_CONTROL_LINE_STATE", 0x23: "SEND_BREAK",
  ]
}
