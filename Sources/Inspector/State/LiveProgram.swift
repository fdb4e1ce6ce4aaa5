import Narration

/// A running program that makes the steps, as far as the screen shows it.
public struct LiveProgram: Sendable, Hashable {
  /// What it wants to do next, in words; nil while it runs or sleeps.
  public var wants: String?
  /// It sleeps in a call that nothing of the machine's own will end.
  public var isStuck: Bool

  /// A program that wants something, runs or sleeps.
  public init(wants: String? = nil, isStuck: Bool = false) {
    self.wants = wants
    self.isStuck = isStuck
  }

  /// How it stands, a sentence.
  func words(_ keymap: Keymap) -> String {
    guard let wants else { return isStuck ? ProgramWords.waits : ProgramWords.runs }
    let key = keymap.symbol(.next, in: .browse).map { ", with \($0)" } ?? ""
    return "Next\(key): \(wants)"
  }
}
