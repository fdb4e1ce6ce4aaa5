package import USB

/// What happens in the driver and in GadgetFS, for those who watch.
package enum DriverEvent: Equatable, Sendable {
  case callEntered(thread: ThreadID, SystemCall)
  /// A check of the call was made; it failed, or the call goes on.
  case asked(thread: ThreadID, CallCheck, failed: Bool)
  case callBlocked(thread: ThreadID)
  /// What the call slept for has come.
  case woken(thread: ThreadID)
  case callReturned(thread: ThreadID, CallResult)
  case signalled(thread: ThreadID)
  indirect case copied(thread: ThreadID, DriverCopy)
  case deviceState(device: Int, RawDevice.State)
  case eventQueued(device: Int, RawEventType, depth: Int)
  case eventRefused(device: Int, RawEventType)
  case eventFetched(device: Int, RawEventType, depth: Int)
  /// A control request that ended up with GadgetFS or the program: a stall is a negative status.
  case routed(controller: Int, SetupPacket, to: SetupResponder, status: Int)
  case gadgetfsState(GadgetFSDevice.State)
  case gadgetfsBound(controller: String, files: [String])
  case gadgetfsQueued(GadgetFSEventType, depth: Int)
  case gadgetfsRead(GadgetFSEvent, depth: Int)
}
