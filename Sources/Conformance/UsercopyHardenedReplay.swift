public import JSON
import Usercopy

/// Replays a recording of hardened usercopy (`linux-…` policies) on a simulated kernel.
public enum UsercopyHardenedReplay {
  /// Why a line is no vector of this kind.
  public enum Failure: Error, Equatable, Sendable {
    case missing(String)
    case unknown(String, String)
  }

  /// Rebuilds the region the vector describes, makes its copy, and compares what is recorded:
  /// verdict, who refused, fatal, message, warning, assertion, bytes not copied and aftermath.
  public static func check(_ vector: JSONValue) throws(Failure) -> [Mismatch] {
    guard let policy = vector["policy"]?.string else { throw .missing("policy") }
    guard let era = Era.policy(policy) else { throw .unknown("policy", policy) }
    guard let expect = vector["expect"]?.object else { throw .missing("expect") }
    var scene = try UsercopyScene(vector, era: era)
    let outcome = scene.kernel.copy(scene.attempt, under: era)
    let got = expectation(outcome)
    return expect.members.compactMap { key, wanted in
      guard let mine = got[key], mine != wanted, isKnown(key, mine, outcome) else { return nil }
      // A message that holds an address differs from boot to boot and is left out of recordings.
      if key == "message", expect["message_has_address"] == .bool(true) { return nil }
      return Mismatch(place: "expect.\(key)", expected: wanted.text, got: mine.text)
    }
  }

  /// Source lines are compared where they are known for the release.
  private static func isKnown(_ key: String, _ mine: JSONValue, _ outcome: CopyOutcome) -> Bool {
    key != "bug_at" || !mine.isNull || outcome.verdict == .allow
  }

  /// The fields of `expect`, from the simulation.
  static func expectation(_ outcome: CopyOutcome) -> JSONObject {
    // Recordings tell what the check made of the kernel's side; a bad user range is no verdict to them.
    let refuser = outcome.refuser == .accessOK ? nil : outcome.refuser
    let refused = outcome.verdict != .allow && outcome.refuser != .accessOK
    let survives = outcome.consequence == .none || outcome.consequence == .returnCount
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    let left = outcome.isCheckOnly || !survives ? nil : outcome.notCopied
    let warning = outcome.usedUpWarning ? outcome.warnings.first : nil
    let message = outcome.log.first { $0.hasPrefix("usercopy: ") }
    return JSONObject([
      ("verdict", .string(refused ? "deny" : "allow")),
      ("by", text(refuser?.rawValue)),
      ("fatal", .bool(refused && outcome.isFatal)),
      ("not_copied", left.map { .unsigned($0) } ?? .null),
      ("message", text(message)),
      ("warn", text(warning)),
      ("warning", text(warning)),
      ("bug_at", text(refused ? outcome.bugAt : nil)),
      ("aftermath", text(outcome.aftermath)),
    ])
  }
}
