public import Inspector
import Scenario
import Simulation

/// What of a sitting's work a journal was told, and what of it stands in no file.
public struct WorkRecord: Sendable {
  private struct Sheet: Sendable {
    /// The scenario as the journal's lines so far make it.
    var known: Script
    /// The scenario as it was opened or written last.
    var settled: Script
    /// The journal has its first line.
    var isOpened = false
    /// Changes since it was settled.
    var actions = 0
    var solved: Set<Int> = []

    var isUnsettled: Bool { !known.isSame(as: settled) }
  }

  private var sheets: [Int: Sheet] = [:]
  private var revision: Int?

  /// The record of a sitting that begins.
  public init() {}

  /// The record of one that is gone on with: its journal has told all that is left.
  public init(_ left: LeftWork) {
    for one in left.finals {
      sheets[one.session.opening] = Sheet(
        known: one.session.fullScript, settled: one.settled, isOpened: true, actions: one.actions,
        solved: one.solved)
    }
  }

  /// A scenario with changes that stand in no file.
  public struct Unsettled: Hashable, Sendable {
    /// Its number in the sitting.
    public var opening: Int
    /// Its heading.
    public var title: String
    /// Changes since it was opened or written.
    public var actions: Int
  }

  /// Scenarios with changes that stand in no file, in the order they were opened.
  public var unsettled: [Unsettled] {
    sheets.sorted { $0.key < $1.key }.filter(\.value.isUnsettled).map {
      Unsettled(opening: $0.key, title: $0.value.known.title, actions: max(1, $0.value.actions))
    }
  }

  /// What the journal is to be told; nothing where nothing was done. It has to be asked before a scenario that was just
  /// opened is changed.
  public mutating func entries(for story: Story) -> [JournalEntry] {
    guard story.revision != revision, let session = story.session else { return [] }
    revision = story.revision
    let now = session.fullScript
    var sheet = sheets[session.opening] ?? Sheet(known: now, settled: now)
    defer { sheets[session.opening] = sheet }
    var entries: [JournalEntry] = []
    if let change = Self.change(from: sheet.known, to: now, session) {
      entries = opening(&sheet, session.opening) + [change]
      (sheet.known, sheet.actions) = (now, sheet.actions + 1)
      if !sheet.isUnsettled {
        entries.append(.settled(opening: session.opening))
        sheet.actions = 0
      }
    }
    for exercise in story.solved.subtracting(sheet.solved).sorted() {
      entries += opening(&sheet, session.opening)
      entries.append(.solved(opening: session.opening, exercise: exercise))
      sheet.solved.insert(exercise)
    }
    return entries
  }

  /// Takes a scenario as written into a file; what the journal is to be told of it.
  public mutating func settle(_ session: Session) -> [JournalEntry] {
    guard var sheet = sheets[session.opening] else { return [] }
    let isNews = sheet.isUnsettled
    (sheet.settled, sheet.actions) = (sheet.known, 0)
    sheets[session.opening] = sheet
    return isNews ? [.settled(opening: session.opening)] : []
  }

  /// The first line of a scenario, once.
  private func opening(_ sheet: inout Sheet, _ opening: Int) -> [JournalEntry] {
    guard !sheet.isOpened else { return [] }
    sheet.isOpened = true
    return [Self.opened(sheet.known, opening, position: 0)]
  }

  private static func opened(_ script: Script, _ opening: Int, position: Int) -> JournalEntry {
    .opened(
      .init(
        opening: opening, id: script.id, title: script.title,
        scenario: ScenarioWriter.text(script), position: position))
  }

  /// What makes one scenario of the other; nil where they are the same.
  private static func change(
    from old: Script, to new: Script, _ session: Session
  ) -> JournalEntry? {
    guard old.configuration == new.configuration else {
      return opened(new, session.opening, position: session.position)
    }
    let most = min(old.steps.count, new.steps.count)
    var start = 0
    while start < most, old.steps[start] == new.steps[start] { start += 1 }
    guard start < max(old.steps.count, new.steps.count) else { return nil }
    var end = 0
    while end < most - start,
      old.steps[old.steps.count - 1 - end] == new.steps[new.steps.count - 1 - end]
    { end += 1 }
    let added = new.steps[start..<(new.steps.count - end)]
    return .changed(
      .init(
        opening: session.opening, start: start, removed: old.steps.count - start - end,
        steps: added.map(ScenarioWriter.lines).joined(separator: "\n"),
        position: session.position))
  }
}

extension Script {
  /// Whether a change by hand would make a difference between the two.
  fileprivate func isSame(as other: Script) -> Bool {
    configuration == other.configuration && steps == other.steps
  }
}
