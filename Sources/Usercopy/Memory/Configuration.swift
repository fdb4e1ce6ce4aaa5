public import KernelHistory

/// The processor family whose copy routines and frame layout are modelled.
public enum Architecture: String, Sendable, Hashable, CaseIterable {
  case x86_64
  case x86_32
  /// A port that uses asm-generic's `uaccess.h`.
  case generic
}

/// The slab allocator the kernel was built with.
public enum Allocator: String, Sendable, Hashable, CaseIterable {
  case slab
  case slub
  case slob
}

/// The build and boot choices that a copy's fate depends on.
public struct Configuration: Sendable, Hashable {
  /// The processor family.
  public var architecture: Architecture
  /// The width of addresses.
  public var wordSize: WordSize
  /// The slab allocator.
  public var allocator: Allocator
  /// `CONFIG_FRAME_POINTER`: saved frame pointers form a chain a check can walk.
  public var framePointer: Bool
  /// `CONFIG_DEBUG_VM`: RFC v1 on x86-64 warns when a compile-time size is exceeded.
  public var debugVM: Bool
  /// `slub_debug=` flags, or SLAB's `CONFIG_DEBUG_SLAB`, for caches created from now on.
  public var slabDebug: SlabDebug
  /// `slab_common.usercopy_fallback=` (4.16 to 5.15): a window violation only warns. On by default, as
  /// `CONFIG_HARDENED_USERCOPY_FALLBACK` was; distributions turned it off.
  public var usercopyFallback: Bool
  /// `CONFIG_HARDENED_USERCOPY_PAGESPAN` (4.8 to 5.18).
  public var pageSpan: Bool
  /// `hardened_usercopy=`: false lets everything through.
  public var hardenedUsercopy: Bool
  /// `CONFIG_VMAP_STACK`: kernel stacks lie in vmalloc space.
  public var vmapStack: Bool
  /// The release whose allocator lays out caches and names kmalloc's.
  public var release: KernelVersion
  /// `slub_min_order=` and `slub_max_order=`.
  public var slubOrders: ClosedRange<Int>
  /// `init_on_alloc=1` (since 5.3): objects and pages are filled with zeros as they are handed out.
  public var initOnAlloc = false
  /// `init_on_free=1` (since 5.3): objects are filled with zeros as they are given back.
  public var initOnFree = false
  /// What the compiler puts into locals that are not initialised.
  public var stackInit = StackInit.none
  /// `CONFIG_SLAB_FREELIST_HARDENED` (since 4.14): SLUB encodes the pointers between free slots.
  public var freelistHardened = false
  /// `CONFIG_SLAB_FREELIST_RANDOM` (since 4.7): the free slots of a new slab are chained in a shuffled order.
  public var freelistRandom = false
  /// Caches laid out alike share one, as kernels do unless booted with `slab_nomerge`.
  public var mergesCaches = false
  /// Built with PaX: `SLAB_USERCOPY` is a flag, and caches share only with others that have it as well, or
  /// have it not.
  public var isPaX = false
  /// `CONFIG_STACKPROTECTOR_STRONG`: a canary in each frame with an array.
  public var stackProtector = false
  /// `randomize_kstack_offset=on`: what a system call's functions keep starts at some distance below the saved user
  /// registers. A kernel draws it anew for each call; here each stack has one.
  public var randomStackOffset = false
  /// The processor has SMAP, and the kernel uses it (x86, since 3.7): outside of what opens it, user memory cannot
  /// be touched.
  public var smap = false
  /// How free pointers are stored where a real kernel tells it; nil for as the release does.
  public var freelistEncoding: FreelistEncoding?
  /// Choices of a real kernel that nothing tells: what is taken for them here is assumed.
  public var assumed: Set<BuildFact> = []

  /// A configuration; what is not given is as most kernels of the release have it.
  public init(
    architecture: Architecture = .x86_64, wordSize: WordSize? = nil, allocator: Allocator = .slub,
    framePointer: Bool? = nil, debugVM: Bool = false, slabDebug: SlabDebug = [],
    usercopyFallback: Bool = true, pageSpan: Bool = false, hardenedUsercopy: Bool = true,
    vmapStack: Bool = false, release: KernelVersion = .of2011, slubOrders: ClosedRange<Int> = 0...3
  ) {
    self.architecture = architecture
    self.wordSize = wordSize ?? (architecture == .x86_32 ? .bits32 : .bits64)
    self.allocator = allocator
    self.framePointer = framePointer ?? (architecture != .generic)
    self.debugVM = debugVM
    self.slabDebug = slabDebug
    self.usercopyFallback = usercopyFallback
    self.pageSpan = pageSpan
    self.hardenedUsercopy = hardenedUsercopy
    self.vmapStack = vmapStack
    self.release = release
    self.slubOrders = slubOrders
  }
}

extension Configuration {
  /// A kernel of a release as distributions build it: how its stacks lie and are unwound follows the release
  /// (`MachineChange`). The rest is as a configuration from its parts has it.
  ///
  /// - Parameters:
  ///   - release: the release.
  ///   - architecture: the processor family.
  ///   - wordSize: the width of addresses; by the architecture when nil.
  public static func stock(
    _ release: KernelVersion, architecture: Architecture = .x86_64, wordSize: WordSize? = nil
  ) -> Configuration {
    var stock = Configuration(architecture: architecture, wordSize: wordSize, release: release)
    guard architecture != .generic else { return stock }
    if stock.wordSize == .bits64 {
      if MachineChange.orcUnwinder.holds(in: release) { stock.framePointer = false }
      stock.vmapStack = MachineChange.stacksInVmalloc.holds(in: release)
    }
    stock.stackProtector = MachineChange.stackCanaries.holds(in: release)
    stock.randomStackOffset = MachineChange.randomStackOffset.holds(in: release)
    return stock
  }
}

/// `CONFIG_INIT_STACK_*`: what the compiler puts into locals that the code does not initialise.
public enum StackInit: String, Sendable, Hashable, CaseIterable {
  case none
  /// `0xaa`, since 5.2 with Clang.
  case pattern
  /// Zeros, since 5.9.
  case zero

  /// The byte they are filled with; nil for none.
  var fill: UInt8? {
    switch self {
    case .none: nil
    case .pattern: 0xaa
    case .zero: 0
    }
  }
}

extension Configuration {
  /// Bytes of a kernel stack (`THREAD_SIZE`): 16384 on 64 bit since 3.15.
  public var stackSize: UInt64 {
    wordSize == .bits64 && MachineChange.largeStacks.holds(in: release) ? 16384 : 8192
  }

  /// `thread_info` lies at the low end of the stack; on x86 until 4.9.
  public var hasThreadInfoOnStack: Bool { MachineChange.threadInfoOnStack.holds(in: release) }
}

/// Slab debugging as booted, `slub_debug=` letter by letter.
public struct SlabDebug: OptionSet, Sendable, Hashable {
  /// A bit a flag.
  public let rawValue: UInt8
  /// Flags from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `Z`: bytes around every object that must keep their pattern.
  public static let redZone = SlabDebug(rawValue: 1)
  /// `P`: freed objects are filled with 0x6b.
  public static let poison = SlabDebug(rawValue: 2)
  /// `U`: the last owner is kept behind every object.
  public static let storeUser = SlabDebug(rawValue: 4)
  /// `O`: no debugging for caches whose slabs it would make larger.
  public static let sameOrderOnly = SlabDebug(rawValue: 8)
}
