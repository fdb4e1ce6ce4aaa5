/// The functions through which bytes pass between kernel and user memory.
public enum EntryPoint: String, Sendable, Hashable, CaseIterable {
  case copyToUser = "copy_to_user"
  case copyFromUser = "copy_from_user"
  case copyToUserUnchecked = "__copy_to_user"
  case copyFromUserUnchecked = "__copy_from_user"
  /// The out-of-line half of x86-32's `copy_from_user()`.
  case copyFromUserOutOfLine = "_copy_from_user"
  case copyToUserInatomic = "__copy_to_user_inatomic"
  case copyFromUserInatomic = "__copy_from_user_inatomic"
  case copyFromUserNocache = "__copy_from_user_nocache"
  case copyFromUserInatomicNocache = "__copy_from_user_inatomic_nocache"
  case copyToUserNocheck = "copy_to_user_nocheck"
  case copyFromUserNocheck = "copy_from_user_nocheck"
  case copyInUser = "copy_in_user"
  /// A structure of the kernel, from a program whose own may be older or newer.
  case copyStructFromUser = "copy_struct_from_user"
  case strncpyFromUser = "strncpy_from_user"
  case strncpyFromUserUnchecked = "__strncpy_from_user"
  case clearUser = "clear_user"
  case clearUserUnchecked = "__clear_user"
  case putUser = "put_user"
  case getUser = "get_user"
  case putUserUnchecked = "__put_user"
  case getUserUnchecked = "__get_user"
  /// Opens user memory to the functions below, where the processor has SMAP.
  case userAccessBegin = "user_access_begin"
  case userAccessEnd = "user_access_end"
  /// A single value, bare: what is around it is its caller's.
  case unsafePutUser = "unsafe_put_user"
  case unsafeGetUser = "unsafe_get_user"
  case readMem = "read_mem"
  case writeMem = "write_mem"
  case readKmem = "read_kmem"
  case doWriteKmem = "do_write_kmem"
  case copyOldmemPage = "copy_oldmem_page"
  case probeKernelRead = "probe_kernel_read"
  case probeKernelWrite = "probe_kernel_write"
  /// The check of a copy without the copy (`check_object_size()` and its kin).
  case checkOnly = "check_object_size"

  /// Nothing is copied: user memory is filled with zeros.
  public var clears: Bool { self == .clearUser || self == .clearUserUnchecked }

  /// A string is copied, which ends where its NUL is.
  public var endsWithString: Bool {
    self == .strncpyFromUser || self == .strncpyFromUserUnchecked
  }

  /// The user side is kernel memory by design: the routine is borrowed for its way with faults.
  public var probes: Bool { self == .probeKernelRead || self == .probeKernelWrite }

  /// The drivers of `/dev/mem` and `/dev/kmem` copy what lies in one page at a time.
  var goesByPages: Bool {
    switch self {
    case .readMem, .writeMem, .readKmem, .doWriteKmem: true
    default: false
    }
  }

  /// The routine goes through others more than once, or looks at user memory itself.
  var goesInParts: Bool { goesByPages || self == .copyStructFromUser || isBare || movesAccess }

  /// It says whether user memory may be touched, and copies nothing.
  public var movesAccess: Bool { self == .userAccessBegin || self == .userAccessEnd }

  /// It touches user memory only between `user_access_begin()` and `user_access_end()`.
  public var isBare: Bool { self == .unsafePutUser || self == .unsafeGetUser }

  /// Bytes of the values that `get_user()` and `put_user()` can move; other sizes do not build
  /// (`__get_user_bad()`, `__put_user_bad()`). Nil for entry points that take a length.
  public var valueSizes: [UInt64]? {
    switch self {
    case .putUser, .putUserUnchecked, .getUser, .getUserUnchecked, .unsafePutUser, .unsafeGetUser:
      [1, 2, 4, 8]
    default: nil
    }
  }

  /// The way the bytes go.
  public var direction: CopyDirection {
    switch self {
    case .copyToUser, .copyToUserUnchecked, .copyToUserInatomic, .copyToUserNocheck, .putUser,
      .putUserUnchecked, .unsafePutUser, .readMem, .readKmem, .copyOldmemPage, .probeKernelWrite,
      .checkOnly:
      .toUser
    case .copyFromUser, .copyFromUserUnchecked, .copyFromUserOutOfLine, .copyFromUserInatomic,
      .copyFromUserNocache,
      .copyFromUserInatomicNocache, .copyFromUserNocheck, .copyStructFromUser,
      .strncpyFromUser, .strncpyFromUserUnchecked, .getUser, .getUserUnchecked,
      .unsafeGetUser, .writeMem, .doWriteKmem, .probeKernelRead:
      .fromUser
    case .copyInUser, .clearUser, .clearUserUnchecked, .userAccessBegin, .userAccessEnd: .userToUser
    }
  }
}

/// The way a copy's bytes go.
public enum CopyDirection: String, Sendable, Hashable {
  case toUser = "to_user"
  case fromUser = "from_user"
  case userToUser = "user_to_user"
}
