public import Simulation
public import Usercopy

/// A copy being edited and how it would come out.
public struct EditState: Sendable {
  /// The copy as it stands.
  public var draft: Action.Copy
  /// The machine the copy would be made on.
  public var base: World
  /// How the draft would come out on that machine.
  public var report: CopyReport
  /// The step that led here is replaced on Enter; else a new one is inserted.
  public var replaces: Bool
  /// The copy is a call's: it is only tried, for it goes with the call.
  public let isTrial: Bool
  /// The machine's build when it is another one than the session's.
  public var configuration: Configuration?
  /// The exercise the copy is to answer; nil for free editing.
  public var exercise: ExerciseState?
  /// What typed digits change, and the digits so far.
  public var field = Field.start
  /// The digits typed so far.
  public var typed = ""

  /// A number of the form.
  public enum Field: Sendable, Hashable {
    case start
    case length
  }

  /// A draft on the machine it would be made on; nil when it cannot be judged there.
  ///
  /// - Parameter name: what it starts in, when the copy itself only has the address.
  init?(
    _ draft: Action.Copy, on base: World, replaces: Bool, isTrial: Bool = false,
    name: String? = nil
  ) {
    guard let report = Self.report(draft, on: base, name: name) else { return nil }
    (self.draft, self.base, self.report) = (draft, base, report)
    (self.replaces, self.isTrial) = (replaces, isTrial)
  }

  /// How a copy would come out, without making it; nil when it names what is not there.
  ///
  /// - Parameter name: what it starts in, when the copy itself only has the address.
  static func report(
    _ draft: Action.Copy, on base: World, name: String? = nil
  ) -> CopyReport? {
    guard let attempt = try? base.attempt(draft) else { return nil }
    let outcome = base.kernel.judge(attempt, under: base.era)
    return CopyReport(
      outcome: outcome, place: name ?? draft.place.spelling, offset: draft.offset,
      on: base.kernel)
  }

  /// Judges the draft as it stands; false, and nothing else, when it cannot be.
  mutating func judge() -> Bool {
    let name = isTrial ? report.place : nil
    guard let report = Self.report(draft, on: base, name: name) else { return false }
    self.report = report
    exercise?.answer = nil
    return true
  }
}

// MARK: Beginning

extension EditState {
  /// Why there is nothing to edit.
  enum Nothing: Error {
    /// No object and no local stands to be copied.
    case noPlace
    /// The copy names what is not there.
    case unknownPlace
  }

  /// The copy shown, the copy to come, or a new one of the newest object.
  init(of session: Session) throws(Nothing) {
    guard let edit = try Self.first(session) else { throw .unknownPlace }
    self = edit
  }

  private static func first(_ session: Session) throws(Nothing) -> EditState? {
    if let shown = session.shownCopy {
      let isTrial = shown.report.scene != nil
      return EditState(
        shown.request, on: shown.before, replaces: true, isTrial: isTrial,
        name: isTrial ? shown.report.place : nil)
    }
    if case .copy(let coming)? = session.next?.action {
      return EditState(coming, on: session.world, replaces: false)
    }
    guard let place = newestPlace(session.world) else { throw .noPlace }
    return EditState(
      Action.Copy(entry: .copyToUser, place: place.place, length: place.size),
      on: session.world, replaces: false)
  }

  private static func newestPlace(_ world: World) -> (place: Place, size: UInt64)? {
    let objects = world.names.filter { $0.value.kind != .user && $0.value.isLive }
    if let newest = objects.max(by: { $0.value.address < $1.value.address }) {
      return (.named(newest.key), newest.value.size)
    }
    return world.kernel.currentStack.frames.last?.locals.first.map {
      (.named($0.name), $0.size)
    }
  }
}
