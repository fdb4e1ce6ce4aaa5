import USB

/// The HID descriptor of an interface as `usbhid_parse()` reads it.
struct HIDClassDescriptor: Equatable, Sendable {
  /// Bytes of the report descriptor; 0 when none is announced.
  var reportLength: Int
  /// Further descriptors it announces.
  var others: Int
  /// True when the number of descriptors does not fit its length.
  var isMiscounted: Bool
  /// The version as the kernel log shows it.
  var version: String

  /// Reads the one behind the interface or, with old devices, behind its first endpoint; nil when
  /// there is none.
  init?(_ setting: UsbInterface) {
    let places = [setting.extra] + setting.endpoints.prefix(1).map(\.extra)
    guard let found = places.lazy.compactMap(Self.find).first else { return nil }
    let count = Int(found[5])
    isMiscounted = count == 0 || found.count != 9 + (count - 1) * 3
    others = isMiscounted ? (found.count - 9) / 3 : count - 1
    reportLength = found[6] == 0x22 ? Int(UInt16(low: found[7], high: found[8])) : 0
    version = String(found[3], radix: 16) + "." + hex(UInt64(found[2]), 2)
  }

  /// `usb_get_extra_descriptor()`: the first of its kind that is long enough.
  private static func find(_ extra: [UInt8]) -> [UInt8]? {
    var at = 0
    while at + 1 < extra.count {
      let length = Int(extra[at])
      guard length >= 2, at + length <= extra.count else { return nil }
      if extra[at + 1] == 0x21, length >= 9 { return Array(extra[at..<at + length]) }
      at += length
    }
    return nil
  }
}
