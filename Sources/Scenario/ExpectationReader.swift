import Simulation
import Usercopy
import Yams

/// Reads what a step should do.
enum ExpectationReader {
  static func read(_ node: Node, file: String) throws(Diagnostic) -> Expectation {
    let fields = try Fields(
      node, file: file, subject: "'expect'",
      known: ScenarioGrammar.expect.names)
    var expectation = Expectation(
      verdict: try fields.choice("verdict", of: Verdict.self), by: try fields.string("by"),
      notCopied: try fields.unsigned("not-copied"), copied: try fields.unsigned("copied"),
      returned: try fields.signed("returned"), log: try fields.string("log"),
      leaked: try fields.unsigned("leaked"))
    expectation.ret = try fields.signed("ret")
    expectation.errno = try fields.string("errno")
    expectation.why = try fields.string("why")
    expectation.blocked = try fields.bool("blocked")
    expectation.event = try fields.string("event")
    expectation.state = try fields.string("state")
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
