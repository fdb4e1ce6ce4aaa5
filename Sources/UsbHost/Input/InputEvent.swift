import USB

/// One thing an input device says (`struct input_event`).
struct InputEvent: Equatable, Sendable {
  /// Kinds of events with the numbers of `EV_…`.
  enum Kind: UInt16, Equatable, Sendable {
    case sync = 0
    case key = 1
    case relative = 2
    case absolute = 3
    case other = 4
  }

  var kind: Kind
  var code: UInt16
  var value: Int32

  static let sync = InputEvent(kind: .sync, code: 0, value: 0)

  static func key(_ code: UInt16, _ isDown: Bool) -> InputEvent {
    InputEvent(kind: .key, code: code, value: isDown ? 1 : 0)
  }

  static func absolute(_ code: UInt16, _ value: Int) -> InputEvent {
    InputEvent(kind: .absolute, code: code, value: Int32(clamping: value))
  }

  static func relative(_ code: UInt16, _ value: Int) -> InputEvent {
    InputEvent(kind: .relative, code: code, value: Int32(clamping: value))
  }

  /// The 24 bytes a program reads, with the time since boot.
  func bytes(at time: Microseconds) -> [UInt8] {
    func little(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
    return little(UInt64(time) / 1_000_000, 8) + little(UInt64(time) % 1_000_000, 8)
      + little(UInt64(kind.rawValue), 2) + little(UInt64(code), 2)
      + little(UInt64(UInt32(bitPattern: value)), 4)
  }
}

/// What the input layer remembers of a device: only what changes is told (`input_get_disposition()`).
struct InputState: Equatable, Sendable {
  private var keys: Set<UInt16> = []
  private var axes: [UInt16: Int32] = [:]
  /// By how much an axis trembles (`fuzz`).
  var fuzz: [UInt16: Int32] = [:]

  init(held: Set<UInt16> = [], fuzz: [UInt16: Int32] = [:]) {
    keys = held
    self.fuzz = fuzz
  }

  /// `input_defuzz_abs_event()`: small steps are none, and larger ones are smoothed.
  private func steadied(_ value: Int32, _ old: Int32, _ fuzz: Int32) -> Int32 {
    let step = abs(Int64(value) - Int64(old))
    guard fuzz > 0 else { return value }
    if step < Int64(fuzz) / 2 { return old }
    if step < Int64(fuzz) { return Int32(clamping: (Int64(old) * 3 + Int64(value)) / 4) }
    if step < Int64(fuzz) * 2 { return Int32(clamping: (Int64(old) + Int64(value)) / 2) }
    return value
  }

  /// True while a key is down.
  func isDown(_ key: UInt16) -> Bool { keys.contains(key) }

  /// Where an axis is.
  func axis(_ code: UInt16) -> Int32 { axes[code, default: 0] }

  /// All keys go up (`input_dev_release_keys()`).
  mutating func release() -> [InputEvent] {
    defer { keys = [] }
    let events = keys.sorted().map { InputEvent.key($0, false) }
    return events.isEmpty ? [] : events + [InputEvent(kind: .sync, code: 0, value: 1)]
  }

  /// The events that are told to programs, the end of each packet that told something included.
  mutating func changed(by told: [InputEvent]) -> [InputEvent] {
    var events: [InputEvent] = []
    var sinceSync = 0
    for event in told {
      switch event.kind {
      case .key:
        guard keys.contains(event.code) != (event.value != 0) else { continue }
        if event.value != 0 { keys.insert(event.code) } else { keys.remove(event.code) }
      case .absolute:
        let old = axes[event.code, default: 0]
        let value = steadied(event.value, old, fuzz[event.code] ?? 0)
        guard old != value else { continue }
        axes[event.code] = value
        sinceSync += 1
        events.append(InputEvent(kind: .absolute, code: event.code, value: value))
        continue
      case .relative where event.value == 0: continue
      case .relative, .other: break
      case .sync:
        guard sinceSync > 0 else { continue }
        sinceSync = 0
        events.append(event)
        continue
      }
      sinceSync += 1
      events.append(event)
    }
    return events
  }
}
