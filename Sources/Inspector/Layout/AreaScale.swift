import Grid
import Narration
import Simulation
import Text
import Usercopy

/// What lies around a copy drawn to scale: areas, pages, the image or user memory with their borders and guard
/// pages, and below them the copy's bytes.
struct AreaScale {
  let context: PaneContext

  /// Rows it takes: what there is, the copy, offsets from the start of what the copy begins in.
  static let rows = 3

  private var kernel: Kernel { _read { yield context.subject.world.kernel } }

  /// The bytes drawn: what the copy begins in, and some bytes more where it ends elsewhere.
  private struct Extent {
    let start: Address
    let scale: UInt64
    let cells: Int
    /// Where offsets count from.
    let origin: Address

    func column(_ address: Address) -> Int { Int((address &- start) / scale) }
  }

  private func extent(_ width: Int) -> Extent? {
    guard let attempt = context.subject.report?.outcome.attempt, width >= 16 else { return nil }
    let here = context.subject.world.names.values
      .filter { attempt.kernel >= $0.address && attempt.kernel &- $0.address <= $0.size }
      .min { $0.size < $1.size }
    let origin = here?.address ?? attempt.kernel
    let own = max(here?.size ?? 0, attempt.kernel &- origin)
    let reach = max(
      own, attempt.kernel &- origin &+ min(attempt.length, own &+ 2 * Memory.pageSize))
    // A page behind the end shows what comes there, but no more than an eighth of small things.
    let behind = min(Memory.pageSize, max(reach / 4, 16))
    let before = min(reach / 16, origin)
    let bytes = before &+ reach &+ behind
    var scale: UInt64 = 1
    while bytes / scale >= UInt64(width) { scale *= 2 }
    let start = (origin &- before).aligned(down: scale)
    let room = UInt64.max - start
    return Extent(
      start: start, scale: scale, cells: Int(min(bytes, room) / scale) + 1, origin: origin)
  }

  func draw(_ rect: Rect, into grid: inout Grid) {
    let gutter = 8
    guard let extent = extent(rect.width - gutter - 2) else { return }
    let range = ByteRange(start: extent.start, length: UInt64(extent.cells) * extent.scale)
    let x = rect.x + gutter
    grid.put(
      [Span(" scale ", .label)], x: rect.x, y: rect.y, width: gutter)
    grid.put([Span(" copy  ", .label)], x: rect.x, y: rect.y + 1, width: gutter)
    for run in kernel.classify(range) { draw(run, extent, x: x, y: rect.y, rect, &grid) }
    copy(extent, x: x, y: rect.y + 1, &grid)
    ruler(extent, x: x, y: rect.y + 2, rect, &grid)
  }

  /// A run of bytes of one kind, its name in it where there is room.
  private func draw(
    _ run: ByteRun, _ extent: Extent, x: Int, y: Int, _ rect: Rect, _ grid: inout Grid
  ) {
    let first = extent.column(max(run.start, extent.start))
    let last = min(extent.cells, max(first + 1, extent.column(run.start &+ run.length &- 1) + 1))
    guard first < last else { return }
    let (glyph, role) = Self.look(run.kind)
    for column in first..<last { grid.put(glyph, x: x + column, y: y, role: role) }
    if run.start > extent.start { grid.put("│", x: x + first, y: y, role: .border) }
    let name = run.label.isEmpty ? Self.word(run.kind) : run.label
    let room = last - first - 4
    guard room >= 3, !name.isEmpty else { return }
    let text = TextWidth.truncated(name, to: room)
    grid.put(" \(text) ", x: x + first + 1, y: y, role: role, attributes: .bold)
  }

  private static func look(_ kind: ByteClass) -> (String, Role) {
    switch kind {
    case .guardPage: ("▒", .redZone)
    case .unmapped: ("·", .free)
    case .unknown: ("?", .dim)
    case .freed, .never, .deadStack, .tail: ("·", .free)
    case .slack, .padding: (":", .padding)
    case .redZone: ("z", .redZone)
    case .metadata, .management, .threadInfo: ("m", .metadata)
    case .object, .page, .vmalloc, .local: ("█", .live)
    case .kernelText: ("█", .metadata)
    case .user: ("█", .user)
    case .savedRegister, .canary, .stackEnd, .savedFramePointer, .returnAddress, .userRegisters:
      ("#", .fence)
    }
  }

  private static func word(_ kind: ByteClass) -> String {
    switch kind {
    case .guardPage: "guard page"
    case .unmapped: "nothing"
    case .kernelText: "kernel text"
    default: kind.brief
    }
  }

  /// The copy's bytes, each cell with the strongest sign of those it stands for.
  private func copy(_ extent: Extent, x: Int, y: Int, _ grid: inout Grid) {
    for column in 0..<extent.cells {
      let start = extent.start &+ UInt64(column) * extent.scale
      guard let mark = context.marks.mark(from: start, length: extent.scale) else { continue }
      grid.put(
        String(ByteMarks.glyph(mark)), x: x + column, y: y, role: ByteMarks.role(mark),
        attributes: .bold)
    }
    guard let report = context.subject.report else { return }
    let end = extent.start &+ UInt64(extent.cells) * extent.scale
    guard let mark = context.marks.mark(from: end, length: 1 << 40), end > extent.start else {
      return
    }
    let words = "▸ \(ValueWords.bytes(report.outcome.attempt.length)) go on"
    grid.put(
      words, x: x + extent.cells - TextWidth.of(words), y: y, role: ByteMarks.role(mark),
      attributes: .bold)
  }

  /// Offsets where one thing ends and the next begins.
  private func ruler(_ extent: Extent, x: Int, y: Int, _ rect: Rect, _ grid: inout Grid) {
    let range = ByteRange(start: extent.start, length: UInt64(extent.cells) * extent.scale)
    var free = x
    for run in kernel.classify(range) where run.start >= extent.origin {
      let text = "+" + ValueWords.quantity(run.start &- extent.origin)
      let column = x + extent.column(run.start)
      guard column >= free, column + TextWidth.of(text) <= rect.endX else { continue }
      free = column + 1 + grid.put(text, x: column, y: y, role: .address)
    }
    let scale = "1 cell = \(ValueWords.bytes(extent.scale))"
    let place = rect.endX - 1 - TextWidth.of(scale)
    if place > free { grid.put(scale, x: place, y: y, role: .dim) }
  }
}
