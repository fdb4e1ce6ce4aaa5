import Grid
import Scenario
import Simulation
import Support
import Testing
import Usercopy

@testable import Inspector

/// Predicting: what is asked, how it is scored, and that nothing tells the answer before.
struct PredictionTests {
  private static let lessons = [
    "past-the-end", "slack", "stack-buffer", "slab-bug-on", "endless-walk", "gadget-hello",
    "gadget-errors", "gadget-blocked", "gadget-unchecked", "gadgetfs-beside", "usb-meets-usercopy",
  ]

  /// Answers every question by `choose`, up to the lesson's end; how many were asked.
  private func play(
    _ model: inout Model, _ choose: (PredictState, [Prediction.Guess]) -> Int
  ) throws -> Int {
    var asked = 0
    for _ in 0..<400 {
      guard case .predict(let state) = model.mode else {
        if model.session?.position == model.session?.count { break }
        try Fixtures.press(Key(.character("n")), &model)
        continue
      }
      asked += 1
      let session = try #require(model.session)
      let action = try #require(session.next?.action)
      let outcomes = Prediction.outcomes(action, on: session.world)
      let truth = outcomes.filter { $0.part == state.part }.map(\.outcome)
      #expect(truth.count == 1 && state.choices.contains(truth[0]), "\(truth)")
      let digit = Unicode.Scalar(UInt8(ascii: "1") + UInt8(choose(state, truth)))
      try Fixtures.press(Key(.character(digit)), &model)
    }
    return asked
  }

  private func rightChoice(_ state: PredictState, _ truth: [Prediction.Guess]) -> Int {
    state.choices.firstIndex(of: truth[0]) ?? 0
  }

  private func wrongChoice(_ state: PredictState, _ truth: [Prediction.Guess]) -> Int {
    state.choices.firstIndex { $0 != truth[0] } ?? 0
  }

  /// Titles and descriptions often are the answer: they wait for the end.
  @Test(arguments: Lessons.all.map(\.id))
  func titleAndDescriptionWaitForTheEnd(lesson: String) throws {
    var model = try Fixtures.model(lesson, keys: "P")
    let script = try Fixtures.script(lesson)
    func isTold(_ model: Model) -> Bool {
      let (frame, position) = (view(model), SharedPosition(of: model))
      let header = frame.grid.text.prefix { $0 != "\n" }
      let about = script.about.prefix(24)
      let isAboutTold =
        model.session?.position == 0
        && (frame.grid.text.contains(about) || position.say.contains(about))
      return frame.title?.contains(script.title) == true || position.title == script.title
        || header.contains(script.title.prefix(12)) || isAboutTold
    }
    for _ in 0..<400 where model.session?.position != model.session?.count {
      if model.session?.position.isMultiple(of: 5) == true { #expect(!isTold(model)) }
      let isAsking = if case .predict = model.mode { true } else { false }
      try Fixtures.press(Key(.character(isAsking ? "1" : "n")), &model)
    }
    #expect(model.session?.position == model.session?.count && isTold(model))
  }

  @Test(arguments: Lessons.all.map(\.id))
  func everyCopyAndCallIsAskedOnceAndCounted(lesson: String) throws {
    var model = try Fixtures.model(lesson, keys: "P")
    var random = SplitMix(text: lesson)
    var right = 0
    let asked = try play(&model) { state, truth in
      let index = Int.random(in: 0..<state.choices.count, using: &random)
      if state.choices[index] == truth[0] { right += 1 }
      return index
    }
    let steps = try Fixtures.script(lesson).steps
    let copies = steps.count { if case .copy = $0.action { true } else { false } }
    let calls = steps.count { step in
      switch step.action {
      case .ioctl, .gadgetfs: true
      default: false
      }
    }
    #expect(asked >= copies + 2 * calls && copies + calls > 0)
    let prediction = try #require(model.session?.prediction)
    #expect(prediction.right.count == right && prediction.wrong.count == asked - right)
    #expect(model.session?.bookmarks == Set(prediction.wrong.map(\.step)))
    #expect(view(model).grid.text.contains(" right."))
  }

  @Test(arguments: lessons)
  func wrongAnswersAreAskedAgainUntilTheyAreRight(lesson: String) throws {
    var model = try Fixtures.model(lesson, keys: "P")
    let asked = try play(&model, wrongChoice)
    #expect(
      model.session?.prediction?.wrong.count == asked
        && model.session?.prediction?.right.isEmpty == true)
    try Fixtures.press(Key(.character("n")), &model)
    guard case .predict = model.mode else {
      Issue.record("nothing is asked again")
      return
    }
    var again = 0
    while case .predict(let state) = model.mode, again <= asked {
      again += 1
      let session = try #require(model.session)
      let action = try #require(session.next?.action)
      let truth = Prediction.outcomes(action, on: session.world).filter { $0.part == state.part }
      let index = rightChoice(state, truth.map(\.outcome))
      let digit = Unicode.Scalar(UInt8(ascii: "1") + UInt8(index))
      try Fixtures.press(Key(.character(digit)), &model)
      if case .browse = model.mode { try Fixtures.press(Key(.character("n")), &model) }
    }
    #expect(again == asked)
    let prediction = try #require(model.session?.prediction)
    #expect(prediction.wrong.isEmpty && prediction.mended.count == asked)
    #expect(prediction.summary(Keymap()).contains("\(asked) more when asked again"))
  }

  @Test func leavingAQuestionKeepsItOpen() throws {
    var model = try Fixtures.model("gadget-hello", keys: "P n n 2 Escape")
    #expect(model.session?.position == 1 && model.session?.prediction?.right.isEmpty == true)
    try Fixtures.press(Key(.character("n")), &model)
    guard case .predict(let state) = model.mode else {
      Issue.record("nothing is asked")
      return
    }
    #expect(state.part == .copies)
  }

