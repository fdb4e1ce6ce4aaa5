public import Simulation
public import Timeline
public import Usercopy

/// A scenario being stepped through, and what was done by hand in between.
public struct Session: Sendable {
  /// The scenario as it was opened.
  public var script: Script
  /// The steps played, with what happened in them.
  public private(set) var timeline: Timeline<World, Action, Event, KeptEvent>
  /// The steps played, parallel to the timeline's.
  public private(set) var played: GrowingList<ScriptStep> = []
  /// The script's steps not played yet, the next one last.
  private var ahead: GrowingList<ScriptStep>
  /// Steps done by hand, so that the session is worth saving.
  public private(set) var handmade = 0
  /// Positions worth coming back to.
  public private(set) var bookmarks: Set<Int> = []
  /// Notes of the reader's own, by position.
  public internal(set) var notes: [Int: String] = [:]
  /// Which of a sitting's scenarios it is, from 1: what is undone and what was before it keep the number.
  public internal(set) var opening = 1
  /// Predicting, and how it went so far; nil when not asked for.
  public internal(set) var prediction: Prediction?

  /// A session before its first step.
  public init(_ script: Script) throws(ActionError) {
    self.script = script
    timeline = Timeline(start: try script.start(), keeping: { KeptEvent($0) }) {
      World.step($0, $1)
    }
    ahead = GrowingList(script.steps.reversed())
  }

  /// A session that has played its first `step` steps, of a sitting's scenario of that number.
  public init(_ script: Script, opening: Int = 1, at step: Int) throws(ActionError) {
    try self.init(script)
    self.opening = opening
    seek(step)
  }

  /// The machine now.
  public var world: World { timeline.world }

  /// Steps behind the current point.
  public var position: Int { timeline.position }

  /// All steps there are, played and to come.
  public var count: Int { timeline.count + ahead.count }

  /// The step that led here; nil at the start.
  public var step: ScriptStep? { position > 0 ? played[position - 1] : nil }

  /// The step that comes next, if any.
  public var next: ScriptStep? {
    position < played.count ? played[position] : ahead.last
  }

  /// Goes one step on; false at the end.
  public mutating func forward() -> Bool {
    if position < timeline.count {
      timeline.seek(position + 1)
      return true
    }
    guard let step = ahead.popLast() else { return false }
    timeline.record(step.action)
    played.append(step)
    return true
  }

  /// Goes one step back; false at the start.
  public mutating func back() -> Bool {
    guard position > 0 else { return false }
    timeline.seek(position - 1)
    return true
  }

  /// Goes to a step, playing what was not played yet.
  public mutating func seek(_ target: Int) {
    let wanted = min(max(0, target), count)
    if wanted <= timeline.count {
      timeline.seek(wanted)
    } else {
      timeline.seek(timeline.count)
      while position < wanted, forward() {}
    }
  }

  /// Does something by hand after the current step; what followed stays to be played.
  public mutating func insert(
    _ action: Action, say: String = "", origin: ScriptStep.Origin = .byHand
  ) {
    putAhead(from: position)
    shiftBookmarks(behind: position)
    timeline.record(action)
    played.append(ScriptStep(action: action, origin: origin, say: say))
    handmade += 1
  }

  /// Steps that were played behind a position are to come again.
  private mutating func putAhead(from position: Int) {
    ahead.append(contentsOf: played[position...].reversed())
    played.keep(first: position)
  }

  /// Bookmarks and answers behind a step that is put in move with their steps.
  private mutating func shiftBookmarks(behind position: Int) {
    prediction?.shift(behind: position)
    bookmarks = Set(bookmarks.map { $0 > position ? $0 + 1 : $0 })
  }

  /// Bookmarks the current step, or takes the bookmark away.
  public mutating func toggleBookmark() {
    if bookmarks.remove(position) == nil { bookmarks.insert(position) }
  }

  /// Puts bookmarks and notes of an earlier sitting where they were.
  mutating func restore(bookmarks: Set<Int>, notes: [Int: String]) {
    self.bookmarks = bookmarks.filter { (0...count).contains($0) }
    self.notes = notes.filter { (0...count).contains($0.key) }
  }

  /// The bookmark after the current step, the first one after the last.
  public var nextBookmark: Int? {
    bookmarks.filter { $0 > position }.min() ?? bookmarks.min()
  }

  /// The same steps on a machine built another way, at the same place.
  public func rebuilt(_ configuration: Configuration) throws(ActionError) -> Session {
    var script = fullScript
    script.configuration = configuration
    var session = try Session(script)
    session.bookmarks = bookmarks
    session.prediction = prediction
    session.handmade = handmade + 1
    session.opening = opening
    session.seek(position)
    return session
  }

  /// Puts other steps in the place of some and stands where it is said, each position clamped to what there is:
  /// a change by hand as a record of an earlier sitting tells it.
  public mutating func revise(
    at start: Int, removing count: Int, adding steps: [ScriptStep], position: Int
  ) {
    seek(start)
    timeline.truncate()
    putAhead(from: self.position)
    ahead.keep(first: ahead.count - min(max(0, count), ahead.count))
    ahead.append(contentsOf: steps.reversed())
    handmade += 1
    seek(position)
  }

  /// What is said of a copy made by hand, and of one put in the place of the lesson's: the words of
  /// the lesson are about another copy.
  static let madeByHand = "Made by hand."
  static let madeInstead = "Made by hand, in place of the copy the lesson makes here."

  /// Replaces the step that led here by another action; the same one changes nothing.
  public mutating func replace(_ action: Action) {
    guard position > 0 else { return insert(action) }
    guard action != played[position - 1].action else { return }
    let isOwn = played[position - 1].origin == .byHand
    putAhead(from: position)
    timeline.seek(position - 1)
    played.keep(first: position)
    timeline.record(action)
    played.append(
      ScriptStep(
        action: action, origin: isOwn ? .byHand : .inPlace,
        say: isOwn ? Self.madeByHand : Self.madeInstead))
    handmade += 1
  }

