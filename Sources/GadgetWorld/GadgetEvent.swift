import DummyUDC
public import RawGadget
public import USB

/// One thing that happened in the machine, for panes, traces and tests to show.
public struct GadgetEvent: Equatable, Sendable {
  /// What happened.
  public enum Kind: Equatable, Sendable {
    indirect case callEntered(thread: ThreadID, SystemCall)
    /// A check of the call was made; it failed, or the call goes on. Only noted where moments are kept.
    case asked(thread: ThreadID, CallCheck, failed: Bool)
    case callBlocked(thread: ThreadID)
    /// What the call slept for has come. Only noted where moments are kept.
    case woken(thread: ThreadID)
    case callReturned(thread: ThreadID, CallResult)
    case signalled(thread: ThreadID)
    /// A copy between kernel and user memory made by a call.
    indirect case copied(thread: ThreadID, DriverCopy)
    case deviceState(device: Int, RawDevice.State)
    case eventQueued(device: Int, RawEventType, depth: Int)
    case eventRefused(device: Int, RawEventType)
    case eventFetched(device: Int, RawEventType, depth: Int)
    case setup(controller: Int, SetupPacket)
    /// A control request the controller answered without its driver.
    case setupAnswered(controller: Int, SetupPacket, status: Int)
    /// Who a control request ended up with: a stall is a negative status.
    case routed(controller: Int, SetupPacket, to: SetupResponder, status: Int)
    case gadgetfsState(GadgetFSDevice.State)
    /// GadgetFS took the first controller that was free; its endpoint files have these names.
    case gadgetfsBound(controller: String, files: [String])
    case gadgetfsQueued(GadgetFSEventType, depth: Int)
    indirect case gadgetfsRead(GadgetFSEvent, depth: Int)
    case requestQueued(controller: Int, endpoint: String, length: Int)
    case requestCompleted(controller: Int, endpoint: String, status: Int, actual: Int)
    case transferred(controller: Int, endpoint: String, toHost: Bool, bytes: Int)
    case portStatus(RootHubID, UInt32)
    indirect case monitored(UsbTransfer)
    case hostLog(String)
    /// A case of usbtest ended: 0 or a negative error number.
    case tested(case: Int, ret: Int)
  }

  /// When, in virtual microseconds.
  public var time: Microseconds
  /// What happened.
  public var kind: Kind
}

extension GadgetEvent.Kind {
  init(_ event: ControllerEvent) {
    self =
      switch event {
      case .setup(let controller, let setup): .setup(controller: controller, setup)
      case .setupAnswered(let controller, let setup, let status):
        .setupAnswered(controller: controller, setup, status: status)
      case .routed(let controller, let setup, let status):
        .routed(controller: controller, setup, to: .controller, status: status)
      case .requestQueued(let controller, let endpoint, let length):
        .requestQueued(controller: controller, endpoint: endpoint, length: length)
      case .requestCompleted(let controller, let endpoint, let status, let actual):
        .requestCompleted(
          controller: controller, endpoint: endpoint, status: status, actual: actual)
      case .transferred(let controller, let endpoint, let toHost, let bytes):
        .transferred(controller: controller, endpoint: endpoint, toHost: toHost, bytes: bytes)
      case .portStatus(let half, let status): .portStatus(half, status)
      }
  }

  init(_ event: DriverEvent) {
    self =
      switch event {
      case .callEntered(let thread, let call): .callEntered(thread: thread, call)
      case .asked(let thread, let check, let failed):
        .asked(thread: thread, check, failed: failed)
      case .callBlocked(let thread): .callBlocked(thread: thread)
      case .woken(let thread): .woken(thread: thread)
      case .callReturned(let thread, let result): .callReturned(thread: thread, result)
      case .signalled(let thread): .signalled(thread: thread)
      case .copied(let thread, let copy): .copied(thread: thread, copy)
      case .deviceState(let device, let state): .deviceState(device: device, state)
      case .eventQueued(let device, let type, let depth):
        .eventQueued(device: device, type, depth: depth)
      case .eventRefused(let device, let type): .eventRefused(device: device, type)
      case .eventFetched(let device, let type, let depth):
        .eventFetched(device: device, type, depth: depth)
      case .routed(let controller, let setup, let responder, let status):
        .routed(controller: controller, setup, to: responder, status: status)
      case .gadgetfsState(let state): .gadgetfsState(state)
      case .gadgetfsBound(let controller, let files):
        .gadgetfsBound(controller: controller, files: files)
      case .gadgetfsQueued(let type, let depth): .gadgetfsQueued(type, depth: depth)
      case .gadgetfsRead(let event, let depth): .gadgetfsRead(event, depth: depth)
      }
  }
}
