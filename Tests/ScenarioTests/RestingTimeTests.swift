import GadgetWorld
import RawGadget
import Simulation
import Support
import Testing
import USB

/// Turns of a controller that find nothing to do are left out: nobody can tell.
struct RestingTimeTests {
  private static let lessons = LessonFiles.ids.filter {
    $0.contains("gadget") || $0.contains("usb")
  }

  /// Time that passes at once does what the same time turn by turn does, wherever a story stands.
  @Test(arguments: lessons)
  func timeAtOnceIsTimeTurnByTurn(id: String) throws {
    for step in try Playback(LessonFiles.script(id)).steps {
      guard let machine = step.before.gadget?.machine else { continue }
      var (whole, parts) = (machine, machine)
      whole.advance(by: 40_000)
      for _ in 0..<320 { parts.advance(by: 125) }
      #expect(difference(whole.takeEvents(), parts.takeEvents()) == nil, "step \(step.number)")
      #expect(difference(whole, parts) == nil, "step \(step.number)")
    }
  }

  @Test func lessonsPollEndpoints() throws {
    // Else the law above would say nothing.
    let polled = try Self.lessons.filter { id in
      guard let last = try Playback(LessonFiles.script(id)).steps.last?.before.gadget?.machine
      else { return false }
      var later = last
      later.advance(by: 2_000_000)
      return later.nextTimer.map { $0 < later.now + 126 } ?? false
    }
    #expect(polled.count > 3)
  }
}
