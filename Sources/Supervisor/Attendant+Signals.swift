import GadgetWorld
import CSupervisor
import Glibc
import RawGadget
import Simulation

/// Signals for threads whose calls wait here.
extension Attendant {
  /// Looks at every thread that waits: whether it is still there, and whether a signal waits for it.
  mutating func lookAfterWaiting(_ world: inout World, _ machine: Play) {
    held.removeAll { call in
      if cs_still_waits(program.calls, call.id) == 0 { return true }
      guard program.isUndisturbed, cs_signal(call.thread) != 0 else { return false }
      // The signal came before the call: its handler first.
      return cs_answer_later(program.calls, call.id) == 0
    }
    for (name, sleeper) in sleepers.sorted(by: { $0.key < $1.key }) where !sleeper.isAway {
      if cs_still_waits(program.calls, sleeper.call.id) == 0 {
        sleepers[name] = nil
        play(.signal(thread: name), &world, machine)
      } else if program.isUndisturbed {
        let signal = cs_signal(sleeper.call.thread)
        if signal != 0 { interrupt(name, signal, &world, machine) }
      }
    }
  }

  private mutating func interrupt(
    _ name: String, _ signal: Int32, _ world: inout World, _ machine: Play
  ) {
    guard let sleeper = sleepers[name] else { return }
    let group = threads.group(of: sleeper.call.thread)
    let isLeftToHandler =
      world.gadget?.machine.policy.interruptedTransfer == .restarted && sleeper.call.isTransfer
    guard isLeftToHandler, handlers.restart(signal, in: group) else {
      play(.signal(thread: name), &world, machine)
      return
    }
    // The handler runs, and the call comes again while the machine has made it again already.
    sleepers[name]?.isAway = true
    _ = cs_answer_later(program.calls, sleeper.call.id)
    play(.signal(thread: name, restarts: true), &world, machine)
  }

  /// Whether this is a call that had to let a handler run first; it goes on with what became of it.
  mutating func comesBack(_ call: ProgramCall) -> Bool {
    guard
      let (name, sleeper) = sleepers.first(where: {
        $0.value.isAway && $0.value.call.thread == call.thread
      }), sleeper.call.isSame(as: call)
    else { return false }
    if let result = sleeper.result {
      sleepers[name] = nil
      give(result, to: call)
    } else {
      sleepers[name] = Sleeper(call: call)
    }
    return true
  }
}
