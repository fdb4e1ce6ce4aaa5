import CSupervisor
import Glibc
import Simulation

/// What the threads of a program are called in the story: names of threads that have ended are free again.
struct ThreadNames {
  private struct Entry {
    var name: String
    var group: Int32
  }

  private var entries: [Int32: Entry] = [:]
  private var used: Set<String> = ["host"]
  let first: Int32

  /// From that many on, ended threads give their names back; where few have ended it is looked for later.
  private var comfortable = ThreadNames.few
  private static let few = 40

  init(first: Int32) { self.first = first }

  /// The name of a thread, which may be new.
  mutating func name(of thread: Int32, keeping sleepers: Set<Int32>) -> String {
    if let known = entries[thread] { return known.name }
    if entries.count >= comfortable { forgetEnded(sleepers) }
    let name = next(for: thread)
    entries[thread] = Entry(name: name, group: cs_group(thread))
    used.insert(name)
    return name
  }

  /// What the thread is called, or will be.
  func next(for thread: Int32) -> String {
    if let known = entries[thread] { return known.name }
    if thread == first { return "main" }
    var number = 2
    while used.contains("thread-\(number)") { number += 1 }
    return "thread-\(number)"
  }

  /// The process a thread that has a name belongs to.
  func group(of thread: Int32) -> Int32 { entries[thread]?.group ?? 0 }

  /// Takes back the name of a thread that could not be given one.
  mutating func forget(_ thread: Int32) {
    guard let entry = entries.removeValue(forKey: thread) else { return }
    used.remove(entry.name)
  }

  private mutating func forgetEnded(_ sleepers: Set<Int32>) {
    for (thread, entry) in entries where !sleepers.contains(thread) {
      guard cs_threads(thread) == 0 else { continue }
      entries[thread] = nil
      used.remove(entry.name)
    }
    comfortable = max(Self.few, min(entries.count + entries.count / 2, GadgetSide.threadLimit - 2))
  }
}
