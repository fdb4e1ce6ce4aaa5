import Grid
import Narration
import Simulation

extension Model {
  /// Asks the next exercise of the lesson, on the machine of its step.
  mutating func nextExercise() {
    guard let script = session?.script, !script.exercises.isEmpty else {
      message = StatusMessage("this lesson has no exercises", .dim)
      return
    }
    guard prediction == nil else {
      message = StatusMessage(
        [
          keymap.says(.predict, "ends predicting") ?? "predicting has to end first",
          keymap.says(.exercise, "asks").map { "then \($0)" },
        ].compactMap(\.self).joined(separator: "; "), .dim)
      return
    }
    let count = script.exercises.count
    let index = lastExercise.map { ($0 + 1) % count } ?? 0
    let exercise = script.exercises[index]
    guard let session = try? Session(script, at: exercise.step),
      let draft = exercise.openDraft(on: session.world),
      let report = Self.report(draft, on: session.world)
    else {
      message = StatusMessage("the exercise cannot be asked", .error)
      return
    }
    let from = askedFrom ?? self.session?.position ?? 0
    // The question is asked on the lesson as written; what was done by hand can be undone to.
    if self.session?.handmade != 0 { byHand { $0 = session } } else { self.session = session }
    lastExercise = index
    arrived()
    var state = EditState(draft: draft, base: session.world, report: report, replaces: false)
    state.exercise = ExerciseState(
      exercise: exercise, number: index + 1, count: count, from: from)
    mode = .edit(state)
  }

  /// Where the reader was before the exercise that is being asked.
  private var askedFrom: Int? {
    if case .edit(let state) = mode { state.exercise?.from } else { nil }
  }

  /// Tells one hint more.
  mutating func hint(_ state: EditState) {
    var state = state
    guard var asked = state.exercise else {
      message = StatusMessage(
        keymap.telling("hints belong to exercises", [.exercise: "asks one"], in: .edit), .dim)
      return
    }
    if asked.hints == asked.exercise.hints.count {
      message = StatusMessage(asked.hints == 0 ? "there are no hints" : "that was all", .dim)
    }
    asked.hints = min(asked.hints + 1, asked.exercise.hints.count)
    asked.answer = nil
    state.exercise = asked
    mode = .edit(state)
  }

  /// Has the copy judged; the question stays until it is left.
  mutating func handIn(_ state: EditState, _ asked: ExerciseState) {
    var state = state
    let missing = asked.exercise.judge(world: state.base, copy: state.draft)
    state.exercise?.answer = missing
    mode = .edit(state)
    guard let first = missing.first else {
      solved.insert(asked.number - 1)
      message = StatusMessage(
        keymap.telling(
          "Accepted: \(solved.count) of \(asked.count) exercises done", [.exercise: "goes on"],
          in: .edit), .allowed)
      return
    }
    message = StatusMessage("Not yet: \(ExerciseWords.sentence(first))", .denied)
  }
}
