import Grid
import JSON
import Narration
import Scenario
import Simulation
import Testing
import Theme
import Usercopy

@testable import Inspector

/// Copies that no check stops and that are not clean, and those that stop half way: every renderer tells it, from
/// the one value of what the copy did.
struct TellingTests {
  /// A copy, and what its bytes come to by hand.
  struct Scene: Sendable, CustomTestStringConvertible {
    var name: String
    var script: Script
    /// Counted from 1.
    var step: Int
    var own: UInt64 = 0
    var leaked: UInt64 = 0
    var harmed: UInt64 = 0
    var cleared: UInt64 = 0
    var untouched: UInt64 = 0
    var verdict: Verdict = .allow
    var testDescription: String { "\(name) \(step)" }
  }

  private static func lesson(
    _ id: String, _ step: Int, own: UInt64 = 0, leaked: UInt64 = 0, harmed: UInt64 = 0,
    cleared: UInt64 = 0, untouched: UInt64 = 0, verdict: Verdict = .allow
  ) -> Scene? {
    (try? Fixtures.script(id)).map {
      Scene(
        name: id, script: $0, step: step, own: own, leaked: leaked, harmed: harmed,
        cleared: cleared, untouched: untouched, verdict: verdict)
    }
  }

  static let lessons: [Scene?] = [
    lesson("wrong-object", 4, leaked: 64), lesson("freed-object", 3, leaked: 64),
    lesson("freed-object", 5, leaked: 64), lesson("other-stack", 7, leaked: 32),
    lesson("inside-the-frame", 5, own: 16, leaked: 16),
    lesson("uncleared", 7, own: 8, leaked: 8), lesson("null", 1, untouched: 4),
    lesson("stack-end", 6, untouched: 16), lesson("unchecked-memory", 11, untouched: 16),
    lesson("unchecked-memory", 8, own: 256, leaked: 256),
    lesson("lkdtm", 40, own: 2048, untouched: 2048),
    lesson("put-user", 6, own: 8, harmed: 8),
    lesson("zeros-past-the-end", 4, harmed: 32, cleared: 96, verdict: .deny),
    lesson("struct-padding", 6, own: 12, leaked: 4),
  ]

  /// Both halves are there: a lesson that is missing here would be told by nobody.
  static let scenes: [Scene] = (lessons + OddScenes.all).compactMap(\.self)

  private func model(_ scene: Scene, keys: String, _ size: (Int, Int) = (120, 36)) throws -> Model {
    var model = Model(lessons: Fixtures.items, width: size.0, height: size.1)
    model.open(scene.script)
    model.session?.seek(scene.step)
    for key in try Key.sequence(parsing: keys) { try Fixtures.press(key, &model) }
    return model
  }

  private func subject(_ model: Model) throws -> Subject {
    Subject(model, try #require(model.session))
  }

  private func report(_ model: Model) throws -> CopyReport {
    try #require(subject(model).report)
  }

  private static func letters(_ text: String) -> String { text.filter { !$0.isWhitespace } }

  /// How a row of the screen or of text must tell a copy that is not clean or not whole.
  private func words(_ report: CopyReport) -> [String] {
    if let leak = VerdictWords.leak(report) { return [leak] }
    return [ValueWords.quantity(report.outcome.leftOver) + " left over"]
  }

  @Test func everySceneIsThere() {
    #expect(Self.scenes.count == Self.lessons.count + OddScenes.count)
  }

  @Test(arguments: scenes) func theBytesAreWhatWasCountedByHand(scene: Scene) throws {
    let report = try report(model(scene, keys: ""))
    let effect = report.effect
    #expect(report.outcome.verdict == scene.verdict)
    #expect(effect.own == scene.own && effect.leaked == scene.leaked, "\(effect)")
    #expect(effect.harmed == scene.harmed && effect.clearedBytes == scene.cleared, "\(effect)")
    #expect(effect.untouched == scene.untouched, "\(effect)")
    #expect(effect.toll > 0 || report.outcome.isCutShort)
  }

  @Test(arguments: scenes) func theScreenTellsIt(scene: Scene) throws {
    let model = try model(scene, keys: "", (200, 60))
    let report = try report(model)
    let grid = view(model).grid
    let rows = grid.text.split(separator: "\n").map(String.init)
    // The verdict line, the story and the eras.
    let verdict = rows[rows.count - 2]
    #expect(words(report).contains { verdict.contains($0.prefix(40)) }, "\(verdict)")
    #expect(!verdict.contains("✔ ALLOWED"), "\(verdict)")
    let subject = try subject(model)
    for (outcome, effect) in zip(subject.verdicts, subject.effects) {
      let sign = VerdictWords.signed(outcome, effect).text
      #expect(rows.contains { $0.contains(outcome.era) && $0.contains(sign) }, "\(outcome.era)")
      let isClean = effect.toll == 0 && !outcome.isCutShort
      #expect(outcome.verdict != .allow || isClean == sign.hasPrefix("✔"))
      #expect((effect.toll > 0) == (sign.hasSuffix("leaks") || sign.hasSuffix("harms")))
    }
    if let leak = VerdictWords.leak(report) {
      let context = try #require(PaneContext(of: .story, in: model))
      let story = StoryRows(context).visible.map { row in
        if case .text(let spans) = row { spans.map(\.text).joined() } else { "" }
      }.joined()
      #expect(Self.letters(story).contains(Self.letters(leak)))
      // The bytes: as many cells are marked as there are bytes, or some where a cell is many.
      let role: Role = report.effect.cleared.isEmpty ? .leaky : .warning
      #expect(
        rows.indices.contains { y in
          (0..<grid.width).contains { grid[$0, y].role == role }
        })
    }
    // The timeline.
    let mark = try #require(model.session).mark(at: scene.step - 1)
    #expect(mark == (scene.verdict == .allow ? report.leaks.isEmpty ? .faulted : .leaky : .denied))
    // The large letters.
    let large = VerdictWords.large(report)
    #expect(["LEAKS", "HARMS", "FAULTS", "SHORT"].contains(large) == (scene.verdict == .allow))
  }

