import GadgetWorld
import CSupervisor
import Glibc
import RawGadget
import Simulation

/// Signals for threads whose calls wait here, and the time they wait.
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

  // MARK: Time

  /// Every thread of the processes whose calls sleep sleeps in one of them.
  var areAllAsleep: Bool {
    if let census, census.generation == program.generation { return census.allAsleep }
    return countThreads()
  }

  private func countThreads() -> Bool {
    var seen: Set<Int32> = []
    var total = 0
    for sleeper in sleepers.values {
      if sleeper.isAway { return false }
      let group = threads.group(of: sleeper.call.thread)
      if seen.insert(group).inserted { total += Int(cs_threads(sleeper.call.thread)) }
    }
    return total == sleepers.count
  }

  /// Counts the threads unless none has come or gone since.
  private mutating func takeCensus() -> Bool {
    let generation = program.generation
    let holds = areAllAsleep
    census = generation.map { Census(generation: $0, allAsleep: holds) }
    return holds
  }

  /// Gives the machine the time that wakes somebody: at once when all sleep in the driver, else no more
  /// than has really passed.
  mutating func passTime(_ world: inout World, _ machine: Play) {
    guard !sleepers.isEmpty, !program.isGone, let gadget = world.gadget else { return }
    let isAsleep = takeCensus()
    if isAsleep, time.isStuck { return }
    let limit = isAsleep ? ProgramTime.mostAtOnce : time.owed
    guard limit > 0 else { return }
    if let needed = timeToWake(gadget, limit) {
      play(.wait(milliseconds: UInt64(needed)), &world, machine)
      time.pay(needed)
    } else if isAsleep {
      time.getStuck()
    }
  }

  /// Milliseconds after which a call returns, of the program or of the host, or the host wants to act; nil
  /// when that is not within the limit.
  private func timeToWake(_ gadget: GadgetSide, _ limit: Int) -> Int? {
    // Only when is asked here; what happens is told by the step.
    var trial = gadget.machine.rehearsal
    let asleep = gadget.threads.values.filter { trial.isBlocked($0) }
    let start = trial.now
    let end = start + UInt64(limit) * 1000
    let wakes = trial.advance(until: min(end, appointment ?? end)) { now in
      asleep.contains { !now.isBlocked($0) }
    }
    let isDue = appointment.map { $0 <= end } ?? false
    guard wakes || isDue else { return nil }
    return max(1, Int((trial.now - start + 999) / 1000))
  }
}
