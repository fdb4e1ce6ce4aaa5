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

  /// The cursor anywhere.
  static func addMove(to place: Position, to bytes: inout [UInt8]) {
    bytes.append(0x1B)
    bytes.append(0x5B)
    add(number: place.y + 1, to: &bytes)
    bytes.append(UInt8(ascii: ";"))
    add(number: place.x + 1, to: &bytes)
    bytes.append(UInt8(ascii: "H"))
  }

  /// The bytes that ``addMove(to:to:)`` adds.
  static func length(ofMoveTo place: Position) -> Int {
    4 + digits(place.y + 1) + digits(place.x + 1)
  }

  /// The cursor from where it is to the same row or one below.
  static func addMove(from present: Position, to place: Position, to bytes: inout [UInt8]) {
    let down = place.y - present.y
    let right = place.x - present.x
    if down > 0 { add(down, "B", to: &bytes) }
    if right > 0 { add(right, "C", to: &bytes) }
    if right < -3 { add(-right, "D", to: &bytes) }
    if right < 0, right >= -3 { bytes.append(contentsOf: repeatElement(0x08, count: -right)) }
  }

  private static func digits(_ number: Int) -> Int { number < 10 ? 1 : 1 + digits(number / 10) }

  private static func add(number: Int, to bytes: inout [UInt8]) {
    if number > 9 { add(number: number / 10, to: &bytes) }
    bytes.append(0x30 + UInt8(number % 10))
  }
}
