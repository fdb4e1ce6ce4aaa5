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

/// What a system call gave back.
public struct CallResult: Equatable, Sendable {
  /// The result, or −1 when `refusal` says why.
  public var ret: Int64
  /// Why it failed; nil when the call worked.
  public var refusal: CallRefusal?
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

  /// A call that was refused.
  static func refused(_ refusal: CallRefusal) -> CallResult {
    CallResult(ret: -1, refusal: refusal, written: [], data: [])
  }

  /// A call refused by that check with that error.
  static func refused(_ check: CallCheck, _ errno: Errno) -> CallResult {
    refused(CallRefusal(check, errno))
  }

  /// The error; nil when the call worked.
  public var errno: Errno? { refusal?.errno }
}

/// How a call stands when the machine hands control back.
public enum CallOutcome: Equatable, Sendable {
  case returned(CallResult)
  /// The thread sleeps in the kernel; `GadgetWorld.takeResult(of:)` tells when it is done.
  case blocked
}
