import Grid
import Simulation
import Testing

@testable import Inspector

/// Exercises asked, helped with, judged and left by keys.
struct ExerciseTests {
  private func asked(_ model: Model) throws -> ExerciseState {
    guard case .edit(let edit) = model.mode else {
      throw NotEditing()
    }
    return try #require(edit.exercise)
  }

  struct NotEditing: Error {}

  @Test func theKeyAsksOnTheMachineOfTheExercise() throws {
    let model = try Fixtures.model("slab-tail", keys: "X")
    let exercise = try asked(model).exercise
    #expect(model.session?.position == exercise.step)
    #expect(view(model).grid.text.contains("Exercise 1/1: Copy"))
  }

  @Test func aWrongCopyIsToldWhyAndARightOneAccepted() throws {
    var model = try Fixtures.model("slack", keys: "X Enter")
    #expect(try asked(model).answer?.isEmpty == false)
    #expect(model.message?.text.hasPrefix("Not yet: \"4711\" is not among") == true)
    #expect(try asked(model).answer?.count == 1)
    for key in try Key.sequence(parsing: "S-Down") { try Fixtures.press(key, &model) }
    #expect(try asked(model).answer == nil)
    for key in try Key.sequence(parsing: "Enter") { try Fixtures.press(key, &model) }
    #expect(try asked(model).answer == [])
    #expect(model.message?.text.hasPrefix("Accepted: 1 of 2") == true)
    #expect(model.session?.handmade == 0)
  }

  @Test func hintsComeOneByOne() throws {
    var model = try Fixtures.model("slack", keys: "X")
    let hints = try asked(model).exercise.hints
    #expect(!view(model).grid.text.contains("Hint:"))
    for number in 1...hints.count + 1 {
      for key in try Key.sequence(parsing: "H") { try Fixtures.press(key, &model) }
      #expect(try asked(model).hints == min(number, hints.count))
    }
    #expect(view(model).grid.text.contains("Hint:"))
  }

  @Test func theExercisesComeInTurn() throws {
    var model = try Fixtures.model("windows", keys: "X")
    let count = try asked(model).count
    for number in 2...count + 1 {
      for key in try Key.sequence(parsing: "X") { try Fixtures.press(key, &model) }
      #expect(try asked(model).number == (number - 1) % count + 1)
    }
    for key in try Key.sequence(parsing: "Escape") { try Fixtures.press(key, &model) }
    guard case .browse = model.mode else { throw NotEditing() }
  }

  @Test func theMachineStaysTheLessons() throws {
    let model = try Fixtures.model("slack", keys: "X b")
    guard case .edit(let edit) = model.mode else { throw NotEditing() }
    #expect(edit.configuration == nil)
    #expect(model.message?.text.contains("own machine") == true)
  }

  @Test func whatWasDoneByHandCanBeUndoneTo() throws {
    let model = try Fixtures.model("slack", keys: "n n n n e + Enter X Escape u")
    #expect(model.session?.handmade == 1)
  }

  @Test func aLessonWithoutExercisesSaysSo() throws {
    var model = try Fixtures.model("null", keys: "")
    model.session?.script.exercises = []
    for key in try Key.sequence(parsing: "X") { try Fixtures.press(key, &model) }
    #expect(model.message?.text == "this lesson has no exercises")
  }

  // MARK: Steps, orders and numbers

  @Test func aNumberIsTypedAndJudged() throws {
    var model = try Fixtures.model("hardened", keys: "X")
    guard case .command(let line) = model.mode else { throw NotEditing() }
    #expect(line.text == "answer ")
    for key in try Key.sequence(parsing: "\"25\" Enter") { try Fixtures.press(key, &model) }
    #expect(model.message?.text.hasPrefix("Not yet") == true)
    #expect(model.story.solved.isEmpty)
    // The line stands there again.
    for key in try Key.sequence(parsing: "\"0x18\" Enter") { try Fixtures.press(key, &model) }
    #expect(model.story.solved == [0])
    #expect(view(model).grid.text.contains("64 - 40 = 24"))
    for key in try Key.sequence(parsing: "Escape") { try Fixtures.press(key, &model) }
    #expect(model.story.asked == nil && model.session?.position == 0)
  }

  @Test func stepsMadeByHandAreJudgedAsTheyAreMade() throws {
    var model = try Fixtures.model("gadget-halt", keys: "X")
    #expect(model.session?.position == 7)
    for line in ["ioctl EP_SET_HALT value=0", "ioctl EP_CLEAR_HALT value=0"] {
      for key in try Key.sequence(parsing: ": \"\(line)\" Enter") {
        try Fixtures.press(key, &model)
      }
      #expect(model.message?.text.hasPrefix("Not yet") == true)
    }
    for _ in 0..<2 {
      for key in try Key.sequence(parsing: "u") { try Fixtures.press(key, &model) }
    }
    for line in ["ioctl EP_WRITE ep=0 text=parked", "ioctl EP_SET_HALT value=0"] {
      for key in try Key.sequence(parsing: ": \"\(line)\" Enter") {
        try Fixtures.press(key, &model)
      }
    }
    #expect(model.message?.text.hasPrefix("Accepted") == true)
    #expect(model.story.solved == [0])
  }

  @Test func anOrderIsTypedInNumbers() throws {
    var model = try Fixtures.model("gadget-hello", keys: "X")
    for key in try Key.sequence(parsing: "\"1 2 3\" Enter") { try Fixtures.press(key, &model) }
    #expect(model.message?.text.contains("each number once") == true)
    for key in try Key.sequence(parsing: "\"4 5 3 2 1\" Enter") {
      try Fixtures.press(key, &model)
    }
    #expect(model.story.solved == [0], "\(model.message?.text ?? "")")
  }

  @Test func theSolutionIsToldBehindTheHints() throws {
    var model = try Fixtures.model("slack", keys: "X H H")
    #expect(try asked(model).solution == nil)
    for key in try Key.sequence(parsing: "H") { try Fixtures.press(key, &model) }
    #expect(try asked(model).solution == ["copy_to_user answer, 64 bytes"])
    for key in try Key.sequence(parsing: "H") { try Fixtures.press(key, &model) }
    #expect(model.message?.text == "that was all")
  }

  /// Nothing on the screen tells how a copy comes out that was not handed in.
  @Test func verdictsAreHiddenUntilTheCopyIsHandedIn() throws {
    for lesson in ["slack", "first-copy", "frame-fence", "windows"] {
      var model = try Fixtures.model(lesson, keys: "X +", width: 120, height: 36)
      // The lowest row marks how the lesson's own steps came out.
      let hidden = view(model).grid.text.split(separator: "\n").dropLast().joined(separator: "\n")
      for word in ["ALLOWED", "DENIED", "✔ allow", "✘", "~ leaks", "<= "] {
        #expect(!hidden.contains(word), "\(lesson): \(word)")
      }
      for key in try Key.sequence(parsing: "m") { try Fixtures.press(key, &model) }
      #expect(!view(model).grid.text.contains("MAP"))
      for key in try Key.sequence(parsing: "Enter") { try Fixtures.press(key, &model) }
      #expect(
        view(model).grid.text.contains("eras:") || view(model).grid.text.contains("✔ allow")
          || view(model).grid.text.contains("✘"))
    }
  }
}
