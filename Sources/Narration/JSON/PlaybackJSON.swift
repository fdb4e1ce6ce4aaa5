public import JSON
public import Simulation
import Text
import Usercopy

/// A playback as JSON with stable keys.
public enum PlaybackJSON {
  /// `{"id", "title", "era", "held", "steps", "exercises"}`, and `"drivers"` where two are compared.
  ///
  /// A step has `"step"`, `"action"`, `"events"`, `"misses"` and `"copies"`: all copies it made, in order.
  /// - Parameters:
  ///   - playback: what was played.
  ///   - drivers: what two versions of the driver answered, where they were compared.
  ///   - trace: whether each copy has its `"trace"`, line by line.
  public static func value(
    _ playback: Playback, trace: Bool, drivers: DriverComparison? = nil
  ) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("id", .string(playback.script.id)), ("title", .string(playback.script.title)),
      ("era", .string(playback.era)), ("held", .bool(playback.held)),
      ("steps", .array(playback.steps.map { step($0, trace: trace) })),
      ("exercises", .array(playback.script.exercises.map(exercise))),
    ]
    if let drivers { members.append(("drivers", DriversJSON.value(drivers))) }
    return JSONValue(members)
  }

  private static func exercise(_ exercise: Exercise) -> JSONValue {
    JSONValue([
      ("ask", .string(exercise.ask)), ("step", JSONValue(max(0, exercise.step))),
      ("allow", JSONValue(exercise.allow)), ("deny", JSONValue(exercise.deny)),
      ("conditions", JSONValue(ExerciseWords.conditions(exercise))),
    ])
  }

  private static func step(_ step: Playback.Step, trace: Bool) -> JSONValue {
    JSONValue(members(step, trace: trace))
  }

  /// What is told of a step.
  public static func members(
    _ step: Playback.Step, trace: Bool
  ) -> [(key: String, value: JSONValue)] {
    let size = step.before.kernel.configuration.wordSize
    let events = step.events.compactMap { EventWords.line($0, size, threads: step.threadNames) }
    return [
      ("step", JSONValue(step.number)), ("action", .string(EventWords.action(step.script.action))),
      ("events", JSONValue(events)), ("misses", .array(step.misses.map(miss))),
      ("copies", .array(step.events.compactMap { copy($0, step, trace: trace) })),
    ]
  }

  private static func miss(_ miss: Expectation.Miss) -> JSONValue {
    JSONValue([
      ("field", .string(miss.field)), ("expected", .string(miss.expected)),
      ("got", .string(miss.got)),
    ])
  }

  /// The copy that an event tells of; nil for other events.
  private static func copy(_ event: Event, _ step: Playback.Step, trace: Bool) -> JSONValue? {
    guard case .copied(let report) = event else { return nil }
    let outcome = report.outcome
    let machine = step.before.kernel.configuration
    var members: [(key: String, value: JSONValue)] = [
      ("entry", .string(outcome.attempt.entry.rawValue)),
      ("address", .string("0x" + outcome.attempt.kernel.hex())),
      ("length", .unsigned(outcome.attempt.length)),
      ("verdict", .string(outcome.verdict.rawValue)),
      ("by", JSONValue(outcome.refuser?.rawValue)),
      ("consequence", .string(outcome.consequence.rawValue)),
      ("not_copied", JSONValue(outcome.notCopied)), ("copied", .unsigned(outcome.copied)),
      ("own", .unsigned(report.effect.own)), ("leaked", .unsigned(report.effect.leaked)),
      ("harmed", .unsigned(report.effect.harmed)),
      ("cleared", .unsigned(report.effect.clearedBytes)),
      ("untouched", .unsigned(report.effect.untouched)),
      ("not_caught", JSONValue(VerdictWords.leak(report))),
      ("not_told", JSONValue(UnknownWords.lines(report.unknowns, machine))),
      ("log", JSONValue(outcome.log)),
    ]
    if trace {
      let lines = TraceWords.lines(outcome).map { "\($0.text) \($0.result)" }
      members.append(("trace", JSONValue(lines)))
    }
    return JSONValue(members)
  }
}
