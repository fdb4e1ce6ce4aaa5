import CSupervisor
import Glibc

/// Which signals' handlers ask for interrupted calls to be made again, as `sigaction(2)` was told.
struct Handlers {
  private struct Key: Hashable {
    var group: Int32
    var signal: Int32
  }

  private var restarting: [Key: Bool] = [:]
  /// The latest word of any process: children have the handlers of their parents.
  private var latest: [Int32: Bool] = [:]

  /// Remembers what a call of `sigaction(2)` asks for.
  mutating func note(_ call: cs_call) {
    let restarts = call.flags & UInt64(SA_RESTART) != 0
    let signal = Int32(truncatingIfNeeded: call.number)
    // Processes come and go; what the last ones said is enough.
    if restarting.count > 4096 { restarting = [:] }
    restarting[Key(group: cs_group(call.thread), signal: signal)] = restarts
    latest[signal] = restarts
  }

  /// Whether a call that this signal interrupts is made again where the driver leaves it to the handler.
  func restart(_ signal: Int32, in group: Int32) -> Bool {
    restarting[Key(group: group, signal: signal)] ?? latest[signal] ?? false
  }
}
