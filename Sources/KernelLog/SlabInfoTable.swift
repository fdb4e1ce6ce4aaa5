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
  /// its padding. Rows that were cut out of a table, quoted or not, need no heading where they are of version 2. Throws
  /// `badHeader` if there is neither a heading of these versions nor such a row.
  public static func read(_ bytes: [UInt8]) throws(KernelLogError) -> Table {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(plain)
    var version: UInt8?
    var table = Table()
    for (index, line) in lines.enumerated() {
      if let announced = announced(line) {
        guard [UInt8(ascii: "1"), UInt8(ascii: "2")].contains(announced) else { throw .badHeader }
        version = announced
        continue
      }
      if line.first == UInt8(ascii: "#") || line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
        continue
      }
      let cache = version == UInt8(ascii: "1") ? early(line) : modern(line)
      if let cache {
        table.caches.append(cache)
      } else {
        table.badLines.append(index + 1)
      }
    }
    guard version != nil || !table.caches.isEmpty else { throw .badHeader }
    return table
  }

  /// The first digit of the version a heading announces; nil for any other line.
  private static func announced(_ line: ArraySlice<UInt8>) -> UInt8? {
    let header = "slabinfo - version: ".utf8
    return line.starts(with: header) ? line.dropFirst(header.count).first ?? 0 : nil
  }

  /// A line without the marks of a quotation.
  private static func plain(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = line.first, [UInt8(ascii: ">"), UInt8(ascii: "|")].contains(first) else {
      return line
    }
    return line.drop { [UInt8(ascii: ">"), UInt8(ascii: "|"), 0x20].contains($0) }
  }

  /// `name <active> <num> <objsize> <objperslab> <pagesperslab> : tunables ... : slabdata ...`
  private static func modern(_ line: ArraySlice<UInt8>) -> CacheInfo? {
    guard let (name, numbers) = columns(line, count: 5), line.contains(UInt8(ascii: ":"))
    else { return nil }
    var cache = cache(
      name, numbers[0], numbers[1], numbers[2], perSlab: numbers[3], pages: numbers[4])
    cache.isSLAB = hasTunables(line) ? true : nil
    return cache
  }

  /// `: tunables <limit> <batchcount> <sharedfactor>`: SLAB's; SLUB prints zeros.
  private static func hasTunables(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split { $0 == 0x20 || $0 == 0x0D }
    guard let mark = words.firstIndex(where: { $0.elementsEqual("tunables".utf8) }) else {
      return false
    }
    return words[(mark + 1)...].prefix(3).contains { $0 != [UInt8(ascii: "0")] }
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
