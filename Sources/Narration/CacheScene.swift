import KernelHistory
public import KernelLog
public import Simulation
import Text
import Usercopy

/// A page of one of a machine's slab caches, to try copies on.
public enum CacheScene {
  /// Largest object a scenario may have, bytes.
  static let sizeLimit: UInt64 = 1 << 20

  /// A scenario with two objects of the cache and a copy out of each; nil when the object size is
  /// not known or cannot be drawn.
  ///
  /// - Parameters:
  ///   - cache: the cache as the machine tells it.
  ///   - release: the kernel the cache belongs to, if known: its rules judge.
  public static func script(_ cache: CacheInfo, release: String?) -> Script? {
    guard let size = cache.objectSize ?? cache.stride, (1...sizeLimit).contains(size) else {
      return nil
    }
    let window = window(cache, size)
    var script = Script(
      id: "cache", title: "A page of \(cache.name)", about: about(cache),
      source: source(cache),
      era: era(cache, release))
    var request = CacheRequest(
      name: cache.name, objectSize: size, align: align(cache), flags: flags(cache))
    request.window = window
    request.given = geometry(cache)
    if cache.isSLAB == true { script.configuration.allocator = .slab }
    script.caches = [request]
    script.steps = [
      alloc("object", cache.name, "An object of the cache, \(ValueWords.bytes(size))."),
      alloc("neighbour", cache.name, "The next one belongs to another owner."),
    ]
    let own = window ?? 0..<size
    if own.isEmpty {
      script.steps.append(
        copy(0, min(size, 8), "No byte of these objects is meant for user space."))
    } else {
      script.steps.append(
        copy(
          own.lowerBound, own.upperBound - own.lowerBound,
          window == nil
            ? "All of the object's bytes; that they may be copied is assumed."
            : "Exactly the bytes that may be copied. Press e and try others."))
      script.steps.append(
        copy(own.lowerBound, own.upperBound - own.lowerBound + 1, "One byte more."))
    }
    return script
  }

  /// Where copies may reach. The kernel shows the window's length but not its start.
  private static func window(_ cache: CacheInfo, _ size: UInt64) -> Range<UInt64>? {
    guard let usersize = cache.usersize else { return nil }
    let start = min(cache.useroffset ?? 0, size)
    return start..<start + min(usersize, size - start)
  }

  /// Why a cache has no page to open.
  public static func noPage(_ cache: CacheInfo) -> String {
    "\(Printable.text(cache.name)): its object size cannot be read, or is above 1 MiB"
  }

  /// A sentence on the cache's objects and which of their bytes may be copied.
  public static func about(_ cache: CacheInfo) -> String {
    guard let size = cache.objectSize ?? cache.stride else {
      return "The size of its objects could not be read."
    }
    var parts = ["Objects of \(ValueWords.bytes(size))"]
    if let stride = cache.stride, stride != size {
      parts[0] += ", \(ValueWords.bytes(stride)) from one to the next"
    }
    switch cache.usersize {
    case nil: parts.append("which of their bytes may be copied is not known")
    case 0: parts.append("none of their bytes may be copied")
    case size: parts.append("all of their bytes may be copied")
    case let usersize?:
      parts.append(
        "\(ValueWords.bytes(usersize)) of them may be copied; where those start the kernel "
          + "does not show, \(cache.useroffset ?? 0) is assumed")
    }
    return parts.joined(separator: "; ") + "."
  }

  private static func source(_ cache: CacheInfo) -> String {
    cache.aliases.isEmpty
      ? "The slab caches of a machine."
      : "The slab caches of a machine. This one is shared: "
        + cache.aliases.prefix(20).joined(separator: ", ") + "."
  }

  /// The newest rules the kernel can have; where no window is told and nothing else, the newest without.
  static func era(_ cache: CacheInfo, _ release: String?) -> String {
    let version = release.flatMap { KernelVersion($0) }
    let isWindowless = version == nil && cache.usersize == nil
    let newest = isWindowless ? UsercopyChange.windows.since?.previous : version
    return Era.newestLinux(in: newest)?.id ?? Era.rfcV1.id
  }

  /// The layout of the cache's slots where the machine tells it: constructors, merging and debugging change it.
  private static func geometry(_ cache: CacheInfo) -> GivenGeometry? {
    guard cache.isSLAB != true, let stride = cache.stride, let order = cache.order,
      let objects = cache.objectsPerSlab, order <= UInt64(GivenGeometry.largestOrder),
      objects <= UInt64(GivenGeometry.mostObjects)
    else { return nil }
    let given = GivenGeometry(stride: stride, order: Int(order), objects: Int(objects))
    return given.fits ? given : nil
  }

  private static func align(_ cache: CacheInfo) -> UInt64 {
    guard let align = cache.align, align > 0, align <= 1 << 20, align & (align - 1) == 0 else {
      return 0
    }
    return align
  }

  private static func flags(_ cache: CacheInfo) -> CacheFlags {
    var flags: CacheFlags = cache.usersize ?? 0 > 0 ? .usercopy : []
    let pairs: [(CacheFlag, CacheFlags)] = [
      (.redZone, .redZone), (.poison, .poison), (.storeUser, .storeUser),
      (.hwcacheAlign, .hwcacheAlign), (.destroyByRCU, .typesafeByRCU),
    ]
    for (flag, ours) in pairs where cache.flags.contains(flag) { flags.insert(ours) }
    if cache.constructor != nil { flags.insert(.constructor) }
    return flags
  }

  private static func alloc(_ name: String, _ cache: String, _ say: String) -> ScriptStep {
    ScriptStep(
      action: .alloc(
        Action.Alloc(
          cache: cache, size: nil, name: name, bytes: Array("\(name) ".utf8),
          slot: name == "object" ? 0 : nil)),
      say: say)
  }

  private static func copy(_ offset: UInt64, _ length: UInt64, _ say: String) -> ScriptStep {
    ScriptStep(
      action: .copy(
        Action.Copy(
          entry: .copyToUser, place: .named("object"), offset: Int64(clamping: offset),
          length: length)),
      say: say)
  }
}
