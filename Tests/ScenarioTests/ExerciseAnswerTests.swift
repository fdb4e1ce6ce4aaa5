import Narration
import Scenario
import Simulation
import Testing
import Usercopy

/// Every exercise of every lesson has an answer that is accepted and answers that are not, found by the machine.
struct ExerciseAnswerTests {
  struct Asked: Sendable, CustomTestStringConvertible {
    var lesson: String
    var number: Int
    var exercise: Exercise
    var world: World
    var testDescription: String { "\(lesson) \(number)" }
  }

  static let all: [Asked] = LessonFiles.ids.flatMap { id -> [Asked] in
    guard let script = try? LessonFiles.script(id) else { return [] }
    return script.exercises.enumerated().compactMap { index, exercise in
      guard let world = try? ExerciseTests.world(script, after: exercise.step) else { return nil }
      return Asked(lesson: id, number: index + 1, exercise: exercise, world: world)
    }
  }

  @Test func thereAreEnoughOfEachKindInEveryChapter() {
    #expect(Self.all.count >= 60)
    func count(_ isWanted: (Exercise.Task) -> Bool) -> Int {
      Self.all.count { isWanted($0.exercise.task) }
    }
    #expect(count { if case .copy = $0 { true } else { false } } >= 30)
    #expect(count { if case .steps = $0 { true } else { false } } >= 15)
    #expect(count { if case .number = $0 { true } else { false } } >= 20)
    #expect(count { if case .order = $0 { true } else { false } } >= 2)
    let chapters = Dictionary(grouping: Lessons.all, by: \.chapter)
    for (chapter, lessons) in chapters {
      let ids = Set(lessons.map(\.id))
      #expect(Self.all.count { ids.contains($0.lesson) } >= 3, "\(chapter)")
    }
  }

  @Test(arguments: all)
  func itsSolutionIsAccepted(_ asked: Asked) throws {
    let exercise = asked.exercise
    if case .number = exercise.task {
      let number = try #require(exercise.number(on: asked.world))
      #expect(exercise.judge(world: asked.world, number: number) == [])
      return
    }
    #expect(!exercise.answer.isEmpty)
    #expect(exercise.judge(world: asked.world, steps: exercise.answer) == [])
  }

  @Test(arguments: all)
  func wrongAnswersAreRefusedWithAReason(_ asked: Asked) throws {
    let wrong = try wrongAnswers(asked)
    #expect(!wrong.isEmpty)
    for missing in wrong {
      #expect(!missing.isEmpty)
      for part in missing { #expect(ExerciseWords.sentence(part).hasSuffix(".")) }
    }
  }

  /// What the judge says of answers that are near the right one.
  private func wrongAnswers(_ asked: Asked) throws -> [[Exercise.Missing]] {
    let (exercise, world) = (asked.exercise, asked.world)
    switch exercise.task {
    case .copy:
      guard case .copy(var copy)? = exercise.answer.first else { return [] }
      copy.length = 0
      let draft = try #require(exercise.openDraft(on: world))
      return [copy, draft].map { exercise.judge(world: world, copy: $0) }
    case .steps:
      let half = Array(exercise.answer.dropLast())
      return [[], [.note], half].map { exercise.judge(world: world, steps: $0) }
    case .order(let steps):
      let actions = steps.map(\.action)
      let shown = exercise.shownSteps
      #expect(exercise.steps(inOrder: [1, 1, 1]) == nil && exercise.steps(inOrder: []) == nil)
      #expect(exercise.steps(inOrder: exercise.rightOrder) == actions && shown != actions)
      return [shown, actions.reversed(), [], actions.dropLast(), actions + [actions[0]]].map {
        exercise.judge(world: world, steps: $0)
      }
    case .number:
      let number = try #require(exercise.number(on: world))
      return [number + 1, number - 1].map { exercise.judge(world: world, number: $0) }
    }
  }

  /// A step more than is allowed, and the direction that the words ask for.
  @Test func theJudgeAsksForAllTheWordsSay() throws {
    for asked in Self.all {
      let exercise = asked.exercise
      if case .steps(let goal) = exercise.task {
        let many = [Action](repeating: .note, count: goal.most) + exercise.answer
        let missing = exercise.judge(world: asked.world, steps: many)
        #expect(missing == [.tooManySteps(many.count, limit: goal.most)], "\(asked)")
      }
      let words = exercise.ask.lowercased()
      guard case .copy = exercise.task, exercise.direction == nil else { continue }
      #expect(!exercise.deny.isEmpty || !exercise.reveals.isEmpty || exercise.leaks != nil)
      for word in ["read ", "write", "give away", "copy out"] where words.contains(word) {
        #expect(!exercise.reveals.isEmpty || exercise.leaks == true, "\(asked)")
      }
    }
  }

  @Test(arguments: all)
  func itHelpsAndFits(_ asked: Asked) {
    let exercise = asked.exercise
    #expect(!exercise.hints.isEmpty && !exercise.because.isEmpty)
    #expect(wrapped(exercise.ask, columns: 31).count <= 4)
    #expect(exercise.hints.allSatisfy { wrapped($0, columns: 31).count <= 4 })
    #expect(wrapped(exercise.because, columns: 31).count <= 5)
    #expect(!ExerciseWords.conditions(exercise).isEmpty)
  }

  /// The longest copy that passes is solved; trying every length finds the same.
  @Test(arguments: Era.all, [0, 8, 63]) func theLongestCopyIsTheLongest(era: Era, offset: Int)
    throws
  {
    for (entry, copy) in [
      ("copy_to_user", "from: x"), ("copy_to_user", "from: page"), ("copy_from_user", "to: x"),
      ("copy_to_user", "from: buf"), ("__copy_to_user", "constant: true, from: x"),
    ] {
      let text = """
        title: a
        kernel: {era: \(era.id)}
        steps:
        - alloc: {size: 64, as: x}
        - pages: {as: page, order: 0}
        - call: {function: f, locals: {buf: 32}}
        - user: {as: u, length: 200}
        - copy: {entry: \(entry), \(copy), offset: \(offset), length: 1}
        """
      let script = try ScenarioReader.read(text, file: "f", id: "f")
      let action = try #require(script.steps.last?.action)
      let world = try ExerciseTests.world(script, after: 4)
      var exercise = Exercise(ask: "")
      exercise.task = .number(.outcome(.most, of: action))
      guard case .copy(var copy) = action else { continue }
      var longest: UInt64 = 0
      for length in 1...600 as ClosedRange<UInt64> {
        copy.length = length
        let outcome = try world.kernel.judge(world.attempt(copy), under: world.era)
        if outcome.verdict == .allow, outcome.copied == length { longest = length }
      }
      let found = try #require(exercise.number(on: world))
      #expect(longest == 600 ? found >= 600 : found == Int64(longest), "\(entry) \(copy.place)")
    }
  }
}
