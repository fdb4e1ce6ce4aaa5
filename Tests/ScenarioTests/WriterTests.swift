import Narration
import Scenario
import Simulation
import Testing
import Usercopy

/// What is written is read back the same.
struct WriterTests {
  @Test(arguments: LessonFiles.ids)
  func everyLessonSurvivesBeingWritten(id: String) throws {
    let script = try LessonFiles.script(id)
    let again = try ScenarioReader.read(ScenarioWriter.text(script), file: "again.yaml", id: id)
    #expect(again.steps.map(\.action) == script.steps.map(\.action))
    #expect(again.steps.map(\.expect) == script.steps.map(\.expect))
    #expect(again.caches == script.caches)
    #expect(again.exercises.map(plain) == script.exercises.map(plain))
    #expect(again.configuration == script.configuration)
    let (before, after) = (try Playback(script), try Playback(again))
    #expect(after.held)
    #expect(
      Transcript(after, trace: true, notes: true).text
        == Transcript(before, trace: true, notes: true).text)
  }

  /// An exercise without its place in a file.
  private func plain(_ exercise: Exercise) -> Exercise {
    var exercise = exercise
    exercise.marks = [:]
    return exercise
  }
}
