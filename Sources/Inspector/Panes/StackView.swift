import Grid
import Narration
import Simulation
import Usercopy
import Text

/// Draws a task's stack: frames, fences, locals, and the walk's cursors.
struct StackView {
  let layout: StackRows

  private var context: PaneContext { layout.context }
  private var kernel: Kernel { layout.kernel }
  private var stack: TaskStack { layout.stack }
  private var marks: ByteMarks { _read { yield layout.context.marks } }

  private let changes: StepChanges

  init(layout: StackRows) {
    (self.layout, changes) = (layout, StepChanges(layout.context.subject))
  }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    let size = kernel.configuration.wordSize
    let header: [[Span]] = [
      [Span("stack of \(owner)", .heading, .bold)],
      [Span(stack.base == kernel.currentStack.base ? "" : "not running", .warning)],
      [Span("\(ValueWords.bytes(stack.size))", .dim)],
      [Span(ValueWords.address(stack.base, size), .address)],
    ]
    grid.put(
      Fitting.line(header, width: rect.width - 2), x: rect.x + 1, y: rect.y, width: rect.width)
    let caption = CopyCaption.lines(context, height: layout.caption)
    let columns = Columns(layout.body)
    let form = BytesForm.widest(beside: layout.placed.map(\.row), room: columns.room)
    let placed = layout.placed
    for (row, y) in placed { draw(row, y: y, columns, form, &grid) }
    // What is told of the copy stands right under the frames.
    for (row, line) in caption.enumerated() {
      grid.put(line, x: rect.x, y: layout.body.y + placed.count + row, width: rect.width)
    }
  }

  /// The task by its name; a gadget's thread by the name the story gives it.
  private var owner: String {
    let threads = context.subject.world.gadget?.threadNames ?? [:]
    let thread = threads.first { "thread \($0.key)" == stack.task }
    return thread.map { "thread \"\($0.value)\"" } ?? "task \"\(stack.task)\""
  }

  /// Columns of a row: the address, the bytes' marks, the frame's box with names and bytes, remarks.
  struct Columns {
    let marks, left, right, end: Int
    let isNarrow: Bool
    /// Cells that stand for a row's bytes.
    var markCells: Int { isNarrow ? 4 : 6 }
    /// Columns inside the box.
    var room: Int { max(0, right - left - 3) }

    init(_ body: Rect) {
      isNarrow = body.width < 84
      marks = body.x + 7
      left = marks + (isNarrow ? 5 : 7)
      end = body.endX
      right = max(left + 12, min(end - (isNarrow ? 11 : 22), left + 56))
    }
  }

  /// Bytes as hexadecimal and text, the longest form first.
  enum BytesForm: CaseIterable {
    case parted
    case dense
    case text

    /// Columns that a row's bytes take; of text alone no more than there are.
    func columns(_ bytes: Int) -> Int {
      switch self {
      case .parted: 8 * 3 + 1 + 8
      case .dense: 8 * 2 + 1 + 8
      case .text: bytes
      }
    }

    /// The form in which the bytes of all these rows are written: the longest that leaves each row its name.
    static func widest(beside rows: [StackRows.Row], room: Int) -> BytesForm {
      allCases.first { form in
        rows.allSatisfy { $0.bytes.isEmpty || form.fits($0.text.prefix(1), $0.bytes.count, room) }
      } ?? .text
    }

    /// A name and that many bytes have room beside each other.
    func fits(_ name: ArraySlice<Span>, _ bytes: Int, _ room: Int) -> Bool {
      columns(bytes) + 2 + Fitting.columns(Array(name)) <= room
    }
  }

  private func draw(
    _ row: StackRows.Row, y: Int, _ columns: Columns, _ form: BytesForm, _ grid: inout Grid
  ) {
    let (left, right) = (columns.left, columns.right)
    if row.isBorder {
      grid.hline(x: left, y: y, width: max(2, right - left), role: .frame)
      grid.put("├", x: left, y: y, role: .frame)
      grid.put("┤", x: right - 1, y: y, role: .frame)
      // A long name goes on where other rows have remarks.
      let room = max(columns.room, columns.end - left - 3)
      // That a frame is dead is told whole, what was inlined into it as far as there is room.
      let isNote = Fitting.columns(Array(row.text.dropFirst())) <= 8
      let name = Fitting.cut(row.text, width: room, before: isNote ? 1 : nil)
      grid.put(name, x: left + 2, y: y, width: room)
      return
    }
    let below = row.start < stack.base
    let away = below ? stack.base - row.start : row.start - stack.base
    grid.put(
      (below ? "-" : "+") + away.hex(width: 4), x: columns.marks - 6, y: y, role: .address, width: 6
    )
    bytes(row, x: columns.marks, width: columns.markCells, y: y, &grid)
    grid.put("│", x: left, y: y, role: .frame)
    if row.length <= 4096, changes.bytes(row.start, length: row.length) {
      grid.put("+", x: left + 1, y: y, role: .changed, attributes: .bold)
    }
    // The size of a word goes without saying where its bytes need the room.
    let count = row.bytes.count
    let hasBytes = count > 0 && form.fits(row.text.prefix(1), count, columns.room)
    let isBare = hasBytes && !form.fits(row.text[...], count, columns.room)
    let name = isBare ? Array(row.text.prefix(1)) : row.text
    grid.put(
      Fitting.cut(name, width: columns.room, before: 1), x: left + 2, y: y, width: columns.room)
    if hasBytes { values(row, form, right: right - 2, y: y, &grid) }
    grid.put("│", x: right - 1, y: y, role: .frame)
    remarks(row, columns, y: y, &grid)
  }

  /// What the row's bytes hold, at the right edge of the box, each with the sign of what becomes of it.
  private func values(
    _ row: StackRows.Row, _ form: BytesForm, right: Int, y: Int, _ grid: inout Grid
  ) {
    let cells = row.bytes.indices.map { index -> (role: Role, attributes: Attributes) in
      let mark = marks.mark(from: row.start &+ UInt64(index), length: 1)
      return mark.map { (ByteMarks.role($0), .bold) } ?? (row.isStale ? .warning : .dim, [])
    }
    var x = right - form.columns(row.bytes.count)
    if form != .text {
      for (index, byte) in row.bytes.enumerated() {
        grid.put(
          byte.hex(width: 2), x: x + index * (form == .parted ? 3 : 2), y: y,
          role: cells[index].role, attributes: cells[index].attributes)
      }
      x = right - 8
    }
    for (index, byte) in row.bytes.enumerated() {
      let shown = (0x20...0x7e).contains(byte) ? Unicode.Scalar(byte) : "·"
      grid.put(
        String(shown), x: x + index, y: y, role: cells[index].role,
        attributes: cells[index].attributes)
    }
  }

  /// The row's bytes squeezed into a few cells, each with the strongest mark it covers.
  private func bytes(_ row: StackRows.Row, x: Int, width: Int, y: Int, _ grid: inout Grid) {
    guard row.length > 0 else { return }
    let cells = UInt64(width)
    for cell in 0..<cells {
      let start = row.start &+ row.length * cell / cells
      let end = row.start &+ max(row.length * (cell + 1) / cells, row.length * cell / cells + 1)
      guard let mark = marks.mark(from: start, length: end &- start) else { continue }
      grid.put(
        String(ByteMarks.glyph(mark)), x: x + Int(cell), y: y, role: ByteMarks.role(mark),
        attributes: .bold)
    }
  }

  /// The walk's cursors and how many bytes of the row the copy touches.
  private func remarks(_ row: StackRows.Row, _ columns: Columns, y: Int, _ grid: inout Grid) {
    var spans: [[Span]] = []
    let touched = marks.touched(row.start, length: row.length).prefix(2)
    if let frame = row.frame, let cursor = walk[frame] {
      // What becomes of the bytes matters more than which cursor it is.
      let isShort = columns.isNarrow && !touched.isEmpty
      spans.append([Span(isShort ? "◀" : "◀ \(cursor)", .walk, .bold)])
    }
    for (mark, bytes) in touched {
      let word = columns.isNarrow && touched.count > 1 ? "" : marks.word(mark) + " "
      let sign = word.isEmpty ? String(ByteMarks.glyph(mark)) : ""
      spans.append([
        Span("\(sign)\(word)\(ValueWords.quantity(bytes))", ByteMarks.role(mark))
      ])
    }
    if row.isStale {
      let words = row.leftBy.map { ["left by \($0)", "stale"] } ?? ["stale"]
      let used = Fitting.columns(spans.flatMap { $0 }) + spans.count + 1
      let room = columns.end - columns.right - used
      if let word = words.first(where: { TextWidth.of($0) <= room }) {
        spans.append([Span(word, .warning)])
      }
    }
    let x = columns.right + 1
    let width = max(0, columns.end - x)
    grid.put(Fitting.line(spans, width: width, gap: 1), x: x, y: y, width: width)
  }

  /// Where `oldframe` and `frame` of the walk stand at the line reached.
  private var walk: [Address: String] {
    guard let trace = context.subject.report?.outcome.trace else { return [:] }
    var end = trace.count
    if case .inside(let line) = context.model.mode.base { end = min(end, line + 1) }
    var old: Address?
    var frame: Address?
    for step in trace[..<end] {
      guard case .assign(let name, .address(let value), _) = step.kind else { continue }
      if name == "oldframe" { (old, frame) = (value, nil) }
      if name == "frame" {
        if let frame { old = frame }
        frame = value
      }
    }
    var result: [Address: String] = [:]
    if let old { result[old] = "oldframe" }
    if let frame { result[frame] = "frame" }
    return result
  }
}
