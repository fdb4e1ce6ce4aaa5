import GadgetWorld
import UsbHost
import CSupervisor
import Glibc
import RawGadget
import Simulation
import USB

/// Calls of `ioctl(2)` that the kernel answers itself, whatever the file (`do_vfs_ioctl()`).
private enum FileRequest: UInt32 {
  case setNonblocking = 0x5421
  case keepOnExec = 0x5450
  case closeOnExec = 0x5451
}

/// Calls on their way in.
extension Attendant {
  /// Takes calls that have come; of many threads that never stop calling no more than some at a time.
  mutating func receive(atMost limit: Int, _ world: World) {
    for round in 0..<limit {
      var call = cs_call()
      if round > 0, !isCallWaiting { return }
      let problem = cs_receive(program.calls, &call)
      if problem == EAGAIN { continue }
      guard problem == 0 else { return }
      take(call, world)
    }
  }

  private var isCallWaiting: Bool {
    var wait = pollfd(fd: program.calls, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) > 0 && wait.revents & Int16(POLLIN) != 0
  }

  private mutating func take(_ call: cs_call, _ world: World) {
    switch call.kind {
    case CS_HANDLER:
      handlers.note(call)
      _ = cs_let_through(program.calls, call.id)
    case CS_IOCTL: takeIoctl(call)
    default: takeNamed(call, world)
    }
  }

  private mutating func takeIoctl(_ call: cs_call) {
    guard let file = files.name(of: call.descriptor, in: call.thread) else {
      _ = cs_let_through(program.calls, call.id)
      return
    }
    guard FileRequest(rawValue: call.number) == nil else {
      _ = cs_let_through(program.calls, call.id)
      return
    }
    let made = ProgramCall(
      id: call.id, thread: call.thread,
      kind: .ioctl(IoctlRequest(number: call.number), file: file, argument: call.argument))
    if !comesBack(made) { held.append(made) }
  }

  /// A call about a file by its name.
  private mutating func takeNamed(_ call: cs_call, _ world: World) {
    guard let named = names.named(by: call) else {
      if let trouble = names.takeTrouble() { note(trouble) }
      _ = cs_let_through(program.calls, call.id)
      return
    }
    guard call.kind != CS_FOREIGN else {
      // The structures here are those of programs of this machine's own kind.
      note(.foreign)
      _ = cs_let_through(program.calls, call.id)
      return
    }
    guard ControllerFiles.has(named, in: world) else {
      _ = cs_answer(program.calls, call.id, 0, ENOENT)
      return
    }
    switch call.kind {
    case CS_OPEN: open(named, call, world)
    case CS_ACCESS: _ = cs_answer(program.calls, call.id, 0, 0)
    default:
      // Without the thread that asked, its number may be another program's.
      guard cs_still_waits(program.calls, call.id) != 0 else { return }
      let status = ControllerFiles.status(named)
      var call = call
      let problem = cs_write_status(&call, status.mode, status.device, status.size)
      _ = cs_answer(program.calls, call.id, 0, problem)
    }
  }

  private mutating func note(_ trouble: Trouble) {
    if !troubles.contains(trouble) { troubles.append(trouble) }
  }

