/// An item of a report descriptor (`struct hid_item`; HID 1.11, chapter 6.2.2).
package struct HIDItem: Equatable, Sendable {
  /// What an item belongs to, bits 2 and 3 of its first byte.
  package enum Kind: UInt8, Sendable {
    case main
    case global
    case local
    case reserved
  }

  /// True for an item with a length and a tag of a byte each.
  package let isLong: Bool
  package let kind: Kind
  /// Bits 4 to 7 of the first byte; the third byte of a long item.
  package let tag: UInt8
  /// Bytes of data: 0, 1, 2 or 4, with a long item 0 to 255.
  package let size: Int
  /// The data as a number without sign; 0 for long items (`item_udata()`).
  package let value: UInt32

  /// The data as a number with sign (`item_sdata()`).
  package var signedValue: Int32 {
    switch size {
    case 1: Int32(Int8(truncatingIfNeeded: value))
    case 2: Int32(Int16(truncatingIfNeeded: value))
    default: Int32(bitPattern: value)
    }
  }

  /// The item that begins at an offset, and the offset behind it; nil when the bytes end before it
  /// does (`fetch_item()`).
  package static func fetch(_ bytes: [UInt8], at start: Int) -> (item: HIDItem, next: Int)? {
    guard start < bytes.count else { return nil }
    let first = bytes[start]
    let kind = Kind(rawValue: first >> 2 & 3) ?? .reserved
    if first >> 4 == longTag {
      guard start + 3 <= bytes.count else { return nil }
      let size = Int(bytes[start + 1])
      let item = HIDItem(isLong: true, kind: kind, tag: bytes[start + 2], size: size, value: 0)
      let next = start + 3 + size
      return next <= bytes.count ? (item, next) : nil
    }
    let size = [0, 1, 2, 4][Int(first & 3)]
    let next = start + 1 + size
    guard next <= bytes.count else { return nil }
    let value = UInt32(truncatingIfNeeded: littleEndianValue(bytes[start + 1..<next]))
    return (HIDItem(isLong: false, kind: kind, tag: first >> 4, size: size, value: value), next)
  }

  private static let longTag: UInt8 = 15
}

/// Tags of main items.
enum HIDMainTag {
  static let input: UInt8 = 8
  static let output: UInt8 = 9
  static let collection: UInt8 = 10
  static let feature: UInt8 = 11
  static let endCollection: UInt8 = 12
  /// The first of the tags that are kept for later versions of HID.
  static let firstReserved: UInt8 = 13
}