  /// Judges by another era from the current step on: the step that led here is played again.
  public mutating func rejudge(under era: String) {
    var again: [ScriptStep] = []
    if position > 0, case .copy = played[position - 1].action { again = [played[position - 1]] }
    // Changing the era once more changes that step instead of adding another.
    let before = position - again.count
    let isChanged = before > 0 && played[before - 1].origin == .rejudged
    let start = isChanged ? before - 1 : before
    putAhead(from: position)
    timeline.seek(start)
    played.keep(first: start)
    if !isChanged { shiftBookmarks(behind: before) }
    for step in [Self.judgement(era)] + again {
      timeline.record(step.action)
      played.append(step)
    }
    handmade += 1
  }

  private static func judgement(_ era: String) -> ScriptStep {
    ScriptStep(action: .era(era), origin: .rejudged, say: "Judged by \(era) from here on.")
  }

  /// The scenario as it is worth writing down: without expectations of steps that come out otherwise now.
  public var scriptToSave: Script {
    var result = fullScript
    guard handmade > 0, let playback = try? Playback(result) else { return result }
    for step in playback.steps where !step.misses.isEmpty {
      result.steps[step.number - 1].expect = nil
    }
    return result
  }

  /// The scenario as it stands: what was played and what is left.
  public var fullScript: Script {
    var result = script
    result.steps = Array(played) + ahead.reversed()
    return result
  }

  /// The scenario up to the current point.
  public var scriptSoFar: Script {
    var result = script
    result.steps = Array(played[..<position])
    return result
  }

  /// The copies the step that led here made, in order: one for a copy, several for a call.
  public var copies: [ShownCopy] {
    guard position > 0, let before = timeline.previous else { return [] }
    if case .copy(let request) = played[position - 1].action, let report = world.lastCopy {
      return [ShownCopy(report: report, request: request, before: before)]
    }
    return timeline.events.compactMap { event in
      guard case .copied(let report) = event, let scene = report.scene else { return nil }
      let attempt = report.outcome.attempt
      let request = Action.Copy(
        entry: attempt.entry, direction: attempt.direction, place: .address(attempt.kernel),
        length: attempt.length, user: .address(attempt.user), isConstant: attempt.isConstant,
        objectSize: attempt.objectSize)
      return ShownCopy(report: report, request: request, before: before.on(scene))
    }
  }

  /// Which of the step's copies is shown; nil for the one that matters most.
  public var chosenCopy: Int?

  /// The copy shown: chosen, else the first that was refused or leaked, else the last.
  public var shownCopy: ShownCopy? {
    let copies = self.copies
    if let chosenCopy, copies.indices.contains(chosenCopy) { return copies[chosenCopy] }
    return copies.first { $0.report.outcome.verdict != .allow || !$0.report.leaks.isEmpty }
      ?? copies.last
  }

  /// Shows another copy of a call that made several; false when there is no other.
  mutating func showCopy(by step: Int) -> Bool {
    let copies = self.copies
    guard copies.count > 1 else { return false }
    let shown = shownCopy?.report
    let now = copies.firstIndex { $0.report == shown } ?? 0
    chosenCopy = ((now + step) % copies.count + copies.count) % copies.count
    return true
  }

  /// What happened in the step that led here, event by event; empty where nothing of the gadget did.
  public var moments: [Moment] {
    guard let step, let before = timeline.previous else { return [] }
    return Moment.inside(step.action, on: before)
  }

  /// The session as it stood inside the step that led here. A copy is shown while it is made.
  func paused(in step: OpenedStep) -> Session {
    guard let moment = step.moment else { return self }
    var session = self
    session.timeline = timeline.inside(
      moment.world, events: step.moments[...step.cursor].map(\.event))
    session.chosenCopy = nil
    if case .copied = moment.event { session.chosenCopy = session.copies.count - 1 }
    return session
  }

  /// What the step at `index` (from 0) came to, if it was played.
  public func mark(at index: Int) -> StepMark {
    guard index < timeline.count else { return .ahead }
    let kept = timeline.steps[index].kept
    let copies = kept.compactMap { event in
      if case .copied(let copy) = event { copy } else { nil }
    }
    if let mark = StepMark(copies) { return mark }
    return kept.contains(.refused) ? .failed : .done
  }
}

/// A copy of a step, and the machine it was made on.
public struct ShownCopy: Sendable {
  /// How it came out.
  public var report: CopyReport
  /// What was asked for; a call's copy by its addresses.
  public var request: Action.Copy
  /// The machine it was made on, right before it.
  public var before: World

  /// The machine right behind the copy, while the call that made it was still running.
  public var after: World {
    var kernel = before.kernel
    kernel.apply(report.outcome)
    return before.on(kernel)
  }
}

/// How a step is drawn on the timeline bar.
public enum StepMark: Sendable, Hashable {
  case ahead
  case done
  case allowed
  case leaky
  case denied
  /// A copy that a check let pass moved not a byte, or not all.
  case faulted
  /// The action could not be done.
  case failed

  /// The strongest verdict of some copies; nil for none.
  init?(_ copies: [KeptCopy]) {
    guard !copies.isEmpty else { return nil }
    if copies.contains(where: { $0.verdict != .allow }) {
      self = .denied
    } else if copies.contains(where: \.isLeaky) {
      self = .leaky
    } else {
      self = copies.contains(where: \.isCutShort) ? .faulted : .allowed
    }
  }

  /// The verdict of a copy.
  init(_ report: CopyReport) { self = StepMark([KeptCopy(report)]) ?? .done }
}
