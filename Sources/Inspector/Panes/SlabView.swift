import Grid
import Narration
import Simulation
import Text
import Usercopy

/// A slab, one row an object: boundaries, state, and the copy painted on the bytes.
struct SlabView {
  let context: PaneContext
  let layout: SlabLayout

  private var marks: ByteMarks { _read { yield context.marks } }
  private var kernel: Kernel { _read { yield context.subject.world.kernel } }
  /// Slots in sight that the present step changed.
  private let changed: Set<Int>

  init(context: PaneContext, layout: SlabLayout) {
    (self.context, self.layout) = (context, layout)
    let changes = StepChanges(context.subject)
    let slab = context.subject.world.kernel.slabs[layout.slab]
    changed = Set(
      (layout.first..<layout.first + layout.inSight).filter {
        changes.slot($0, of: slab, stride: layout.cache.stride)
      })
  }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    let slab = kernel.slabs[layout.slab]
    header(slab, layout, &grid)
    let caption = CopyCaption.lines(context, height: CopyCaption.height(context))
    rows(slab, layout, layout.body, &grid)
    if layout.showsStrip { SlabStrip(context: context, layout: layout).draw(into: &grid) }
    let below = layout.body.endY + (layout.showsStrip ? 1 : 0)
    if layout.lens > 0 {
      Lens(context: context).draw(
        Rect(x: rect.x, y: below, width: rect.width, height: layout.lens), into: &grid)
    }
    for (row, line) in caption.enumerated() {
      grid.put(line, x: rect.x, y: below + layout.lens + row, width: rect.width)
    }
  }

  private func header(_ slab: Slab, _ layout: SlabLayout, _ grid: inout Grid) {
    let rect = context.rect
    let cache = layout.cache
    let used = slab.objects.count { $0.state == .live }
    var first: [[Span]] = [
      [Span(cache.name, .heading, .bold)]
    ]
    let object: [Span] = [Span("object \(cache.objectSize)", .text)]
    if cache.usersize != cache.objectSize || cache.useroffset != 0 {
      let last = cache.useroffset + max(cache.usersize, 1) - 1
      first.append([
        Span(
          cache.usersize == 0 ? "window none" : "window \(cache.useroffset) to \(last)", .window,
          .underline)
      ])
    }
    // Where both do not fit the window says more than the size.
    let fits = Fitting.columns(first.flatMap { $0 } + object) + 4 < rect.width
    first.insert(object, at: fits ? 1 : first.count)
    if cache.stride != cache.objectSize { first.append([Span("stride \(cache.stride)", .text)]) }
    first += [
      [Span("\(used)/\(cache.objectsPerSlab) in use", .dim)], [Span("order \(cache.order)", .dim)],
    ]
    if slab.foundLists.contains(where: { !$0.isWhole }) {
      first.insert([Span("free list broken", .warning, .bold)], at: 1)
    }
    grid.put(
      Fitting.line(first, width: rect.width - 2), x: rect.x + 1, y: rect.y, width: rect.width)
    let size = kernel.configuration.wordSize
    let siblings = kernel.slabs.indices.filter {
      kernel.slabs[$0].cache == slab.cache && !kernel.slabs[$0].isGone
    }
    let place = siblings.firstIndex(of: layout.slab).map { "slab \($0 + 1)/\(siblings.count)" }
    let others = siblings.count > 1 ? place.map { [[Span($0, .dim)]] } ?? [] : []
    let second: [[Span]] =
      others + [
        [Span("1 cell = \(ValueWords.bytes(UInt64(layout.scale)))", .dim)],
        [Span(ValueWords.address(slab.base, size), .address)],
      ]
    let line = Fitting.line(second, width: rect.width - 2)
    let columns = 1 + grid.put(line, x: rect.x + 1, y: rect.y + 1, width: rect.width)
    let signs = Fitting.line(legend(slab), width: rect.width - columns - 3, gap: 2)
    grid.put(signs, x: rect.endX - 1 - Fitting.columns(signs), y: rect.y + 1)
  }

  /// The signs of bytes that are nobody's, as many as there are in the slab, the rarer ones first.
  private func legend(_ slab: Slab) -> [[Span]] {
    let stride = kernel.caches[slab.cache].stride
    var kinds: Set<ByteClass> = []
    var seen: [SlotState] = []
    // Slots of one state and size are alike.
    for (index, object) in slab.objects.enumerated() where !seen.contains(SlotState(object)) {
      seen.append(SlotState(object))
      let slot = ByteRange(start: slab.firstSlot &+ UInt64(index) &* stride, length: stride)
      for run in kernel.classify(slot) { kinds.insert(run.kind) }
    }
    let told: [ByteClass] = [.redZone, .slack, .padding, .metadata, .freed, .never, .unknown]
    let sign = !changed.isEmpty ? [[Span("+", .changed, .bold), Span(" by this step", .dim)]] : []
    let lists =
      slab.foundLists.isEmpty ? [] : [[Span("n→m", .dim), Span(" nth free, then slot m", .dim)]]
    return sign + lists
      + told.filter(kinds.contains).map { kind in
        [Span(String(ByteMarks.glyph(kind)), ByteMarks.role(kind)), Span(" \(kind.brief)", .dim)]
      }
  }

  /// What makes slots of one cache differ.
  private struct SlotState: Equatable {
    var state: ObjectState
    var size: UInt64

    init(_ object: SlabObject) {
      (state, size) = (object.state, object.state == .live ? object.requestedSize : 0)
    }
  }

  // MARK: Rows of objects

  private func rows(_ slab: Slab, _ layout: SlabLayout, _ body: Rect, _ grid: inout Grid) {
    if layout.showsManagement { management(slab, layout, y: body.y, &grid) }
    let count = slab.objects.count
    for number in layout.first..<min(count, layout.first + layout.inSight) {
      guard let place = layout.place(of: number), place.y < body.endY else { continue }
      object(slab, number, layout, at: place, body, &grid)
    }
    if let place = layout.place(of: count), place.y < body.endY {
      tail(slab, layout, at: place, body, &grid)
    }
  }

  private func object(
    _ slab: Slab, _ number: Int, _ layout: SlabLayout, at place: Position, _ body: Rect,
    _ grid: inout Grid
  ) {
    let (left, y) = (place.x, place.y)
    let object = slab.objects[number]
    let cache = layout.cache
    let isLive = object.state == .live
    let name = name(slab, number)
    let isChanged = changed.contains(number)
    let isSelected =
      context.model.memory.selected.map { $0.slab == layout.slab && $0.index == number } == true
    grid.put(
      [
        Span(layout.number(number), .dim), Span(isChanged ? "+" : " ", .changed, .bold),
        Span(
          TextWidth.truncated(name, to: layout.nameWidth), isLive ? .text : .dim,
          isSelected ? .reverse : isLive ? .bold : []),
      ], x: left, y: y, width: layout.gutter)
    let start = slab.firstSlot + UInt64(number) * cache.stride
    let cells = marks.cells(start, length: cache.stride, scale: UInt64(layout.scale))
    let window = layout.window
    for (offset, cell) in cells.enumerated() {
      let row = offset / layout.perRow
      guard y + row < body.endY else { break }
      var shown = cell
      if window.contains(offset) { shown.attributes.formUnion(.underline) }
      grid[left + layout.gutter + offset % layout.perRow, y + row] = shown
    }
    let last = (max(1, cells.count) - 1) / layout.perRow
    let column = cells.count - last * layout.perRow
    grid.put("│", x: left + layout.gutter + column, y: y + last, role: .border)
  }

  /// What stands before a slot's bytes; of a free slot of a real kernel its place in the list and the next one.
  private func name(_ slab: Slab, _ number: Int) -> String {
    switch slab.objects[number].state {
    case .live: slab.objects[number].label
    case .freed: slab.listed(number).map(FreelistWords.arrow) ?? "freed"
    case .never: "free"
    case .unknown: "?"
    }
  }

  private func management(
    _ slab: Slab, _ layout: SlabLayout, y: Int, _ grid: inout Grid
  ) {
    let rect = context.rect
    let length = slab.firstSlot - slab.base
    grid.put(
      layout.blank + " " + Fitting.padded("mgmt", layout.nameWidth), x: rect.x, y: y,
      role: .metadata, width: layout.gutter)
    let fit = MemoryState.scales.first { length <= UInt64(layout.perRow * $0) } ?? 256
    let cells = marks.cells(
      slab.base, length: length, scale: UInt64(max(layout.scale, fit)))
    for (offset, cell) in cells.enumerated() { grid[rect.x + layout.gutter + offset, y] = cell }
  }

  /// What lies behind the last object, and whether the copy runs on behind the slab.
  private func tail(
    _ slab: Slab, _ layout: SlabLayout, at place: Position, _ body: Rect, _ grid: inout Grid
  ) {
    let (left, y) = (place.x, place.y)
    let used = slab.firstSlot + UInt64(slab.objects.count) * layout.cache.stride
    let end = slab.base + layout.cache.slabBytes
    guard end > used || layout.behind != nil else { return }
    grid.put(
      layout.blank + " " + Fitting.padded("end", layout.nameWidth), x: left, y: y,
      role: .dim, width: layout.gutter)
    var x = left + layout.gutter
    if end > used {
      for cell in marks.cells(used, length: end - used, scale: UInt64(layout.scale)) {
        grid[x, y] = cell
        x += 1
      }
    }
    guard let mark = layout.behind else { return }
    grid.put(
      "\(ByteMarks.glyph(mark)) runs on behind the slab", x: x + 1, y: y,
      role: ByteMarks.role(mark),
      attributes: .bold, width: max(0, body.endX - x - 1))
  }
}
