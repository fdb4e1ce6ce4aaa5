public import Inspector
public import Scenario
public import Simulation

/// The work of a sitting as its journal tells it, played again.
public struct LeftWork: Sendable {
  /// A scenario as it was left.
  public struct Final: Sendable {
    /// Where it stands.
    public var session: Session
    /// As it was opened or written last.
    public var settled: Script
    /// Changes since then.
    public var actions: Int
    /// Exercises done, from 0.
    public var solved: Set<Int>
  }

  /// Scenarios in the order they were changed last.
  public private(set) var finals: [Final] = []
  /// Scenarios before changes made by hand, the last one first to come back.
  private var before: [Session] = []

  /// Changes that can be taken back at most: a journal may hold any number.
  private static let mostBefore = 200

  /// Why a line of a journal cannot be played.
  public enum Problem: Error, Sendable {
    /// The line of the scenario that is wrong; the journal's line, from 1.
    case scenario(Diagnostic, line: Int)
    /// Its machine cannot be built.
    case machine(ActionError, line: Int)
    /// It changes a scenario that was not opened.
    case unopened(line: Int)
  }

  /// Plays a journal's lines.
  ///
  /// - Parameters:
  ///   - journal: the lines.
  ///   - file: the journal's name in messages.
  public init(_ journal: JournalText, file: String) throws(Problem) {
    for (index, entry) in journal.entries.enumerated() { try take(entry, index + 1, file) }
  }

  /// What the inspector goes on with: the scenario changed last stands last, before it what can be gone back to.
  public var sessions: [Session] {
    let rest = finals.dropLast().map(\.session)
    return rest.filter { one in !before.contains { $0.opening == one.opening } } + before
      + finals.suffix(1).map(\.session)
  }

  private mutating func take(
    _ entry: JournalEntry, _ line: Int, _ file: String
  ) throws(Problem) {
    switch entry {
    case .started, .ended: break
    case .opened(let it):
      let session = try Self.session(it, line, file)
      guard var known = finals.last(where: { $0.session.opening == it.opening }) else {
        if let last = finals.last { before.append(last.session) }
        finals.append(Final(session: session, settled: session.script, actions: 0, solved: []))
        return
      }
      before.append(known.session)
      (known.session, known.actions) = (session, known.actions + 1)
      put(known)
    case .changed(let it):
      var known = try final(it.opening, line)
      let steps = try Self.steps(it, line, file)
      let isProgram = it.removed == 0 && steps.allSatisfy { $0.origin == .program }
      if !isProgram { before.append(known.session) }
      known.session.revise(
        at: it.start, removing: it.removed, adding: steps, position: it.position)
      known.actions += 1
      put(known)
    case .solved(let opening, let exercise):
      var known = try final(opening, line)
      known.solved.insert(exercise)
      put(known)
    case .settled(let opening):
      var known = try final(opening, line)
      (known.settled, known.actions) = (known.session.fullScript, 0)
      put(known)
    }
    if before.count > Self.mostBefore { before.removeFirst() }
  }

  private func final(_ opening: Int, _ line: Int) throws(Problem) -> Final {
    guard let known = finals.last(where: { $0.session.opening == opening }) else {
      throw .unopened(line: line)
    }
    return known
  }

  private mutating func put(_ final: Final) {
    finals.removeAll { $0.session.opening == final.session.opening }
    finals.append(final)
  }

  private static func session(
    _ opened: JournalEntry.Opened, _ line: Int, _ file: String
  ) throws(Problem) -> Session {
    let script: Script
    do throws(Diagnostic) {
      script = try ScenarioReader.parse(
        opened.scenario, file: file, id: opened.id, isOwn: true)
    } catch { throw .scenario(error, line: line) }
    do throws(ActionError) {
      return try Session(script, opening: opened.opening, at: opened.position)
    } catch { throw .machine(error, line: line) }
  }

  private static func steps(
    _ change: JournalEntry.Change, _ line: Int, _ file: String
  ) throws(Problem) -> [ScriptStep] {
    guard !change.steps.isEmpty else { return [] }
    do throws(Diagnostic) {
      var steps = try ScenarioReader.steps(change.steps, file: file)
      for index in steps.indices {
        (steps[index].line, steps[index].column, steps[index].marks) = (0, 0, [:])
      }
      return steps
    } catch { throw .scenario(error, line: line) }
  }
}
