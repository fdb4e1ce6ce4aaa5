public import Simulation
import Text
import Usercopy

/// A playback as lines that can be read aloud: no boxes, no colours.
public struct Transcript: Sendable {
  let playback: Playback
  let trace: Bool
  let notes: Bool

  /// - Parameters:
  ///   - playback: what was played.
  ///   - trace: every predicate of every check too.
  ///   - notes: what only the lecturer sees too.
  public init(_ playback: Playback, trace: Bool = false, notes: Bool = false) {
    self.playback = playback
    self.trace = trace
    self.notes = notes
  }

  /// The lines, joined; nothing in them reaches a terminal unescaped.
  public var text: String {
    let script = playback.script
    var lines = [script.title, String(repeating: "=", count: script.title.count)]
    if !script.about.isEmpty { lines.append(script.about) }
    let kernel = script.configuration
    lines.append(
      "Judged by \(playback.era) on \(kernel.architecture.rawValue) with "
        + "\(kernel.allocator.rawValue).")
    for step in playback.steps { lines += [""] + Self.lines(step, trace: trace, notes: notes) }
    if !script.remember.isEmpty { lines += ["", "Remember: \(script.remember)"] }
    if !script.source.isEmpty { lines += ["Source: \(script.source)"] }
    for (index, exercise) in script.exercises.enumerated() {
      lines += [""] + ExerciseWords.lines(exercise, number: index + 1, hints: notes)
    }
    let missed = playback.steps.filter { !$0.misses.isEmpty }
    lines.append("")
    lines.append(
      missed.isEmpty
        ? "\(playback.steps.count) steps, every expectation held."
        : "\(missed.count) of \(playback.steps.count) steps did not do what was expected: "
          + missed.map { String($0.number) }.joined(separator: ", ") + ".")
    return lines.map(Printable.text).joined(separator: "\n")
  }

  /// One step's lines, not yet escaped.
  public static func lines(_ step: Playback.Step, trace: Bool, notes: Bool) -> [String] {
    let size = step.before.kernel.configuration.wordSize
    var lines = ["Step \(step.number): \(EventWords.action(step.script.action))"]
    if !step.script.say.isEmpty { lines.append("  \(step.script.say)") }
    if notes, !step.script.notes.isEmpty { lines.append("  Note: \(step.script.notes)") }
    for event in step.events {
      if let line = EventWords.line(event, size, threads: step.threadNames) {
        lines.append("  - \(line)")
      }
      if case .copied(let report) = event { lines += copy(report, step, trace) }
    }
    for miss in step.misses {
      lines.append(
        "  EXPECTED \(miss.field) \(miss.expected), got \(miss.got)"
          + (step.script.line > 0 ? " (line \(step.script.line))" : ""))
    }
    return lines
  }

  private static func copy(
    _ report: CopyReport, _ step: Playback.Step, _ trace: Bool
  ) -> [String] {
    var lines: [String] = []
    if let arithmetic = VerdictWords.arithmetic(report) { lines.append("    \(arithmetic)") }
    if let leak = VerdictWords.leak(report) { lines.append("    \(leak)") }
    lines += UnknownWords.lines(report.unknowns, step.before.kernel.configuration).map {
      "    \($0)"
    }
    if let unbuilt = VerdictWords.unbuilt(report.outcome) { lines.append("    \(unbuilt)") }
    if case .copy(let request) = step.script.action,
      let verdicts = try? step.before.comparison(request)
    {
      lines.append("    in every era: " + VerdictWords.eras(verdicts, on: step.before.kernel))
      let missing = Era.compared(with: step.before.era).map(\.id).filter { id in
        !verdicts.contains { $0.era == id }
      }
      if !missing.isEmpty {
        lines.append("    without this slab or function: " + missing.joined(separator: ", "))
      }
    }
    guard trace else { return lines }
    for line in TraceWords.lines(report.outcome) {
      let mark = line.mark == .decided ? "decides: " : ""
      let indent = String(repeating: "  ", count: line.depth)
      lines.append("    | \(indent)\(mark)\(line.text) \(line.result)")
    }
    return lines
  }
}
