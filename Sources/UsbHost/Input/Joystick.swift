import USB

/// What `joydev` makes of an input device: numbers for its keys and axes, and positions that are stretched to
/// sixteen bits.
struct Joystick: Equatable, Sendable {
  /// An axis: its code, its range and how far from the middle it counts as there (`flat`).
  struct Axis: Equatable, Sendable {
    var code: UInt16
    var low: Int
    var high: Int
    var flat = 0
  }

  var keys: [UInt16]
  var axes: [Axis]

  private static let button: UInt8 = 1
  private static let axis: UInt8 = 2
  private static let initial: UInt8 = 0x80

  /// What a program reads first: how all of them are.
  func start(at time: Microseconds, axis value: (UInt16) -> Int) -> [UInt8] {
    keys.indices.flatMap { Self.bytes(time, 0, Self.button | Self.initial, $0) }
      + axes.enumerated().flatMap { number, axis in
        Self.bytes(time, position(value(axis.code), axis), Self.axis | Self.initial, number)
      }
  }

  /// An event as a program reads it; none for what has no number.
  func bytes(_ event: InputEvent, at time: Microseconds) -> [UInt8] {
    switch event.kind {
    case .key:
      keys.firstIndex(of: event.code).map {
        Self.bytes(time, Int(event.value), Self.button, $0)
      } ?? []
    case .absolute:
      axes.firstIndex { $0.code == event.code }.map {
        Self.bytes(time, position(Int(event.value), axes[$0]), Self.axis, $0)
      } ?? []
    case .sync, .relative, .other: []
    }
  }

  /// `joydev_correct()`.
  private func position(_ value: Int, _ axis: Axis) -> Int {
    let middle = (axis.low + axis.high) / 2
    let half = (axis.high - axis.low) / 2 - 2 * axis.flat
    guard half > 0 else { return 0 }
    let factor = (1 << 29) / half
    let from = value > middle - axis.flat ? middle + axis.flat : middle - axis.flat
    if value > middle - axis.flat, value < from { return 0 }
    return max(-32767, min(32767, factor * (value - from) >> 14))
  }

  /// `struct js_event`.
  private static func bytes(
    _ time: Microseconds, _ value: Int, _ type: UInt8, _ number: Int
  ) -> [UInt8] {
    let milliseconds = time / 1000
    return (0..<4).map { UInt8(truncatingIfNeeded: milliseconds >> (8 * $0)) }
      + [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8), type]
      + [UInt8(clamping: number)]
  }
}
