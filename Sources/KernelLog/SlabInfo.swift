/// What is known of one slab cache of a running (or saved) kernel. Sizes in bytes; what the kernel
/// does not show, or would not let be read, is nil.
public struct CacheInfo: Sendable, Equatable {
  /// Name of the directory or line; a merged cache has many, see `aliases`.
  public var name: String
  /// The kernel's own id of a merged cache (":0000064", ":A-0001280"), if it has one.
  public var id: String?
  /// Other names of the same cache, sorted.
  public var aliases: [String] = []
  /// Bytes of an object that its owner may use.
  public var objectSize: UInt64?
  /// Distance from one object to the next ("slab_size" in sysfs).
  public var stride: UInt64?
  /// Objects in one slab.
  public var objectsPerSlab: UInt64?
  /// A slab takes 2^order pages.
  public var order: UInt64?
  /// Alignment of objects in bytes.
  public var align: UInt64?
  /// Length of the part of an object that may be copied to and from user space.
  public var usersize: UInt64?
  /// Start of that part; sysfs does not show it.
  public var useroffset: UInt64?
  /// Properties that are switched on.
  public var flags: Set<CacheFlag> = []
  /// Address or symbol of the constructor.
  public var constructor: String?
  /// Objects in use.
  public var activeObjects: UInt64?
  /// Objects there is room for in the slabs that exist.
  public var totalObjects: UInt64?
  /// What could not be read.
  public var unread: [UnreadAttribute] = []

  /// A cache of which only the name is known.
  public init(name: String) { self.name = name }
}

/// Properties of a cache, by the names of their files in sysfs.
public enum CacheFlag: String, Sendable, CaseIterable {
  /// Bytes around each object are watched.
  case redZone = "red_zone"
  /// Free objects are filled with a pattern.
  case poison = "poison"
  /// Who allocated and freed each object is kept.
  case storeUser = "store_user"
  /// Free lists and slabs are checked.
  case sanityChecks = "sanity_checks"
  /// Allocations are logged.
  case trace = "trace"
  /// Objects start on cache lines.
  case hwcacheAlign = "hwcache_align"
  /// The memory counts as reclaimable.
  case reclaimAccount = "reclaim_account"
  /// Slabs are given back after a grace period.
  case destroyByRCU = "destroy_by_rcu"
  /// The memory is taken from the DMA zone.
  case cacheDMA = "cache_dma"
}

/// Why something could not be read.
public enum ReadFailure: Error, Sendable, Equatable {
  /// There is no such file.
  case notFound
  /// The kernel does not let this user read it.
  case notPermitted
  /// Any other error number.
  case failed(errno: Int32)
  /// It was read and is no number.
  case notANumber
}

/// An attribute that could not be read, and why.
public struct UnreadAttribute: Sendable, Equatable {
  /// Name of the file.
  public var attribute: String
  /// What went wrong.
  public var reason: ReadFailure

  /// Makes one from its parts.
  public init(attribute: String, reason: ReadFailure) {
    self.attribute = attribute
    self.reason = reason
  }
}

/// Reads `/proc/slabinfo`, version 2.0 and 2.1.
public enum SlabInfo {
  /// The table's caches in its order, and the numbers (from 1) of lines that do not fit.
  public struct Table: Sendable, Equatable {
    /// Caches in the table's order.
    public var caches: [CacheInfo] = []
    /// Numbers, from 1, of the lines that do not fit.
    public var badLines: [Int] = []
  }

  /// Reads the table; SLUB puts the stride where the heading says objsize. Throws `badHeader` if
  /// the first line announces no table of version 2.
  public static func read(_ bytes: [UInt8]) throws(KernelLogError) -> Table {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let first = lines.first, first.hasPrefix("slabinfo - version: 2.")
    else { throw .badHeader }
    var table = Table()
    for (index, line) in lines.enumerated().dropFirst() {
      if line.hasPrefix("#") || line.allSatisfy({ $0 == " " || $0 == "\r" }) { continue }
      if let cache = cache(line) {
        table.caches.append(cache)
      } else {
        table.badLines.append(index + 1)
      }
    }
    return table
  }

  /// `name <active> <num> <objsize> <objperslab> <pagesperslab> : tunables ... : slabdata ...`;
  /// objsize is the stride (`s->size`), and names may hold blanks.
  private static func cache(_ line: String) -> CacheInfo? {
    guard let colon = line.range(ofSeparator: " : tunables") else { return nil }
    let words = line[..<colon].split(separator: " ")
    guard words.count >= 6 else { return nil }
    let numbers = words.suffix(5).compactMap { UInt64($0) }
    guard numbers.count == 5 else { return nil }
    var cache = CacheInfo(name: words.dropLast(5).joined(separator: " "))
    cache.activeObjects = numbers[0]
    cache.totalObjects = numbers[1]
    cache.stride = numbers[2]
    cache.objectsPerSlab = numbers[3]
    let pages = numbers[4]
    if pages > 0, pages & (pages - 1) == 0 { cache.order = UInt64(pages.trailingZeroBitCount) }
    return cache
  }
}

extension String {
  /// Where a piece of text starts.
  fileprivate func range(ofSeparator separator: String) -> Index? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(separator) { return start }
      start = index(after: start)
    }
    return nil
  }
}
