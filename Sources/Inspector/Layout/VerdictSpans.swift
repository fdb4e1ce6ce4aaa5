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

  /// What an era's word leaves open, the longest form first: who refused, how many bytes went or stayed.
  static func remarks(_ outcome: CopyOutcome, _ effect: CopyEffect) -> [String] {
    let toll = effect.toll > 0 ? ValueWords.bytes(effect.toll) : nil
    let foreign = toll.map { $0 + " not its own" }
    if outcome.verdict != .allow {
      let refuser = briefRefuser(outcome)
      guard let toll, let foreign else { return [refuser] }
      return ["\(foreign), \(refuser)", foreign, toll]
    }
    if let toll, let foreign { return [foreign, toll] }
    guard outcome.isCutShort, outcome.copied > 0 else { return [] }
    return [ValueWords.bytes(outcome.copied)]
  }
}
