import UsbHost
import GadgetWorld
import RawGadget
import Text
import Usercopy
import USB

extension World {
  /// Longest a waiting call is given, microseconds of virtual time.
  static let patience: Microseconds = 10_000_000

  mutating func open(_ file: String, nonblocking: Bool) throws(ActionError) -> [Event] {
    var side = gadgetSide
    guard side.files[file] == nil else { throw .nameTaken(file) }
    guard side.hasRoomForFile else {
      throw .tooMany("open files", limit: GadgetSide.fileLimit)
    }
    let descriptor = (side.files.values.max() ?? 2) + 1
    let call = SystemCall.open(descriptor: descriptor, nonblocking: nonblocking)
    let events = try system(call, "main", as: .open(nonblocking: nonblocking), &side)
    if case .returned(let result)? = side.calls.last?.state, result.errno == nil {
      side.files[file] = descriptor
    }
    gadget = side
    return events
  }

  mutating func close(_ file: String) throws(ActionError) -> [Event] {
    var side = gadgetSide
    if file == Action.GadgetFS.file, side.machine.gadgetfs != nil { return try closeGadgetFS() }
    guard let descriptor = side.files[file] else {
      throw .unknownFile(file, known: side.files.keys.sorted())
    }
    let events = try system(
      .close(descriptor: descriptor), "main", as: .close(file: file), &side)
    side.files[file] = nil
    gadget = side
    return events
  }

  mutating func ioctl(_ ioctl: Action.Ioctl) throws(ActionError) -> [Event] {
    var side = gadgetSide
    guard let descriptor = side.files[ioctl.file] else {
      throw .unknownFile(ioctl.file, known: side.files.keys.sorted())
    }
    let thread = try side.thread(ioctl.thread)
    guard !side.machine.isBlocked(thread) else { throw .threadBlocked(ioctl.thread) }
    let call = SystemCall.ioctl(
      descriptor: descriptor, number: ioctl.kernelNumber(for: side.machine),
      argument: ioctl.kernelArgument(for: side.machine.policy))
    let events = try system(
      call, ioctl.thread, as: .ioctl(ioctl.request, ioctl.argument), waits: ioctl.waits, &side)
    gadget = side
    return events
  }

  mutating func host(_ call: Action.HostCall) throws(ActionError) -> [Event] {
    var side = gadgetSide
    let thread = try side.thread(call.thread)
    guard !side.machine.isBlocked(thread) else { throw .threadBlocked(call.thread) }
    var record = CallRecord(
      thread: call.thread, call: .host(call.action), state: .blocked, time: side.machine.now)
    enter(&side)
    try waitForTurn(of: call, &side)
    let action = call.found(on: side.machine).action
    (record.call, record.time) = (.host(action), side.machine.now)
    if case .returned(let result) = side.machine.host(thread, action) {
      record.state = .host(result)
    } else if call.waits {
      let limit = side.machine.now &+ Self.patience
      side.machine.advance(until: limit) { !$0.isBlocked(thread) }
      if let result = side.machine.takeHostResult(of: thread) { record.state = .host(result) }
    }
    side.remember(record)
    var events = leave(&side)
    if case .host(let result) = record.state {
      events.append(.hostReturned(thread: call.thread, result))
    }
    gadget = side
    return events
  }

  /// Lets time pass until a thread of the host may act, ten seconds at most.
  private func waitForTurn(
    of call: Action.HostCall, _ side: inout GadgetSide
  ) throws(ActionError) {
    if let moment = call.when, !moment.isReached(on: side.machine) {
      // A thread that does not wait for its own call does not wait for others either.
      guard call.waits else { throw .neverCame(moment) }
      side.machine.advance(until: side.machine.now &+ Self.patience) { moment.isReached(on: $0) }
      guard moment.isReached(on: side.machine) else { throw .neverCame(moment) }
    }
    if call.after > 0 { side.machine.advance(by: call.after * 1000) }
  }

  mutating func wait(_ milliseconds: UInt64) -> [Event] {
    var side = gadgetSide
    enter(&side)
    side.machine.advance(by: min(milliseconds, 600_000) * 1000)
    let events = leave(&side)
    gadget = side
    return events
  }

  mutating func signal(_ thread: String, restarts: Bool) throws(ActionError) -> [Event] {
    var side = gadgetSide
    guard let id = side.threads[thread] else {
      throw .unknownThread(thread, known: side.threads.keys.sorted())
    }
    enter(&side)
    side.machine.signal(id, restart: restarts)
    let events = leave(&side)
    gadget = side
    return events
  }

  // MARK: Calls

  /// The gadget machine, made when first asked for.
  var gadgetSide: GadgetSide {
    gadget ?? GadgetSide(policy: driver, setup: setup)
  }

  mutating func system(
    _ call: SystemCall, _ thread: String, as made: CallRecord.Call, waits: Bool = false,
    _ side: inout GadgetSide
  ) throws(ActionError) -> [Event] {
    let id = try side.thread(thread)
    var record = CallRecord(
      thread: thread, call: made, state: .blocked, time: side.machine.now)
    enter(&side)
    if case .returned(let result) = side.machine.call(id, call) {
      record.state = .returned(result)
    } else if waits {
      let limit = side.machine.now &+ Self.patience
      side.machine.advance(until: limit) { !$0.isBlocked(id) }
      if let result = side.machine.takeResult(of: id) { record.state = .returned(result) }
    }
    side.remember(record)
    return leave(&side)
  }

  /// Hands the kernel to the gadget machine for the time of a call.
  private mutating func enter(_ side: inout GadgetSide) {
    _ = side.machine.takeEvents()
    if side.machine.copies == nil {
      side.machine.copies = CopyMachine(kernel: kernel, era: era)
    } else {
      side.machine.copies?.kernel = kernel
      side.machine.copies?.era = era
    }
    if side.moments != nil { side.machine.keepMoments() }
  }

  /// Takes the kernel back, completes calls that were blocked, and turns what happened into events.
  private mutating func leave(_ side: inout GadgetSide) -> [Event] {
    if side.moments != nil { side.moments? += side.machine.takeMoments() }
    var returned: [Event] = []
    for index in side.calls.indices where side.calls[index].state == .blocked {
      let thread = side.calls[index].thread
      guard let id = side.threads[thread] else { continue }
      if let result = side.machine.takeResult(of: id) {
        side.calls[index].state = .returned(result)
      } else if let result = side.machine.takeHostResult(of: id) {
        side.calls[index].state = .host(result)
        returned.append(.hostReturned(thread: thread, result))
      }
    }
    if let after = side.machine.copies?.kernel {
      let running = kernel.current
      kernel = after
      kernel.switchTo(task: running)
    }
    return side.machine.takeEvents().flatMap(Self.events) + returned
  }

  /// An event of the gadget machine; a copy is one of the world's copies as well.
  private static func events(_ event: GadgetEvent) -> [Event] {
    guard case .copied(_, var copy) = event.kind, let outcome = copy.outcome,
      let before = copy.before
    else { return [.gadget(event)] }
    let report = CopyReport(
      outcome: outcome, place: copy.object, offset: 0, on: before, scene: before)
    // The report carries the kernel from here on.
    copy.before = nil
    return [.copied(report)]
  }
}
