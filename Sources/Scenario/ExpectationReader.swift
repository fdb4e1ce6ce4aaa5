import Simulation
import Text
import Usercopy
import Yams

/// Reads what a step should do.
enum ExpectationReader {
  static func read(_ node: Node, file: String) throws(Diagnostic) -> Expectation {
    let fields = try Fields(
      node, file: file, subject: "'expect'",
      known: ScenarioGrammar.expect.names)
    var expectation = Expectation(
      verdict: try fields.choice("verdict", of: Verdict.self),
      by: try word("by", ExpectedWords.refusers, fields),
      notCopied: try fields.unsigned("not-copied"), copied: try fields.unsigned("copied"),
      returned: try fields.signed("returned"), log: try fields.string("log"),
      leaked: try fields.unsigned("leaked"))
    expectation.ret = try fields.signed("ret")
    expectation.errno = try word("errno", ExpectedWords.errors, fields)
    expectation.why = try reason(fields)
    expectation.blocked = try fields.bool("blocked")
    expectation.event = try word("event", ExpectedWords.events, fields)
    expectation.state = try word("state", ExpectedWords.states, fields)
    expectation.hostLog = try fields.string("host-log")
    if let text = try fields.string("consequence") {
      guard let consequence = Consequence(rawValue: text) else {
        throw fields.fail(
          "consequence", "'consequence' must be none, return, oops, livelock or sigkill")
      }
      expectation.consequence = consequence
    }
    if let eras = fields["eras"] {
      expectation.eras = try outcomes(eras, file: file)
    }
    if let holds = fields["holds"] { expectation.holds = try holding(holds, file: file) }
    return expectation
  }

  /// One of the words there are; a misspelt one would only fail when it is played.
  private static func word(
    _ key: String, _ known: [String], _ fields: Fields
  ) throws(Diagnostic) -> String? {
    guard let text = try fields.string(key) else { return nil }
    guard known.contains(text) else {
      throw fields.fail(
        key, "'\(text)' is no '\(key)'", Nearest.word(to: text, among: known), known: known)
    }
    return text
  }

  /// A reason; what stands behind a colon is the call's own.
  private static func reason(_ fields: Fields) throws(Diagnostic) -> String? {
    guard let text = try fields.string("why") else { return nil }
    let word = text.split(separator: ":", omittingEmptySubsequences: false)[0]
    let known = ExpectedWords.reasons
    guard known.contains(String(word)) else {
      throw fields.fail(
        "why", "'\(word)' is no 'why'", Nearest.word(to: String(word), among: known),
        known: known)
    }
    return text
  }

  /// Sees that what is expected can come of an action at all.
  static func check(_ node: Node, of action: Action, file: String) throws(Diagnostic) {
    let fields = try Fields(
      node, file: file, subject: "'expect'", known: ScenarioGrammar.expect.names)
    let (owner, keys) = ExpectedKeys.barred(of: action.word)
    guard let key = keys.first(where: fields.has) else { return }
    throw fields.fail(key, "'\(key)' comes of \(owner), not of '\(action.word.rawValue)'")
  }

  /// Outcomes by era; `all` stands for every era compared that is not named.
  private static func outcomes(_ node: Node, file: String) throws(Diagnostic)
    -> [String: Expectation.Outcome]
  {
    let known = Era.all.map(\.id)
    let compared = Era.compared.map(\.id)
    let fields = try Fields(
      node, file: file, subject: "'eras'", known: ScenarioGrammar.outcomes.names)
    let others = try fields.choice("all", of: Expectation.Outcome.self)
    var outcomes: [String: Expectation.Outcome] = [:]
    for era in known {
      outcomes[era] =
        try fields.choice(era, of: Expectation.Outcome.self)
        ?? (compared.contains(era) ? others : nil)
    }
    return outcomes
  }

  private static func holding(_ node: Node, file: String) throws(Diagnostic)
    -> Expectation.Holding
  {
    let fields = try Fields(
      node, file: file, subject: "'holds'", known: ScenarioGrammar.holds.names)
    return Expectation.Holding(
      place: Place(spelling: try fields.requiredString("at")),
      offset: try fields.signed("offset") ?? 0,
      text: try fields.requiredString("text"))
  }
}
