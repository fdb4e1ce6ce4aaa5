import UsbHost
import GadgetWorld
import Narration
import RawGadget
import Scenario
import Simulation
import Testing
import USB

/// What a program fetched is what the host asked, in the order it was queued.
struct GadgetWordsTests {
  /// Lessons in which a program gets every event whole.
  static let lessons = LessonFiles.ids.filter {
    $0.hasPrefix("gadget-") && !["gadget-event-length", "gadget-trusting"].contains($0)
  }

  @Test(arguments: lessons)
  func fetchedEventsAreThoseQueued(id: String) throws {
    let playback = try Playback(try LessonFiles.script(id))
    var request = ""
    var queue: [String] = []
    var fetched: [String] = []
    for step in playback.steps.dropLast() {
      for case .gadget(let event) in step.events {
        switch event.kind {
        case .setup(_, let setup): request = setup.name
        case .eventQueued(_, let type, _): queue.append(type == .control ? request : type.name)
        case .eventFetched: fetched.append(queue.removeFirst())
        default: break
        }
      }
    }
    let calls = playback.steps.last?.before.gadget?.calls ?? []
    #expect(calls.compactMap(GadgetWords.event) == fetched)
  }

  @Test func anEventThatIsNotWholeHasNoWords() {
    let whole: [UInt8] = [2, 0, 0, 0, 8, 0, 0, 0, 0x80, 6, 0, 1, 0, 0, 18, 0]
    #expect(GadgetWords.event(whole) == "GET_DESCRIPTOR device, 18")
    for count in 0..<whole.count { #expect(GadgetWords.event(Array(whole.prefix(count))) == nil) }
    #expect(GadgetWords.event([1, 0, 0, 0, 0, 0, 0, 0]) == "CONNECT")
    #expect(GadgetWords.event([1, 1, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(GadgetWords.event([9, 0, 0, 0, 0, 0, 0, 0]) == nil)
  }
}
