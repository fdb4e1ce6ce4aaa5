public import UsbHost
public import GadgetWorld
public import RawGadget
public import Simulation
public import USB
import Text

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
    case .callEntered: nil
    case .callBlocked(let thread): "thread \(name(thread)) sleeps in the call"
    case .callReturned(_, let result): "returns \(self.result(result))"
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
    }
  }

  /// What one event says where a step is gone through; nil for events that change nothing to be seen.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - names: what the scenario calls its threads, by their numbers.
  public static func told(_ event: GadgetEvent, names: [ThreadID: String] = [:]) -> String? {
    switch event.kind {
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
    guard let errno = result.errno else { return String(result.ret) }
    return errno.name + (result.why.map { " (\($0.text))" } ?? "")
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

  /// Why a call was refused, in a sentence.
  public static func reason(_ result: CallResult) -> String? {
    guard result.errno != nil else { return nil }
    guard let why = result.why else {
      let place = result.check.map {
        "check \($0.row)" + ($0.ioctl.map { " of \($0.shortName)" } ?? "")
      }
      return place.map { "refused by \($0)" }
    }
    return reason(why)
  }

  /// A reason class in a sentence.
  public static func reason(_ why: Refusal) -> String {
    switch why {
    case .stateNotOpened: "the device is not OPENED any more"
    case .stateNotInitialized: "the device is not INITIALIZED; INIT comes first, once"
    case .stateNotRunning: "the device is not RUNNING"
    case .register: "no free controller of that name"
    case .signal: "a signal ended the wait"
    case .wrongDirection: "the pending control request goes the other way"
    case .nothingPending: "no control request is pending"
    case .transferAlreadyQueued: "another thread's transfer is queued there"
    case .transferInFlight: "a transfer is in flight on the endpoint"
    case .endpointNotEnabled: "the endpoint is not enabled"
    case .handleOutOfRange: "no endpoint has that handle"
    case .maxPacketZero: "wMaxPacketSize is 0"
    case .noEndpointMatches: "no endpoint of the controller fits the descriptor"
    case .matchingEndpointsAllTaken: "every endpoint that fits is in use"
    case .gadgetNotBound: "no controller is bound"
    case .disableInProgress: "the endpoint is being disabled"
    case .isochronous: "isochronous endpoints cannot be halted"
    case .udcEnable(let errno): "the controller refuses to enable it: \(errno.name)"
    case .udcQueue(let errno): "the controller refuses the transfer: \(errno.name)"
    case .udcHalt(let errno): "the controller refuses the halt: \(errno.name)"
    case .descriptors(let check): GadgetFSWords.reason(check)
    }
  }

  /// An error number by name.
  public static func errno(_ status: Int) -> String {
    Errno(negated: status)?.name ?? String(status)
  }

  /// The event a call of EVENT_FETCH brought; nil where it brought none, or not the whole of a request.
  public static func event(_ call: CallRecord) -> String? {
    guard call.name == RawIoctl.eventFetch.shortName, case .returned(let result) = call.state
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
    case .returned(let result): result.errno?.name ?? String(result.ret)
    case .host(let result): result.errno?.name ?? String(result.ret)
    }
  }
}
