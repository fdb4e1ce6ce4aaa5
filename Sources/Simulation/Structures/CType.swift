import Usercopy

/// What a kernel's compiler knows of sizes: the width of `long`, and the alignment of 8 bytes in a structure.
struct DataModel: Sendable, Hashable {
  /// Bytes of a pointer and of `long`.
  var word: UInt64
  /// Most that a scalar is aligned to inside a structure: 4 on i386, whose `long long` asks for no more.
  var largestAlignment: UInt64

  /// The sizes of a configuration's compiler.
  init(_ configuration: Configuration) {
    word = configuration.wordSize.bytes
    largestAlignment = configuration.architecture == .x86_32 ? 4 : 8
  }

  /// The alignment of a scalar of that size.
  func alignment(ofScalar size: UInt64) -> UInt64 {
    min(max(1, size), largestAlignment)
  }
}

/// A C type as far as its size goes, read from its spelling.
struct CType: Sendable, Hashable {
  /// How large one element is.
  enum Element: Sendable, Hashable {
    case bytes(UInt64)
    /// That many words, each aligned to itself.
    case words(UInt64)
    /// A name whose declaration is not given; `isComposite` for `struct` and `union`.
    case unknown(isComposite: Bool)
  }

  var element: Element
  /// Elements, all bounds of an array multiplied; 0 for a flexible array, nil for a bound that is no number.
  var count: UInt64?

  /// The type of a spelling such as `u32`, `const char *`, `__u8[16]` or `struct list_head`.
  init(_ spelling: String) {
    var text = spelling
    count = 1
    if let bracket = text.firstIndex(of: "[") {
      count = Self.elements(text[bracket...])
      text = String(text[..<bracket])
    }
    if text.contains("*") {
      element = .words(1)
      return
    }
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
      .filter { !Self.qualifiers.contains($0) }
    element = Self.element(words)
  }

  /// Bytes of one element and its alignment; nil for a type that is not known.
  func measure(_ model: DataModel) -> (size: UInt64, align: UInt64)? {
    switch element {
    case .bytes(let size): (size, model.alignment(ofScalar: size))
    case .words(let number): (number * model.word, model.word)
    case .unknown: nil
    }
  }

  /// The bounds of an array multiplied, `[4][8]`; 0 for `[]`.
  private static func elements(_ text: Substring) -> UInt64? {
    var product: UInt64 = 1
    for part in text.split(separator: "[", omittingEmptySubsequences: true) {
      guard let end = part.firstIndex(of: "]") else { return nil }
      let bound = part[..<end].filter { $0 != " " }
      guard let number = bound.isEmpty ? 0 : Number.unsigned(String(bound)) else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: number)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  private static func element(_ words: [String]) -> Element {
    if let first = words.first, first == "struct" || first == "union" {
      if let number = wordStructures[words.dropFirst().joined(separator: " ")] {
        return .words(number)
      }
      return .unknown(isComposite: true)
    }
    if words.first == "enum" { return .bytes(4) }
    let plain = words.filter { $0 != "unsigned" && $0 != "signed" && $0 != "__signed__" }
    switch plain {
    case [] where !words.isEmpty, ["int"]: return .bytes(4)
    case ["char"]: return .bytes(1)
    case ["short"], ["short", "int"]: return .bytes(2)
    case ["long"], ["long", "int"]: return .words(1)
    case ["long", "long"], ["long", "long", "int"]: return .bytes(8)
    default: break
    }
    guard words.count == 1, let name = words.first else { return .unknown(isComposite: false) }
    if let size = scalars[name] { return .bytes(size) }
    return wordScalars.contains(name) ? .words(1) : .unknown(isComposite: false)
  }

  /// What says nothing about a size (`<linux/compiler_types.h>`).
  private static let qualifiers: Set<String> = [
    "const", "volatile", "restrict", "register", "__user", "__rcu", "__iomem", "__percpu",
    "__kernel", "__force", "__private", "__restrict",
  ]

  /// Types of one size on every machine (`<linux/types.h>`, `<linux/atomic.h>`, `<linux/uidgid.h>`).
  private static let scalars: [String: UInt64] = [
    "bool": 1, "_Bool": 1, "u8": 1, "s8": 1, "__u8": 1, "__s8": 1, "uint8_t": 1, "int8_t": 1,
    "u_char": 1, "unchar": 1, "u16": 2, "s16": 2, "__u16": 2, "__s16": 2, "uint16_t": 2,
    "int16_t": 2, "__le16": 2, "__be16": 2, "__sum16": 2, "ushort": 2, "u_short": 2, "umode_t": 2,
    "sa_family_t": 2, "__kernel_sa_family_t": 2, "u32": 4, "s32": 4, "__u32": 4, "__s32": 4,
    "uint32_t": 4, "int32_t": 4, "__le32": 4, "__be32": 4, "__wsum": 4, "uint": 4, "u_int": 4,
    "gfp_t": 4, "fmode_t": 4, "slab_flags_t": 4, "uid_t": 4, "gid_t": 4, "kuid_t": 4, "kgid_t": 4,
    "pid_t": 4, "dev_t": 4, "key_t": 4, "clockid_t": 4, "atomic_t": 4, "refcount_t": 4, "float": 4,
    "u64": 8, "s64": 8, "__u64": 8, "__s64": 8, "uint64_t": 8, "int64_t": 8, "__le64": 8,
    "__be64": 8, "loff_t": 8, "ktime_t": 8, "time64_t": 8, "sector_t": 8, "blkcnt_t": 8,
    "atomic64_t": 8, "dma_addr_t": 8, "phys_addr_t": 8, "double": 8,
  ]

  /// Types of a word.
  private static let wordScalars: Set<String> = [
    "size_t", "ssize_t", "ptrdiff_t", "uintptr_t", "intptr_t", "off_t", "time_t", "clock_t",
    "ulong", "u_long", "atomic_long_t", "__kernel_size_t", "__kernel_ssize_t", "__kernel_long_t",
    "__kernel_ulong_t", "pgoff_t",
  ]

  /// Structures of pointers alone, in words.
  private static let wordStructures: [String: UInt64] = [
    "list_head": 2, "hlist_node": 2, "hlist_head": 1, "callback_head": 2, "rcu_head": 2,
    "iovec": 2, "timespec": 2, "timeval": 2, "llist_node": 1, "llist_head": 1,
  ]
}
