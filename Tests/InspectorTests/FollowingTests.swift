import Grid
import Inspector
import Scenario
import Simulation
import Testing

/// What a follower is told, and how it is drawn.
struct FollowingTests {
  @Test func everyStepOfALessonIsTold() throws {
    var model = try Fixtures.model("frame-fence")
    let script = try #require(model.session?.script)
    #expect(SharedPosition(of: model).say == script.about && SharedPosition(of: model).step == 0)
    for (index, step) in script.steps.enumerated() {
      #expect(SharedPosition(of: model).nextNotes == step.notes)
      _ = model.update(.key(Key(.character("n"))))
      let place = SharedPosition(of: model)
      #expect(place.lesson == "frame-fence" && place.number == 14)
      #expect(place.step == index + 1 && place.count == script.steps.count)
      #expect(place.say == step.say && place.notes == step.notes)
      #expect(place.verdict.isEmpty == (index < 2))
    }
    #expect(SharedPosition(of: model).next.isEmpty)
  }

  @Test func activitiesAreTold() throws {
    var model = try Fixtures.model("frame-fence")
    func press(_ keys: String) throws -> SharedPosition {
      for key in try Key.sequence(parsing: keys) { _ = model.update(.key(key)) }
      return SharedPosition(of: model)
    }
    #expect(try press("n n n").activity == .step)
    let edited = try press("e + +")
    #expect(edited.activity == .edit && edited.action.contains("34 bytes"))
    #expect(edited.verdict.contains("DENIED"))
    #expect(try press("Escape i").activity == .inside)
    #expect(try press("Escape P n").activity == .predict)
    let asked = try press("Escape P X")
    #expect(asked.activity == .exercise && !asked.ask.isEmpty && asked.hints.isEmpty)
    let hinted = try press("H")
    #expect(
      !hinted.hints.isEmpty
        && SharedPositionWords.paragraphs(hinted).contains {
          $0.text == hinted.hints
        })
    let list = try press("Escape L")
    #expect(list.activity == .list && list.count == 0 && !list.title.isEmpty)
  }

  @Test(arguments: [(1, 1), (3, 2), (20, 5), (80, 24), (250, 80)])
  func notesAreDrawnAtAnySize(_ width: Int, _ height: Int) throws {
    var notes = NotesScreen(width: width, height: height)
    #expect(notes.frame.grid.width == width)
    var model = try Fixtures.model("frame-fence")
    for _ in 0..<7 {
      _ = model.update(.key(Key(.character("n"))))
      notes.place = SharedPosition(of: model)
      notes.scroll(by: 1000)
      #expect(notes.frame.grid.height == height)
      notes.scroll(by: -1000)
      #expect(notes.scroll == 0)
    }
    if width >= 80 { #expect(notes.frame.grid.text.contains("step 7/7")) }
  }
}
