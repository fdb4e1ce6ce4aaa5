public import GadgetWorld
public import RawGadget
public import Simulation
import Text
public import USB
public import UsbHost

/// The raw-gadget machine in words.
public enum GadgetWords {
  /// What one event says; nil for events that only matter on screen.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - names: what the scenario calls its threads, by their numbers.
  public static func line(_ event: GadgetEvent, names: [ThreadID: String] = [:]) -> String? {
    func name(_ thread: ThreadID) -> String { names[thread] ?? String(thread) }
    return switch event.kind {
    case .callEntered, .asked, .woken: nil
    case .callBlocked(let thread): "thread \(name(thread)) sleeps in the call"
    case .callReturned(_, let result):
      "returns \(state(result))" + (result.refusal.map { ": \(RefusalWords.sentence($0))" } ?? "")
    case .signalled(let thread): "a signal for thread \(name(thread))"
    case .copied(_, let copy): self.copy(copy)
    case .deviceState(_, let state): "the device is \(state.rawValue)"
    case .eventQueued(_, let type, let depth):
      "event \(type.name) queued, \(depth) of \(RawLayout.eventQueueSize)"
    case .eventRefused(_, let type): "event \(type.name) refused: the queue is full"
    case .eventFetched(_, let type, let depth): "event \(type.name) fetched, \(depth) left"
    case .setup(_, let setup): "host asks \(setup.name)"
    case .setupAnswered(_, let setup, let status):
      "the controller answers \(setup.name) itself"
        + (status == 0 ? "" : " with \(errno(status))")
    case .routed, .gadgetfsState, .gadgetfsBound, .gadgetfsQueued, .gadgetfsRead:
      GadgetFSWords.line(event)
    case .requestQueued(_, let endpoint, let length):
      "\(endpoint): \(ValueWords.bytes(UInt64(max(0, length)))) queued"
    case .requestCompleted(_, let endpoint, let status, let actual):
      "\(endpoint): done, \(ValueWords.bytes(UInt64(max(0, actual))))"
        + (status == 0 ? "" : ", \(errno(status))")
    case .transferred, .portStatus, .monitored: nil
    case .hostLog(let line): "host: \(line)"
    case .tested(let number, let ret):
      "usbtest case \(number): \(ret < 0 ? errno(ret) : "passed")"
    }
  }

  /// What one event says where a step is gone through; nil for events that change nothing to be seen.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - names: what the scenario calls its threads, by their numbers.
  public static func told(_ event: GadgetEvent, names: [ThreadID: String] = [:]) -> String? {
    switch event.kind {
    case .asked(_, let check, let failed):
      return RefusalWords.sentence(check) + (failed ? "? yes" : "? no")
    case .woken(let thread): return "thread \(names[thread] ?? String(thread)) wakes up"
    case .callEntered(let thread, let call):
      return "thread \(names[thread] ?? String(thread)) calls \(name(call))"
    case .transferred(_, let endpoint, let toHost, let bytes):
      return "\(endpoint): \(ValueWords.bytes(UInt64(max(0, bytes)))) go to the "
        + (toHost ? "host" : "gadget")
    default: return line(event, names: names)
    }
  }

  /// What a system call is called: `open`, `EP0_WRITE`.
  public static func name(_ call: SystemCall) -> String {
    switch call {
    case .open: "open"
    case .close: "close"
    case .read: "read"
    case .write: "write"
    case .poll: "poll"
    case .gadgetfs(let call):
      switch call {
      case .open: "open gadgetfs"
      case .close: "close gadgetfs"
      case .read: "read ep0"
      case .write: "write ep0"
      }
    case .ioctl(_, let number, _):
      RawIoctl(rawValue: UInt8(truncatingIfNeeded: number))?.shortName ?? "ioctl"
    }
  }

  /// A copy a call made.
  public static func copy(_ copy: DriverCopy) -> String {
    let way = copy.toUser ? "copy_to_user from" : "copy_from_user into"
    let left = copy.notCopied > 0 ? ", \(copy.notCopied) not copied" : ""
    return "\(way) \(copy.object), \(ValueWords.bytes(UInt64(copy.length)))\(left)"
  }

  /// A result: `18`, `EBUSY (wrong-direction)`.
  public static func result(_ result: CallResult) -> String {
    state(result) + (result.refusal.map { " (\($0.name))" } ?? "")
  }

  /// A result without its reason: `18`, `EBUSY`.
  public static func state(_ result: CallResult) -> String {
    result.errno?.name ?? String(result.ret)
  }

  /// A host call's result, with the URB it collected: `0, urb first, 10 bytes`.
  public static func result(_ result: HostResult) -> String {
    var words = result.errno?.name ?? String(result.ret)
    if let urb = result.urb {
      words += ", urb \(urb)"
      if let status = result.status, status != 0 { words += " \(errno(status))" }
      words += ", \(ValueWords.bytes(UInt64(max(0, result.actualLength ?? 0))))"
    }
    return words
  }

  /// That a call failed, `the call returns EBUSY`; nil for one that did not.
  public static func failure(_ result: CallResult) -> String? {
    result.errno.map { "the call returns \($0.name)" }
  }

  /// An error number by name.
  public static func errno(_ status: Int) -> String {
    Errno(negated: status)?.name ?? String(status)
  }

  /// The event a call of EVENT_FETCH brought; nil where it brought none, or not the whole of a request.
  public static func event(_ call: CallRecord) -> String? {
    guard case .ioctl(.call(.eventFetch), _) = call.call, case .returned(let result) = call.state
    else { return nil }
    return event(result.written)
  }

  /// `CONNECT`, or the request of a control event, from `struct usb_raw_event` as bytes.
  public static func event(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 8, bytes[1...3].allSatisfy({ $0 == 0 }),
      let type = RawEventType(rawValue: UInt32(bytes[0]))
    else { return nil }
    guard type == .control else { return type.name }
    return SetupPacket(bytes.dropFirst(RawLayout.headerSize))?.name
  }

  /// How a remembered call stands: `= 18`, `blocked`, `EBUSY`.
  public static func state(_ call: CallRecord) -> String {
    switch call.state {
    case .blocked: "blocked"
    case .returned(let result): state(result)
    case .host(let result): result.errno?.name ?? String(result.ret)
    }
  }
}
