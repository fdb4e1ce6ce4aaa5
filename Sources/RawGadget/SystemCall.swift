public import USB

/// User memory handed to a call: a run of bytes, of which a leading part is accessible.
public struct UserMemory: Equatable, Sendable {
  /// The user address of the first byte.
  public var address: UInt64
  /// The content from `address` on; bytes behind it are 0.
  public var bytes: [UInt8]
  /// How many leading bytes the kernel may read without a fault.
  public var readable: Int
  /// How many leading bytes the kernel may write without a fault.
  public var writable: Int

  /// Memory that holds these bytes, readable and writable as far as they go unless said otherwise.
  public init(
    address: UInt64 = 0x7f12_3400_0000, bytes: [UInt8], readable: Int? = nil, writable: Int? = nil
  ) {
    self.address = address
    self.bytes = bytes
    self.readable = max(0, readable ?? bytes.count)
    self.writable = max(0, writable ?? bytes.count)
  }

  /// `count` bytes from an offset on.
  public func content(_ offset: Int, _ count: Int) -> [UInt8] {
    let there = bytes.dropFirst(offset).prefix(count)
    return there + [UInt8](repeating: 0, count: count - there.count)
  }

  /// A pointer nothing is mapped at.
  public static func unmapped(_ address: UInt64) -> UserMemory {
    UserMemory(address: address, bytes: [])
  }
}

/// The third argument of `ioctl(2)`.
public enum IoctlArgument: Equatable, Sendable {
  /// A plain number, which is also an address nothing is mapped at.
  case value(UInt64)
  /// A pointer to memory of the program.
  case memory(UserMemory)
}

/// A system call of the program.
public enum SystemCall: Equatable, Sendable {
  /// `open("/dev/raw-gadget", …)` to become that descriptor.
  case open(descriptor: Int, nonblocking: Bool)
  case close(descriptor: Int)
  case read(descriptor: Int, length: Int)
  case write(descriptor: Int, length: Int)
  case poll(descriptor: Int)
  case ioctl(descriptor: Int, number: UInt32, argument: IoctlArgument)
  /// A call on GadgetFS instead.
  case gadgetfs(GadgetFSCall)
}

/// A check of one call, numbered as in the driver's own order from 1.
public struct DriverCheck: Equatable, Sendable {
  /// The call, or nil for open and other file operations.
  public var ioctl: RawIoctl?
  /// Its place in the order of the call's checks.
  public var row: Int
}

/// Why a call was refused, as far as the driver's own debug message tells.
public enum Refusal: Equatable, Sendable {
  case stateNotOpened
  case stateNotInitialized
  case stateNotRunning
  case register(Errno)
  case signal
  case wrongDirection
  case nothingPending
  case transferAlreadyQueued
  case transferInFlight
  case endpointNotEnabled
  case handleOutOfRange
  case maxPacketZero
  case noEndpointMatches
  case matchingEndpointsAllTaken
  case gadgetNotBound
  case disableInProgress
  case isochronous
  case udcEnable(Errno)
  case udcQueue(Errno)
  case udcHalt(Errno)
  /// GadgetFS refuses the descriptors written to it.
  case descriptors(GadgetFSCheck)

  /// The class as one word, such as `state-not-running` or `udc-queue:-108`.
  public var text: String {
    switch self {
    case .stateNotOpened: "state-not-opened"
    case .stateNotInitialized: "state-not-initialized"
    case .stateNotRunning: "state-not-running"
    case .register(let error): "register:\(error.negated)"
    case .signal: "signal"
    case .wrongDirection: "wrong-direction"
    case .nothingPending: "nothing-pending"
    case .transferAlreadyQueued: "transfer-already-queued"
    case .transferInFlight: "transfer-in-flight"
    case .endpointNotEnabled: "endpoint-not-enabled"
    case .handleOutOfRange: "handle-out-of-range"
    case .maxPacketZero: "maxpacket-zero"
    case .noEndpointMatches: "no-endpoint-matches"
    case .matchingEndpointsAllTaken: "matching-endpoints-all-taken"
    case .gadgetNotBound: "gadget-not-bound"
    case .disableInProgress: "disable-in-progress"
    case .isochronous: "isochronous"
    case .udcEnable(let error): "udc-enable:\(error.negated)"
    case .udcQueue(let error): "udc-queue:\(error.negated)"
    case .udcHalt(let error): "udc-halt:\(error.negated)"
    case .descriptors(let check): "descriptors:\(check.text)"
    }
  }
}

/// What a system call gave back.
public struct CallResult: Equatable, Sendable {
  /// The result, or −1 when `errno` says why.
  public var ret: Int64
  /// The error; nil when the call worked.
  public var errno: Errno?
  /// The reason class, for refusals the driver prints a message about.
  public var why: Refusal?
  /// The check that refused the call.
  public var check: DriverCheck?
  /// The bytes the kernel wrote to the start of the argument's memory.
  public var written: [UInt8]
  /// The bytes the kernel wrote behind the header, for calls that read data.
  public var data: [UInt8]
  /// True when the task was killed by the era's reaction to a refused copy.
  public var killed = false

  /// A success with that result.
  static func success(_ ret: Int, written: [UInt8] = [], data: [UInt8] = []) -> CallResult {
    CallResult(ret: Int64(ret), written: written, data: data)
  }

  /// A failure at that check.
  static func failure(
    _ errno: Errno, _ ioctl: RawIoctl? = nil, row: Int, why: Refusal? = nil
  ) -> CallResult {
    CallResult(
      ret: -1, errno: errno, why: why, check: DriverCheck(ioctl: ioctl, row: row), written: [],
      data: [])
  }
}

/// How a call stands when the machine hands control back.
public enum CallOutcome: Equatable, Sendable {
  case returned(CallResult)
  /// The thread sleeps in the kernel; `GadgetWorld.takeResult(of:)` tells when it is done.
  case blocked
}
