import CSupervisor
import GadgetWorld
import RawGadget
public import Simulation
import UsbHost

/// How far it was seen what the machine's time brings.
struct Outlook {
  /// Milliseconds in which nothing happens that is worth a step.
  var covered = 0
  /// Milliseconds after which something does.
  var needed: Int?
}

/// The machine's time: at once when all of the program sleeps in the driver, else no faster than the real one.
extension Attendant {
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

  /// Gives the machine the time that wakes somebody, or in which the host has waited for a program that does
  /// something else.
  mutating func passTime(_ world: inout World, _ machine: Play) {
    guard !program.isGone, let gadget = world.gadget else { return }
    guard !sleepers.isEmpty || hostWaits || appointment != nil else { return }
    let isAsleep = !sleepers.isEmpty && takeCensus()
    if isAsleep, time.isStuck { return }
    if endlessWait(in: world) != nil { return time.getStuck() }
    let limit = !isAsleep ? time.owed : hostWaits ? ProgramTime.longestWait : ProgramTime.mostAtOnce
    guard limit > 0 else { return }
    look(ahead: limit, isAsleep, gadget)
    if let needed = outlook.needed, needed <= limit {
      play(.wait(milliseconds: UInt64(needed)), &world, machine)
      time.pay(needed)
    } else if isAsleep {
      time.getStuck()
    }
  }

  /// Looks what comes within that many milliseconds, and for a program at work a good deal further: it is looked
  /// again when they are over.
  private mutating func look(ahead limit: Int, _ isAsleep: Bool, _ gadget: GadgetSide) {
    guard outlook.needed == nil, limit > outlook.covered else { return }
    let reach = isAsleep ? limit : max(limit * 2, ProgramTime.tick)
    outlook.needed = timeToWake(gadget, reach, noticing: hostWaits && !isAsleep)
    if outlook.needed == nil, isAsleep, hostWaits {
      outlook.needed = timeToWake(gadget, reach, noticing: true)
    }
    outlook.covered = reach
  }

  /// Milliseconds after which a call returns, of the program or of the host, or the host wants to act; nil
  /// when that is not within the limit.
  ///
  /// - Parameter noticing: a line of the kernel log counts as well.
  private func timeToWake(_ gadget: GadgetSide, _ limit: Int, noticing: Bool) -> Int? {
    // Only when is asked here; what happens is told by the step.
    var trial = gadget.machine.rehearsal
    let asleep = gadget.threads.values.filter { trial.isBlocked($0) }
    let lines = trial.log.count
    let start = trial.now
    let end = start + UInt64(limit) * 1000
    let wakes = trial.advance(until: min(end, appointment ?? end)) { now in
      noticing && now.log.count != lines || asleep.contains { !now.isBlocked($0) }
    }
    let isDue = appointment.map { $0 <= end } ?? false
    guard wakes || isDue else { return nil }
    return max(1, Int((trial.now - start + 999) / 1000))
  }

  /// The call of the host that waits for the program without an end of its own, once it has waited so long that no
  /// more time is given to it.
  public func endlessWait(in world: World) -> Action.HostCall? {
    guard let gadget = world.gadget else { return nil }
    let longest = UInt64(ProgramTime.longestWait) * 1000
    for record in gadget.calls where record.state == .blocked {
      guard case .host(let action) = record.call, case .node(_, let operation) = action,
        gadget.machine.now &- record.time > longest
      else { continue }
      // Who reads says how long.
      if case .read = operation { continue }
      return Action.HostCall(action: action, thread: record.thread)
    }
    return nil
  }
}
