import JSON
import Usercopy

/// The machine a recording of hardened usercopy describes, and the copy made on it.
struct UsercopyScene {
  typealias Failure = UsercopyHardenedReplay.Failure

  var kernel: Kernel
  var attempt: CopyAttempt
  /// Where the region's offsets count from.
  var base: Address = 0

  let region: JSONValue
  private let era: Era

  init(_ vector: JSONValue, era: Era) throws(Failure) {
    guard let region = vector["region"] else { throw .missing("region") }
    guard let copy = vector["copy"] else { throw .missing("copy") }
    self.region = region
    self.era = era
    kernel = Kernel(configuration: try Self.configuration(vector, era), modern: true)
    attempt = CopyAttempt(entry: .copyToUser, kernel: 0, user: 0, length: 0)
    // Memory all around: neighbours of a region exist.
    kernel.map(start: kernel.layout.directMap, length: kernel.layout.ramBytes)
    placeUndescribedStack()
    try placeRegion()
    try makeAttempt(copy)
    kernel.setWarnedOnce(copy["warned_before"]?.bool ?? false)
  }

  /// The running task's stack in vectors that say nothing of it: in vmalloc space, where kernels
  /// have it, or below everything else, out of reach of any length a copy is asked for.
  private mutating func placeUndescribedStack() {
    let layout = kernel.layout
    let onVmalloc = kernel.configuration.vmapStack && !is32
    let base = onVmalloc ? layout.vmalloc.upperBound - (1 << 40) : layout.directMap + (1 << 20)
    if onVmalloc { kernel.placeArea("current", start: base, length: 20480, mapped: 16384) }
    kernel.addTask("current", size: kernel.configuration.stackSize, base: base)
  }

  var is32: Bool { kernel.configuration.wordSize == .bits32 }

  /// Somewhere in vmalloc space with room on both sides.
  var inVmalloc: Address { kernel.layout.vmalloc.lowerBound + (is32 ? 1 << 24 : 1 << 30) }

  private static func configuration(_ vector: JSONValue, _ era: Era) throws(Failure)
    -> Configuration
  {
    let arch = vector["arch"]?.string ?? Architecture.x86_64.rawValue
    guard let architecture = Architecture(rawValue: arch) else { throw .unknown("arch", arch) }
    let policy = vector["policy"]?.string ?? ""
    let region = vector["region"]
    let variant = vector["variant"]?.string ?? ""
    let words = variant.split(separator: "-")
    let traits = policy.split(separator: "-")
    let kind = region?["kind"]?.string
    let hasFrames = region?["frames"] != nil || traits.contains("fp")
    let isSlab = kind == "slab" || traits.contains("slab")
    let noVmap =
      variant.hasPrefix("no-vmap") || region?["vmap_stack"]?.bool == false
      || architecture == .x86_32
    return Configuration(
      architecture: architecture, allocator: isSlab ? .slab : .slub, framePointer: hasFrames,
      usercopyFallback: words.contains("fallback") && !words.contains("no"),
      pageSpan: words.contains("pagespan"), hardenedUsercopy: !words.contains("off"),
      vmapStack: !noVmap, release: era.release)
  }

  // MARK: The copy

  private mutating func makeAttempt(_ copy: JSONValue) throws(Failure) {
    guard let length = UsercopyJSON.number(copy["length"]) else { throw .missing("copy.length") }
    guard let offset = UsercopyJSON.number(copy["offset"]) else { throw .missing("copy.offset") }
    let toUser: Bool
    switch copy["direction"]?.string {
    case "to_user": toUser = true
    case "from_user": toUser = false
    default: throw .unknown("copy.direction", copy["direction"]?.text ?? "null")
    }
    let via = copy["via"]?.string ?? "copy"
    let isCheck = via.hasPrefix("check")
    let known = via == "fixed-object-copy" ? region["compile_time_bytes"]?.uint64 : nil
    attempt = CopyAttempt(
      entry: isCheck ? .checkOnly : toUser ? .copyToUser : .copyFromUser,
      direction: toUser ? .toUser : .fromUser,
      kernel: kernel.configuration.wordSize.wrap(base &+ offset),
      user: placeUser(copy["user_side"], length), length: length, isConstant: via == "const-copy",
      objectSize: known, pagefaultDisabled: via.hasSuffix("nofault"))
  }

