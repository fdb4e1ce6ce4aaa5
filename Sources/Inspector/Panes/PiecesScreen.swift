import Grid
import KernelPages
import Narration
import Text

/// What a file holds of a real kernel's memory: slabs with their slots, stacks of tasks.
struct PiecesScreen {
  let model: Model

  private static let columns: [(heading: String, width: Int, order: SnapshotOrder?)] = [
    ("slots", 7, nil), ("used", 7, .used), ("free", 7, .free), ("?", 5, nil),
    ("copyable", 10, .copyable),
  ]

  func draw(into grid: inout Grid) {
    guard let list = model.pieces else { return }
    let layout = ListLayout.pieces(model)
    let width = model.width
    // Of a long path the end is told.
    let memory = " memory of Linux \(list.snapshot.kernel.release), from "
    let room = max(1, width - 12 - TextWidth.of(memory))
    let source = list.source.count <= room ? list.source : "…" + list.source.suffix(room - 1)
    grid.put(
      [Span(" copyscope ", .title, .bold), Span(memory + source, .dim)], x: 0, y: 0, width: width)
    grid.put(count(list, found: layout.found.count), x: 0, y: 1, role: .label, width: width)
    let wrong = list.snapshot.contradictions
    if let first = wrong.first {
      grid.put(
        TextWidth.truncated(
          "\(wrong.count) things do not fit or are damaged, first \(SnapshotWords.line(first))",
          to: width - 2),
        x: 1, y: 2, role: .warning, width: width - 1)
    }
    let name = nameWidth(list)
    grid.put(heading(list.order, name), x: 0, y: layout.top - 1, width: width)
    for (y, index) in layout.shown {
      draw(list.rows[index], isSelected: index == list.cursor, name, y: y, &grid)
    }
    if layout.found.contains(list.cursor), let row = list.selected {
      details(row, list, top: layout.top + layout.rows, &grid)
    }
    ListFooter(model: model, scope: .kernel).draw(into: &grid)
  }

  private func count(_ list: PieceList, found: Int) -> String {
    let sorted = list.order == .file ? "in the file's order" : "sorted by \(list.order.rawValue)"
    return model.search.text.isEmpty
      ? " \(list.rows.count) slabs and stacks, \(sorted)"
      : model.keymap.telling(
        " \(found) of \(list.rows.count) have '\(model.search.text)', \(sorted)",
        [.cancel: "shows all"], in: .kernel)
  }

  private func nameWidth(_ list: PieceList) -> Int {
    let longest = list.rows.lazy.map { TextWidth.of($0.name) }.max() ?? 0
    let numbers = Self.columns.reduce(0) { $0 + $1.width } + 20
    return max(12, min(longest, model.width - numbers - 16))
  }

  private func heading(_ order: SnapshotOrder, _ name: Int) -> [Span] {
    func role(_ mine: SnapshotOrder?) -> Role { mine == order ? .accent : .label }
    return [
      Span("   " + Fitting.padded("name", name), role(.name)),
      Span("  " + Fitting.padded("address", 18), role(.address)),
    ]
      + Self.columns.map { Span(Self.right($0.heading, $0.width), role($0.order)) }
      + [Span("  where, notes", .label)]
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - TextWidth.of(text))) + text
  }

  private func draw(
    _ row: SnapshotRow, isSelected: Bool, _ name: Int, y: Int, _ grid: inout Grid
  ) {
    let numbers: [Int?] = [
      row.count, row.used, row.free, row.unknown > 0 ? row.unknown : nil,
      row.copyable.map { Int(clamping: $0) },
    ]
    let cells = zip(numbers, Self.columns).map { number, column in
      Self.right(number.map { String($0) } ?? "-", column.width)
    }
    let address = row.address.map { "0x" + $0.hex(width: 16) } ?? "-"
    let notes = ([row.place] + row.notes).filter { !$0.isEmpty }.joined(separator: ", ")
    let text =
      Fitting.padded(TextWidth.truncated(row.name, to: name), name) + "  "
      + Fitting.padded(address, 18) + cells.joined() + "  " + notes
    grid.put(
      [
        Span(isSelected ? " ▸ " : "   ", .accent, .bold),
        Span(TextWidth.truncated(text, to: max(0, model.width - 4))),
      ], x: 0, y: y, width: model.width)
    guard isSelected else { return }
    grid.paint(Rect(x: 2, y: y, width: model.width - 3, height: 1), role: .selection)
  }

  private func details(_ row: SnapshotRow, _ list: PieceList, top: Int, _ grid: inout Grid) {
    grid.hline(x: 0, y: top, width: model.width)
    let facts =
      switch row.piece {
      case .slab(let index): SnapshotPieceWords.lines(slab: index, list.snapshot)
      case .stack(let index): SnapshotPieceWords.lines(task: index, list.snapshot)
      }
    let lines = facts.flatMap { wrap($0, width: max(1, model.width - 4)) }
    let rows = max(0, model.height - 2 - top)
    for (index, line) in lines.prefix(rows).enumerated() {
      let isCut = index == rows - 1 && lines.count > rows
      grid.put(isCut ? line + " …" : line, x: 2, y: top + 1 + index, role: .text)
    }
  }
}
