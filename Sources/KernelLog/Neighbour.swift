/// A message of the kernel's that is no usercopy report but tells of a copy, or of the memory copies use, all the same.
///
/// Facts a message does not print are nil.
public struct Neighbour: Sendable, Equatable {
  /// Which of the kernel's tests spoke.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// `check_copy_size()`: the length is larger than an object whose size the compiler knows.
    case copySize = "copy-size"
    /// KASAN, in one of the functions that copy between kernel and user memory.
    case kasanInCopy = "kasan-in-copy"
    /// KMSAN: bytes nobody had written went to user space.
    case infoleak = "kernel-infoleak"
    /// Kernel code used a user address without a copying function.
    case userAccess = "user-memory-access"
    /// The checks of `memcpy()` and its relatives (`CONFIG_FORTIFY_SOURCE`).
    case fortify
    /// A page fault in the kernel, in a copying function.
    case faultInCopy = "fault-in-copy"
    /// `refcount_t` saw a count that cannot be.
    case refcount
    /// `CONFIG_DEBUG_LIST` saw a list that is torn.
    case list = "list-corruption"
  }

  /// What was done to the memory.
  public enum Access: String, Sendable, Hashable, CaseIterable {
    case read, write
  }

  /// Which test spoke.
  public var kind: Kind
  /// What it found, in the kernel's words ("slab-out-of-bounds", "underflow; use-after-free").
  public var finding: String?
  /// The function it names itself ("memcpy", "_copy_to_user").
  public var function: String?
  /// Whether the memory was read or written.
  public var access: Access?
  /// Bytes that were to be moved.
  public var size: UInt64?
  /// Bytes the object, the field or the buffer has.
  public var objectSize: UInt64?
  /// The bytes of the copy that nobody had written, counted from its first.
  public var unwritten: ClosedRange<UInt64>?
  /// Name of the slab cache the object is of.
  public var cache: String?
  /// Name of the structure's member, as the source writes it.
  public var field: String?
  /// File and line the message gives.
  public var place: String?
  /// The address, hexadecimal as printed.
  public var address: String?
  /// The line as found.
  public var line = ""
  /// Its number in the input, from 1.
  public var lineNumber = 1
  /// Its distance from the start of the input, in bytes.
  public var byteOffset = 0
  /// What followed in the log.
  public var aftermath = Aftermath()

  init(_ kind: Kind) { self.kind = kind }
}

/// Something a log tells of copies.
public enum LogFinding: Sendable, Equatable {
  /// A usercopy report.
  case report(Report)
  /// One of the messages close to it.
  case neighbour(Neighbour)

  /// The report, if it is one.
  public var report: Report? {
    if case .report(let report) = self { report } else { nil }
  }

  /// The other message, if it is one.
  public var neighbour: Neighbour? {
    if case .neighbour(let neighbour) = self { neighbour } else { nil }
  }
}

extension Neighbour {
  /// The function that made the call the kernel complains of.
  public var caller: TraceFrame? { chain.first }

  /// The functions that led to it, the caller first.
  public var chain: [TraceFrame] {
    var chain = aftermath.chain
    if let stop = aftermath.stop, stop.role == .caller, chain.first?.function != stop.function {
      chain.insert(stop, at: 0)
    }
    // Whoever called memcpy() meant it.
    return Array(chain.drop { Self.helpers.contains($0.function) })
  }

  /// String functions, with the names architectures and KASAN give them.
  private static let helpers: Set<String> = {
    let names = [
      "memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "strnlen", "strcpy", "strncpy",
      "strcmp", "strncmp", "strlcpy", "strscpy", "strcat", "memcpy_orig", "memcpy_erms",
      "memset_erms",
      "memset_orig", "memmove_erms", "__pi_memcpy", "__pi_memset", "__pi_strlen",
    ]
    return Set(names + names.map { "__" + $0 })
  }()
}