  /// The user side: good and large enough unless said otherwise.
  private mutating func placeUser(_ side: JSONValue?, _ length: UInt64) -> Address {
    let start: Address = is32 ? 0x1000_0000 : 0x7f00_0000_0000
    let whole = min(length, is32 ? kernel.layout.userTop - start : 1 << 32)
    switch side?["state"]?.string {
    case "unmapped": return UsercopyJSON.number(side?["address"]) ?? start
    case "kernel-address": return kernel.layout.directMap + (80 << 20)
    case "read-only":
      kernel.map(start: start, length: whole, protection: .readOnly)
    case "partly-mapped":
      kernel.map(start: start, length: side?["mapped_bytes"]?.uint64 ?? 0)
    default: kernel.map(start: start, length: whole)
    }
    return start
  }

  // MARK: The region

  private mutating func placeRegion() throws(Failure) {
    guard let kind = region["kind"]?.string else { throw .missing("region.kind") }
    switch kind {
    case "slub", "slab": try placeSlab()
    case "kmalloc" where region["backing"]?.string == "page": placePages()
    case "kmalloc": try placeSlab()
    case "page": placePages()
    case "vmalloc": placeVmalloc()
    case "stack": placeStack()
    case "text": placeText()
    case "memory": placeMemory()
    case "address": placeAddress()
    case "null", "wrap": base = UsercopyJSON.number(region["address"]) ?? 0
    case "kmap": try placeKmap()
    default: throw .unknown("region.kind", kind)
    }
  }

  private var middle: Address { kernel.layout.directMap + (256 << 20) }

  private mutating func placeSlab() throws(Failure) {
    guard let described = region["cache"] else { throw .missing("region.cache") }
    guard let cache = UsercopyJSON.cache(described) else { throw .missing("region.cache.stride") }
    guard let object = region["object"], let offset = object["offset_in_slab"]?.uint64 else {
      throw .missing("region.object.offset_in_slab")
    }
    let made = kernel.addCache(cache)
    let slab = kernel.placeSlab(
      cache: made, base: middle,
      firstSlot: middle &+ (region["first_slot_at"]?.uint64 ?? 0))
    if let index = object["index"]?.int,
      let state = ObjectState(rawValue: object["state"]?.string ?? "")
    {
      kernel.setState(state, slab: slab, index: index)
    }
    base = middle &+ offset
  }

  /// Pages of the page allocator: one compound block, or pages on their own.
  private mutating func placePages() {
    base = middle
    let bytes = region["folio_bytes"]?.uint64 ?? Memory.pageSize
    let isFreed = region["state"]?.string == "freed"
    if region["compound"]?.bool ?? false, !isFreed {
      kernel.setPages(.compound(bytes: bytes), start: base, bytes: min(bytes, 1 << 26))
    }
    if let distance = region["linear_text_at"]?.uint64, let bytes = region["text_bytes"]?.uint64 {
      let start = base &+ distance
      kernel.layout.linearText = start..<start + min(bytes, 1 << 32, .max - start)
    }
  }

  private mutating func placeVmalloc() {
    let start = inVmalloc
    base = start &+ (region["base_in_area"]?.uint64 ?? 0)
    let isFreed = region["state"]?.string == "freed"
    guard !isFreed, let length = region["area_bytes"]?.uint64, length > 0 else { return }
    kernel.placeArea("vmalloc", start: start, length: length, mapped: 0)
    kernel.map(start: base, length: region["mapped_bytes"]?.uint64 ?? 0)
  }

