/// A place in a base16 or base24 scheme, `base00` … `base17`.
public struct Slot: Hashable, Sendable, CustomStringConvertible {
  /// 0…23.
  public let index: Int

  init(_ index: Int) { self.index = min(max(index, 0), Palette.most - 1) }

  /// A slot of its name, in any case; nil for other names.
  public init?(name: some StringProtocol) {
    let lower = name.lowercased()
    guard lower.count == 6, lower.hasPrefix("base"),
      let value = Int(lower.dropFirst(4), radix: 16), (0..<Palette.most).contains(value),
      lower.dropFirst(4).allSatisfy(\.isHexDigit)
    else { return nil }
    index = value
  }

  /// The name as scheme files write it.
  public var description: String {
    let digits = String(index, radix: 16, uppercase: true)
    return "base" + (digits.count < 2 ? "0" + digits : digits)
  }

  static let background = Slot(0x0)
  static let faint = Slot(0x3)
  static let muted = Slot(0x4)
  static let text = Slot(0x5)
}

/// The colours of a base16 (16 slots) or base24 (24 slots) scheme.
public struct Palette: Hashable, Sendable {
  static let most = 24
  private let colours: [RGB?]

  /// A palette of the colours of its slots; nil when one of base00…base0F is missing.
  public init?(_ colours: [Slot: RGB]) {
    let list = (0..<Palette.most).map { colours[Slot($0)] }
    guard list[..<16].allSatisfy({ $0 != nil }) else { return nil }
    self.colours = list
  }

  /// The colour of a slot. What a base16 scheme lacks of base24 is taken from the slots that the
  /// specification names: base10 and base11 from base00, the bright colours from the plain ones.
  public subscript(slot: Slot) -> RGB {
    let plain = [0x0, 0x0, 0x8, 0xA, 0xB, 0xC, 0xD, 0xE]
    let other = slot.index < 16 ? 0 : plain[slot.index - 16]
    return colours[slot.index] ?? colours[other] ?? RGB(red: 0, green: 0, blue: 0)
  }
}
