import GadgetWorld
import RawGadget
import Simulation

/// The program that makes the steps.
extension Story {
  /// Plays a step of the running program behind all others.
  mutating func play(_ action: Action, say: String) -> Turn {
    guard var session else { return Turn() }
    session.seek(session.count)
    session.insert(action, say: say, origin: .program)
    self.session = session
    revision += 1
    return .arrived
  }

  /// Lets the program make the call it waits with, when the story has come to it; nil when it has not.
  var programsTurn: Turn? {
    guard let live, let session, session.position == session.count else { return nil }
    return Turn(letsProgramGo: live.wants != nil)
  }

  /// What the host is to do, as it can be done while a program runs: on a thread that is free, which waits
  /// by itself, since the program answers in its own time.
  func unhurried(_ action: Action) -> Action {
    guard live != nil, case .host(var call) = action, let gadget = session?.world.gadget else {
      return action
    }
    call.waits = false
    let name = call.thread
    var number = 1
    while let id = gadget.threads[call.thread], gadget.machine.isBlocked(id) {
      number += 1
      call.thread = "\(name)-\(number)"
    }
    return .host(call)
  }
}
