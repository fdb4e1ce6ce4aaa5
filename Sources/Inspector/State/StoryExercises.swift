import Grid
import Narration
import Simulation

/// The exercises of the lesson.
extension Story {
  /// Asks the next exercise of the lesson, on the machine of its step.
  ///
  /// - Parameter from: the step the reader was at before the exercise asked now; nil when none is.
  mutating func nextExercise(from: Int?, _ keymap: Keymap) -> Turn {
    guard let script = session?.script, !script.exercises.isEmpty else {
      return .told("this lesson has no exercises")
    }
    guard session?.prediction == nil else {
      return .told(
        [
          keymap.says(.predict, "ends predicting") ?? "predicting has to end first",
          keymap.says(.exercise, "asks").map { "then \($0)" },
        ].compactMap(\.self).joined(separator: "; "))
    }
    let count = script.exercises.count
    let index = lastExercise.map { ($0 + 1) % count } ?? 0
    let exercise = script.exercises[index]
    guard var asked = try? Session(script, at: exercise.step),
      let draft = exercise.openDraft(on: asked.world),
      var edit = EditState(draft, on: asked.world, replaces: false)
    else { return Turn(message: StatusMessage("the exercise cannot be asked", .error)) }
    // What was done by hand is put aside as it would be by another lesson.
    asked.opening = session?.handmade == 0 ? session?.opening ?? asked.opening : newOpening()
    let origin = from ?? session?.position ?? 0
    // The question is asked on the lesson as written; what was done by hand can be undone to.
    var refusal: StatusMessage?
    if session?.handmade != 0 { refusal = byHand(keymap) { $0 = asked } } else { session = asked }
    lastExercise = index
    edit.exercise = ExerciseState(
      exercise: exercise, number: index + 1, count: count, from: origin)
    return Turn(message: refusal, hasArrived: true, edit: edit)
  }

  /// Has the copy judged; the question stays until it is left.
  mutating func handIn(_ edit: EditState, _ asked: ExerciseState, _ keymap: Keymap) -> Turn {
    var edit = edit
    let missing = asked.exercise.judge(world: edit.base, copy: edit.draft)
    edit.exercise?.answer = missing
    if let first = missing.first {
      let words = "Not yet: \(ExerciseWords.sentence(first))"
      return Turn(message: StatusMessage(words, .denied), edit: edit)
    }
    solved.insert(asked.number - 1)
    revision += 1
    let words = keymap.telling(
      "Accepted: \(solved.count) of \(asked.count) exercises done", [.exercise: "goes on"],
      in: .edit)
    return Turn(message: StatusMessage(words, .allowed), edit: edit)
  }
}

extension EditState {
  /// Tells one hint more.
  func hinted(_ keymap: Keymap) -> Turn {
    guard var asked = exercise else {
      return .told(keymap.telling("hints belong to exercises", [.exercise: "asks one"], in: .edit))
    }
    var turn = Turn()
    if asked.hints == asked.exercise.hints.count {
      turn = .told(asked.hints == 0 ? "there are no hints" : "that was all")
    }
    asked.hints = min(asked.hints + 1, asked.exercise.hints.count)
    asked.answer = nil
    var edit = self
    edit.exercise = asked
    turn.edit = edit
    return turn
  }
}
