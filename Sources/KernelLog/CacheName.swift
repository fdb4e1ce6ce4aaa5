import KernelHistory

/// What the name of a slab cache tells about its objects.
public enum CacheName {
  /// Size of an object in bytes where the name carries it: "kmalloc-2k", "kmalloc-cg-96",
  /// "dma-kmalloc-512", "size-64(DMA)", "msg_msg-64" (a set of buckets), "bio-120"; nil otherwise.
  ///
  /// The number of a "biovec" cache counts vectors.
  public static func objectSize(_ name: String) -> UInt64? {
    let name = base(name)
    if let size = CacheNames.objectSizes[name] { return size }
    var rest = Substring(name)
    if rest.hasSuffix("(DMA)") { rest = rest.dropLast(5) }
    guard let dash = rest.lastIndex(of: "-") else { return nil }
    let family = rest[..<dash]
    let digits = rest[rest.index(after: dash)...].filter { $0 != " " }
    guard let number = scaled(digits) else { return nil }
    switch family {
    case "biovec":
      return number <= 4096 ? number * CacheNames.biovec : nil
    case "bio", "size":
      return number
    default:
      return isBucket(number) ? number : nil
    }
  }

  /// The name without the memory cgroup's number and name behind it, "sock_inode_cache(6899:a1b1)": until 5.8 each group
  /// had caches of its own.
  static func base(_ name: String) -> String {
    guard name.hasSuffix(")"), let open = name.firstIndex(of: "("), name[open...].contains(":")
    else { return name }
    return String(name[..<open])
  }

  /// The power of two behind the last underscore of a private cache's name, 512 or more: smaller ones count other things.
  static func trailingSize(_ name: String) -> UInt64? {
    guard let mark = name.lastIndex(of: "_") else { return nil }
    guard let number = UInt64(name[name.index(after: mark)...]), (512...1 << 24).contains(number),
      number & (number - 1) == 0
    else { return nil }
    return number
  }

  /// Whether a cache is one of `kmalloc()`'s, whose objects may all be copied.
  public static func isKmalloc(_ name: String) -> Bool {
    CacheNames.isKmalloc(name)
  }

  private static func scaled(_ digits: String) -> UInt64? {
    var text = digits[...]
    var shift: UInt64 = 0
    if text.hasSuffix("k") {
      shift = 10
      text.removeLast()
    } else if text.hasSuffix("M") {
      shift = 20
      text.removeLast()
    }
    guard text.utf8.count <= 8, text.utf8.allSatisfy(Digits.isDecimal), let number = UInt64(text),
      number > 0
    else { return nil }
    return number << shift
  }

  /// The sizes kmalloc deals in.
  private static func isBucket(_ number: UInt64) -> Bool {
    CacheNames.kmallocSizes.contains(number) || number >= 8 && number & (number - 1) == 0
  }
}
