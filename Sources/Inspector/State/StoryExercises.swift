import Grid
import Narration
import Simulation
import Text

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
    let origin = asked?.from ?? from ?? session?.position ?? 0
    let state = ExerciseState(exercise: exercise, number: index + 1, count: count, from: origin)
    guard var machine = try? Session(script, at: exercise.step),
      var turn = asking(state, on: machine.world, keymap)
    else { return Turn(message: StatusMessage("the exercise cannot be asked", .error)) }
    // What was done by hand is put aside as it would be by another lesson.
    machine.opening = session?.handmade == 0 ? session?.opening ?? machine.opening : newOpening()
    if session?.handmade == 0 {
      machine.restore(bookmarks: session?.bookmarks ?? [], notes: session?.notes ?? [:])
    }
    isExercising = true
    // The question is asked on the lesson as written; what was done by hand can be undone to.
    if session?.handmade != 0 {
      turn.message = byHand(keymap) { $0 = machine }
    } else {
      session = machine
    }
    lastExercise = index
    asked = turn.edit == nil ? state : nil
    return turn
  }

  /// How an exercise is begun; nil when it cannot be.
  private func asking(_ asked: ExerciseState, on world: World, _ keymap: Keymap) -> Turn? {
    var turn = Turn(hasArrived: true)
    switch asked.exercise.task {
    case .copy:
      guard let draft = asked.exercise.openDraft(on: world),
        var edit = EditState(draft, on: world, replaces: false)
      else { return nil }
      edit.exercise = asked
      turn.edit = edit
    case .steps: break
    case .order, .number: turn.line = Self.answerLine
    }
    return turn
  }

  /// What a line begins with that hands a number or an order in.
  static let answerWord = "answer"
  private static let answerLine = answerWord + " "

  /// Has the copy judged; the question stays until it is left.
  mutating func handIn(_ edit: EditState, _ asked: ExerciseState, _ keymap: Keymap) -> Turn {
    var edit = edit
    let missing = asked.exercise.judge(world: edit.base, copy: edit.draft)
    edit.exercise?.answer = missing
    var turn = told(missing, asked, keymap, in: .edit)
    turn.edit = edit
    return turn
  }

  /// Has a number or an order judged that was typed.
  mutating func answer(_ text: String, _ keymap: Keymap) -> Turn {
    guard let asked, let world = exerciseWorld else {
      return .told(
        keymap.telling("no exercise asks for an answer here", [.exercise: "asks the next one"]))
    }
    let missing: [Exercise.Missing]
    switch asked.exercise.task {
    case .copy, .steps: return .told("this exercise is answered by making steps, not by an answer")
    case .number:
      guard let number = Number.signed(text) else {
        return again("an answer is a number, such as 24 or 0x18")
      }
      missing = asked.exercise.judge(world: world, number: number)
    case .order(let steps):
      // Digits, as there are never more than nine steps.
      let given = text.filter { !$0.isWhitespace && $0 != "," }.map { $0.wholeNumberValue ?? 0 }
      guard let order = asked.exercise.steps(inOrder: given) else {
        let numbers = (1...steps.count).reversed().map(String.init).joined(separator: " ")
        return again("an answer has each number once, such as \(numbers)")
      }
      missing = asked.exercise.judge(world: world, steps: order)
    }
    self.asked?.answer = missing
    var turn = told(missing, asked, keymap, in: .browse)
    if !missing.isEmpty { turn.line = Self.answerLine }
    return turn
  }

  private func again(_ words: String) -> Turn {
    Turn(message: StatusMessage(words, .warning), line: Self.answerLine)
  }

  /// The machine the exercise is asked on.
  private var exerciseWorld: World? {
    guard let asked, let script = session?.script else { return nil }
    return try? Session(script, at: asked.exercise.step).world
  }

  /// What the judge says of the steps made by hand so far.
  var stepsAnswer: [Exercise.Missing]? {
    guard let asked, let session, let world = exerciseWorld else { return nil }
    let made = session.fullScript.steps.prefix(session.position).filter { $0.origin == .byHand }
    return made.isEmpty ? nil : asked.exercise.judge(world: world, steps: made.map(\.action))
  }

  /// Has the steps judged that were made by hand, where an exercise asks for some.
  mutating func handInSteps(_ turn: inout Turn, _ keymap: Keymap) {
    guard let asked, asked.exercise.task.wantsSteps, !asked.isDone, let missing = stepsAnswer
    else { return }
    self.asked?.answer = missing
    turn.message = told(missing, asked, keymap, in: .browse).message
  }

  /// What is said of an answer, which is noted when it is accepted.
  private mutating func told(
    _ missing: [Exercise.Missing], _ asked: ExerciseState, _ keymap: Keymap, in scope: KeyScope
  ) -> Turn {
    if let first = missing.first {
      return Turn(
        message: StatusMessage("Not yet: \(ExerciseWords.sentence(first))", .denied))
    }
    solved.insert(asked.number - 1)
    revision += 1
    let all = solved.union(solvedBefore).filter { $0 < asked.count }.count
    let done = "Accepted: \(all) of \(asked.count) exercises done"
    let isLast = all == asked.count
    let words =
      isLast ? done : keymap.telling(done, [.exercise: "asks the next one"], in: scope)
    return Turn(message: StatusMessage(words, .allowed))
  }

  /// Tells one hint more of the exercise asked, or its solution.
  mutating func hint(_ keymap: Keymap) -> Turn {
    guard let world = exerciseWorld else {
      return .told(keymap.telling("hints belong to exercises", [.exercise: "asks one"]))
    }
    return asked?.tellMore(on: world).map { .told($0) } ?? Turn()
  }

  /// Leaves the exercise asked, back to the step the reader came from.
  mutating func leaveExercise(_ keymap: Keymap) -> Turn {
    guard let asked else {
      return .told(keymap.telling("there is no exercise to leave", [.help: "shows the keys"]))
    }
    self.asked = nil
    isExercising = false
    return session?.handmade == 0 ? stand(at: asked.from) : .arrived
  }
}

extension Exercise.Task {
  /// It is answered by making steps.
  var wantsSteps: Bool {
    if case .steps = self { true } else { false }
  }
}

extension EditState {
  /// The copy answers an exercise and was not handed in as it stands.
  var isUnanswered: Bool { exercise.map { $0.answer == nil } ?? false }

  /// Tells one hint more, or the solution.
  func hinted(_ keymap: Keymap) -> Turn {
    guard exercise != nil else {
      return .told(keymap.telling("hints belong to exercises", [.exercise: "asks one"], in: .edit))
    }
    var edit = self
    var turn = edit.exercise?.tellMore(on: base).map { .told($0) } ?? Turn()
    turn.edit = edit
    return turn
  }
}
