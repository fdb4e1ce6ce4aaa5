import Grid
import Simulation
import Text
import Usercopy

/// Where a slab's bytes stand in the memory pane: the columns before them, bytes a cell, rows.
struct SlabLayout {
  /// The slab's number.
  let slab: Int
  let cache: SlabCache
  /// Columns of a slot's number and of its name.
  let digits, nameWidth: Int
  /// Bytes a cell.
  let scale: Int
  /// Cells a row and rows an object.
  let perRow, rowsPerObject: Int
  /// Columns of slots side by side, filled one after the other, and the cells of each with what stands before.
  let columns, columnWidth: Int
  /// The first object drawn.
  let first: Int
  /// How far the objects can be scrolled from where the story puts them.
  let scrollRange: ClosedRange<Int>
  /// The words of the allocator before the first object get a row of their own.
  let showsManagement: Bool
  /// The rows' place between header and lens, and how high the lens is.
  let body: Rect
  let lens: Int
  /// Objects above and below those in sight.
  let hidden: (above: Int, below: Int)
  /// Slots in sight, and how many of them stand below each other.
  let inSight, rowsInColumn: Int
  /// A row under the slots shows the whole slab, as not all of them are in sight.
  let showsStrip: Bool
  /// What becomes of the bytes right behind the slab, of a copy that runs on there.
  let behind: ByteMark?

  /// Columns before the bytes: number, blank, name, blank.
  var gutter: Int { digits + nameWidth + 2 }

  /// The slab shown; nil when there is none.
  init?(_ context: PaneContext) {
    guard let slab = context.subject.slab(context.model.memory) else { return nil }
    self.init(context, slab)
  }

  init(_ context: PaneContext, _ slabIndex: Int) {
    let rect = context.rect
    let kernel = context.subject.world.kernel
    let slab = kernel.slabs[slabIndex]
    self.slab = slabIndex
    let cache = kernel.caches[slab.cache]
    self.cache = cache
    digits = String(max(0, slab.objects.count - 1)).count + 1
    let longest = slab.objects.lazy.filter { $0.state == .live }.map { TextWidth.of($0.label) }
    let wanted = min(max(Self.leastName, longest.max() ?? 0), 16)
    nameWidth =
      rect.width < 52
      ? min(wanted, Self.leastName + Self.spare(rect.width, digits, cache, context.model.memory))
      : wanted
    perRow = max(8, rect.width - (digits + nameWidth + 2) - 1)
    let perRow = perRow
    scale =
      context.model.memory.scale
      ?? MemoryState.scales.first { cache.stride <= UInt64(perRow) * UInt64($0) } ?? 256
    let cells = Int(min((cache.stride + UInt64(scale) - 1) / UInt64(scale), 1 << 20))
    rowsPerObject = max(1, (cells + perRow - 1) / perRow)
    let count = slab.objects.count
    let hasManagement = slab.firstSlot > slab.base
    let (whole, lens) = Self.body(context, slab, cache)
    self.lens = lens
    let own = hasManagement && whole.height > 2 ? 1 : 0
    columnWidth = rowsPerObject == 1 ? digits + nameWidth + 2 + cells + 2 : max(1, rect.width)
    // Slots stand side by side where they do not fit below each other.
    let isTall = count * rowsPerObject + own > whole.height
    columns = isTall ? max(1, (rect.width + 1) / columnWidth) : 1
    // A copy that runs on behind the slab is told in a row of its own, or in the strip.
    behind = Self.behind(context.marks, slab, cache)
    let tail = behind == nil ? 0 : 1
    let needed = (count + columns - 1) / columns * rowsPerObject + own + tail
    let fits = needed <= whole.height
    showsStrip = !fits && whole.height >= 3
    // What is told of the copy stands right under the slots.
    let height = fits ? min(whole.height, needed + 1 - tail) : whole.height - (showsStrip ? 1 : 0)
    body = Rect(x: whole.x, y: whole.y, width: whole.width, height: height)
    let visible = max(1, body.height / rowsPerObject * columns)
    let selected = context.model.memory.selected
    let focus =
      selected?.slab == slabIndex
      ? selected?.index ?? 0 : Self.focused(context.subject, slab, cache)
    let last = fits ? 0 : max(0, count - visible + 1)
    let start = min(max(0, focus - visible / 3), last)
    scrollRange = -start...last - start
    first = min(max(0, start + (context.model.scrolls[.memory] ?? 0)), last)
    showsManagement = own > 0 && first == 0
    let rows = max(0, body.height - (showsManagement ? 1 : 0))
    rowsInColumn = max(1, (rows + rowsPerObject - 1) / rowsPerObject)
    inSight = min(rowsInColumn * columns, count - first)
    hidden = (first, max(0, count - first - rowsInColumn * columns))
  }

