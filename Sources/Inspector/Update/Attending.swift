import GadgetWorld
import UsbHost
public import Simulation
import Timeline
import RawGadget

extension Model {
  /// Plays a step of the running program behind all others: the machine after it and what happened.
  public mutating func play(_ action: Action, say: String) -> (World, [Event])? {
    guard var session else { return nil }
    session.seek(session.count)
    session.insert(action, say: say, origin: .program)
    self.session = session
    arrived()
    return (session.world, session.timeline.events)
  }

  /// The program is not there any more: from now on the steps are as any other's.
  public mutating func endProgram(_ words: String) {
    live = nil
    message = StatusMessage(words)
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

  /// Plays the steps so far on both drivers when the pane shows them and they are other ones.
  mutating func compareDrivers() {
    guard let session, SideView.shown(sideView, session) == .drivers else {
      drivers = nil
      return
    }
    if drivers?.holds(for: session) != true { drivers = DriverTable(session) }
  }
}
