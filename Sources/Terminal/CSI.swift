import Grid

/// Control sequences as ECMA-48 spells them.
enum CSI {
  /// `CSI n F`; a count of 1 is left out.
  static func sequence(_ count: Int, _ final: Unicode.Scalar) -> [UInt8] {
    var bytes: [UInt8] = [0x1B, 0x5B]
    if count != 1 { append(count, to: &bytes) }
    bytes.append(UInt8(ascii: final))
    return bytes
  }

  /// The cursor anywhere.
  static func move(to place: Position) -> [UInt8] {
    var bytes: [UInt8] = [0x1B, 0x5B]
    append(place.y + 1, to: &bytes)
    bytes.append(UInt8(ascii: ";"))
    append(place.x + 1, to: &bytes)
    bytes.append(UInt8(ascii: "H"))
    return bytes
  }

  /// The cursor from where it is to the same row or one below.
  static func move(from present: Position, to place: Position) -> [UInt8] {
    let down = place.y - present.y
    let right = place.x - present.x
    var bytes = down > 0 ? sequence(down, "B") : []
    if right > 0 { bytes += sequence(right, "C") }
    if right < 0 {
      bytes += right >= -3 ? [UInt8](repeating: 0x08, count: -right) : sequence(-right, "D")
    }
    return bytes
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number > 9 { append(number / 10, to: &bytes) }
    bytes.append(0x30 + UInt8(number % 10))
  }
}
