import CSupervisor
import Glibc
import RawGadget
public import Simulation
import USB

/// The kernel for a program: takes its calls one by one, has them made on a simulated machine, and gives
/// the program what came of them.
///
/// The machine is the caller's. Every method that may change it is handed a function that plays one action
/// on it; what the program has said since the step before comes with the action.
public struct Attendant {
  /// Plays an action on the machine: the machine after it and what happened.
  public typealias Machine = (_ action: Action, _ said: String) -> (World, [Event])

  /// A call that sleeps in the simulated driver.
  private struct Sleeper {
    var id: UInt64
    var thread: Int32
    var argument: UInt64
  }

  /// An open file of the program: its read end hangs up when the program has closed it everywhere.
  private final class OpenFile {
    let name: String
    let end: Int32
    let inode: UInt64

    init(name: String, end: Int32, inode: UInt64) {
      self.name = name
      self.end = end
      self.inode = inode
    }

    deinit { close(end) }
  }

  public let program: Program
  /// Calls that have come and were not let go yet, oldest first.
  private var held: [ProgramCall] = []
  private var sleepers: [String: Sleeper] = [:]
  private var files: [OpenFile] = []
  private var opened = 0
  private var threads: [Int32: String] = [:]
  private var said = ""
  /// Real milliseconds the program ran in that the machine has not been given yet.
  private var owed = 0
  private var clock = Attendant.now()
  /// Nothing the machine does by itself will wake anybody.
  public private(set) var isStuck = false
  private var stuckSince = 0

  public init(_ program: Program) { self.program = program }

  /// Descriptors to wait for.
  public var descriptors: [Int32] { program.descriptors + files.map(\.end) }

  /// The call that would be let go next, as a step; nil when none has come.
  public var next: Action? { held.first.map { action($0, waits: false) } }

  /// Milliseconds: less than that is no step of its own.
  private static let tick = 20

  /// Milliseconds after which ``tend(_:_:)`` should be called again; nil when only the program can go on.
  public var patience: Int? {
    guard program.ending == nil, held.isEmpty, !sleepers.isEmpty, !isStuck else { return nil }
    return Self.tick
  }

  /// Milliseconds for which nothing but a signal could have woken the program.
  public var stuckFor: Int { isStuck ? Self.now() - stuckSince : 0 }

  /// Takes what has come: calls, output, closed files, signals, the end.
  public mutating func tend(_ world: World, _ machine: Machine) {
    countTime()
    receive()
    hear()
    var world = world
    dropInterrupted(&world, machine)
    program.noticeEnding()
    closeFiles(&world, machine)
    if held.isEmpty { passTime(&world, machine) }
  }

