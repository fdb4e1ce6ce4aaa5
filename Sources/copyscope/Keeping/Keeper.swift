import Foundation
import Inspector
import Journal

/// Keeps what is done in the inspector until it stands in a file, in a journal of the sitting's own.
struct Keeper {
  private var journal: JournalFile?
  private var record = WorkRecord()
  /// Why what is done is not kept; nil while it is.
  private(set) var trouble: JournalFile.Problem?
  /// What there was no journal for.
  private var waiting: [JournalEntry] = []
  /// The user was asked whether what is not kept may be lost.
  private var hasAsked = false

  /// A keeper of nothing, for where no screen is.
  init() {}

  /// Begins a sitting, or goes on with one that was left.
  mutating func begin(_ left: (JournalFile, LeftWork)?) {
    if let left {
      left.0.takeOver()
      (journal, record) = (left.0, WorkRecord(left.1))
      trouble = left.0.add([])
      return
    }
    do throws(JournalFile.Problem) { journal = try JournalFile() } catch { trouble = error }
  }

  /// Takes note of what was done; what the user is to be told where that has changed.
  ///
  /// - Parameter isLasting: wait until it is on the disk.
  mutating func note(_ story: Story, isLasting: Bool = true) -> (text: String, isError: Bool)? {
    let entries = record.entries(for: story)
    let before = trouble
    tell(entries, isLasting)
    guard (before == nil) != (trouble == nil) else { return nil }
    guard let trouble else { return ("what is done here is kept again", false) }
    return ("from here on nothing is kept until it is written: \(trouble.words)", true)
  }

  private mutating func tell(_ entries: [JournalEntry], _ isLasting: Bool) {
    guard !entries.isEmpty || isLasting && trouble == nil && journal?.isSynced == false else {
      return
    }
    if journal == nil {
      // Perhaps there is room or a folder by now.
      waiting += entries
      do throws(JournalFile.Problem) {
        journal = try JournalFile()
        trouble = journal?.add(waiting)
        waiting = []
      } catch { trouble = error }
    } else {
      trouble = journal?.add(entries)
    }
    if isLasting, trouble == nil { trouble = journal?.sync() }
  }

  /// Takes a session as written into a file.
  mutating func settle(_ session: Session) { tell(record.settle(session), true) }

  /// Whether the sitting may end as its user wants: what would be lost is asked about once.
  mutating func mayLeave() -> Bool {
    guard !record.unsettled.isEmpty, !hasAsked else { return true }
    // What was written may have been taken away, and what could not be may be possible now.
    if let journal { trouble = journal.add([]) ?? journal.sync() }
    hasAsked = trouble != nil
    return !hasAsked
  }

  /// The user goes on with something else.
  mutating func stay() { hasAsked = false }

  /// What stands in no file, in words: changes and where.
  var unsettledWords: String {
    let parts = record.unsettled
    let count = parts.reduce(0) { $0 + $1.actions }
    let titles = parts.prefix(3).map { "'\($0.title)'" }.joined(separator: ", ")
    let more = parts.count > 3 ? " and \(parts.count - 3) more" : ""
    return "\(count) change\(count == 1 ? "" : "s") in \(titles)\(more)"
  }

  /// Forgets what was done: its user does not want it.
  mutating func discard() {
    journal?.remove()
    journal = nil
    record = WorkRecord()
    trouble = nil
  }

  /// What became of the work when the sitting ended.
  enum Outcome {
    /// Everything stands in files, or nothing was done.
    case nothingLeft
    /// It is in a journal of that name.
    case kept(name: String)
    /// It is lost.
    case lost(String)
  }

  /// Ends the sitting.
  mutating func end(signal: Int32?) -> Outcome {
    guard !record.unsettled.isEmpty else {
      journal?.remove()
      return .nothingLeft
    }
    tell([.ended(signal: signal.map(Int.init))], true)
    guard let journal, trouble == nil else {
      return .lost("\(unsettledWords): \(trouble?.words ?? "there is no journal")")
    }
    return .kept(name: journal.name)
  }
}
