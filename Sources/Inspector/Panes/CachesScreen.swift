import Grid
import KernelLog
import Narration
import Text

/// The slab caches of a machine: sizes, and which bytes may be copied.
struct CachesScreen {
  let model: Model

  /// A column of numbers: heading, width, and what the list is sorted by to follow it.
  private struct Column: Sendable {
    var heading: String
    var width: Int
    var order: CacheOrder?
    var value: @Sendable (CacheInfo) -> UInt64?
  }

  private static let columns = [
    Column(heading: "object", width: 7, order: .size) { $0.objectSize },
    Column(heading: "stride", width: 7, order: .stride) { $0.stride },
    Column(heading: "per slab", width: 9, order: nil) { $0.objectsPerSlab },
    Column(heading: "order", width: 6, order: .order) { $0.order },
    Column(heading: "copyable", width: 9, order: .usersize) { $0.usersize },
    Column(heading: "in use", width: 8, order: .objects) { $0.activeObjects },
  ]

  func draw(into grid: inout Grid) {
    guard let list = model.caches else { return }
    let layout = ListLayout.caches(model)
    let width = model.width
    grid.put(
      [
        Span(" copyscope ", .title, .bold),
        Span(" slab caches of \(list.listing.source) and which of their bytes may be copied", .dim),
      ],
      x: 0, y: 0, width: width)
    grid.put(count(list, found: layout.found.count), x: 0, y: 1, role: .label, width: width)
    for (row, line) in ListLayout.notRead(model).enumerated() {
      grid.put(line, x: 1, y: 2 + row, role: .warning, width: width - 1)
    }
    let name = nameWidth(list)
    grid.put(heading(list.order, name), x: 0, y: layout.top - 1, width: width)
    for (y, index) in layout.shown {
      draw(list.listing.caches[index], isSelected: index == list.cursor, name, y: y, &grid)
    }
    if layout.found.contains(list.cursor), let cache = list.selected {
      details(cache, top: layout.top + layout.rows, &grid)
    }
    ListFooter(model: model, scope: .caches).draw(into: &grid)
  }

  private func count(_ list: CacheList, found: Int) -> String {
    let all = list.listing.caches.count
    let sorted = "sorted by \(Self.words(list.order))"
    return model.search.text.isEmpty
      ? " \(all) \(all == 1 ? "cache" : "caches"), \(sorted)"
      : model.keymap.telling(
        " \(found) of \(all) caches have '\(model.search.text)', \(sorted)",
        [.cancel: "shows all"], in: .caches)
  }

  private static func words(_ order: CacheOrder) -> String {
    columns.first { $0.order == order }?.heading ?? "name"
  }

  /// Columns for names: as many as the longest takes, as far as there is room.
  private func nameWidth(_ list: CacheList) -> Int {
    let longest = list.listing.caches.lazy.map { TextWidth.of($0.name) }.max() ?? 0
    let numbers = Self.columns.reduce(0) { $0 + $1.width }
    return max(12, min(max(longest, 4), model.width - numbers - 16))
  }

  private func heading(_ order: CacheOrder, _ name: Int) -> [Span] {
    func role(_ mine: CacheOrder?) -> Role { mine == order ? .accent : .label }
    return [Span("   " + Fitting.padded("name", name), role(.name))]
      + Self.columns.map { Span(Self.right($0.heading, $0.width), role($0.order)) }
      + [Span("  flags", .label)]
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - TextWidth.of(text))) + text
  }

  private func draw(
    _ cache: CacheInfo, isSelected: Bool, _ name: Int, y: Int, _ grid: inout Grid
  ) {
    let numbers = Self.columns.map { column in
      Self.right(column.value(cache).map { String($0) } ?? "-", column.width)
    }
    let text =
      Fitting.padded(cache.name, name) + numbers.joined() + "  "
      + cache.properties.joined(separator: ",")
    grid.put(
      [
        Span(isSelected ? " ▸ " : "   ", .accent, .bold),
        Span(TextWidth.truncated(text, to: max(0, model.width - 4))),
      ], x: 0, y: y, width: model.width)
    guard isSelected else { return }
    grid.paint(Rect(x: 2, y: y, width: model.width - 3, height: 1), role: .selection)
  }

  // MARK: What is known of the selected cache

  private func details(_ cache: CacheInfo, top: Int, _ grid: inout Grid) {
    grid.hline(x: 0, y: top, width: model.width)
    let below = ListLayout.caches(model).below
    if below > 0 {
      let words = " ↓ \(below) more "
      grid.put(words, x: model.width - 2 - TextWidth.of(words), y: top, role: .dim)
    }
    let lines = facts(cache).flatMap { wrap($0, width: max(1, model.width - 4)) }
    let rows = max(0, model.height - 2 - top)
    for (row, line) in lines.prefix(rows).enumerated() {
      let isCut = row == rows - 1 && lines.count > rows
      grid.put(isCut ? line + " …" : line, x: 2, y: top + 1 + row, role: .text)
    }
  }

  private func facts(_ cache: CacheInfo) -> [String] {
    var facts = [CacheScene.about(cache), place(cache)]
    let missing = cache.unread.map(\.attribute)
    if !missing.isEmpty { facts.append("Not read: " + missing.joined(separator: ", ")) }
    let flags = cache.properties.joined(separator: ", ")
    if !flags.isEmpty { facts.append("Flags: " + flags) }
    if let id = cache.id, id != cache.name { facts.append("Merged into \(id)") }
    if !cache.aliases.isEmpty {
      facts.append("Shares its slabs with: " + cache.aliases.joined(separator: " "))
    }
    return facts.filter { !$0.isEmpty }
  }

  /// Slab, alignment, use.
  private func place(_ cache: CacheInfo) -> String {
    var parts: [String] = []
    if let count = cache.objectsPerSlab {
      parts.append("\(count) in a slab" + (cache.order.map { " of order \($0)" } ?? ""))
    }
    if let align = cache.align, align > 0 { parts.append("aligned to \(align)") }
    if let active = cache.activeObjects {
      parts.append("\(active) in use" + (cache.totalObjects.map { " of \($0)" } ?? ""))
    }
    return parts.joined(separator: ", ")
  }
}
