import Grid
import Simulation
import Usercopy

/// Which start and length each cell of the map stands for.
///
/// Over a slab every object gets the same number of columns, so that the teeth line up with the
/// objects whatever their stride.
struct MapScale {
  let region: MapRegion
  /// Columns an object; 0 off the slabs.
  private let perObject: Int
  /// First start shown.
  private let origin: Address
  let bytesPerColumn, bytesPerRow: UInt64
  /// Columns used and rows.
  let columns, rows: Int

  /// The map of a pane; nil without a copy to vary.
  init?(_ context: PaneContext) {
    guard let before = context.subject.before, let attempt = context.subject.report?.outcome.attempt
    else { return nil }
    let area = Self.area(context)
    self.init(
      before, attempt, width: area.width, height: area.height, chosen: context.model.memory.scale)
  }

  /// Where the cells stand in a pane: right of the lengths, above the names.
  static func area(_ context: PaneContext) -> Rect {
    let rect = context.rect
    return Rect(
      x: rect.x + 7, y: rect.y + 1, width: max(1, rect.width - 8),
      height: max(1, rect.height - 3 - legendRows(context)))
  }

  /// Rows that tell what the signs mean: a second one where two eras are compared and a row holds only one's words.
  static func legendRows(_ context: PaneContext) -> Int {
    context.model.memory.comparedEra != nil && context.rect.width < 64 ? 2 : 1
  }

  /// A map that fits the pane, or one of `chosen` bytes a column around the attempt.
  init(_ world: World, _ attempt: CopyAttempt, width: Int, height: Int, chosen: Int? = nil) {
    let width = max(1, width)
    rows = max(1, height)
    let slots = max(1, min(4, width / 12))
    region = MapRegion(world, attempt, slots: slots)
    let shown = region.stride > 0 ? region.span / region.stride : 1
    let fitting = Self.divided(region.span / shown, by: UInt64(width) / shown)
    bytesPerColumn = chosen.map { UInt64($0) } ?? fitting
    let whole = Self.divided(max(region.tallest, 8), by: UInt64(rows))
    bytesPerRow =
      chosen == nil ? whole : max(1, Self.scaled(whole, from: fitting, to: bytesPerColumn))
    perObject =
      region.stride > 0 ? Int(min(Self.divided(region.stride, by: bytesPerColumn), 1 << 20)) : 0
    let needed =
      perObject > 0
      ? perObject * Int(shown)
      : Int(min(Self.divided(region.span, by: bytesPerColumn), 1 << 20))
    columns = min(width, needed)
    origin = Self.origin(
      region, attempt.kernel, perObject: perObject, columns: columns, bytes: bytesPerColumn)
  }

  private static func divided(_ a: UInt64, by b: UInt64) -> UInt64 {
    let b = max(1, b)
    return max(1, a / b + (a % b == 0 ? 0 : 1))
  }

  private static func scaled(_ value: UInt64, from: UInt64, to: UInt64) -> UInt64 {
    let (product, overflow) = value.multipliedReportingOverflow(by: to)
    return overflow ? value : product / max(1, from)
  }

  /// The region's start, or a later one when the attempt would lie off the right edge.
  private static func origin(
    _ region: MapRegion, _ start: Address, perObject: Int, columns: Int, bytes: UInt64
  ) -> Address {
    guard start >= region.origin else { return region.origin }
    let distance = start - region.origin
    guard perObject > 0 else {
      let room = UInt64(columns) * bytes
      return distance < room ? region.origin : start &- room / 2
    }
    let slot = distance / region.stride
    let fits = Int(slot) * perObject + Int(distance % region.stride / bytes) < columns
    return fits ? region.origin : region.origin &+ slot * region.stride
  }

  /// The starts a column stands for.
  func starts(column: Int) -> ClosedRange<Address> {
    guard perObject > 0 else {
      let first = origin &+ UInt64(column) * bytesPerColumn
      return first...max(first, first &+ (bytesPerColumn - 1))
    }
    let offset = UInt64(column % perObject) * bytesPerColumn
    let slot = origin &+ UInt64(column / perObject) * region.stride
    let last = min(offset &+ (bytesPerColumn - 1), region.stride - 1)
    return slot &+ offset...max(slot &+ offset, slot &+ max(offset, last))
  }

  /// The lengths a row stands for, the longest rows on top.
  func lengths(row: Int) -> ClosedRange<UInt64> {
    let longest = UInt64(rows - row) * bytesPerRow
    return longest - (bytesPerRow - 1)...longest
  }

  /// The length a row is named after.
  func length(row: Int) -> UInt64 { lengths(row: row).upperBound }

  func column(of address: Address) -> Int? {
    guard address >= origin else { return nil }
    let distance = address - origin
    guard distance < 1 << 30 else { return nil }
    let column =
      perObject > 0
      ? Int(distance / region.stride) * perObject
        + Int(distance % region.stride / bytesPerColumn)
      : Int(distance / bytesPerColumn)
    return column < columns ? column : nil
  }

  /// The row of a length; the top row for longer ones.
  func row(of length: UInt64) -> (row: Int, isBeyond: Bool) {
    let steps = length / bytesPerRow + (length % bytesPerRow == 0 ? 0 : 1)
    guard steps <= UInt64(rows) else { return (0, true) }
    return (rows - max(1, Int(steps)), false)
  }
}
