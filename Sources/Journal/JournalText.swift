import JSON

/// A journal as it was read: whole lines as far as they mean something, and what they add up to.
///
/// Whoever wrote it may have ended in the middle of a line; that line says nothing.
public struct JournalText: Sendable {
  /// What the lines say, the first first.
  public private(set) var entries: [JournalEntry] = []
  /// Bytes of these lines: more is to be written behind them.
  public private(set) var length = 0
  /// The first line, from 1, that is whole and no line of a journal; nil where there is none.
  public private(set) var brokenLine: Int?

  /// Reads a journal's bytes, whatever they are.
  public init(_ bytes: [UInt8]) {
    while let end = bytes[length...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let entry = JournalEntry(line: bytes[length..<end]), entry.isFirst == entries.isEmpty
      else {
        brokenLine = entries.count + 1
        return
      }
      entries.append(entry)
      length = end + 1
    }
  }

  /// Whether it is a journal at all.
  public var isJournal: Bool { !entries.isEmpty }

  /// What is left in it, without playing it.
  public var summary: Summary {
    var summary = Summary()
    var titles: [Int: String] = [:]
    for entry in entries {
      summary.ending = nil
      switch entry {
      case .started(let time): summary.started = time
      case .opened(let it):
        // Opened again it is another as a whole, which is a change.
        if titles.updateValue(it.title, forKey: it.opening) != nil {
          summary.count(it.opening, it.title)
        }
      case .changed(let it): summary.count(it.opening, titles[it.opening] ?? "")
      case .solved: summary.solved += 1
      case .settled(let opening): summary.parts[opening] = nil
      case .ended(let signal): summary.ending = .inOrder(signal: signal)
      }
    }
    return summary
  }

  /// What is left of a sitting.
  public struct Summary: Equatable, Sendable {
    /// How a sitting ended.
    public enum Ending: Equatable, Sendable {
      /// It was told; by a signal, or as its user wanted.
      case inOrder(signal: Int?)
    }

    /// When it began, seconds since 1970.
    public fileprivate(set) var started = 0
    /// How it ended; nil when it broke off.
    public fileprivate(set) var ending: Ending?
    /// Headings of scenarios with changes that stand in no file, and how many changes, by number.
    public fileprivate(set) var parts: [Int: (title: String, actions: Int)] = [:]
    /// Exercises done.
    public fileprivate(set) var solved = 0

    /// Changes that stand in no file.
    public var actions: Int { parts.values.reduce(0) { $0 + $1.actions } }
    /// Headings, in the order the scenarios were opened.
    public var titles: [String] { parts.sorted { $0.key < $1.key }.map(\.value.title) }
    /// Whether there is anything to go on with. Exercises done are, when the sitting broke off.
    public var hasWork: Bool { !parts.isEmpty || ending == nil && solved > 0 }

    fileprivate mutating func count(_ opening: Int, _ title: String) {
      parts[opening] = (title, (parts[opening]?.actions ?? 0) + 1)
    }

    /// Whether two say the same.
    public static func == (left: Summary, right: Summary) -> Bool {
      left.started == right.started && left.ending == right.ending && left.solved == right.solved
        && left.parts.mapValues(\.title) == right.parts.mapValues(\.title)
        && left.parts.mapValues(\.actions) == right.parts.mapValues(\.actions)
    }
  }
}

extension JournalEntry {
  fileprivate var isFirst: Bool {
    if case .started = self { true } else { false }
  }
}
