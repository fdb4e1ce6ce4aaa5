import USB

/// One thing versions of the driver do differently; together they are all a ``DriverPolicy`` tells
/// beside its name.
public enum DriverTrait: String, Equatable, Hashable, Sendable, CaseIterable {
  case initArgument = "init-argument"
  case badPointer = "bad-pointer"
  case unknownSpeed = "unknown-speed"
  case registerError = "register-error"
  case nonblockingOpen = "nonblocking-open"
  case calls
  case zeroPacketSize = "zero-packet-size"
  case endpointCount = "endpoint-count"
  case transferLimit = "transfer-limit"
  case interruptedTransfer = "interrupted-transfer"
  case refusedTransfer = "refused-transfer"
  case events
  case fullQueueWarning = "full-queue-warning"
  case clampedLength = "clamped-length"
}

extension DriverPolicy {
  /// This version, but one thing done as another version does it.
  public func adopting(_ trait: DriverTrait, of other: DriverPolicy) -> DriverPolicy {
    var policy = self
    switch trait {
    case .initArgument: policy.pointsToNames = other.pointsToNames
    case .badPointer: policy.reportsBadPointer = other.reportsBadPointer
    case .unknownSpeed: policy.refusesUnknownSpeed = other.refusesUnknownSpeed
    case .registerError: policy.registerError = other.registerError
    case .nonblockingOpen: policy.refusesNonblocking = other.refusesNonblocking
    case .calls: policy.interface = other.interface
    case .zeroPacketSize: policy.refusesZeroPacketSize = other.refusesZeroPacketSize
    case .endpointCount: policy.maxEndpoints = other.maxEndpoints
    case .transferLimit: policy.transferLimit = other.transferLimit
    case .interruptedTransfer: policy.interruptedTransfer = other.interruptedTransfer
    case .refusedTransfer: policy.refusedTransferFails = other.refusedTransferFails
    case .events: policy.events = other.events
    case .fullQueueWarning: policy.warnsOfFullQueue = other.warnsOfFullQueue
    case .clampedLength: policy.clampsLengths = other.clampsLengths
    }
    return policy
  }

  /// What this version and another do differently.
  public func traits(apartFrom other: DriverPolicy) -> [DriverTrait] {
    DriverTrait.allCases.filter { adopting($0, of: other) != self }
  }
}
