import Grid
import Simulation
import Text
import Usercopy

/// The bytes around the boundary that decided, one by one, in hexadecimal and as text.
struct Lens {
  let context: PaneContext
  private var marks: ByteMarks { _read { yield context.marks } }

  /// The byte the verdict turned on: where the first denied or leaky byte lies or clearing reaches another
  /// owner, else the start.
  private var boundary: Address? {
    guard let report = context.subject.report else {
      return context.subject.world.names.values.filter { $0.kind == .object }
        .map(\.address).max()
    }
    let turning = report.marks.first { $0.mark == .denied || $0.mark == .leaky }
    return turning?.range.start ?? overrun(report) ?? report.outcome.attempt.kernel
  }

  /// Where clearing leaves what it began in.
  private func overrun(_ report: CopyReport) -> Address? {
    guard let cleared = report.marks.first(where: { $0.mark == .cleared }) else { return nil }
    let runs = marks.kernel.classify(cleared.range)
    return runs.first { !$0.sameOwner(as: runs[0]) }?.start
  }

  func draw(_ rect: Rect, into grid: inout Grid) {
    guard let boundary, rect.height > 1 else { return }
    grid.hline(x: rect.x, y: rect.y, width: rect.width)
    let perRow = rect.width >= 74 ? 16 : 8
    let rows = rect.height - 1
    let before = UInt64(perRow * (rows / 2))
    let start = boundary.aligned(down: UInt64(perRow)) &- (rows > 1 ? before : 0)
    for row in 0..<rows {
      draw(
        start &+ UInt64(row * perRow), count: perRow, boundary: boundary,
        at: Position(x: rect.x + 1, y: rect.y + 1 + row), &grid)
    }
  }

  private func draw(
    _ start: Address, count: Int, boundary: Address, at place: Position, _ grid: inout Grid
  ) {
    let bytes = marks.kernel.memory.read(start, count: count)
    let cells = marks.cells(start, length: UInt64(count), scale: 1)
    var column = place.x
    column += grid.put(
      "…" + (start & 0xffff).hex(width: 4) + " ", x: column, y: place.y, role: .address)
    var text = column + count * 3 + 1
    for (index, byte) in bytes.enumerated() where index < cells.count {
      let cell = cells[index]
      let here = start &+ UInt64(index) == boundary
      column += grid.put(
        here ? "▸" : " ", x: column, y: place.y, role: .accent, attributes: .bold)
      column += grid.put(
        byte.hex(width: 2), x: column, y: place.y, role: cell.role, attributes: cell.attributes)
      let shown = (0x20...0x7e).contains(byte) ? Unicode.Scalar(byte) : "·"
      text += grid.put(
        String(shown), x: text, y: place.y, role: cell.role, attributes: cell.attributes)
    }
  }
}