  /// Makes the oldest call that has come. False when there is none.
  @discardableResult
  public mutating func letGo(_ world: World, _ machine: Machine) -> Bool {
    guard !held.isEmpty else { return false }
    let call = held.removeFirst()
    clock = Self.now()
    isStuck = false
    guard cs_still_waits(program.calls, call.id) != 0 else { return true }
    var world = world
    if owed >= Self.tick, world.gadget?.machine.nextTimer != nil {
      pass(min(owed, 10_000), &world, machine)
      owed = 0
    }
    let name = self.name(of: call.thread)
    let action = action(call, waits: program.threadCount <= 1)
    if case .ioctl(_, _, let address) = call.kind {
      sleepers[name] = Sleeper(id: call.id, thread: call.thread, argument: address)
      if case .refused = play(action, &world, machine).first {
        // The machine has no room for this call; the program must not wait for ever.
        sleepers[name] = nil
        _ = cs_answer(program.calls, call.id, 0, EBUSY)
      }
    } else {
      let events = play(action, &world, machine)
      finishOpen(call, events)
    }
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

  /// Adds what the program has written; the end of it is kept.
  @discardableResult
  private mutating func hear() -> Bool {
    let heard = program.takeOutput()
    said = String((said + heard).unicodeScalars.suffix(1 << 14))
    return !heard.isEmpty
  }

  // MARK: What comes from the program

  /// Takes calls that have come; of many threads that never stop calling no more than some at a time.
  private mutating func receive() {
    for _ in 0..<256 {
      var call = cs_call()
      guard Self.isReadable(program.calls) else { return }
      let problem = cs_receive(program.calls, &call)
      if problem == EAGAIN { continue }
      guard problem == 0 else { return }
      if let known = recognized(call) {
        held.append(known)
      } else {
        _ = cs_let_through(program.calls, call.id)
      }
    }
  }

  private func recognized(_ call: cs_call) -> ProgramCall? {
    if call.is_open != 0 {
      guard Self.path(call) == "/dev/raw-gadget" else { return nil }
      let flags = Int32(truncatingIfNeeded: call.flags)
      return ProgramCall(
        id: call.id, thread: call.thread,
        kind: .open(nonblocking: flags & O_NONBLOCK != 0, closesOnExec: flags & O_CLOEXEC != 0))
    }
    guard let file = file(call.descriptor, of: call.thread) else { return nil }
    guard let request = RawIoctl(rawValue: UInt8(truncatingIfNeeded: call.number)),
      request.number == call.number
    else {
      // raw_ioctl() knows no such number.
      _ = cs_answer(program.calls, call.id, 0, EINVAL)
      return nil
    }
    return ProgramCall(
      id: call.id, thread: call.thread,
      kind: .ioctl(request, file: file, argument: call.argument))
  }

  private static func path(_ call: cs_call) -> String {
    let bytes = [UInt8](unsafeUninitializedCapacity: 16) { buffer, done in
      done = cs_read(call.thread, call.path, buffer.baseAddress, 16)
    }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The file behind a descriptor of the program, duplicated or inherited as it may be.
  private func file(_ descriptor: Int32, of thread: Int32) -> String? {
    var status = stat()
    guard stat("/proc/\(thread)/fd/\(descriptor)", &status) == 0 else { return nil }
    return files.first { $0.inode == status.st_ino }?.name
  }

  private mutating func dropInterrupted(_ world: inout World, _ machine: Machine) {
    for (name, sleeper) in sleepers.sorted(by: { $0.key < $1.key })
    where cs_still_waits(program.calls, sleeper.id) == 0 {
      sleepers[name] = nil
      play(.signal(thread: name), &world, machine)
    }
    held.removeAll { cs_still_waits(program.calls, $0.id) == 0 }
  }

  private mutating func closeFiles(_ world: inout World, _ machine: Machine) {
    for file in files where Self.isHungUp(file.end) {
      files.removeAll { $0.name == file.name }
      play(.close(file: file.name), &world, machine)
    }
  }

  // MARK: Time

  /// Real time counts while the program runs; while it is held the clock stands still.
  private mutating func countTime() {
    let now = Self.now()
    if held.isEmpty { owed = min(owed + max(0, now - clock), 60_000) }
    clock = now
  }

  /// Gives the machine the time that wakes somebody: at once when the whole program sleeps in the driver,
  /// else no more than has really passed.
  private mutating func passTime(_ world: inout World, _ machine: Machine) {
    guard !sleepers.isEmpty, program.ending == nil, let gadget = world.gadget else { return }
    let isAsleep = program.threadCount == sleepers.count
    let limit = isAsleep ? 10_000 : owed
    guard limit > 0 else { return }
    let ids = sleepers.keys.compactMap { gadget.threads[$0] }
    var trial = gadget.machine
    let start = trial.now
    let wakes = trial.advance(until: start + UInt64(limit) * 1000) { now in
      ids.contains { !now.isBlocked($0) }
    }
    if wakes {
      let needed = Int((trial.now - start + 999) / 1000)
      pass(max(1, needed), &world, machine)
      owed = max(0, owed - needed)
    } else if isAsleep, !isStuck {
      isStuck = true
      stuckSince = Self.now()
    }
  }

  private mutating func pass(_ milliseconds: Int, _ world: inout World, _ machine: Machine) {
    play(.wait(milliseconds: UInt64(milliseconds)), &world, machine)
  }

  // MARK: Answers

  @discardableResult
  private mutating func play(
    _ action: Action, _ world: inout World, _ machine: Machine
  ) -> [Event] {
    let (after, events) = machine(action, said)
    said = ""
    world = after
    answer(events, after)
    return events
  }

  /// Answers every sleeping call that these events ended; for the caller's own steps as well.
  public mutating func answer(_ events: [Event], _ world: World) {
    guard let gadget = world.gadget else { return }
    for case .gadget(let event) in events {
      guard case .callReturned(let thread, let result) = event.kind,
        let sleeper = sleepers.removeValue(forKey: gadget.name(of: thread))
      else { continue }
      isStuck = false
      give(result, to: sleeper)
    }
  }

  private mutating func give(_ result: CallResult, to sleeper: Sleeper) {
    if result.killed { kill(sleeper.thread, SIGKILL) }
    var error = result.errno?.rawValue ?? 0
    let header = UInt64(RawLayout.headerSize)
    let isWhole =
      write(result.written, sleeper, at: sleeper.argument)
      && write(result.data, sleeper, at: sleeper.argument &+ header)
    if !isWhole { error = EFAULT }
    _ = cs_answer(program.calls, sleeper.id, result.ret, error)
    clock = Self.now()
  }

  private func write(_ bytes: [UInt8], _ sleeper: Sleeper, at address: UInt64) -> Bool {
    bytes.isEmpty || cs_write(sleeper.thread, address, bytes, bytes.count) == bytes.count
  }

  private mutating func finishOpen(_ call: ProgramCall, _ events: [Event]) {
    let result = events.lazy.compactMap { event -> CallResult? in
      guard case .gadget(let event) = event, case .callReturned(_, let result) = event.kind
      else { return nil }
      return result
    }.first
    var ends: [Int32] = [0, 0]
    guard case .open(_, let closes) = call.kind, let result, result.errno == nil,
      pipe(&ends) == 0
    else {
      _ = cs_answer(program.calls, call.id, 0, result?.errno?.rawValue ?? EMFILE)
      return
    }
    ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
    var status = stat()
    fstat(ends[0], &status)
    opened += 1
    files.append(OpenFile(name: fileName, end: ends[0], inode: UInt64(status.st_ino)))
    _ = cs_answer_with_file(program.calls, call.id, ends[1], closes ? 1 : 0)
    Glibc.close(ends[1])
    clock = Self.now()
  }

  // MARK: Names

  private func action(_ call: ProgramCall, waits: Bool) -> Action {
    call.action(
      name: threads[call.thread] ?? newName(call.thread), newFile: Self.fileName(opened + 1),
      waits: waits)
  }

  private var fileName: String { Self.fileName(opened) }

  private static func fileName(_ number: Int) -> String { number <= 1 ? "dev" : "dev\(number)" }

  private func newName(_ thread: Int32) -> String {
    thread == program.process ? "main" : "thread-\(threads.count + 1)"
  }

  private mutating func name(of thread: Int32) -> String {
    if let known = threads[thread] { return known }
    let name = newName(thread)
    threads[thread] = name
    return name
  }

  private static func isReadable(_ descriptor: Int32) -> Bool {
    events(of: descriptor) & Int16(POLLIN) != 0
  }

  private static func isHungUp(_ descriptor: Int32) -> Bool {
    events(of: descriptor) & Int16(POLLHUP) != 0
  }

  private static func events(of descriptor: Int32) -> Int16 {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) > 0 ? wait.revents : 0
  }

  /// Milliseconds of a clock that only goes forward.
  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
