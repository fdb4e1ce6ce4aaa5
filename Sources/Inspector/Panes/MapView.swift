import Grid
import Narration
import Simulation
import Usercopy

/// Every start and length around the copy as one picture: allowed, leaky, denied.
struct MapView {
  let context: PaneContext

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard let request = context.subject.request, let before = context.subject.before,
      let attempt = try? before.attempt(request)
    else {
      grid.put(
        "the map needs a copy: step to one, or press e", x: rect.x + 1, y: rect.y, role: .dim,
        width: rect.width - 1)
      return
    }
    let area = Rect(
      x: rect.x + 7, y: rect.y + 1, width: max(1, rect.width - 8), height: max(1, rect.height - 4))
    let scale = MapScale(before.kernel, attempt, area)
    grid.put(
      [
        Span(" length", .label), Span(" ↑   start →  \(scale.words)", .dim),
      ], x: rect.x, y: rect.y, width: rect.width)
    for row in 0..<area.height {
      let length = scale.length(row: row)
      if row % 4 == 0 || row == area.height - 1 {
        let text = ValueWords.quantity(length)
        grid.put(
          String(repeating: " ", count: max(0, 5 - text.count)) + text + " ┤", x: rect.x,
          y: area.y + row, role: .dim)
      }
      for column in 0..<area.width {
        let cell = cell(before, attempt, start: scale.start(column: column), length: length)
        grid.put(
          String(cell.scalar), x: area.x + column, y: area.y + row, role: cell.role,
          attributes: cell.attributes)
      }
    }
    cursor(scale, attempt, area, &grid)
    legend(y: rect.endY - 2, &grid)
    let lines = CopyCaption.lines(context)
    if let first = lines.first { grid.put(first, x: rect.x, y: rect.endY - 1, width: rect.width) }
  }

  private func cell(
    _ world: World, _ attempt: CopyAttempt, start: Address, length: UInt64
  ) -> Cell {
    var tried = attempt
    tried.kernel = start
    tried.length = length
    let outcome = world.kernel.judge(tried, under: context.subject.world.era, recording: false)
    if let other = context.model.memory.comparedEra {
      let second = world.kernel.judge(tried, under: other, recording: false)
      if (outcome.verdict == .allow) != (second.verdict == .allow) {
        return outcome.verdict == .allow
          ? Cell("a", role: .warning, attributes: .bold)
          : Cell("b", role: .accent, attributes: .bold)
      }
    }
    guard outcome.verdict == .allow else { return Cell("█", role: .denied) }
    return world.kernel.leaks(outcome).isEmpty
      ? Cell("·", role: .allowed) : Cell("░", role: .leaky)
  }

  private func cursor(_ scale: MapScale, _ attempt: CopyAttempt, _ area: Rect, _ grid: inout Grid) {
    guard let column = scale.column(of: attempt.kernel), let row = scale.row(of: attempt.length)
    else { return }
    grid.put(
      "⊕", x: area.x + column, y: area.y + row, role: .cursor, attributes: [.bold, .reverse])
  }

  private func legend(y: Int, _ grid: inout Grid) {
    let rect = context.rect
    var spans: [Span] = [
      Span(" · ", .allowed, .bold), Span("allowed  ", .allowed), Span("░ ", .leaky, .bold),
      Span("leaky  ", .leaky), Span("█ ", .denied, .bold), Span("denied  ", .denied),
      Span("⊕ ", .cursor, .bold), Span("this copy ", .dim),
    ]
    if let other = context.model.memory.comparedEra {
      let era = context.subject.world.era.id
      spans = [
        Span(" a ", .warning, .bold), Span("only \(era) allows  ", .warning),
        Span("b ", .accent, .bold), Span("only \(other.id) allows", .accent),
      ]
    }
    grid.put(spans, x: rect.x, y: y, width: rect.width)
  }
}

/// Which start and length each cell of the map stands for.
struct MapScale {
  private let origin: Address
  private let bytesPerColumn: UInt64
  private let bytesPerRow: UInt64
  private let area: Rect
  /// What one cell covers, in words.
  let words: String

  init(_ kernel: Kernel, _ attempt: CopyAttempt, _ area: Rect) {
    self.area = area
    let span: UInt64
    if let (slab, index) = kernel.object(at: attempt.kernel) {
      let cache = kernel.caches[kernel.slabs[slab].cache]
      let shown = UInt64(max(1, min(4, area.width / 16)))
      let first = UInt64(max(0, index - 1))
      origin = kernel.slabs[slab].firstSlot + first * cache.stride
      span = cache.stride * shown
    } else if let frame = kernel.currentStack.frames.last,
      kernel.currentStack.contains(attempt.kernel)
    {
      let low = min(frame.stackPointer, attempt.kernel) &- 32
      origin = low
      span = max(64, frame.framePointer &- low &+ 64)
    } else {
      origin = attempt.kernel &- 64
      span = 256
    }
    bytesPerColumn = max(1, (span + UInt64(area.width) - 1) / UInt64(area.width))
    let longest = max(span / 2, min(attempt.length + attempt.length / 4, 1 << 20), 16)
    bytesPerRow = max(1, (longest + UInt64(area.height) - 1) / UInt64(area.height))
    words =
      "a cell is \(ValueWords.bytes(bytesPerColumn)) wide, "
      + "\(ValueWords.bytes(bytesPerRow)) high"
  }

  func start(column: Int) -> Address { origin &+ UInt64(column) * bytesPerColumn }

  /// The longest length is on top, length 1 row-step at the bottom.
  func length(row: Int) -> UInt64 { UInt64(area.height - row) * bytesPerRow }

  func column(of address: Address) -> Int? {
    guard address >= origin else { return nil }
    let column = (address - origin) / bytesPerColumn
    return column < UInt64(area.width) ? Int(column) : nil
  }

  func row(of length: UInt64) -> Int? {
    let steps = (length + bytesPerRow - 1) / bytesPerRow
    guard steps <= UInt64(area.height) else { return nil }
    return area.height - max(1, Int(steps))
  }
}
