import GadgetWorld
import CSupervisor
import Glibc
import RawGadget
public import Simulation
import USB
import UsbHost

/// The kernel for a program: takes its calls one by one, has them made on a simulated machine, and gives
/// the program what came of them.
///
/// The machine is the caller's. Every method that may change it is handed a function that plays one action
/// on it; what the program has said since the step before comes with the action.
public struct Attendant {
  /// Plays an action on the machine: the machine after it and what happened.
  public typealias Play = (_ action: Action, _ said: String) -> (World, [Event])

  /// A call that sleeps in the simulated driver.
  struct Sleeper {
    var call: ProgramCall
    /// The caller runs the handler of a signal; the same call comes again, as another.
    var isAway = false
    /// What the call came to meanwhile.
    var result: Delivery?
  }

  /// Whether all sleep, as long as no thread comes or goes.
  struct Census {
    var generation: UInt32
    var allAsleep: Bool
  }

  /// Whether a thread is the only one of its process, likewise.
  struct Alone {
    var thread: Int32
    var generation: UInt32
    var holds: Bool
  }

  /// The program whose calls are answered.
  public let program: Program
  var census: Census?
  var alone: Alone?
  /// Calls that have come and were not let go yet, oldest first.
  var held: [ProgramCall] = []
  var sleepers: [String: Sleeper] = [:] { didSet { census = nil } }
  var files = ProgramFiles()
  var threads: ThreadNames
  var handlers = Handlers()
  var names = DeviceNames()
  var controllerFiles = ControllerFiles()
  var time = ProgramTime()
  /// How far it was seen what the machine's time brings; anew after each step.
  var outlook = Outlook()
  /// The host is in the middle of something that time ends.
  var hostWaits = false
  private var said = ""
  /// What poll(2) said last, for the next look; nil to ask again.
  private var signs: Signs?
  /// When the host wants to act, microseconds of the machine's time: it may go on until then.
  public var appointment: UInt64? {
    didSet {
      guard appointment != oldValue else { return }
      outlook = Outlook()
      if appointment != nil { time.forgive() }
    }
  }
  /// Where a step and what the program got differ; the play must stop there.
  public internal(set) var mismatch: Mismatch?
  /// What a story has no room for: the call that came last waits until there is some.
  public internal(set) var fullness: Fullness?
  /// What kept calls from being followed, for people to be told.
  public internal(set) var troubles: [Trouble] = []

  /// An attendant of a program that has just been started.
  public init(_ program: Program) {
    self.program = program
    threads = ThreadNames(first: program.process)
  }

  /// Nothing the machine does by itself will wake anybody.
  public var isStuck: Bool { time.isStuck }

  /// The program and all it started have come to their end.
  public var isOver: Bool { program.isGone && held.isEmpty }

  /// The call that would be let go next, as a step; nil when none has come.
  public var next: Action? {
    held.first.map {
      $0.action(name: threads.next(for: $0.thread), newFile: files.nextName, waits: false)
    }
  }

  /// Milliseconds for which nothing but a signal could have woken the program.
  public var stuckFor: Int { time.stuckFor }

  /// Milliseconds since the program itself ended and what it left last made a call; 0 while it runs.
  public var leftAloneFor: Int {
    program.ending == nil || !held.isEmpty ? 0 : ProgramTime.now() - time.lastCall
  }

  // MARK: Waiting

  /// What has come.
  private struct Signs {
    var calls = false
    var terminal = false
    var keeper = false
    var hungUp: [Int32] = []
    var others: [Int32] = []
  }

  /// Descriptors to wait for.
  public var descriptors: [Int32] {
    [program.calls] + [program.terminal, program.keeper].compactMap(\.self) + files.ends
  }

  /// Milliseconds after which ``service(_:_:)`` should be called again; nil when only the program can go on.
  public var patience: Int? {
    guard held.isEmpty, !sleepers.isEmpty || hostWaits || appointment != nil else { return nil }
    if !time.isStuck { return !sleepers.isEmpty && areAllAsleep ? 0 : ProgramTime.tick }
    // A signal for a sleeping thread announces itself nowhere.
    return ProgramTime.signalTick
  }

  /// Waits until something has come, on these descriptors as well, or it is time to look.
  ///
  /// - Returns: those of them that are ready.
  @discardableResult
  public mutating func wait(also others: [Int32], atMost limit: Int) -> [Int32] {
    let signs = look(also: others, for: min(patience ?? limit, limit))
    self.signs = signs
    return signs.others
  }