  private mutating func placeText() {
    let bytes = min(region["text_bytes"]?.uint64 ?? 0, 1 << 30)
    if let start = UsercopyJSON.number(region["text_start"]) { kernel.layout.moveText(to: start) }
    let layout = kernel.layout
    let (image, linear) = (layout.text.lowerBound, layout.linearText.lowerBound)
    kernel.layout.moveText(bytes: bytes)
    base = region["mapping"]?.string == "linear" ? linear : image
    if let address = UsercopyJSON.number(region["address"]) { base = address }
    kernel.mapImage()
  }

  /// A mapping of a page of high memory: by `kmap()` in its window, or by `kmap_local_page()` above all windows.
  private mutating func placeKmap() throws(Failure) {
    guard let address = UsercopyJSON.number(region["address"]) else {
      throw .missing("region.address")
    }
    let isPermanent = region["how"]?.string.map { !$0.hasPrefix("kmap_local") } ?? true
    if isPermanent, !kernel.layout.kmaps.contains(address) {
      let page = address.aligned(down: Memory.pageSize)
      kernel.layout.kmaps = page..<page &+ Memory.pageSize
    }
    base = address
    // What lies behind the mapping is mapped as well, so that a copy the check lets through comes to its end.
    kernel.map(start: address.aligned(down: Memory.pageSize), length: 2 * Memory.pageSize)
  }

  /// Kernel and module memory outside slabs.
  private mutating func placeMemory() {
    let section = region["section"]?.string ?? ""
    if let bytes = region["section_bytes"]?.uint64 {
      kernel.layout.resize(section: section, bytes: min(bytes, 1 << 30))
    }
    let layout = kernel.layout
    let isModule = section.hasPrefix("module")
    let isConstant = section.hasSuffix("rodata") || section.hasSuffix("text")
    kernel.mapImage()
    if isModule {
      base = layout.modules.lowerBound &+ 0x1_0000
      kernel.map(
        start: base, length: 1 << 20, protection: isConstant ? .readOnly : .readWrite)
      return
    }
    switch section.split(separator: "-").last {
    case "rodata": base = layout.rodata.lowerBound
    case "data": base = layout.data.lowerBound
    case "bss": base = layout.bss.lowerBound
    case "text": base = layout.text.lowerBound
    default: base = middle
    }
    if region["mapping"]?.string == "linear" { base = layout.linear(base) }
    base = base &+ (region["page_offset_of_base"]?.uint64 ?? 0)
  }

  /// An address where there is nothing, or that belongs to user space.
  private mutating func placeAddress() {
    let layout = kernel.layout
    let place = region["where"]?.string ?? ""
    if let fixed = UsercopyJSON.number(region["address"]) {
      base = fixed
    } else if region["in_vmalloc_range"]?.bool ?? false {
      base = inVmalloc
      if let back = place.split(separator: "-").last.flatMap({ UInt64($0) }),
        place.hasPrefix("end-")
      {
        base = layout.vmalloc.upperBound - min(back, 1 << 20)
      }
    } else {
      base = Self.place(place, layout)
    }
    if place == "user-mapped" { kernel.map(start: base, length: 1 << 20) }
    if let bytes = region["area_bytes"]?.uint64, bytes > 0 {
      kernel.placeArea("area", start: base, length: bytes, mapped: bytes)
    }
  }

  private static func place(_ name: String, _ layout: AddressLayout) -> Address {
    switch name {
    case "beyond-ram": layout.directMap + layout.ramBytes + (1 << 40)
    case "start-1": layout.vmalloc.lowerBound - 1
    case "end": layout.vmalloc.upperBound
    case "non-canonical": 0x8000_0000_0000_0000
    case "user-low": 0x1_0000
    case "user-mapped", "user-unmapped": 0x5555_0000_0000
    default: layout.vmalloc.upperBound &+ (1 << 40)
    }
  }
}
