import Grid
import Simulation
import Text
import Usercopy

/// The whole slab in one row, where not all of its slots are in sight: what is in use, what the copy touches.
struct SlabStrip {
  let context: PaneContext
  let layout: SlabLayout

  func draw(into grid: inout Grid) {
    let kernel = context.subject.world.kernel
    let slab = kernel.slabs[layout.slab]
    let rect = context.rect
    let y = layout.body.endY
    let whole = rect.width - layout.gutter - 2
    let forms = ends(slab)
    // What follows is told as long as the slab itself keeps some room.
    let end = forms.first { Fitting.columns($0) + 16 <= whole } ?? forms.last ?? []
    let room = whole - Fitting.columns(end)
    guard room >= 8 else { return }
    let bytes = layout.cache.slabBytes
    var scale: UInt64 = 1
    while bytes / scale > UInt64(room) { scale *= 2 }
    grid.put(
      layout.blank + " " + Fitting.padded("slab", layout.nameWidth), x: rect.x, y: y, role: .label,
      width: layout.gutter)
    var x = rect.x + layout.gutter
    x += grid.put("│", x: x, y: y, role: .border)
    for start in stride(from: 0, to: bytes, by: Int(scale)) {
      grid[x, y] = cell(slab, from: start, length: min(scale, bytes - start))
      x += 1
    }
    x += grid.put("│", x: x, y: y, role: .border)
    grid.put(end, x: x, y: y, width: max(0, rect.endX - x))
  }

  /// What stands behind the slab: how many slots it has, and that the copy runs on, the longest form first.
  private func ends(_ slab: Slab) -> [[Span]] {
    let count = Span(" \(slab.objects.count) slots", .dim)
    guard let mark = layout.behind else { return [[count]] }
    let brief = Span(" \(ByteMarks.glyph(mark)) runs on behind", ByteMarks.role(mark), .bold)
    let long = Span(brief.text + " the slab", brief.role, .bold)
    return [[count, Span(",", .dim), long], [long], [brief]]
  }

  /// The strongest that is to be said of the bytes: what the copy does, an object in use, one freed.
  /// Slots in sight are underlined.
  private func cell(_ slab: Slab, from offset: UInt64, length: UInt64) -> Cell {
    let slots = slots(slab, from: offset, length: length)
    let isInSight = slots.overlaps(layout.first..<layout.first + layout.inSight)
    let line: Attributes = isInSight ? .underline : []
    if let mark = context.marks.mark(from: slab.base &+ offset, length: length) {
      return Cell(
        ByteMarks.glyph(mark), role: ByteMarks.role(mark), attributes: line.union(.bold))
    }
    let states = slab.objects[slots].map(\.state)
    if states.contains(.live) { return Cell("█", role: .live, attributes: line) }
    let kind: ByteClass =
      states.contains(.freed) ? .freed : states.contains(.unknown) ? .unknown : .never
    return Cell(ByteMarks.glyph(kind), role: ByteMarks.role(kind), attributes: line)
  }

  /// The slots that some bytes of the slab belong to.
  private func slots(_ slab: Slab, from offset: UInt64, length: UInt64) -> Range<Int> {
    let before = slab.firstSlot - slab.base
    let stride = layout.cache.stride
    let end = offset + length
    guard end > before else { return 0..<0 }
    let first = offset > before ? Int((offset - before) / stride) : 0
    let last = Int((end - before + stride - 1) / stride)
    let count = slab.objects.count
    return min(first, count)..<min(max(first, last), count)
  }
}