  private func look(also others: [Int32] = [], for milliseconds: Int) -> Signs {
    let ends = files.ends
    let fixed = [program.isGone ? -1 : program.calls, program.terminal ?? -1, program.keeper ?? -1]
    var waits = (fixed + ends + others).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&waits, nfds_t(waits.count), Int32(milliseconds)) > 0 else { return Signs() }
    func has(_ index: Int, _ event: Int32) -> Bool { waits[index].revents & Int16(event) != 0 }
    return Signs(
      calls: has(0, POLLIN), terminal: waits[1].revents != 0, keeper: waits[2].revents != 0,
      hungUp: ends.indices.filter { has(3 + $0, POLLHUP) }.map { ends[$0] },
      others: others.indices.filter { waits[fixed.count + ends.count + $0].revents != 0 }
        .map { others[$0] })
  }

  // MARK: What comes from the program

  /// Takes what has come: calls, output, closed files, signals, the end.
  public mutating func service(_ world: World, _ machine: Play) {
    let hasWaited = self.signs != nil
    let signs = self.signs ?? look(for: 0)
    self.signs = nil
    time.count(held.isEmpty)
    var world = world
    if signs.terminal { hear() }
    if signs.keeper {
      program.hear()
      time.lookNow()
    }
    closeFiles(signs.hungUp, &world, machine)
    if signs.calls { receive(atMost: hasWaited ? 1 : 64, world) }
    if time.isTimeToLook {
      lookAfterWaiting(&world, machine)
      time.endLook()
    }
    hostWaits = world.gadget?.machine.host.isWaiting ?? false
    if !held.isEmpty {
      payOwed(&world, machine)
    } else if !signs.calls {
      passTime(&world, machine)
    }
  }

  /// The machine is given the time in which the program ran up to its call.
  private mutating func payOwed(_ world: inout World, _ machine: Play) {
    guard world.gadget?.machine.nextTimer != nil, let owed = time.takeOwed() else { return }
    play(.wait(milliseconds: UInt64(owed)), &world, machine)
  }

  /// Makes the oldest call that has come. False when there is none.
  @discardableResult
  public mutating func resumeOldestCall(_ world: World, _ machine: Play) -> Bool {
    guard !held.isEmpty else { return false }
    let call = held.removeFirst()
    time.goOn()
    guard cs_still_waits(program.calls, call.id) != 0 else { return true }
    var world = world
    make(call, &world, machine)
    return true
  }

  /// What the program has said since the last step, its last words among it.
  public mutating func takeSaid() -> String {
    // What it started may go on talking; nobody listens to that for ever.
    var rounds = 0
    while program.ending != nil, rounds < 64, hear() { rounds += 1 }
    defer { said = "" }
    return said
  }

  /// Adds what the program has written.
  @discardableResult
  private mutating func hear() -> Bool {
    let heard = program.takeOutput()
    said += heard
    return !heard.isEmpty
  }

  /// Characters that were said since the last step.
  public var saidSoFar: Int { said.utf8.count }

  /// Ends the program and everything it started.
  public mutating func stop() {
    let waiting = held + sleepers.values.filter { !$0.isAway }.map(\.call)
    program.stop(waiting.filter { program.isAsked($0.thread) }.map(\.id))
    (held, sleepers) = ([], [:])
    hear()
  }

  private mutating func closeFiles(
    _ hungUp: [Int32], _ world: inout World, _ machine: Play
  ) {
    for end in hungUp {
      guard let name = files.remove(end: end) else { continue }
      play(.close(file: name), &world, machine)
    }
  }

  // MARK: Steps

  @discardableResult
  mutating func play(_ action: Action, _ world: inout World, _ machine: Play) -> [Event] {
    let (after, events) = machine(action, said)
    outlook = Outlook()
    said = ""
    world = after
    answer(events, after)
    return events
  }

  /// Lets the host do something: no time has passed for it while nothing was asked of it.
  public mutating func act(_ action: Action, _ world: World, _ machine: Play) {
    time.forgive()
    var world = world
    play(action, &world, machine)
  }

  /// The host did something by itself: no time has passed for it while nothing was asked of it.
  public mutating func hostHasActed(_ events: [Event], _ world: World) {
    time.forgive()
    outlook = Outlook()
    answer(events, world)
  }

  /// Answers every sleeping call that these events ended.
  mutating func answer(_ events: [Event], _ world: World) {
    guard let gadget = world.gadget else { return }
    var copies: [CopyReport] = []
    for event in events {
      if case .copied(let report) = event { copies.append(report) }
      guard case .gadget(let event) = event, case .callReturned(let thread, let result) = event.kind
      else { continue }
      defer { copies = [] }
      let name = gadget.name(of: thread)
      guard let sleeper = sleepers[name] else { continue }
      time.goOn()
      let delivery = Delivery(result, copies)
      if sleeper.isAway {
        sleepers[name]?.result = delivery
      } else {
        sleepers[name] = nil
        give(delivery, to: sleeper.call)
      }
    }
  }
}
