public import Usercopy

/// Pieces of a real kernel's memory as a file of the format `kernel-pages` tells them.
///
/// Nothing in it is computed: sizes, places and states are the file's. What does not fit together is in
/// ``contradictions``.
public struct KernelSnapshot: Sendable, Equatable {
  /// The name of the format.
  public static let format = "kernel-pages"
  /// The newest version of the format that is read.
  public static let version = 1

  /// One line for people; empty for none.
  public var about = ""
  /// The kernel.
  public var kernel = SnapshotKernel()
  /// What the memory shows of the build; nil for what is not told.
  public var config = SnapshotConfig()
  /// How free pointers are stored; nil where no list was long enough to tell.
  public var encoding: FreelistEncoding?
  /// Where the kernel keeps its parts.
  public var layout = SnapshotLayout()
  /// Its slab caches, in the file's order.
  public var caches: [SnapshotCache] = []
  /// Slabs with their bytes, in the file's order.
  public var slabs: [SnapshotSlab] = []
  /// Tasks with their stacks.
  public var tasks: [SnapshotTask] = []
  /// Open raw-gadget files.
  public var gadgets: [SnapshotGadget] = []
  /// What is known to lie at addresses.
  public var marks: [SnapshotMark] = []
  /// Structures by name, `struct x`.
  public var types: [String: SnapshotType] = [:]
  /// Stack traces by the names that owner tracks give them.
  public var traces: [String: [String]] = [:]
  /// Areas of vmalloc space.
  public var areas: [SnapshotArea] = []
  /// What does not fit together, in the order it was met.
  public var contradictions: [Contradiction] = []

  /// A snapshot of nothing.
  public init() {}

  /// Most contradictions that are kept.
  public static let mostContradictions = 200

  /// The cache of that name, or the one it was merged into.
  public func cache(named name: String) -> SnapshotCache? {
    caches.first { $0.name == name } ?? caches.first { $0.aliases.contains(name) }
  }

  /// The slab that holds an address: its index.
  public func slab(at address: Address) -> Int? {
    slabs.firstIndex { address >= $0.base && address - $0.base < $0.byteCount }
  }

  /// The task whose stack holds an address: its index.
  public func task(at address: Address) -> Int? {
    tasks.firstIndex { task in
      task.stack.map { address >= $0 && address - $0 < task.stackBytes } ?? false
    }
  }

  /// What is known to lie in a slot of a slab.
  public func mark(in range: Range<Address>) -> SnapshotMark? {
    marks.first { range.contains($0.address) }
  }
}

/// Which kernel a snapshot is of.
public struct SnapshotKernel: Sendable, Hashable {
  /// Its release, such as `6.1.0-57-amd64`.
  public var release = ""
  /// The rest of what `uname -v` says.
  public var version = ""
  /// The machine, such as `x86_64`.
  public var machine = ""
  /// Bytes of a page.
  public var pageSize: UInt64 = 4096
  /// Bytes of a word.
  public var wordBytes = 8
  /// The highest byte of a number comes first.
  public var isBigEndian = false
  /// The command line it was booted with; nil where it is not told.
  public var commandLine: String?

  /// A kernel nothing is known of.
  public init() {}

  /// Its pages are those of the machine drawn, two to the power of it in one of its own.
  public var pageOrder: Int { (pageSize / Memory.pageSize).trailingZeroBitCount & 63 }

  /// What the command line says of a parameter, the last one; nil where it is not told or says nothing of it. A bare
  /// word counts as an empty text.
  public func parameter(_ name: String) -> String? {
    let words = commandLine?.split(separator: " ") ?? []
    guard let word = words.last(where: { $0 == name || $0.hasPrefix(name + "=") }) else {
      return nil
    }
    return word == name ? "" : String(word.dropFirst(name.count + 1))
  }
}

/// What the memory itself shows of how a kernel was built and booted; nil is not known.
public struct SnapshotConfig: Sendable, Hashable {
  /// The slab allocator.
  public var allocator: String?
  /// `CONFIG_SLAB_FREELIST_HARDENED`.
  public var freelistHardened: Bool?
  /// `CONFIG_SLAB_FREELIST_RANDOM`.
  public var freelistRandom: Bool?
  /// Caches have a window that may be copied.
  public var usercopyWindows: Bool?
  /// `CONFIG_HARDENED_USERCOPY`.
  public var hardenedUsercopy: Bool?
  /// Booted with `hardened_usercopy=off`.
  public var checksBypassed: Bool?
  /// `CONFIG_VMAP_STACK`.
  public var vmapStack: Bool?
  /// `CONFIG_STACKPROTECTOR`.
  public var stackProtector: Bool?
  /// How stacks are unwound: `orc`, `frame-pointer`.
  public var unwinder: String?
  /// `CONFIG_KFENCE` is in use.
  public var kfence: Bool?
  /// `CONFIG_KASAN`.
  public var kasan: Bool?

  /// A build nothing is known of.
  public init() {}
}

/// Where a kernel keeps its parts; nil is not known.
public struct SnapshotLayout: Sendable, Hashable {
  /// A section of the image by its name: `text`, `rodata`, `data`, `bss`, `init`.
  public var ranges: [String: Range<Address>] = [:]
  /// Start of the direct map.
  public var directMap: Address?
  /// Start of vmalloc space.
  public var vmalloc: Address?
  /// Frames of memory (`max_pfn`).
  public var maxPFN: UInt64?
  /// Modules: name, first byte and bytes of each part.
  public var modules: [SnapshotModule] = []

  /// A layout nothing is known of.
  public init() {}
}

/// A part of a module.
public struct SnapshotModule: Sendable, Hashable {
  /// The module's name.
  public var name: String
  /// First byte of the part.
  public var start: Address
  /// Bytes of the part.
  public var bytes: UInt64

  /// A part of a module.
  public init(name: String, start: Address, bytes: UInt64) {
    self.name = name
    self.start = start
    self.bytes = bytes
  }
}
