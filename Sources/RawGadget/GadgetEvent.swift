public import USB

/// One thing that happened in the machine, for panes, traces and tests to show.
public struct GadgetEvent: Equatable, Sendable {
  /// What happened.
  public enum Kind: Equatable, Sendable {
    case callEntered(thread: ThreadID, SystemCall)
    case callBlocked(thread: ThreadID)
    case callReturned(thread: ThreadID, CallResult)
    case signalled(thread: ThreadID)
    /// A copy between kernel and user memory made by a call.
    case copied(thread: ThreadID, DriverCopy)
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
    case gadgetfsRead(GadgetFSEvent, depth: Int)
    case requestQueued(controller: Int, endpoint: String, length: Int)
    case requestCompleted(controller: Int, endpoint: String, status: Int, actual: Int)
    case transferred(controller: Int, endpoint: String, toHost: Bool, bytes: Int)
    case portStatus(HostRef, UInt32)
    case monitored(UsbTransfer)
    case hostLog(String)
  }

  /// When, in virtual microseconds.
  public var time: Microseconds
  public var kind: Kind
}
