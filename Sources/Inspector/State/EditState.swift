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

  /// A draft with its outcome, on the machine it would be made on.
  public init(
    draft: Action.Copy, base: World, report: CopyReport, replaces: Bool, isTrial: Bool = false
  ) {
    self.draft = draft
    self.base = base
    self.report = report
    self.replaces = replaces
    self.isTrial = isTrial
  }
}
