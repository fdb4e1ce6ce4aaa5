import Grid
import Scenario
import Simulation
import Support
import Testing
import Usercopy

@testable import Inspector

/// What is done by hand: nothing of it is a surprise afterwards.
struct HandworkTests {
  private static func type(_ line: String, _ model: inout Model) throws {
    for key in try Key.sequence(parsing: ": \"\(line)\" Enter") { try Fixtures.press(key, &model) }
  }

  @Test func noExerciseIsSolvedWhenItIsAsked() throws {
    for entry in Lessons.all {
      let exercises = try Fixtures.script(entry.id).exercises.count
      var model = try Fixtures.model(entry.id)
      for number in 0..<exercises {
        for key in try Key.sequence(parsing: "X Enter") { try Fixtures.press(key, &model) }
        #expect(model.message?.role != .allowed, "\(entry.id) \(number + 1)")
        #expect(model.story.solved.isEmpty, "\(entry.id) \(number + 1)")
        try Fixtures.press(Key(.escape), &model)
      }
    }
  }

  @Test func anExerciseLeavesTheReaderWhereHeWas() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n n X X")
    #expect(model.session?.position != 5)
    try Fixtures.press(Key(.escape), &model)
    #expect(model.session?.position == 5)
  }

  /// A copy of a call cannot be made without it; tried, it comes out as the call's own did.
  @Test func aCallsCopyIsOnlyTried() throws {
    let lesson = "gadget-hello"
    for step in 1...7 {
      var model = try Fixtures.model(lesson, keys: String(repeating: "n ", count: step))
      guard let shown = model.session?.shownCopy, shown.report.scene != nil else { continue }
      try Fixtures.press(Key(.character("e")), &model)
      guard case .edit(let edit) = model.mode else { Issue.record("not edited"); return }
      #expect(difference(edit.report.outcome, shown.report.outcome) == nil, "step \(step)")
      #expect(difference(edit.report.marks, shown.report.marks) == nil, "step \(step)")
      let before = try #require(model.session?.fullScript.steps.map(\.action))
      for key in try Key.sequence(parsing: "+ Enter") { try Fixtures.press(key, &model) }
      guard case .edit = model.mode else { Issue.record("made"); return }
      #expect(difference(model.session?.fullScript.steps.map(\.action), before) == nil)
    }
  }

  /// Undoing goes back through another lesson's handwork, and says so.
  @Test func handworkInAnotherLessonIsGoneBackTo() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n e + Enter e + Enter")
    let changed = try #require(model.session?.fullScript.steps.map(\.action))
    model.open(try Fixtures.script("overwrite"))
    #expect(model.message?.text.contains("u goes back to it") == true)
    for key in try Key.sequence(parsing: "n n u") { try Fixtures.press(key, &model) }
    #expect(model.session?.script.id == "past-the-end")
    #expect(difference(model.session?.fullScript.steps.map(\.action), changed) == nil)
    #expect(model.message?.text.hasPrefix("back to 'Past the end") == true)
    for key in try Key.sequence(parsing: "u u") { try Fixtures.press(key, &model) }
    let written = try Fixtures.script("past-the-end").steps.map(\.action)
    #expect(difference(model.session?.fullScript.steps.map(\.action), written) == nil)
    for key in try Key.sequence(parsing: "C-r C-r C-r") { try Fixtures.press(key, &model) }
    #expect(model.session?.script.id == "overwrite" && model.session?.position == 2)
  }

  @Test func wordsTooManyAreNotSwallowed() throws {
    let lines = [
      "copy to request 100 copy_to_user extra": "unexpected 'extra'",
      "copy to request +1 100 copy_to_user extra": "unexpected 'extra'",
      "copy to request -5": "no length behind the offset -5",
      "free request now": "unexpected 'now'",
      "return 1": "unexpected '1'", "alloc a 64 b": "unexpected 'b'", "99": "no step 99",
    ]
    for (line, words) in lines {
      var model = try Fixtures.model("past-the-end", keys: "n n n n n")
      let count = model.session?.count
      try Self.type(line, &model)
      #expect(model.message?.text.contains(words) == true, "\(line): \(model.message?.text ?? "")")
      #expect(model.session?.count == count)
    }
  }

  /// The name of the function stands in the form, however long and however narrow the pane.
  @Test func longNamesStandInTheForm() throws {
    for entry in EntryPoint.allCases {
      var model = try Fixtures.model("past-the-end", keys: "n n n n n e")
      guard case .edit(var edit) = model.mode else { Issue.record("not edited"); return }
      edit.draft.entry = entry
      if let size = entry.valueSizes?.last { edit.draft.length = size }
      if entry == .checkOnly { edit.draft.direction = .toUser }
      model.show(edit)
      let story = try #require(PaneContext(of: .story, in: model))
      let first = StoryRows(story).texts.first ?? ""
      #expect(first.contains(entry.rawValue.prefix(28)), "\(first)")
    }
  }

  @Test func erasAreNamedAsTheScreenNamesThem() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n n")
    try Self.type("era v4.8", &model)
    #expect(model.session?.world.era == .linux4_8)
    let count = model.session?.count
    try Self.type("era v4.81", &model)
    #expect(model.message?.text.contains("did you mean 'v4.8'") == true)
    #expect(model.session?.count == count && model.session?.world.era == .linux4_8)
  }

  /// Going through the eras leaves one change of era, and a file whose expectations hold.
  @Test func goingThroughErasIsOneChange() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n b")
    let count = try #require(model.session?.count)
    for _ in 0..<Era.all.count * 2 {
      try Fixtures.press(Key(.character("a")), &model)
      let session = try #require(model.session)
      #expect(session.count == count + 1 && session.position == 5)
      #expect(session.bookmarks == [5])
      let text = ScenarioWriter.text(session.scriptToSave)
      let playback = try Playback(ScenarioReader.read(text, file: "saved", id: "saved"))
      let missed = playback.steps.filter { !$0.misses.isEmpty }.count
      #expect(missed == 0, "\(session.world.era.id)")
      #expect(playback.steps.count == count + 1)
    }
    let kept = try #require(model.session?.scriptToSave.steps.count { $0.expect != nil })
    #expect(kept > 0)
  }

  /// A lesson's own change of era stays, whatever it says; one made by hand is changed, also where it
  /// was saved in between.
  @Test(arguments: ["The lecturer's own step.", "Judged by linux-6.1 from here on."])
  func theWordsOfAStepDecideNothing(words: String) throws {
    let text = """
      title: Words decide
      kernel: { era: rfc-v1 }
      steps:
        - alloc: { size: 64, as: o }
        - era: linux-6.1
          say: "\(words)"
        - copy: { entry: copy_to_user, from: o, length: 65 }
          say: Made by hand.

      """
    var session = try Session(ScenarioReader.read(text, file: "words", id: "words"))
    session.seek(3)
    session.rejudge(under: "linux-4.8")
    #expect(session.count == 4 && session.position == 4)
    #expect(session.fullScript.steps.map(\.origin) == [.lesson, .lesson, .rejudged, .lesson])
    let saved = ScenarioWriter.text(session.scriptToSave)
    var again = try Session(ScenarioReader.read(saved, file: "saved", id: "saved"))
    again.seek(4)
    again.rejudge(under: "linux-5.10")
    #expect(again.count == 4 && again.world.era == .linux5_10)
    #expect(again.fullScript.steps[1].say == words)
    guard case .copy(var copy) = again.fullScript.steps[3].action else { return }
    copy.length = 66
    again.replace(.copy(copy))
    #expect(again.step?.origin == .inPlace && again.step?.say.contains("in place") == true)
    copy.length = 67
    again.insert(.copy(copy), say: "Made by hand.")
    copy.length = 68
    again.replace(.copy(copy))
    #expect(again.step?.origin == .byHand)
  }

  @Test func redoingShowsWhatWasRedone() throws {
    var model = try Fixtures.model("first-copy", keys: "n n n n e + Enter n")
    let done = try #require(model.session?.fullScript.steps.map(\.action))
    try Fixtures.press(Key(.character("u")), &model)
    #expect(model.session?.position == 4)
    try Fixtures.press(Key(.character("r"), .control), &model)
    #expect(model.session?.position == 4)
    #expect(difference(model.session?.fullScript.steps.map(\.action), done) == nil)
  }

  @Test func anotherLessonCanBeUndone() throws {
    var model = try Fixtures.model("first-copy", keys: "n n n n e + Enter")
    let done = try #require(model.session?.fullScript.steps.map(\.action))
    model.open(try Fixtures.script("frame-fence"))
    try Fixtures.press(Key(.character("u")), &model)
    #expect(model.session?.script.id == "first-copy")
    #expect(difference(model.session?.fullScript.steps.map(\.action), done) == nil)
  }

  @Test func wordsOnTheLineMeanOneThing() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n")
    let count = model.session?.count
    try Self.type("copy to request 10 copy_from_user", &model)
    #expect(model.session?.count == count && model.message?.role == .error)
    try Self.type("copy to request +0x10 0x20", &model)
    #expect(model.session?.shownCopy?.request.offset == 16)
    #expect(model.session?.shownCopy?.request.length == 32)
    try Self.type("copy from request -8 1 check_object_size", &model)
    #expect(model.session?.shownCopy?.report.outcome.attempt.direction == .fromUser)
  }

  @Test func textInBytesIsFound() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n n / \"PASSWORD\" Enter")
    #expect(model.message?.text.contains("with 'PASSWORD'") == true)
    #expect(model.memory.selected != nil)
    try Fixtures.press(Key(.escape), &model)
  }

  /// Up is up: to lower addresses of a slab, to higher ones of a stack.
  @Test(arguments: [("past-the-end", -1), ("frame-fence", 1)])
  func upIsUp(lesson: String, way: Int64) throws {
    var model = try Fixtures.model(lesson, keys: "n n n n n n e")
    guard case .edit(let before) = model.mode else { Issue.record("not edited"); return }
    try Fixtures.press(Key(.up), &model)
    guard case .edit(let after) = model.mode else { Issue.record("not edited"); return }
    #expect((after.draft.offset - before.draft.offset).signum() == way)
  }

  @Test func theHelpBeginsWithTheKeysOfThePresentMode() throws {
    for (keys, scope) in [("", KeyScope.browse), ("e", .edit), ("i", .inside), ("L", .lessons)] {
      var model = try Fixtures.model("past-the-end", keys: "n n n n " + keys)
      try Fixtures.press(Key(.character("?")), &model)
      guard case .help(let state) = model.mode else { Issue.record("no help"); return }
      #expect(state.choices(model.keymap).first?.scope == scope && state.cursor == 0)
    }
  }

  /// What lies over the panes does not change them.
  @Test(arguments: ["?", "C-p", "T"])
  func overlaysLeaveTheEditedCopyInSight(key: String) throws {
    let edited = try Fixtures.model("past-the-end", keys: "n n n n e + +", width: 200, height: 60)
    var covered = edited
    try Fixtures.press(try Key(parsing: key), &covered)
    let (before, after) = (view(edited).grid, view(covered).grid)
    #expect(Array(before.row(6).prefix(60)) == Array(after.row(6).prefix(60)))
    #expect(Array(before.row(59).prefix(20)) == Array(after.row(59).prefix(20)))
  }
}
