import Usercopy
import USB

extension DriverSide {
  /// EVENT_FETCH: waits for an event and copies it out (`raw_ioctl_event_fetch()`).
  mutating func fetch(_ call: CheckedCall) -> CallOutcome {
    let (thread, device, memory) = (call.thread, call.device, call.memory)
    guard drivers.devices[device]?.events.isEmpty == false else {
      sleep(call, .event(memory: memory, length: call.length))
      return .blocked
    }
    return .returned(fetchEvent(thread, device, memory, length: call.length))
  }

  /// Takes the oldest event and copies it; an event that cannot be copied is lost.
  mutating func fetchEvent(
    _ thread: ThreadID, _ device: Int, _ memory: UserMemory, length: UInt32
  ) -> CallResult {
    guard let event = drivers.devices[device]?.events.first else {
      setState(device, .failed)
      return .refused(RawIoctl.eventFetch.refusal(.queueEmpty))
    }
    drivers.devices[device]?.events.removeFirst()
    note(
      .eventFetched(
        device: device, event.type, depth: drivers.devices[device]?.events.count ?? 0))
    if !drivers.policy.clampsLengths, let address = event.address,
      let kernel = drivers.copies?.kernel
    {
      return fetchUnclamped(thread, kernel, address, memory, length: Int(length))
    }
    let data = min(Int(length), event.data.count)
    let bytes = Array(event.bytes.prefix(RawLayout.headerSize + data))
    let whole = copyOut(
      thread, bytes, object: "event", from: event.address, to: memory, offset: 0)
    drivers.copies?.free(event.address)
    guard whole else { return .refused(RawIoctl.eventFetch.refusal(.resultUnwritable)) }
    return .success(0, written: bytes)
  }

  /// The copy as a driver makes it that takes the program's word for the event's length.
  private mutating func fetchUnclamped(
    _ thread: ThreadID, _ kernel: Kernel, _ address: Address, _ memory: UserMemory, length: Int
  ) -> CallResult {
    let count = RawLayout.headerSize + length
    let bytes = kernel.memory.read(address, count: min(count, memory.writable))
    let whole = copyOut(
      thread, bytes, object: "event", from: address, length: count, to: memory, offset: 0)
    drivers.copies?.free(address)
    guard whole else { return .refused(RawIoctl.eventFetch.refusal(.resultUnwritable)) }
    return .success(0, written: bytes)
  }

  /// `raw_queue_event()`: a seventeenth event makes the device FAILED.
  ///
  /// - Returns: 0, or a negative error number.
  @discardableResult
  mutating func queueEvent(_ number: Int, _ type: RawEventType, _ data: [UInt8]) -> Int {
    guard let device = drivers.devices[number] else { return Errno.ENODEV.negated }
    guard device.events.count < RawLayout.eventQueueSize else {
      note(.eventRefused(device: number, type))
      if drivers.policy.warnsOfFullQueue { warn("raw_gadget") }
      setState(number, .failed)
      return Errno.ENOMEM.negated
    }
    var event = RawDevice.Event(type: type, data: data)
    let bytes = event.bytes
    event.address = drivers.copies?.allocate(bytes, size: bytes.count, label: "event")
    drivers.devices[number]?.events.append(event)
    note(.eventQueued(device: number, type, depth: device.events.count + 1))
    wakeEventWaiter(number)
    return 0
  }

  /// Gives the event to the thread that has waited longest.
  private mutating func wakeEventWaiter(_ device: Int) {
    let waiters = drivers.pending.filter {
      if case .event = $0.value.wait { $0.value.device == device } else { false }
    }
    guard let (thread, call) = waiters.min(by: { $0.value.order < $1.value.order }),
      case .event(let memory, let length) = call.wait
    else { return }
    noteWaking(thread)
    finish(thread, fetchEvent(thread, device, memory, length: length))
  }
}
