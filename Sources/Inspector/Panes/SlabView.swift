import Grid
import Narration
import Simulation
import Usercopy

/// A slab, one row an object: boundaries, state, and the copy painted on the bytes.
struct SlabView {
  let context: PaneContext
  private let painter: Painter
  private let kernel: Kernel

  init(context: PaneContext) {
    self.context = context
    painter = Painter(context.subject)
    kernel = context.subject.world.kernel
  }

  /// Columns before the bytes: slot number, state, name.
  private var gutter: Int { context.rect.width < 50 ? 11 : 17 }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard let index = context.subject.slab(context.model.memory) else {
      grid.put(
        "no slab yet: objects appear here when they are allocated", x: rect.x + 1, y: rect.y,
        role: .dim, width: rect.width - 1)
      return
    }
    let slab = kernel.slabs[index]
    let cache = kernel.caches[slab.cache]
    header(slab, cache, &grid)
    let caption = CopyCaption.lines(context)
    let top = rect.height < 14 ? 2 : 3
    let lens = lensRows(height: rect.height - top - caption.count)
    let body = Rect(
      x: rect.x, y: rect.y + top, width: rect.width,
      height: max(1, rect.height - top - caption.count - lens))
    rows(slab, index, cache, body, &grid)
    if lens > 0 { drawLens(Rect(x: rect.x, y: body.endY, width: rect.width, height: lens), &grid) }
    for (row, line) in caption.enumerated() {
      grid.put(line, x: rect.x, y: rect.endY - caption.count + row, width: rect.width)
    }
  }

  private func header(_ slab: Slab, _ cache: SlabCache, _ grid: inout Grid) {
    let rect = context.rect
    let used = slab.objects.count { $0.state == .live }
    var first: [Span] = [
      Span(" \(cache.name)", .heading, .bold),
      Span("  object \(cache.objectSize)  stride \(cache.stride)", .text),
      Span("  \(used)/\(cache.objectsPerSlab) in use  order \(cache.order)", .dim),
    ]
    if cache.usersize != cache.objectSize || cache.useroffset != 0 {
      first.append(Span("  window \(cache.useroffset)+\(cache.usersize)", .window))
    }
    grid.put(first, x: rect.x, y: rect.y, width: rect.width)
    let scale = scale(cache)
    let size = kernel.configuration.wordSize
    grid.put(
      [
        Span(" page ", .dim), Span(ValueWords.address(slab.base, size), .address),
        Span("   1 cell = \(ValueWords.bytes(UInt64(scale)))", .dim),
      ], x: rect.x, y: rect.y + 1, width: rect.width)
  }

  /// Bytes a cell: chosen by hand, or the smallest that fits a slot into a row.
  private func scale(_ cache: SlabCache) -> Int {
    if let chosen = context.model.memory.scale { return chosen }
    let room = UInt64(max(8, context.rect.width - gutter - 1))
    return MemoryState.scales.first { cache.stride <= room * UInt64($0) } ?? 256
  }

  // MARK: Rows of objects

  private func rows(
    _ slab: Slab, _ index: Int, _ cache: SlabCache, _ body: Rect, _ grid: inout Grid
  ) {
    let scale = scale(cache)
    let perRow = max(8, body.width - gutter - 1)
    let cells = Int(min((cache.stride + UInt64(scale) - 1) / UInt64(scale), 4096))
    let rowsPerObject = max(1, (cells + perRow - 1) / perRow)
    let focus = focusedObject(slab, cache)
    let visible = max(1, body.height / rowsPerObject)
    let total = slab.objects.count
    let wanted = focus - visible / 3 + context.model.memory.scroll
    let first = min(max(0, wanted), max(0, total - visible))
    var y = body.y
    if slab.firstSlot > slab.base, first == 0, body.height > 2 {
      management(slab, cache, y: y, scale: scale, &grid)
      y += 1
    }
    var number = first
    while number < total, y < body.endY {
      object(slab, index, number, cache, scale: scale, perRow: perRow, y: y, body, &grid)
      y += rowsPerObject
      number += 1
    }
    if number >= total, y < body.endY { tail(slab, cache, y: y, scale: scale, body, &grid) }
  }

  /// The object the rows are centred on: the copy's, else the newest live one.
  private func focusedObject(_ slab: Slab, _ cache: SlabCache) -> Int {
    if let address = context.subject.report?.outcome.attempt.kernel, address >= slab.firstSlot {
      let index = (address - slab.firstSlot) / cache.stride
      if index < UInt64(slab.objects.count) { return Int(index) }
    }
    return slab.objects.lastIndex { $0.state != .never } ?? 0
  }

  private func object(
    _ slab: Slab, _ index: Int, _ number: Int, _ cache: SlabCache, scale: Int, perRow: Int,
    y: Int, _ body: Rect, _ grid: inout Grid
  ) {
    let object = slab.objects[number]
    let start = slab.firstSlot + UInt64(number) * cache.stride
    let (sign, role): (String, Role) =
      switch object.state {
      case .live: ("█", .live)
      case .freed: ("x", .free)
      case .never: ("░", .free)
      }
    let digits = String(number)
    let isNarrow = gutter < 12
    let pad = String(repeating: " ", count: max(0, (isNarrow ? 2 : 3) - digits.count))
    let name = object.state == .live ? object.label : object.state == .freed ? "freed" : "free"
    grid.put(
      [
        Span("\(pad)\(digits) ", .dim), Span(sign, role),
        Span(
          " " + TextWidth.truncated(name, to: gutter - (isNarrow ? 5 : 7)),
          object.state == .live ? .text : .dim),
      ], x: body.x, y: y, width: gutter)
    let cells = painter.cells(start, length: cache.stride, scale: UInt64(scale))
    let window = windowCells(cache, scale: scale)
    for (offset, cell) in cells.enumerated() {
      let row = offset / perRow
      let attributes: Attributes =
        window.contains(offset)
        ? cell.attributes.union(.underline)
        : cell.attributes
      grid.put(
        String(cell.scalar), x: body.x + gutter + offset % perRow, y: y + row, role: cell.role,
        attributes: attributes)
    }
    grid.put("│", x: body.x + gutter + min(cells.count, perRow), y: y, role: .border)
  }

  /// Cells of a slot that lie in a whitelist window narrower than the object.
  private func windowCells(_ cache: SlabCache, scale: Int) -> Range<Int> {
    guard cache.usersize < cache.objectSize else { return 0..<0 }
    let start = cache.objOffset + cache.redLeftPad + cache.useroffset
    let low = Int(start) / scale
    return low..<max(low, (Int(start + cache.usersize) + scale - 1) / scale)
  }

  private func management(
    _ slab: Slab, _ cache: SlabCache, y: Int, scale: Int, _ grid: inout Grid
  ) {
    let rect = context.rect
    let length = slab.firstSlot - slab.base
    grid.put(
      gutter < 12 ? "   m mgmt" : "    m slab mgmt", x: rect.x, y: y, role: .metadata,
      width: gutter)
    let room = rect.width - gutter - 1
    let fit = MemoryState.scales.first { length <= UInt64(room * $0) } ?? 256
    for (offset, cell) in painter.cells(slab.base, length: length, scale: UInt64(max(scale, fit)))
      .enumerated()
    {
      grid.put(
        String(cell.scalar), x: rect.x + gutter + offset, y: y, role: cell.role,
        attributes: cell.attributes, width: 1)
    }
  }

  private func tail(
    _ slab: Slab, _ cache: SlabCache, y: Int, scale: Int, _ body: Rect, _ grid: inout Grid
  ) {
    let used = slab.firstSlot + UInt64(slab.objects.count) * cache.stride
    let end = slab.base + cache.slabBytes
    let touched = painter.mark(from: end, length: 1 << 32) != nil
    grid.put(gutter < 12 ? "   end" : "    end of slab", x: body.x, y: y, role: .dim, width: gutter)
    var x = body.x + gutter
    if end > used {
      for cell in painter.cells(used, length: end - used, scale: UInt64(scale)) {
        x += grid.put(
          String(cell.scalar), x: x, y: y, role: cell.role, attributes: cell.attributes,
          width: max(0, body.endX - x))
      }
    }
    if touched, let mark = painter.mark(from: end, length: 1 << 32) {
      grid.put(
        " \(Painter.glyph(mark)) runs on behind the slab", x: x, y: y, role: Painter.role(mark),
        attributes: .bold, width: max(0, body.endX - x))
    }
  }

  // MARK: The lens

  private func lensRows(height: Int) -> Int {
    guard context.subject.report != nil || context.model.memory.showsHex else { return 0 }
    if context.model.memory.showsHex { return max(3, height / 2) }
    return height >= 9 ? 3 : 0
  }

  /// The byte the verdict turned on: where the first denied or leaky byte lies, else the start.
  private var boundary: Address? {
    guard let report = context.subject.report else {
      return context.subject.world.names.values.filter { $0.kind == .object }
        .map(\.address).max()
    }
    let turning = report.marks.first { $0.mark == .denied || $0.mark == .leaky }
    return turning?.range.start ?? report.outcome.attempt.kernel
  }

  private func drawLens(_ rect: Rect, _ grid: inout Grid) {
    guard let boundary, rect.height > 1 else { return }
    grid.hline(x: rect.x, y: rect.y, width: rect.width)
    let perRow = rect.width >= 74 ? 16 : 8
    let rows = rect.height - 1
    let before = UInt64(perRow * (rows / 2))
    let start = boundary.aligned(down: UInt64(perRow)) &- (rows > 1 ? before : 0)
    for row in 0..<rows {
      HexLine(kernel: kernel, painter: painter, boundary: boundary).draw(
        start &+ UInt64(row * perRow), count: perRow, x: rect.x + 1, y: rect.y + 1 + row,
        width: rect.width - 1, &grid)
    }
  }
}

/// A line of bytes in hexadecimal and as text, each in the role of what it is.
struct HexLine {
  let kernel: Kernel
  let painter: Painter
  /// A bar is drawn in front of this byte.
  let boundary: Address

  func draw(_ start: Address, count: Int, x: Int, y: Int, width: Int, _ grid: inout Grid) {
    let bytes = kernel.memory.read(start, count: count)
    let cells = painter.cells(start, length: UInt64(count), scale: 1)
    var column = x
    column += grid.put("…" + (start & 0xffff).hex(width: 4) + " ", x: column, y: y, role: .address)
    var text = column + count * 3 + 1
    for (index, byte) in bytes.enumerated() {
      let cell = cells[index]
      let here = start &+ UInt64(index) == boundary
      column += grid.put(here ? "▸" : " ", x: column, y: y, role: .accent, attributes: .bold)
      column += grid.put(
        byte.hex(width: 2), x: column, y: y, role: cell.role, attributes: cell.attributes)
      let shown = (0x20...0x7e).contains(byte) ? Unicode.Scalar(byte) : "·"
      text += grid.put(
        String(shown), x: text, y: y, role: cell.role, attributes: cell.attributes)
    }
  }
}
