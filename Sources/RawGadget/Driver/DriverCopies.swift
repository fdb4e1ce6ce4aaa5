public import Usercopy
import USB

/// A copy between kernel and user memory that a call made.
public struct DriverCopy: Equatable, Sendable {
  /// What the kernel's side of it is, such as `arg` or `event`.
  public var object: String
  /// True for a copy to the program.
  public var toUser: Bool
  /// Where it begins in the memory of the program.
  public var userAddress: UInt64
  /// Bytes to be copied.
  public var length: Int
  /// Bytes not copied; above 0 the call fails with EFAULT.
  public var notCopied: Int
  /// How the era judged it, when the machine has a kernel to make copies in.
  public var outcome: CopyOutcome?
  /// The kernel just before the copy, for drawing it.
  public var before: Kernel?
}

extension DriverSide {
  /// `copy_from_user()` into a local of the call's function, or nil when it was not copied whole. The
  /// compiler knows the length, `sizeof(arg)`, and the local.
  mutating func copyArgument(
    _ thread: ThreadID, from memory: UserMemory, size: Int, object: String = "arg"
  ) -> [UInt8]? {
    let target = drivers.copies?.kernel.local(named: object)?.address
    return copyIn(
      thread, object, to: target, from: memory, offset: 0, size: size, isConstant: true)
  }

  /// `memdup_user()` of the data behind the header, or nil when it was not copied whole.
  mutating func duplicateUserData(
    _ thread: ThreadID, from memory: UserMemory, offset: Int, size: Int
  ) -> [UInt8]? {
    let target = drivers.copies?.allocate(size, label: "data", for: thread)
    return copyIn(thread, "data", to: target, from: memory, offset: offset, size: size)
  }

  /// `copy_to_user()` of bytes that lie in an object of their own.
  ///
  /// - Parameters:
  ///   - source: where the object is, nil to make one for the time of the call.
  ///   - objectSize: bytes of the object made, when that is more than is copied.
  ///   - length: bytes to copy when that is not all of `bytes`, or more than there are of them.
  ///   - isConstant: the compiler knows the length.
  /// - Returns: false when part of them was not copied.
  mutating func copyOut(
    _ thread: ThreadID, _ bytes: [UInt8], object: String, from source: Address? = nil,
    objectSize: Int? = nil, length: Int? = nil, isConstant: Bool = false, to memory: UserMemory,
    offset: Int
  ) -> Bool {
    guard var machine = drivers.copies else {
      let copied = min(bytes.count, max(0, memory.writable - offset))
      noteCopy(thread, object, memory, offset, toUser: true, bytes.count, bytes.count - copied)
      return copied == bytes.count
    }
    drivers.copies = nil
    let address =
      source ?? machine.allocate(objectSize ?? bytes.count, label: object, for: thread)
    if source == nil, let address { machine.kernel.write(bytes, at: address) }
    let length = length ?? bytes.count
    let (outcome, before) = machine.copy(
      thread, kernel: address ?? 0, memory, offset: offset, length: length, toUser: true,
      isConstant: isConstant)
    drivers.copies = machine
    let left = Int(outcome.notCopied ?? UInt64(length))
    noteCopy(thread, object, memory, offset, toUser: true, length, left, outcome, before)
    return left == 0
  }

  /// `copy_from_user()` to an address, or nil when it was not copied whole.
  mutating func copyIn(
    _ thread: ThreadID, _ object: String, to target: Address?, from memory: UserMemory,
    offset: Int, size: Int, isConstant: Bool = false
  ) -> [UInt8]? {
    guard var machine = drivers.copies, let target else {
      let copied = min(size, max(0, memory.readable - offset))
      noteCopy(thread, object, memory, offset, toUser: false, size, size - copied)
      return copied == size ? memory.content(offset, size) : nil
    }
    drivers.copies = nil
    let (outcome, before) = machine.copy(
      thread, kernel: target, memory, offset: offset, length: size, toUser: false,
      isConstant: isConstant, objectSize: isConstant ? UInt64(size) : nil)
    let left = Int(outcome.notCopied ?? UInt64(size))
    let bytes = left == 0 ? machine.kernel.memory.read(target, count: size) : nil
    drivers.copies = machine
    noteCopy(thread, object, memory, offset, toUser: false, size, left, outcome, before)
    return bytes
  }

  private mutating func noteCopy(
    _ thread: ThreadID, _ object: String, _ memory: UserMemory, _ offset: Int, toUser: Bool,
    _ size: Int, _ left: Int, _ outcome: CopyOutcome? = nil, _ before: Kernel? = nil
  ) {
    guard recordsEvents else { return }
    note(
      .copied(
        thread: thread,
        DriverCopy(
          object: object, toUser: toUser,
          userAddress: memory.address &+ UInt64(truncatingIfNeeded: offset), length: size,
          notCopied: left, outcome: outcome, before: before)))
  }

  /// The frames of a call: `raw_ioctl()` and the function of the call with its argument.
  mutating func enterFrames(_ thread: ThreadID, _ ioctl: RawIoctl) {
    guard drivers.copies != nil else { return }
    let size = drivers.argumentSize(of: ioctl)
    drivers.copies?.enter(thread, ioctl, argumentSize: UInt64(size))
  }

  /// Leaves the frames of a call and frees what it allocated.
  ///
  /// - Returns: true when the era killed the task over a refused copy.
  mutating func leaveFrames(_ thread: ThreadID) -> Bool { drivers.copies?.leave(thread) ?? false }
}
