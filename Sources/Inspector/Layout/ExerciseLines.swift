import Grid
import Narration
import Simulation
import Text
import Usercopy

/// An exercise in the story pane: the question, what was said of the answer, hints, and what stands so far.
struct ExerciseLines {
  let asked: ExerciseState
  let context: PaneContext

  private var exercise: Exercise { asked.exercise }

  /// An exercise that is answered by a copy.
  func lines(_ width: Int, copy edit: EditState) -> [[Span]] {
    head(width) + copy(edit) + conditions(width) + keys(width, in: .edit)
  }

  /// An exercise that is answered on the `:` line.
  func lines(_ width: Int, in scope: KeyScope) -> [[Span]] {
    let choices = ExerciseTaskWords.choices(exercise)
    return head(width) + choices.flatMap { paragraph($0, .value, width) } + conditions(width)
      + keys(width, in: scope)
  }

  private func head(_ width: Int) -> [[Span]] {
    var lines = paragraph(
      "Exercise \(asked.number)/\(asked.count): \(exercise.ask)", .accent, width)
    if let answer = asked.answer {
      let words = ExerciseWords.summary(answer)
      lines +=
        answer.isEmpty
        ? paragraph("✔ Accepted. \(exercise.because)", .allowed, width)
        : paragraph("✘ " + words, .denied, width)
    }
    for hint in exercise.hints.prefix(asked.hints) {
      lines += paragraph("Hint: " + hint, .leaky, width)
    }
    for line in asked.solution ?? [] { lines += paragraph("Solution: " + line, .leaky, width) }
    return lines
  }

  private func copy(_ edit: EditState) -> [[Span]] {
    let copy = edit.draft
    let marks = edit.field == .start ? ("▸", " ") : (" ", "▸")
    let sign = copy.offset < 0 ? "" : "+"
    return [
      [Span(" \(copy.entry.rawValue)" + (copy.isConstant ? ", constant" : ""), .value, .bold)],
      [
        Span(marks.0, .accent, .bold), Span("start ", .label),
        Span("\(copy.place.spelling) \(sign)\(copy.offset)", .value, .bold),
      ],
      [
        Span(marks.1, .accent, .bold), Span("length ", .label),
        Span("\(copy.length)", .value, .bold),
      ],
    ]
  }

  private func conditions(_ width: Int) -> [[Span]] {
    paragraph(ExerciseWords.conditions(exercise).joined(separator: " "), .dim, width)
  }

  private func keys(_ width: Int, in scope: KeyScope) -> [[Span]] {
    let keymap = context.model.keymap
    func said(_ hints: KeyValuePairs<Command, String>) -> String? {
      let words = hints.compactMap { keymap.says($0.key, $0.value, in: scope) }
      return words.isEmpty ? nil : words.joined(separator: ", ") + "."
    }
    let words: String?
    if asked.isDone {
      words =
        asked.count > 1
        ? said([.exercise: "asks the next one", .cancel: "ends"]) : said([.cancel: "ends"])
    } else {
      switch exercise.task {
      case .copy:
        words = said([
          .field: "goes to the other number", .accept: "hands it in", .hint: "is a hint",
        ])
      case .steps: words = said([.command: "makes a step", .hint: "is a hint", .cancel: "ends"])
      case .order: words = answering("the numbers in order", said)
      case .number: words = answering("the number", said)
      }
    }
    return words.map { paragraph($0, .dim, width) } ?? []
  }

  /// What is typed, and how to the hints: while the line is open a letter is a letter.
  private func answering(
    _ what: String, _ said: (KeyValuePairs<Command, String>) -> String?
  ) -> String? {
    guard case .command = context.model.mode else {
      return said([.command: "then \(Story.answerWord) and \(what)", .hint: "is a hint"])
    }
    return ["Type \(what).", said([.cancel: "leaves the line"]), said([.hint: "is a hint then"])]
      .compactMap(\.self).joined(separator: " ")
  }

  private func paragraph(_ text: String, _ role: Role, _ width: Int) -> [[Span]] {
    text.isEmpty ? [] : wrap(text, width: width).map { [Span($0, role)] }
  }
}
