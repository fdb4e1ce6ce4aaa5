public import USB

/// The checks a call on a driver of gadgets can fail, each named by what it finds.
///
/// Which call makes which of them, in which order and with which error, stands in the table of
/// ``RawIoctl``.
public enum CallCheck: String, Equatable, Hashable, Sendable, CaseIterable {
  // The file.
  case descriptorNotOpen = "descriptor-not-open"
  case descriptorTaken = "descriptor-taken"
  case nonblocking
  case noSuchOperation = "no-such-operation"
  case deviceGone = "device-gone"
  case unknownCall = "unknown-call"

  // The argument.
  case argumentUnreadable = "argument-unreadable"
  case argumentNotZero = "argument-not-zero"
  case unknownSpeed = "unknown-speed"
  case driverNameUnreadable = "driver-name-unreadable"
  case driverNameUnterminated = "driver-name-unterminated"
  case deviceNameUnreadable = "device-name-unreadable"
  case deviceNameUnterminated = "device-name-unterminated"
  case endpointOutOfRange = "endpoint-out-of-range"
  case unknownFlags = "unknown-flags"
  case lengthBeyondLimit = "length-beyond-limit"
  case outOfMemory = "out-of-memory"
  case dataUnreadable = "data-unreadable"
  case maxPacketZero = "maxpacket-zero"

  // The state of the device.
  case stateNotOpened = "state-not-opened"
  case stateNotInitialized = "state-not-initialized"
  case stateNotRunning = "state-not-running"
  case gadgetNotBound = "gadget-not-bound"

  // Endpoint 0.
  case replyAlreadyQueued = "reply-already-queued"
  case requestDirection = "request-direction"
  case nothingPending = "nothing-pending"
  case bothDirectionsPending = "both-directions-pending"

  // The other endpoints.
  case noEndpointMatches = "no-endpoint-matches"
  case matchingEndpointsAllTaken = "matching-endpoints-all-taken"
  case handleOutOfRange = "handle-out-of-range"
  case endpointNotEnabled = "endpoint-not-enabled"
  case disableInProgress = "disable-in-progress"
  case transferInFlight = "transfer-in-flight"
  case transferAlreadyQueued = "transfer-already-queued"
  case endpointDirection = "endpoint-direction"
  case isochronous

  // What comes up while the call does its work.
  case register
  case udcEnable = "udc-enable"
  case udcQueue = "udc-queue"
  case udcHalt = "udc-halt"
  case signal
  case queueEmpty = "queue-empty"
  case transferFailed = "transfer-failed"
  case resultUnwritable = "result-unwritable"

  // GadgetFS.
  case controllerTaken = "controller-taken"
  case alreadyMounted = "already-mounted"
  case descriptors
  case notConfigured = "not-configured"
  case requestGivenUp = "request-given-up"
  case noRequest = "no-request"
  case requestRefused = "request-refused"
  case cannotRefuse = "cannot-refuse"
  case roomForEvent = "room-for-event"
  case notConnected = "not-connected"
  case dataGivenUp = "data-given-up"
  case dataLost = "data-lost"

  /// The word recordings of the driver use for its debug message; nil where it prints none.
  public var recorded: String? {
    switch self {
    case .stateNotOpened, .stateNotInitialized, .stateNotRunning, .register, .signal,
      .nothingPending, .transferInFlight, .transferAlreadyQueued, .endpointNotEnabled,
      .handleOutOfRange, .maxPacketZero, .noEndpointMatches, .matchingEndpointsAllTaken,
      .gadgetNotBound, .disableInProgress, .isochronous, .udcEnable, .udcQueue, .udcHalt,
      .descriptors:
      rawValue
    case .replyAlreadyQueued: CallCheck.transferAlreadyQueued.rawValue
    case .requestDirection, .endpointDirection: "wrong-direction"
    case .descriptorNotOpen, .descriptorTaken, .nonblocking, .noSuchOperation, .deviceGone,
      .unknownCall, .argumentUnreadable, .argumentNotZero, .unknownSpeed, .driverNameUnreadable,
      .driverNameUnterminated, .deviceNameUnreadable, .deviceNameUnterminated,
      .endpointOutOfRange, .unknownFlags, .lengthBeyondLimit, .outOfMemory, .dataUnreadable,
      .bothDirectionsPending, .queueEmpty, .transferFailed, .resultUnwritable, .controllerTaken,
      .alreadyMounted, .notConfigured, .requestGivenUp, .noRequest, .requestRefused,
      .cannotRefuse, .roomForEvent, .notConnected, .dataGivenUp, .dataLost:
      nil
    }
  }

  /// True where the error is what the controller or its framework answered.
  public var passesErrorOn: Bool {
    [.register, .udcEnable, .udcQueue, .udcHalt].contains(self)
  }
}

/// Checks in the order they are made, each with its error, or nil for the controller's own.
public struct CallChecks: ExpressibleByDictionaryLiteral, Equatable, Sendable {
  /// The checks.
  public let list: [(check: CallCheck, errno: Errno?)]

  /// Those checks in that order.
  public init(dictionaryLiteral elements: (CallCheck, Errno?)...) {
    list = elements.map { (check: $0.0, errno: $0.1) }
  }

  init(_ list: [(check: CallCheck, errno: Errno?)]) { self.list = list }

  /// The same checks in the same order with the same errors.
  public static func == (a: CallChecks, b: CallChecks) -> Bool {
    a.list.elementsEqual(b.list) { $0 == $1 }
  }

  static func + (a: CallChecks, b: CallChecks) -> CallChecks { CallChecks(a.list + b.list) }
}
