import Grid
import Narration
import Simulation
import Text

/// Lessons as a handout in Markdown: what is said, the screens that matter, exercises, and solutions at the end.
struct HandoutText {
  let title: String
  let about: String
  let reels: [Reel]
  /// What the lecturer may say, too.
  let showsNotes: Bool

  /// The whole file.
  var text: String {
    var lines = ["# \(Self.plain(title))", ""]
    if !about.isEmpty { lines += [Self.plain(about), ""] }
    for (index, reel) in reels.enumerated() { lines += lesson(reel, number: index + 1) }
    return (lines + solutions).joined(separator: "\n") + "\n"
  }

  private func lesson(_ reel: Reel, number: Int) -> [String] {
    let script = reel.script
    var lines = ["## \(number). \(Self.plain(script.title))", "", Self.plain(script.about), ""]
    for (index, moment) in reel.moments.enumerated().dropFirst() {
      lines += moment.lines.prefix(1).map { "### \(Self.plain($0))\n" }
      lines += moment.lines.dropFirst().map(Self.listed) + [""]
      if showsNotes, !moment.notes.isEmpty { lines += ["> \(Self.plain(moment.notes))", ""] }
      let isLast = index == reel.moments.count - 1
      if moment.isKey || isLast, let screen = moment.views.first { lines += picture(screen) }
    }
    if !script.remember.isEmpty { lines += ["**Remember:** \(Self.plain(script.remember))", ""] }
    if !script.source.isEmpty { lines += ["Source: \(Self.plain(script.source))", ""] }
    for (index, exercise) in script.exercises.enumerated() {
      lines += ["**Exercise \(number).\(index + 1)** \(Self.plain(exercise.ask))", ""]
      let conditions =
        ExerciseWords.conditions(exercise) + ExerciseTaskWords.choices(exercise)
      lines += conditions.map { "- \(Self.plain($0))" } + [""]
    }
    return lines
  }

  /// What is said stands alone; what happened is a list.
  private static func listed(_ line: String) -> String {
    let text = plain(line.trimmingPrefix { $0 == " " }.description)
    return text.hasPrefix("- ") ? text : text + "\n"
  }

  private func picture(_ screen: Reel.View) -> [String] {
    ["```text"]
      + screen.grid.text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0) } + ["```", ""]
  }

  private var solutions: [String] {
    var lines: [String] = []
    for (index, reel) in reels.enumerated() {
      for (number, exercise) in reel.script.exercises.enumerated() {
        let steps = ExerciseTaskWords.solution(exercise)
        let answer = (steps + [exercise.because]).filter { !$0.isEmpty }.joined(separator: "; ")
        if !answer.isEmpty {
          lines.append("- **\(index + 1).\(number + 1)** \(Self.plain(answer))")
        }
      }
    }
    return lines.isEmpty ? [] : ["## Solutions", ""] + lines
  }

  /// Text without what Markdown would take for its own.
  private static func plain(_ text: String) -> String {
    var result = ""
    for character in Printable.text(text) {
      if "\\`*_<>[]#|".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
