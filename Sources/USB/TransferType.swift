/// The kinds of transfer, numbered as in bits 0 and 1 of `bmAttributes`.
public enum TransferType: UInt8, Equatable, Hashable, Sendable, CaseIterable {
  case control = 0
  case isochronous = 1
  case bulk = 2
  case interrupt = 3

  /// The letter of usbmon's text, in ASCII.
  public var letter: UInt8 {
    switch self {
    case .control: UInt8(ascii: "C")
    case .isochronous: UInt8(ascii: "Z")
    case .bulk: UInt8(ascii: "B")
    case .interrupt: UInt8(ascii: "I")
    }
  }

  /// The kind that letter of usbmon's text stands for, or nil.
  public init?(letter: UInt8) {
    guard let type = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
    self = type
  }
}
