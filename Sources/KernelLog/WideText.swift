/// Turns a log saved as UTF-16 into UTF-8, piece by piece; any other input passes unchanged.
///
/// A byte order mark tells, or that every other one of the first bytes is NUL.
struct WideText: Sendable {
  private enum Form: Sendable {
    case unknown
    case bytes
    case units(bigEndian: Bool)
  }

  /// Bytes looked at before the form is settled.
  private static let sample = 64

  private var form = Form.unknown
  /// Bytes that were not handed on yet: the sample, or half a unit.
  private var held: [UInt8] = []
  private var highSurrogate: UInt16?

  /// Whether pieces can be handed on as they are.
  var isPlain: Bool {
    if case .bytes = form { return true }
    return false
  }

  /// Takes the next piece; returns what can be handed on.
  mutating func take(_ piece: UnsafeRawBufferPointer) -> [UInt8] {
    held.append(contentsOf: piece)
    if case .unknown = form {
      guard held.count >= Self.sample else { return [] }
      settle()
    }
    return drain()
  }

  /// Ends the input; returns what was still held.
  mutating func finish() -> [UInt8] {
    if case .unknown = form { settle() }
    let rest = drain()
    return rest + held
  }

  private mutating func settle() {
    form = .bytes
    if held.starts(with: [0xFF, 0xFE]) {
      form = .units(bigEndian: false)
    } else if held.starts(with: [0xFE, 0xFF]) {
      form = .units(bigEndian: true)
    } else {
      let units = held.count / 2
      let even = (0..<units).count { held[2 * $0] == 0 }
      let odd = (0..<units).count { held[2 * $0 + 1] == 0 }
      guard units >= 8, max(even, odd) * 10 >= units * 8, min(even, odd) == 0 else { return }
      form = .units(bigEndian: even > odd)
    }
  }

  private mutating func drain() -> [UInt8] {
    guard case .units(let isBigEndian) = form else {
      defer { held = [] }
      return held
    }
    var text: [UInt8] = []
    text.reserveCapacity(held.count)
    var index = 0
    while index + 1 < held.count {
      let (first, second) = (UInt16(held[index]), UInt16(held[index + 1]))
      append(isBigEndian ? first << 8 | second : second << 8 | first, to: &text)
      index += 2
    }
    held.removeFirst(index)
    return text
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    let high = highSurrogate
    highSurrogate = nil
    if unit & 0xFC00 == 0xD800 {
      highSurrogate = unit
    } else if unit & 0xFC00 == 0xDC00 {
      guard let high else { return }
      let value = 0x1_0000 + UInt32(high & 0x3FF) << 10 + UInt32(unit & 0x3FF)
      if let scalar = UnicodeScalar(value) { text.append(contentsOf: String(scalar).utf8) }
    } else if let scalar = UnicodeScalar(unit) {
      text.append(contentsOf: String(scalar).utf8)
    }
  }
}
