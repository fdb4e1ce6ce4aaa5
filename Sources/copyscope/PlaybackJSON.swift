import Conformance
import Narration
import Simulation
import Usercopy

/// A playback as JSON with stable keys.
enum PlaybackJSON {
  static func text(_ playback: Playback, trace: Bool, drivers: DriverComparison?) -> String {
    var members: [(key: String, value: JSONValue)] = [
      ("id", .string(playback.script.id)), ("title", .string(playback.script.title)),
      ("era", .string(playback.era)), ("held", .bool(playback.held)),
      ("steps", .array(playback.steps.map { step($0, trace: trace) })),
      ("exercises", .array(playback.script.exercises.map(exercise))),
    ]
    if let drivers { members.append(("drivers", DriversJSON.value(drivers))) }
    return object(members).text
  }

  private static func exercise(_ exercise: Exercise) -> JSONValue {
    func texts(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }
    return object([
      ("ask", .string(exercise.ask)), ("step", .unsigned(UInt64(max(0, exercise.step)))),
      ("allow", texts(exercise.allow)), ("deny", texts(exercise.deny)),
      ("conditions", texts(ExerciseWords.conditions(exercise))),
    ])
  }

  static func object(_ members: [(key: String, value: JSONValue)]) -> JSONValue {
    .object(JSONObject(members))
  }

  private static func step(_ step: Playback.Step, trace: Bool) -> JSONValue {
    object(members(step, trace: trace))
  }

  /// What is told of a step.
  static func members(
    _ step: Playback.Step, trace: Bool
  ) -> [(key: String, value: JSONValue)] {
    let size = step.before.kernel.configuration.wordSize
    var members: [(key: String, value: JSONValue)] = [
      ("step", .unsigned(UInt64(step.number))),
      ("action", .string(EventWords.action(step.script.action))),
      (
        "events",
        .array(
          step.events.compactMap { EventWords.line($0, size, threads: step.threadNames) }
            .map { .string($0) })
      ),
      (
        "misses",
        .array(
          step.misses.map { miss in
            object([
              ("field", .string(miss.field)), ("expected", .string(miss.expected)),
              ("got", .string(miss.got)),
            ])
          })
      ),
    ]
    for case .copied(let report) in step.events {
      members.append(("copy", copy(report, trace: trace)))
    }
    return members
  }

  private static func copy(_ report: CopyReport, trace: Bool) -> JSONValue {
    let outcome = report.outcome
    func optional(_ value: UInt64?) -> JSONValue { value.map { .unsigned($0) } ?? .null }
    var members: [(key: String, value: JSONValue)] = [
      ("entry", .string(outcome.attempt.entry.rawValue)),
      ("address", .string("0x" + outcome.attempt.kernel.hex())),
      ("length", .unsigned(outcome.attempt.length)),
      ("verdict", .string(outcome.verdict.rawValue)),
      ("by", outcome.refuser.map { .string($0.rawValue) } ?? .null),
      ("consequence", .string(outcome.consequence.rawValue)),
      ("not_copied", optional(outcome.notCopied)), ("copied", .unsigned(outcome.copied)),
      ("leaked", .unsigned(report.leaks.reduce(0) { $0 &+ $1.length })),
      ("log", .array(outcome.log.map { .string($0) })),
    ]
    if trace {
      members.append(
        ("trace", .array(TraceWords.lines(outcome).map { .string("\($0.text) \($0.result)") })))
    }
    return object(members)
  }
}
