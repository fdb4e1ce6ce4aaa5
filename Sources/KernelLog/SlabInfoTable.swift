/// Reads `/proc/slabinfo`: versions 2.0 and 2.1 (since 2.6), 1.1 and 1.2 (2.4 and 2.5).
public enum SlabInfo {
  /// The table's caches in its order, and the numbers (from 1) of lines that do not fit.
  public struct Table: Sendable, Equatable {
    /// Caches in the table's order.
    public var caches: [CacheInfo] = []
    /// Numbers, from 1, of the lines that do not fit.
    public var badLines: [Int] = []
  }

  /// Reads the table; SLUB puts the stride where the heading says objsize, and SLAB the size with
  /// its padding. Throws `badHeader` if the first line announces no table of these versions.
  public static func read(_ bytes: [UInt8]) throws(KernelLogError) -> Table {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let header = "slabinfo - version: ".utf8
    guard let first = lines.first, first.starts(with: header),
      let version = first.dropFirst(header.count).first,
      version == UInt8(ascii: "1") || version == UInt8(ascii: "2")
    else { throw .badHeader }
    var table = Table()
    for (index, line) in lines.enumerated().dropFirst() {
      if line.first == UInt8(ascii: "#") || line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
        continue
      }
      let cache = version == UInt8(ascii: "2") ? modern(line) : early(line)
      if let cache {
        table.caches.append(cache)
      } else {
        table.badLines.append(index + 1)
      }
    }
    return table
  }

  /// `name <active> <num> <objsize> <objperslab> <pagesperslab> : tunables ... : slabdata ...`
  private static func modern(_ line: ArraySlice<UInt8>) -> CacheInfo? {
    guard let (name, numbers) = columns(line, count: 5), line.contains(UInt8(ascii: ":"))
    else { return nil }
    return cache(name, numbers[0], numbers[1], numbers[2], perSlab: numbers[3], pages: numbers[4])
  }

  /// `name <active> <num> <objsize> <active slabs> <num slabs> <pagesperslab> [: tunables]`
  private static func early(_ line: ArraySlice<UInt8>) -> CacheInfo? {
    guard let (name, numbers) = columns(line, count: 6) else { return nil }
    let slabs = numbers[4]
    let perSlab = slabs > 0 && numbers[1] % slabs == 0 ? numbers[1] / slabs : nil
    return cache(name, numbers[0], numbers[1], numbers[2], perSlab: perSlab, pages: numbers[5])
  }

  /// A name, which may hold blanks, and the numbers behind it up to a colon or the line's end.
  private static func columns(
    _ line: ArraySlice<UInt8>, count: Int
  ) -> (name: String, numbers: [UInt64])? {
    // A name may hold colons; the one that ends the columns has blanks around it.
    let end = line.indices.first { index in
      line[index] == UInt8(ascii: ":") && index > line.startIndex && line[index - 1] == 0x20
        && (index + 1 == line.endIndex || line[index + 1] == 0x20)
    }
    let words = line[..<(end ?? line.endIndex)].split { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    guard words.count > count else { return nil }
    let texts = words.map { String(decoding: $0, as: UTF8.self) }
    let numbers = texts.suffix(count).compactMap { UInt64($0) }
    guard numbers.count == count else { return nil }
    return (texts.dropLast(count).joined(separator: " "), numbers)
  }

  private static func cache(
    _ name: String, _ active: UInt64, _ total: UInt64, _ size: UInt64, perSlab: UInt64?,
    pages: UInt64
  ) -> CacheInfo {
    var cache = CacheInfo(name: name)
    cache.activeObjects = active
    cache.totalObjects = total
    cache.stride = size
    cache.objectsPerSlab = perSlab
    if pages > 0, pages & (pages - 1) == 0 { cache.order = UInt64(pages.trailingZeroBitCount) }
    return cache
  }
}
