import USB

/// Timers waiting to fire, in order of time and then of arming.
struct TimerQueue: Equatable, Sendable {
  enum Target: Equatable, Sendable {
    case controller(RootHubID)
    case task(Int, token: UInt64)
    case autosuspend(device: Int, token: UInt64)
    /// The root hub looks at its port.
    case rootHub(RootHubID)
  }

  struct Entry: Equatable, Sendable {
    var time: Microseconds
    var serial: UInt64
    var target: Target
  }

  /// Latest first, so that the next one is taken from the end.
  private var entries: [Entry] = []
  private var serial: UInt64 = 0

  var next: Entry? { entries.last }
  var count: Int { entries.count }

  mutating func arm(_ target: Target, at time: Microseconds) {
    serial &+= 1
    let entry = Entry(time: time, serial: serial, target: target)
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].time > time { low = middle + 1 } else { high = middle }
    }
    entries.insert(entry, at: low)
  }

  mutating func cancel(_ target: Target) {
    entries.removeAll { $0.target == target }
  }

  func contains(_ target: Target) -> Bool { entries.contains { $0.target == target } }

  /// Entries that meet a condition, in the order in which they fire.
  func all(where condition: (Entry) -> Bool) -> [Entry] { entries.reversed().filter(condition) }

  /// What fires when and in which order; how it was numbered says nothing more.
  static func == (a: TimerQueue, b: TimerQueue) -> Bool {
    a.entries.elementsEqual(b.entries) { $0.time == $1.time && $0.target == $1.target }
  }

  mutating func popNext() -> Entry? { entries.popLast() }
}
