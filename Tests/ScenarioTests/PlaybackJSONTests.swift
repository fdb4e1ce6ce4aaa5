import JSON
import Narration
import Scenario
import Simulation
import Testing
import Usercopy

@Suite struct PlaybackJSONTests {
  /// Every lesson: the JSON of its playback is read again by a reader that refuses a key twice, and tells
  /// of each step all copies it made, in their order.
  @Test(arguments: Lessons.all.map(\.id))
  func everyCopyIsTold(_ id: String) throws {
    let entry = try #require(Lessons.find(id))
    let playback = try Playback(try Lessons.script(entry))
    let value = PlaybackJSON.value(playback, trace: true)
    #expect(try JSONValue(parsing: value.text) == value)
    let steps = try #require(value["steps"]?.array)
    #expect(steps.count == playback.steps.count)
    for (told, step) in zip(steps, playback.steps) {
      let lengths = step.events.compactMap { event in
        if case .copied(let report) = event { report.outcome.attempt.length } else { nil }
      }
      #expect(told["copies"]?.array?.map { $0["length"]?.uint64 } == lengths)
    }
  }

  /// A step that makes more than one copy: an ioctl that copies its argument in and its answer out.
  @Test func aStepCanMakeSeveralCopies() throws {
    let entry = try #require(Lessons.find("gadget-hello"))
    let value = PlaybackJSON.value(try Playback(try Lessons.script(entry)), trace: false)
    let counts = value["steps"]?.array?.compactMap { $0["copies"]?.array?.count } ?? []
    #expect(counts.contains { $0 > 1 })
  }
}
