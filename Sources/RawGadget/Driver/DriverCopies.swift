/// A copy between kernel and user memory that a call made.
public struct DriverCopy: Equatable, Sendable {
  /// What the kernel's side of it is, such as `arg` or `event`.
  public var object: String
  public var toUser: Bool
  public var userAddress: UInt64
  public var length: Int
  /// Bytes not copied; above 0 the call fails with EFAULT.
  public var notCopied: Int
}

extension GadgetWorld {
  /// `copy_from_user()` of the call's argument, or nil when part of it cannot be read.
  mutating func copyArgument(
    _ thread: ThreadID, from memory: UserMemory, size: Int, object: String = "arg"
  ) -> [UInt8]? {
    let copied = min(size, memory.readable)
    note(copy(thread, object, memory, offset: 0, toUser: false, size, copied))
    return copied == size ? Array(memory.bytes.prefix(size)) : nil
  }

  /// `memdup_user()` of the data behind the header, or nil when part of it cannot be read.
  mutating func duplicateUserData(
    _ thread: ThreadID, from memory: UserMemory, offset: Int, size: Int
  ) -> [UInt8]? {
    let copied = min(size, max(0, memory.readable - offset))
    note(copy(thread, "data", memory, offset: offset, toUser: false, size, copied))
    return copied == size ? Array(memory.bytes.dropFirst(offset).prefix(size)) : nil
  }

  /// `copy_to_user()` of these bytes; false when part of them cannot be written.
  mutating func copyOut(
    _ thread: ThreadID, _ bytes: [UInt8], object: String, to memory: UserMemory, offset: Int
  ) -> Bool {
    let copied = min(bytes.count, max(0, memory.writable - offset))
    note(copy(thread, object, memory, offset: offset, toUser: true, bytes.count, copied))
    return copied == bytes.count
  }

  private func copy(
    _ thread: ThreadID, _ object: String, _ memory: UserMemory, offset: Int, toUser: Bool,
    _ size: Int, _ copied: Int
  ) -> GadgetEvent.Kind {
    .copied(
      thread: thread,
      DriverCopy(
        object: object, toUser: toUser,
        userAddress: memory.address &+ UInt64(truncatingIfNeeded: offset), length: size,
        notCopied: size - copied))
  }
}
