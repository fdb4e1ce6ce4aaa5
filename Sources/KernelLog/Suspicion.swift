/// What a number in a report looks like, when it does not look like a size or an offset.
public enum Suspicion: Sendable, Equatable {
  /// 0x6b repeated: the memory the number was read from had been freed (POISON_FREE).
  case freedPoison
  /// 0x5a repeated: it had been allocated but never written (POISON_INUSE).
  case uninitialisedPoison
  /// 0xbb or 0xcc repeated: a SLUB red zone.
  case redZone
  /// A value people leave as a mark: 0xdeadbeef and the like, list poison.
  case marker
  /// An error number that was taken for a size; the positive errno.
  case errorNumber(Int)
  /// Negative as a signed number of 32 bits.
  case negative32(Int64)
  /// Negative as a signed number of 64 bits.
  case negative64(Int64)
  /// A kernel address.
  case kernelAddress
  /// Printable characters.
  case text(String)
  /// 0x7ffff000, what the kernel cuts every read and write to: the caller asked for that or more.
  case largestTransfer

  /// A stable word for it, with its fact behind a colon.
  public var id: String {
    switch self {
    case .freedPoison: "freed-poison"
    case .uninitialisedPoison: "uninitialised-poison"
    case .redZone: "red-zone"
    case .marker: "marker"
    case .errorNumber(let number): "errno:\(number)"
    case .negative32(let value), .negative64(let value): "negative:\(value)"
    case .kernelAddress: "kernel-address"
    case .text(let text): "text:\(text)"
    case .largestTransfer: "largest-transfer"
    }
  }

  /// What a number looks like, the most telling first.
  public static func all(of number: UInt64) -> [Suspicion] {
    var found: [Suspicion] = []
    let low = UInt32(truncatingIfNeeded: number)
    let fills32 = number >> 32 == 0
    let fills64 = UInt32(truncatingIfNeeded: number >> 32) == low
    if fills32 || fills64 {
      switch low {
      case 0x6B6B_6B6B: found.append(.freedPoison)
      case 0x5A5A_5A5A: found.append(.uninitialisedPoison)
      case 0xBBBB_BBBB, 0xCCCC_CCCC: found.append(.redZone)
      case 0xDEAD_BEEF, 0xDEAD_4EAD, 0xBAAD_F00D, 0xCAFE_BABE, 0xFEED_FACE: found.append(.marker)
      default: break
      }
    }
    if number == 0xDEAD_0000_0000_0100 || number == 0xDEAD_0000_0000_0122 { found.append(.marker) }
    found += signs(of: number)
    if number == 0x7FFF_F000 { found.append(.largestTransfer) }
    if found.isEmpty, let text = printable(number) { found.append(.text(text)) }
    return found
  }

  private static func signs(of number: UInt64) -> [Suspicion] {
    let wide = Int64(bitPattern: number)
    if wide < 0 {
      if wide >= -4095 { return [.errorNumber(Int(-wide))] }
      if number >= 0xFFFF_8000_0000_0000 { return [.kernelAddress] }
      return [.negative64(wide)]
    }
    guard number >> 32 == 0 else { return [] }
    let narrow = Int32(bitPattern: UInt32(truncatingIfNeeded: number))
    if narrow >= 0 { return [] }
    return narrow >= -4095 ? [.errorNumber(Int(-narrow))] : [.negative32(Int64(narrow))]
  }

  /// Four or eight letters or digits, lowest byte first, as a little-endian machine reads them.
  private static func printable(_ number: UInt64) -> String? {
    var bytes: [UInt8] = []
    var rest = number
    while rest != 0 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    guard bytes.count == 4 || bytes.count == 8,
      bytes.allSatisfy({ Digits.isLetter($0) || Digits.isDecimal($0) })
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
