import Narration
import Scenario
import Simulation
import Support
import Testing
import Usercopy

/// What is written is read back the same.
struct WriterTests {
  @Test(arguments: LessonFiles.ids)
  func everyLessonSurvivesBeingWritten(id: String) throws {
    let script = try LessonFiles.script(id)
    let again = try ScenarioReader.read(ScenarioWriter.text(script), file: "again.yaml", id: id)
    #expect(difference(again.steps.map(\.action), script.steps.map(\.action)) == nil)
    #expect(difference(again.steps.map(\.expect), script.steps.map(\.expect)) == nil)
    #expect(difference(again.caches, script.caches) == nil)
    #expect(difference(again.exercises.map(plain), script.exercises.map(plain)) == nil)
    #expect(difference(again.configuration, script.configuration) == nil)
    let (before, after) = (try Playback(script), try Playback(again))
    let held = after.held
    #expect(held)
    #expect(
      difference(
        Transcript(after, trace: true, notes: true).text,
        Transcript(before, trace: true, notes: true).text) == nil)
  }

  /// `fill` fills all there is, so equal bytes that end early are written as they are.
  @Test func equalBytesAreWrittenAsTheyWere() throws {
    let bytes = [UInt8](repeating: 0x41, count: 8)
    for (size, isFill) in [(UInt64(8), true), (64, false)] {
      let actions: [Action] = [
        .alloc(Action.Alloc(cache: nil, size: size, name: "object", bytes: bytes)),
        .user(Action.UserBuffer(name: "buffer", length: size, bytes: bytes)),
        .image(Action.Image(name: "table", section: .data, size: size, bytes: bytes)),
      ]
      let script = Script(title: "Equal bytes", steps: actions.map { ScriptStep(action: $0) })
      let text = ScenarioWriter.text(script)
      #expect(text.split(separator: "\n").count { $0.contains("fill: 65") } == (isFill ? 3 : 0))
      let again = try ScenarioReader.read(text, file: "again.yaml", id: "again")
      #expect(difference(again.steps.map(\.action), actions) == nil)
    }
  }

  /// A cache's object has a size that the file need not name, and a write none at all.
  @Test func equalBytesOfNoKnownSizeAreText() throws {
    let bytes = [UInt8](repeating: 0x41, count: 8)
    var script = Script(title: "No size", caches: [CacheRequest(name: "eight", objectSize: 8)])
    script.steps = [
      ScriptStep(action: .alloc(.init(cache: "eight", size: nil, name: "object", bytes: bytes))),
      ScriptStep(action: .write(place: .named("object"), offset: 0, bytes: bytes)),
    ]
    let again = try ScenarioReader.read(ScenarioWriter.text(script), file: "a.yaml", id: "a")
    #expect(difference(again.steps.map(\.action), script.steps.map(\.action)) == nil)
  }

  /// An exercise without its place in a file.
  private func plain(_ exercise: Exercise) -> Exercise {
    var exercise = exercise
    exercise.marks = [:]
    return exercise
  }
}
