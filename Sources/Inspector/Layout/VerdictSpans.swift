import Grid
import Narration
import Usercopy

extension VerdictWords {
  /// A verdict in a sign and a word. What passed and let out what it should not is not ticked off, and
  /// neither is what faulted after the check had agreed.
  static func signed(_ outcome: CopyOutcome, _ effect: CopyEffect) -> Span {
    let word = short(outcome, effect)
    if outcome.verdict != .allow { return Span("✘ \(word)", .denied) }
    if effect.toll > 0 { return Span("~ \(word)", .leaky) }
    return outcome.isCutShort ? Span("– \(word)", .dim) : Span("✔ \(word)", .allowed)
  }

  /// What an era's word leaves open: who refused, how many bytes went or stayed.
  static func remark(_ outcome: CopyOutcome, _ effect: CopyEffect) -> String {
    let toll = effect.toll > 0 ? ValueWords.bytes(effect.toll) + " not its own" : nil
    if outcome.verdict != .allow {
      return [toll, briefRefuser(outcome)].compactMap(\.self).joined(separator: ", ")
    }
    if let toll { return toll }
    return outcome.isCutShort && outcome.copied > 0 ? ValueWords.bytes(outcome.copied) : ""
  }
}
