/// A copy as the caller wrote it.
public struct CopyAttempt: Sendable, Hashable {
  /// The function called.
  public var entry: EntryPoint
  /// Overrides the entry point's direction, for bare checks.
  public var direction: CopyDirection
  /// Kernel side.
  public var kernel: Address
  /// User side.
  public var user: Address
  /// Bytes, as wide as the caller passed it.
  public var length: UInt64
  /// The size is a compile-time constant at the call site.
  public var isConstant: Bool
  /// Size of the kernel object as the compiler knows it, bytes; nil when it does not. `copy_struct_from_user()` is
  /// told it (`ksize`).
  public var objectSize: UInt64?
  /// What `access_ok()` answers for the user range; nil to let the address decide.
  public var userAccessOK: Bool?
  /// strncpy family: length of the user string without its NUL; nil to read it from memory.
  public var stringLength: UInt64?
  /// The caller has page faults disabled.
  public var pagefaultDisabled: Bool
  /// What the caller means to copy from or to; nil for a bare address, where what has its first byte is
  /// assumed. No check knows it.
  public var intent: Holder?

  /// An attempt; the direction is the function's own when nil.
  public init(
    entry: EntryPoint, direction: CopyDirection? = nil, kernel: Address, user: Address,
    length: UInt64, isConstant: Bool = false, objectSize: UInt64? = nil, userAccessOK: Bool? = nil,
    stringLength: UInt64? = nil, pagefaultDisabled: Bool = false, intent: Holder? = nil
  ) {
    self.intent = intent
    self.entry = entry
    self.direction = direction ?? entry.direction
    self.kernel = kernel
    self.user = user
    self.length = length
    self.isConstant = isConstant
    self.objectSize = objectSize
    self.userAccessOK = userAccessOK
    self.stringLength = stringLength
    self.pagefaultDisabled = pagefaultDisabled
  }
}
