import Grid
import Narration
import Usercopy

extension VerdictWords {
  /// A verdict in a sign and a word. What passed and let out what it should not is not ticked off, and
  /// neither is what faulted after the check had agreed.
  static func signed(_ outcome: CopyOutcome, leaked: UInt64) -> Span {
    let word = short(outcome, leaked: leaked)
    if outcome.verdict != .allow { return Span("✘ \(word)", .denied) }
    if outcome.movedNothing { return Span("– \(word)", .dim) }
    return leaked > 0 ? Span("~ \(word)", .leaky) : Span("✔ \(word)", .allowed)
  }
}
