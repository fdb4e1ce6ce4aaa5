import Grid
import Narration
import Simulation
import Usercopy

/// What there is when there is no slab: pages, areas, parts of the image, one a line, and the bytes the
/// copy turned on.
struct MemoryList {
  let context: PaneContext
  let painter: Painter

  func draw(into grid: inout Grid) {
    let rect = context.rect
    let lines = self.lines
    guard !lines.isEmpty else {
      for (row, line) in wrap(
        "No slab yet. Objects appear here as soon as they are allocated.",
        width: max(1, rect.width - 2)
      ).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    grid.put("memory in use, no slab", x: rect.x + 1, y: rect.y, role: .heading)
    let caption = CopyCaption.lines(context)
    let lens = Lens(context: context, painter: painter)
    let room = rect.height - 2 - caption.count
    let lensHeight = context.subject.report == nil ? 0 : min(lens.rows(height: room), room)
    let rows = max(0, room - lensHeight)
    for (row, line) in lines.prefix(rows).enumerated() {
      grid.put(line, x: rect.x + 1, y: rect.y + 2 + row)
    }
    if lensHeight > 0 {
      let y = rect.endY - caption.count - lensHeight
      lens.draw(Rect(x: rect.x, y: y, width: rect.width, height: lensHeight), into: &grid)
    }
    for (row, line) in caption.enumerated() {
      grid.put(line, x: rect.x, y: rect.endY - caption.count + row)
    }
  }

  /// Name, bytes, kind, what the copy does to it, and where it is, by address.
  private var lines: [[Span]] {
    let world = context.subject.world
    let size = world.kernel.configuration.wordSize
    let shown = world.names.filter { $0.key != World.userBuffer || $0.value.kind != .user }
      .sorted { ($0.value.address, $0.key) < ($1.value.address, $1.key) }
    return shown.map { name, item in
      let touched = painter.touched(item.address, length: item.size).map { mark, bytes in
        [
          Span(
            "\(Painter.glyph(mark)) \(painter.word(mark)) \(ValueWords.quantity(bytes))",
            Painter.role(mark))
        ]
      }
      let head = [
        Span(Fitting.padded(name, 10) + " ", item.isLive ? .text : .dim, item.isLive ? .bold : []),
        Span(Fitting.padded(ValueWords.quantity(item.size), 6), .value),
        Span(Fitting.padded(item.kind.words, 7), .dim),
      ]
      // What is touched comes before where it is, if there is no room for both.
      let address = "…" + String(ValueWords.address(item.address, size).suffix(9))
      return Fitting.line(
        [head] + touched + [[Span(address, .address)]], width: context.rect.width - 1)
    }
  }
}
