import Escaping
import KernelLog

/// Slab caches as a table of plain ASCII, or as JSON under the names of the kernel's files.
enum CacheTable {
  /// An aligned table with one line a cache, then what could not be read.
  static func text(_ caches: [CacheInfo], unread: [String]) -> String {
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
  static func ascii(_ text: String) -> String {
    Printable.text(text).unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }.joined()
  }

  /// `{"caches": [...], "unread": [...]}`; what is not known is null.
  static func json(_ caches: [CacheInfo], unread: [String]) -> String {
    var writer = JSONWriter()
    writer.openObject()
    writer.key("caches")
    writer.openArray()
    for cache in caches { write(cache, to: &writer) }
    writer.closeArray()
    writer.key("unread")
    writer.openArray()
    for line in unread { writer.value(line) }
    writer.closeArray()
    writer.closeObject()
    return writer.text
  }

  private static func write(_ cache: CacheInfo, to writer: inout JSONWriter) {
    writer.openObject()
    for (key, text) in [("name", cache.name), ("id", cache.id), ("ctor", cache.constructor)] {
      writer.key(key)
      writer.value(text)
    }
    for (key, number) in [
      ("object_size", cache.objectSize), ("slab_size", cache.stride),
      ("objs_per_slab", cache.objectsPerSlab), ("order", cache.order), ("align", cache.align),
      ("useroffset", cache.useroffset), ("usersize", cache.usersize),
      ("objects", cache.activeObjects), ("total_objects", cache.totalObjects),
    ] {
      writer.key(key)
      writer.value(number)
    }
    for (key, words) in [
      ("aliases", cache.aliases), ("flags", cache.flags.map(\.rawValue).sorted()),
      ("unread", cache.unread.map(\.attribute)),
    ] {
      writer.key(key)
      writer.openArray()
      for word in words { writer.value(word) }
      writer.closeArray()
    }
    writer.closeObject()
  }
}
