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
    let model = try Fixtures.model("null", keys: "X")
    #expect(model.message?.text == "this lesson has no exercises")
  }
}