  /// Columns of a name in a narrow pane that has none to spare.
  private static let leastName = 7

  /// Columns that are left over in a narrow pane, with as many slots side by side as go there.
  private static func spare(
    _ width: Int, _ digits: Int, _ cache: SlabCache, _ memory: MemoryState
  ) -> Int {
    let room = max(8, width - (digits + leastName + 2) - 1)
    let scale =
      memory.scale
      ?? MemoryState.scales.first { cache.stride <= UInt64(room) * UInt64($0) } ?? 256
    let cells = (cache.stride + UInt64(scale) - 1) / UInt64(scale)
    guard cells <= UInt64(room) else { return 0 }
    let column = digits + leastName + 2 + Int(cells) + 2
    return max(0, (width + 1) / max(1, (width + 1) / column) - column)
  }

  /// What becomes of the bytes right behind the slab, of a copy that runs on there.
  private static func behind(_ marks: ByteMarks, _ slab: Slab, _ cache: SlabCache) -> ByteMark? {
    let end = slab.base &+ cache.slabBytes
    guard marks.mark(from: end &- 1, length: 1) != nil else { return nil }
    return marks.mark(from: end, length: 1)
  }

  private static func body(_ context: PaneContext, _ slab: Slab, _ cache: SlabCache) -> (Rect, Int)
  {
    let rect = context.rect
    let top = rect.height < 14 ? 2 : 3
    let room = rect.height - top - CopyCaption.height(context)
    let isTouched = context.marks.mark(from: slab.base, length: cache.slabBytes) != nil
    let lens = isTouched || context.model.memory.showsHex ? lensRows(context, height: room) : 0
    return (
      Rect(x: rect.x, y: rect.y + top, width: rect.width, height: max(1, room - lens)), lens
    )
  }

  /// Rows the lens takes of `height`, its rule included.
  static func lensRows(_ context: PaneContext, height: Int) -> Int {
    if context.model.memory.showsHex { return max(3, height / 2) }
    guard let report = context.subject.report, height >= 9 else { return 0 }
    // What leaks is worth a row more.
    return height >= 10 && report.marks.contains { $0.mark == .leaky } ? 4 : 3
  }

  /// The object the rows are centred on: the copy's, else the newest live one.
  private static func focused(_ subject: Subject, _ slab: Slab, _ cache: SlabCache) -> Int {
    if let address = subject.report?.outcome.attempt.kernel, address >= slab.firstSlot {
      let index = (address - slab.firstSlot) / cache.stride
      if index < UInt64(slab.objects.count) { return Int(index) }
    }
    return slab.objects.lastIndex { $0.state != .never } ?? 0
  }

  /// Where the first row of a slot begins; nil for one out of sight.
  func place(of slot: Int) -> Position? {
    let index = slot - first
    guard index >= 0, index < rowsInColumn * columns else { return nil }
    let row = index % rowsInColumn * rowsPerObject
    return Position(
      x: body.x + index / rowsInColumn * columnWidth,
      y: body.y + (showsManagement ? 1 : 0) + row)
  }

  /// The slot at a cell, and the byte in it when the cell stands for one.
  func hit(_ place: Position, slots: Int) -> (slot: Int, byte: UInt64?)? {
    let row = place.y - body.y - (showsManagement ? 1 : 0)
    guard body.contains(x: place.x, y: place.y), row >= 0 else { return nil }
    let column = min((place.x - body.x) / columnWidth, columns - 1)
    let slot = first + column * rowsInColumn + row / rowsPerObject
    guard slot < slots else { return nil }
    let cell = place.x - body.x - column * columnWidth - gutter
    guard cell >= 0, cell < perRow else { return (slot, nil) }
    let byte = UInt64((row % rowsPerObject * perRow + cell) * scale)
    return (slot, byte < cache.stride ? byte : nil)
  }

  func number(_ slot: Int) -> String {
    let text = String(slot)
    return String(repeating: " ", count: max(0, digits - text.count)) + text
  }

  var blank: String { String(repeating: " ", count: digits) }

  /// Cells of a slot that lie in a whitelist window narrower than the object.
  var window: Range<Int> {
    guard cache.usersize < cache.objectSize, cache.usersize > 0 else { return 0..<0 }
    let start = cache.objectStart + cache.useroffset
    let low = Int(start) / scale
    return low..<max(low, (Int(start + cache.usersize) + scale - 1) / scale)
  }
}
