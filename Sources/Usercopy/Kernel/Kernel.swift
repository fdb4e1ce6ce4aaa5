import KernelHistory
public import Timeline

/// The simulated kernel: memory, pages, slabs and stacks, and the copies made on them.
///
/// A value: a copy of it is a point in time. It has no clock and draws no randomness.
public struct Kernel: Sendable, Equatable {
  /// How it was built and booted.
  public var configuration: Configuration
  /// Where its areas lie.
  public var layout: AddressLayout
  /// The bytes there are, and how they may be touched.
  public internal(set) var memory = Memory()
  /// What each page serves.
  public internal(set) var pages = PageMap()
  /// Who gave each byte its value.
  public internal(set) var origins = Origins()
  /// Objects of the kernel image that a scenario placed, by address.
  var placed: [PlacedObject] = []
  /// Serial number of the next holder.
  var nextHolder: UInt64 = 1
  /// Slab caches in the order they were made.
  public internal(set) var caches: [SlabCache] = []
  /// Slabs of all caches in the order they were made.
  public internal(set) var slabs: [Slab] = []
  /// Stacks of tasks in the order they were made.
  public internal(set) var stacks: [TaskStack] = []
  /// vmalloc areas in the order they were made.
  public internal(set) var areas: [VmallocArea] = []
  /// Index into `stacks` of the task that runs.
  public internal(set) var current = 0
  /// Kernel log lines, oldest first, without level and time.
  public internal(set) var log: GrowingList<String> = []
  /// Pages given out by the page allocator so far.
  var nextPage: UInt64
  /// Pages that emptied slabs gave back, the last ones last, by their first byte and their order.
  var givenBack: [FreePages] = []
  var nextArea: Address
  var nextUser: Address
  /// What `__builtin_frame_address(0)` and `(1)` say, where a replayed case fixes it.
  var forcedFrames: (own: Address, caller: Address)?
  /// The stack pointers a check compares with and reports from, where a replayed case fixes them.
  var forcedStackPointers: (check: Address, report: Address)?
  /// Touching any address works: replays of vectors whose memory never faults.
  public var neverFaults = false
  /// The processor's AC flag: user memory may be touched although it has SMAP.
  public internal(set) var isUserOpen = false
  /// The once-per-boot warning has been printed.
  public internal(set) var warnedOnce = false
  /// Part of the machine was found in a real kernel's memory; what was not found is not known.
  public internal(set) var holdsFoundMemory = false

  /// A kernel with no task and no cache yet.
  ///
  /// - Parameters:
  ///   - configuration: what it was built with and how it was booted.
  ///   - layout: where areas lie; by the word size when nil.
  ///   - modern: whether x86-64 lays them out as since 4.20; by the release when nil.
  public init(configuration: Configuration, layout: AddressLayout? = nil, modern: Bool? = nil) {
    self.configuration = configuration
    let modern = modern ?? (MachineChange.movedAreas.holds(in: configuration.release))
    let layout = layout ?? .standard(configuration.wordSize, modern: modern)
    self.layout = layout
    nextPage = layout.directMap + (layout.ramBytes / 8).aligned(down: Memory.pageSize)
    nextArea = layout.vmalloc.lowerBound
    nextUser = configuration.wordSize == .bits32 ? 0x0804_8000 : 0x0000_5555_5555_0000
    pages.ram = [layout.directMap..<layout.directMap + layout.ramBytes]
  }

  /// Equal in all that a step can change or read.
  public static func == (a: Kernel, b: Kernel) -> Bool {
    a.configuration == b.configuration && a.memory == b.memory && a.pages == b.pages
      && a.origins == b.origins && a.placed == b.placed
      && a.caches == b.caches && a.slabs == b.slabs && a.stacks == b.stacks && a.areas == b.areas
      && a.current == b.current && a.log == b.log && a.warnedOnce == b.warnedOnce
      && a.isUserOpen == b.isUserOpen && a.givenBack == b.givenBack
  }

  /// The stack of the task that runs.
  public var currentStack: TaskStack {
    stacks.indices.contains(current) ? stacks[current] : TaskStack(task: "", base: 0, size: 0)
  }
}

extension Kernel {
  /// Replays fix which pages `virt_addr_valid()` accepts.
  public mutating func setRAM(_ ranges: [Range<Address>]) { pages.ram = ranges }

  /// Replays fix what `__builtin_frame_address(0)` and `(1)` answer while a check runs.
  public mutating func fixFrames(own: Address, caller: Address) { forcedFrames = (own, caller) }

  /// Replays fix the stack pointer that the depth test compares with and the one reports count
  /// from.
  public mutating func fixStackPointers(check: Address, report: Address) {
    forcedStackPointers = (check, report)
  }

  /// Lets the once-per-boot warning be printed again (`clear_warn_once`), or says it was.
  public mutating func setWarnedOnce(_ warned: Bool) { warnedOnce = warned }

  /// Makes bytes exist at `start`, outside what the allocators hand out.
  public mutating func map(start: Address, length: UInt64, protection: Protection = .readWrite) {
    memory.map(Mapping(start: start, length: length, protection: protection))
  }

  /// Stores a word wherever it is, as replays lay out stacks.
  public mutating func setWord(_ value: UInt64, at address: Address) {
    memory.setWord(value, at: address, size: configuration.wordSize)
  }

  /// Says what pages serve, as replays describe them.
  public mutating func setPages(_ use: PageDescriptor.Use, start: Address, bytes: UInt64) {
    pages.setUse(use, start: start, bytes: bytes)
  }
}

/// A vmalloc area as the kernel records it, guard page included.
public struct VmallocArea: Sendable, Hashable {
  /// Name, as places of scenarios give it.
  public var name: String
  /// First byte.
  public var start: Address
  /// Bytes of the area, guard page included.
  public var length: UInt64
  /// Bytes that are mapped, from the start.
  public var mapped: UInt64
  /// Bytes that were asked for; the rest of the last page is slack.
  public var requested: UInt64
  /// Who asked for it; nil for a stack.
  public var holder: Holder?

  /// An area from its parts.
  public init(
    name: String, start: Address, length: UInt64, mapped: UInt64, requested: UInt64? = nil,
    holder: Holder? = nil
  ) {
    self.requested = min(requested ?? mapped, mapped)
    self.name = name
    self.start = start
    self.length = length
    self.mapped = mapped
    self.holder = holder
  }
}
