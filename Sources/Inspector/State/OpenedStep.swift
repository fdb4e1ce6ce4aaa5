import GadgetWorld
import Narration
import Simulation
import Timeline
import Usercopy

/// A step that is gone through event by event.
public struct OpenedStep: Sendable {
  /// What happened that can be told, in order, each with the machine as it stood then.
  let moments: [Moment]
  /// How deep each stands: what happens in a call stands below it.
  let depths: [Int]
  /// The event reached, from 0.
  private(set) var cursor = 0

  /// Whether something of the gadget happened in the step that a session stands at.
  static func isPossible(_ session: Session?) -> Bool {
    session?.timeline.events.contains { if case .gadget = $0 { true } else { false } } == true
  }

  /// Nil where fewer than two events can be told.
  init?(_ session: Session) {
    let size = session.world.kernel.configuration.wordSize
    let names = session.world.gadget?.threadNames ?? [:]
    moments = session.moments.filter { EventWords.told($0.event, size, threads: names) != nil }
    guard moments.count > 1 else { return nil }
    var depth = 0
    depths = moments.map { moment in
      guard case .gadget(let event) = moment.event else { return depth }
      switch event.kind {
      case .callEntered:
        depth = 1
        return 0
      case .callReturned:
        depth = 0
        return 0
      default: return depth
      }
    }
  }

  /// The event reached, with its machine.
  var moment: Moment? { moments.indices.contains(cursor) ? moments[cursor] : nil }

  /// Whether events are still to come.
  var isOpen: Bool { cursor < moments.count - 1 }

  /// Goes some events on, no further than there are.
  mutating func move(by step: Int) { go(to: cursor + step) }

  /// Goes to an event, the nearest there is.
  mutating func go(to event: Int) { cursor = min(max(0, event), moments.count - 1) }
}