  @Test(arguments: lessons)
  func nothingLeadsPastAnOpenQuestion(lesson: String) throws {
    for keys in ["G", "]", "] ] ]", ": \"99\" Enter", "R", "X", "e", "Enter", "n Escape G"] {
      let model = try Fixtures.model(lesson, keys: "P " + keys)
      let session = try #require(model.session)
      for (index, step) in session.fullScript.steps.prefix(session.position).enumerated() {
        let world = try Session(session.script, at: index).world
        #expect(Prediction.outcomes(step.action, on: world).isEmpty, "\(keys), step \(index + 1)")
      }
    }
  }

  /// Two stories that differ only in how the step to be predicted comes out must look the same
  /// until it is predicted, whatever is pressed.
  @Test(arguments: LessonPairs.all)
  func theAnswerIsNowhereOnTheScreen(pair: LessonPairs.Pair) throws {
    let keys = Keymap.standard.filter { $0.scopes.contains(.browse) && $0.command != .predict }
      .flatMap(\.keys).filter { $0.code != .enter }
    var random = SplitMix(text: pair.lesson)
    for round in 0..<2 {
      let pressed = (0..<8).compactMap { _ in keys.randomElement(using: &random) }
      let size = round % 2 == 0 ? (80, 24) : (160, 50)
      let pictures = [pair.first, pair.second].map { frames($0, pair.step, pressed, size) }
      let places = pictures[0].indices.filter { pictures[0][$0] != pictures[1][$0] }
      guard let place = places.first else { continue }
      Issue.record("step \(pair.step + 1), \(pressed.prefix(place)):\n\(pictures[0][place].text)")
      return
    }
  }

  /// Words and signs that tell how a copy came out.
  private static let telling = [
    "ALLOWED", "DENIED", "BUG", "SIGKILL", "HANG", "refuse", "denied", "leak", "✔", "✘", "~ ",
    "returns", "not copied",
  ]

  /// What the steps to come add to the screen: nothing that tells how they come out. The same story
  /// with nothing done behind the step shown has all that may be told already.
  @Test(arguments: Lessons.all.map(\.id))
  func stepsToComeTellNothing(lesson: String) throws {
    let script = try Fixtures.script(lesson)
    for step in script.steps.indices {
      var cut = script
      for index in step..<cut.steps.count { cut.steps[index] = ScriptStep(action: .note) }
      let size = step.isMultiple(of: 2) ? (80, 24) : (120, 36)
      let told = Set(try rows(cut, step, size).dropLast())
      let shown = try rows(script, step, size)
      for row in shown.dropLast() where !told.contains(row) {
        // The line that names the next action may name what is copied, not how it goes.
        let word = Self.telling.first { row.contains($0) }
        #expect(word == nil, "\(lesson), before step \(step + 1): \(row)")
      }
      let ahead = shown.last?.split(separator: "]").last ?? ""
      #expect(!ahead.contains { "✔✘~".contains($0) }, "\(lesson), step \(step + 1): \(ahead)")
    }
  }

  /// The rows of a screen while predicting, each pane's part of them on its own.
  private func rows(_ script: Script, _ step: Int, _ size: (Int, Int)) throws -> [String] {
    var model = Model(lessons: [], width: size.0, height: size.1)
    model.open(script)
    _ = model.update(.key(Key(.character("P"))))
    model.session?.seek(step)
    model.message = nil
    let lines = view(model).grid.text.split(separator: "\n").map(String.init)
    return lines.dropLast().flatMap { $0.split(separator: "│").map(String.init) }
      + [lines.last ?? ""]
  }

  private func frames(_ script: Script, _ step: Int, _ keys: [Key], _ size: (Int, Int)) -> [Grid] {
    var model = Model(lessons: Fixtures.items, width: size.0, height: size.1)
    model.open(script)
    _ = model.update(.key(Key(.character("P"))))
    model.session?.seek(step)
    if model.memory.chosen == .map, model.story.question != nil { model.memory.chosen = nil }
    return [view(model).grid]
      + keys.map { key in
        _ = model.update(.key(key))
        return view(model).grid
      }
  }
}

/// Lessons twice, one step made to come out otherwise without a word of it changed.
enum LessonPairs {
  struct Pair: Sendable, CustomTestStringConvertible {
    var lesson: String
    /// Steps before the one that differs.
    var step: Int
    var first: Script
    var second: Script
    var testDescription: String { "\(lesson), step \(step + 1)" }
  }

  static let all: [Pair] = Lessons.all.compactMap { entry in
    guard let script = try? Lessons.script(entry) else { return nil }
    for (index, step) in script.steps.enumerated().reversed() {
      guard let other = changed(step.action) else { continue }
      var second = script
      second.steps[index].action = other
      guard let world = try? Session(script, at: index).world else { continue }
      let outcomes = [step.action, other].map { Prediction.outcomes($0, on: world).map(\.outcome) }
      guard outcomes[0] != outcomes[1], outcomes[0].count == outcomes[1].count else { continue }
      return Pair(lesson: entry.id, step: index, first: script, second: second)
    }
    return nil
  }

  private static func changed(_ action: Action) -> Action? {
    switch action {
    case .copy(var copy):
      copy.user = copy.user == .spot(.null) ? nil : .spot(.null)
      return .copy(copy)
    case .ioctl(var call):
      call.pointer = call.pointer == .bad ? .good : .bad
      return .ioctl(call)
    default: return nil
    }
  }
}
