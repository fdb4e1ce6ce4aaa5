import Grid

/// Control sequences as ECMA-48 spells them, added to bytes.
enum CSI {
  /// `CSI n F`; a count of 1 is left out.
  static func add(_ count: Int, _ final: Unicode.Scalar, to bytes: inout [UInt8]) {
    bytes.append(0x1B)
    bytes.append(0x5B)
    if count != 1 { add(number: count, to: &bytes) }
    bytes.append(UInt8(ascii: final))
  }

  /// The bytes that ``add(_:_:to:)`` adds.
  static func length(_ count: Int) -> Int { count == 1 ? 3 : 3 + digits(count) }

  /// The cursor anywhere.
  static func addMove(to place: Position, to bytes: inout [UInt8]) {
    bytes.append(0x1B)
    bytes.append(0x5B)
    add(number: place.y + 1, to: &bytes)
    bytes.append(UInt8(ascii: ";"))
    add(number: place.x + 1, to: &bytes)
    bytes.append(UInt8(ascii: "H"))
  }

  /// How many digits a number has, from 0 on.
  static func digits(_ number: Int) -> Int { number < 10 ? 1 : 1 + digits(number / 10) }

  private static func add(number: Int, to bytes: inout [UInt8]) {
    if number > 9 { add(number: number / 10, to: &bytes) }
    bytes.append(0x30 + UInt8(number % 10))
  }
}
