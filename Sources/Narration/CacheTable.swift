public import JSON
public import KernelLog
import Text

/// Slab caches as a table of plain ASCII, or as JSON under the names of the kernel's files.
public enum CacheTable {
  /// An aligned table with one line a cache, then what could not be read.
  public static func text(_ caches: [CacheInfo], unread: [String]) -> String {
    let heading = [
      "name", "object", "stride", "per slab", "order", "copyable", "in use", "flags", "merged",
    ]
    let rows = caches.map(cells)
    let widths = heading.indices.map { column in
      ([heading] + rows).map { $0[column].count }.max() ?? 0
    }
    var lines = ([heading] + rows).map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        let isNumber = (1...6).contains(column)
        line += (column > 0 ? "  " : "") + (isNumber ? gap + cell : cell + gap)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    lines.append("\(caches.count) \(caches.count == 1 ? "cache" : "caches")")
    if !unread.isEmpty { lines += ["Not read:"] + unread.map { "  " + ascii($0) } }
    return lines.joined(separator: "\n")
  }

  private static func cells(_ cache: CacheInfo) -> [String] {
    func number(_ value: UInt64?) -> String { value.map { String($0) } ?? "-" }
    return [
      ascii(cache.name), number(cache.objectSize), number(cache.stride),
      number(cache.objectsPerSlab), number(cache.order), number(cache.usersize),
      number(cache.activeObjects), cache.properties.joined(separator: ","), merged(cache),
    ]
  }

  /// The caches that share the slabs: all names on the cache's own line, on theirs its id.
  private static func merged(_ cache: CacheInfo) -> String {
    guard let id = cache.id else { return "" }
    if id != cache.name { return "= " + ascii(id) }
    return cache.aliases.map(ascii).joined(separator: " ")
  }

  /// A name from the kernel with nothing in it but visible ASCII.
  private static func ascii(_ text: String) -> String {
    Printable.ascii(text)
  }

  /// `{"caches": [...], "unread": [...]}`; what is not known is null.
  public static func json(_ caches: [CacheInfo], unread: [String]) -> JSONValue {
    JSONValue([("caches", .array(caches.map(json))), ("unread", JSONValue(unread))])
  }

  private static func json(_ cache: CacheInfo) -> JSONValue {
    JSONValue([
      ("name", JSONValue(cache.name)), ("id", JSONValue(cache.id)),
      ("ctor", JSONValue(cache.constructor)), ("object_size", JSONValue(cache.objectSize)),
      ("slab_size", JSONValue(cache.stride)), ("objs_per_slab", JSONValue(cache.objectsPerSlab)),
      ("order", JSONValue(cache.order)), ("align", JSONValue(cache.align)),
      ("useroffset", JSONValue(cache.useroffset)), ("usersize", JSONValue(cache.usersize)),
      ("objects", JSONValue(cache.activeObjects)),
      ("total_objects", JSONValue(cache.totalObjects)), ("aliases", JSONValue(cache.aliases)),
      ("flags", JSONValue(cache.flags.map(\.rawValue).sorted())),
      ("unread", JSONValue(cache.unread.map(\.attribute))),
    ])
  }
}