  /// Text, JSON, the follower and pictures.
  @Test(arguments: scenes) func whatIsReadAloudTellsIt(scene: Scene) throws {
    let model = try model(scene, keys: "")
    let report = try report(model)
    let step = try Playback(scene.script).steps[scene.step - 1]
    let text = Transcript.lines(step, trace: false, notes: false).joined(separator: "\n")
    for words in words(report) { #expect(text.contains(words), "\(text)") }
    let kernel = step.before.kernel
    guard case .copy(let request) = step.script.action else {
      Issue.record("no copy")
      return
    }
    for outcome in try step.before.comparison(request) {
      let word = VerdictWords.short(outcome, kernel.effect(outcome))
      #expect(text.contains("\(outcome.era) \(word)") || text.contains("but \(word)"))
    }
    let json = JSONValue(PlaybackJSON.members(step, trace: false))
    let copy = try #require(json["copies"]?.array?.first)
    let effect = report.effect
    for (key, count) in [
      ("own", effect.own), ("leaked", effect.leaked), ("harmed", effect.harmed),
      ("cleared", effect.clearedBytes), ("untouched", effect.untouched),
    ] {
      #expect(copy[key] == .unsigned(count), "\(key)")
    }
    #expect(copy["not_caught"]?.string == VerdictWords.leak(report))
    let followed = SharedPosition(of: model).verdict
    for words in words(report) { #expect(followed.contains(words), "\(followed)") }
    let wide = try self.model(scene, keys: "", (200, 60))
    let picture = Picture(view(wide).grid, theme: try .builtin("slate"))
    for drawn in [picture.svg(), picture.html()] {
      #expect(drawn.contains("not caught") == !report.leaks.isEmpty)
    }
  }

  @Test(arguments: scenes) func predictionTakesTheRightAnswers(scene: Scene) throws {
    var model = try model(scene, keys: "")
    let report = try report(model)
    model.session?.seek(scene.step - 1)
    try Fixtures.press(Key(.character("P")), &model)
    try Fixtures.press(Key(.character("n")), &model)
    guard case .predict(let asked) = model.mode else {
      Issue.record("nothing is asked")
      return
    }
    for (index, guess) in asked.choices.enumerated() {
      var answered = model
      try Fixtures.press(
        Key(.character(Unicode.Scalar(UInt8(ascii: "1") + UInt8(index)))), &answered)
      let isRight =
        switch guess {
        case .leaky: scene.verdict == .allow && report.effect.toll > 0
        case .faulted: report.outcome.isCutShort
        case .allowed: false
        default: guess == Prediction.Guess(report)
        }
      #expect(answered.session?.prediction?.right.count == (isRight ? 1 : 0), "\(guess)")
    }
  }

  /// The map's cell of the copy, and an exercise that asks for a leak or for none.
  @Test(arguments: scenes) func mapAndExercisesAgree(scene: Scene) throws {
    let model = try model(scene, keys: "")
    let report = try report(model)
    let before = try #require(subject(model).before)
    guard case .copy(let copy) = scene.script.steps[scene.step - 1].action,
      report.outcome.verdict == .allow, report.outcome.copied > 0
    else { return }
    let era = before.era.id
    let asks = Exercise(ask: "", allow: [era], leaks: true).judge(world: before, copy: copy)
    let forbids = Exercise(ask: "", allow: [era], leaks: false).judge(world: before, copy: copy)
    #expect(asks.isEmpty == (report.effect.toll > 0))
    #expect(forbids.isEmpty == (report.effect.toll == 0))
    if report.effect.toll > 0 {
      #expect(forbids == [.leak(era: era, bytes: report.effect.toll)])
    }
    var map = try self.model(scene, keys: "m")
    map.memory.scale = 1
    let context = try map.memoryContext()
    guard let scale = MapScale(context) else { return }
    var judge = MapJudge(context, before, report.outcome.attempt)
    let signs = judge.signs(scale)
    let (start, length) = (report.outcome.attempt.kernel, report.outcome.attempt.length)
    for column in 0..<scale.columns where scale.starts(column: column).contains(start) {
      for row in 0..<scale.rows where scale.lengths(row: row).contains(length) {
        let sign = signs[column * scale.rows + row]
        #expect(sign == .mixed || sign == (report.effect.toll > 0 ? .leaky : .allowed), "\(sign)")
      }
    }
  }
}