  private mutating func open(_ named: DeviceNames.Named, _ call: cs_call, _ world: World) {
    let flags = Int32(truncatingIfNeeded: call.flags)
    guard named == .device else {
      return hand(controllerFiles.open(named, in: world, for: program), call, flags)
    }
    if let error = DeviceNames.refusal(of: flags) {
      _ = cs_answer(program.calls, call.id, 0, error)
    } else if flags & Int32(CS_PATH_ONLY) != 0 {
      // A path is no open file: the driver never hears of it, and the kernel hands none on.
      hand(Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC), call, flags)
    } else {
      held.append(
        ProgramCall(
          id: call.id, thread: call.thread,
          kind: .open(nonblocking: flags & O_NONBLOCK != 0, closesOnExec: flags & O_CLOEXEC != 0)))
    }
  }

  /// Ends an open with a descriptor, or with the error that left none.
  private func hand(_ file: Int32, _ call: cs_call, _ flags: Int32) {
    guard file >= 0 else {
      _ = cs_answer(program.calls, call.id, 0, errno)
      return
    }
    _ = cs_answer_with_file(program.calls, call.id, file, flags & O_CLOEXEC != 0 ? 1 : 0)
    Glibc.close(file)
  }

  /// Makes a call on the machine.
  mutating func make(_ call: ProgramCall, _ world: inout World, _ machine: Play) {
    let name = threads.name(of: call.thread, keeping: Set(sleepers.values.map(\.call.thread)))
    guard hasRoom(for: call, name, world) else { return }
    let waits = sleepers.isEmpty && isAlone(call.thread)
    let action = call.action(name: name, newFile: files.nextName, waits: waits)
    guard case .ioctl = call.kind else {
      let events = play(action, &world, machine)
      finishOpen(call, events)
      return
    }
    sleepers[name] = Sleeper(call: call)
    if case .refused = play(action, &world, machine).first {
      // The machine has no room for this call; the program must not wait for ever.
      sleepers[name] = nil
      _ = cs_answer(program.calls, call.id, 0, EBUSY)
    }
  }

  /// Whether the story has room for a call; one that it has none for waits behind the others.
  private mutating func hasRoom(for call: ProgramCall, _ name: String, _ world: World) -> Bool {
    fullness = nil
    guard let gadget = world.gadget else { return true }
    if case .open = call.kind {
      if !gadget.hasRoomForFile { fullness = .files(GadgetSide.fileLimit) }
    } else if !gadget.hasRoom(forThread: name) {
      threads.forget(call.thread)
      fullness = .threads(GadgetSide.threadLimit)
    }
    if fullness != nil { held.append(call) }
    return fullness == nil
  }

  /// Whether a thread is the only one of its process.
  private mutating func isAlone(_ thread: Int32) -> Bool {
    let generation = program.generation
    if let alone, alone.thread == thread, alone.generation == generation { return alone.holds }
    let holds = cs_threads(thread) <= 1
    alone = generation.map { Alone(thread: thread, generation: $0, holds: holds) }
    return holds
  }

  private mutating func finishOpen(_ call: ProgramCall, _ events: [Event]) {
    let result = events.lazy.compactMap { event -> CallResult? in
      guard case .gadget(let event) = event, case .callReturned(_, let result) = event.kind
      else { return nil }
      return result
    }.first
    guard case .open(_, let closes) = call.kind, let result, result.errno == nil,
      let end = files.open()
    else {
      _ = cs_answer(program.calls, call.id, 0, result?.errno?.rawValue ?? EMFILE)
      return
    }
    _ = cs_answer_with_file(program.calls, call.id, end, closes ? 1 : 0)
    Glibc.close(end)
    time.goOn()
  }

  /// Gives a call what came of it: the bytes, then the result. What is given is held against what the step
  /// tells; where they differ, nothing that follows could be trusted.
  mutating func give(_ delivery: Delivery, to call: ProgramCall) {
    if delivery.kills { kill(call.thread, SIGKILL) }
    // A thread that is gone may have left its number to a stranger.
    guard cs_still_waits(program.calls, call.id) != 0 else { return }
    var given = 0
    if case .ioctl(_, _, let address) = call.kind {
      for part in delivery.parts {
        given += cs_write(call.thread, address &+ part.offset, part.bytes, part.bytes.count)
      }
    }
    let isDelivered = given == delivery.size
    let answer = cs_answer(
      program.calls, call.id, delivery.ret, isDelivered ? delivery.errno : EFAULT)
    time.goOn()
    guard answer == 0, !isDelivered || delivery.told != given else { return }
    mismatch = Mismatch(told: delivery.told, given: given)
  }
}
