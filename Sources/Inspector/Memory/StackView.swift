import Grid
import Narration
import Simulation
import Text
import Usercopy

/// A task's stack from the top down: frames, fences, locals, and the walk's cursors.
struct StackView {
  let context: PaneContext
  private let kernel: Kernel
  private let stack: TaskStack

  init(context: PaneContext) {
    self.context = context
    stack = context.subject.stack(context.model.memory)
    kernel = context.subject.world.kernel
  }

  private var painter: Painter { _read { yield context.painter } }

  /// One row of the picture.
  struct Row {
    var start: Address
    var length: UInt64
    var text: [Span]
    var isBorder = false
    var frame: Address?
  }

  /// The rows' place, between header and caption.
  var body: Rect {
    let rect = context.rect
    let caption = context.subject.report == nil ? 0 : 2
    return Rect(
      x: rect.x, y: rect.y + 1, width: rect.width, height: max(1, rect.height - 1 - caption))
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
    let caption = CopyCaption.lines(context)
    let body = self.body
    for (row, y) in placed(in: body) { draw(row, stack, y: y, body, &grid) }
    for (row, line) in caption.enumerated() {
      grid.put(line, x: rect.x, y: rect.endY - caption.count + row, width: rect.width)
    }
  }

  /// The task by its name; a gadget's thread by the name the story gives it.
  private var owner: String {
    let threads = context.subject.world.gadget?.threadNames ?? [:]
    let thread = threads.first { "thread \($0.key)" == stack.task }
    return thread.map { "thread \"\($0.value)\"" } ?? "task \"\(stack.task)\""
  }

  /// The rows in sight and where they stand.
  func placed(in body: Rect) -> [(row: Row, y: Int)] {
    let rows = self.rows(stack)
    let first = firstRow(rows, height: body.height)
    return rows.dropFirst(first).prefix(body.height).enumerated().map { ($1, body.y + $0) }
  }

  /// The first row in sight.
  var first: Int {
    let rows = self.rows(stack)
    return firstRow(rows, height: body.height)
  }

  /// Rows above and below those in sight.
  var hidden: (above: Int, below: Int) {
    let rows = self.rows(stack)
    let first = firstRow(rows, height: body.height)
    return (first, max(0, rows.count - first - body.height))
  }

  /// What the rows say, for searching.
  var texts: [String] {
    rows(stack).map { $0.text.map(\.text).joined() }
  }

  /// How far the rows can be scrolled from where the story puts them.
  var scrollRange: ClosedRange<Int> {
    let rows = self.rows(stack)
    let start = storyRow(rows, height: body.height)
    return -start...max(0, rows.count - body.height) - start
  }

  /// Keeps the copy's marked rows in sight, without a copy the innermost frame.
  private func storyRow(_ rows: [Row], height: Int) -> Int {
    guard context.subject.report != nil else {
      let inner = stack.frames.last?.stackPointer ?? stack.end
      let last = rows.lastIndex { !$0.isBorder && $0.start >= inner } ?? 0
      return max(0, min(last + 2, rows.count) - height)
    }
    let marked = rows.firstIndex { $0.length > 0 && mark($0) != nil } ?? 0
    let last = rows.lastIndex { $0.length > 0 && mark($0) != nil } ?? marked
    return min(max(0, (marked + last) / 2 - height / 2), max(0, rows.count - height))
  }

  private func firstRow(_ rows: [Row], height: Int) -> Int {
    let wanted = storyRow(rows, height: height) + context.model.memory.scroll
    return min(max(0, wanted), max(0, rows.count - height))
  }

  private func mark(_ row: Row) -> ByteMark? {
    row.length == 0 ? nil : painter.mark(from: row.start, length: row.length)
  }

  private func rows(_ stack: TaskStack) -> [Row] {
    let word = kernel.configuration.wordSize.bytes
    var rows: [Row] = []
    // What is copied above the stack is part of its picture where the copy comes out of it.
    if painter.mark(from: stack.end &- 1, length: 1) != nil,
      painter.mark(from: stack.end, length: 1) != nil
    {
      rows.append(
        Row(start: stack.end, length: 1 << 20, text: [Span("behind the stack", .dim)]))
    }
    rows.append(
      Row(
        start: stack.end - stack.registersSize, length: stack.registersSize,
        text: [
          Span("user registers", .fence), Span(" \(stack.registersSize)", .dim),
        ]))
    for frame in stack.frames { rows += self.rows(frame, word: word, isDead: false) }
    for frame in stack.deadFrames.reversed() { rows += self.rows(frame, word: word, isDead: true) }
    let lowest = (stack.frames + stack.deadFrames).map(\.stackPointer).min() ?? stack.end
    let hasThreadInfo = kernel.configuration.hasThreadInfoOnStack
    let unused = stack.base + (hasThreadInfo ? 8 * word : 0)
    if lowest > unused {
      rows.append(
        Row(
          start: unused, length: lowest - unused,
          text: [
            Span("not used", .dim), Span(" \(ValueWords.quantity(lowest - unused))", .dim),
          ]))
    }
    if hasThreadInfo {
      rows.append(
        Row(start: stack.base, length: 8 * word, text: [Span("thread_info", .metadata)]))
    }
    if painter.mark(from: stack.base &- 4096, length: 4096) != nil {
      rows.append(
        Row(start: stack.base &- 4096, length: 4096, text: [Span("below the stack", .dim)]))
    }
    return rows
  }

  private func rows(_ frame: Usercopy.Frame, word: UInt64, isDead: Bool) -> [Row] {
    let base: Role = isDead ? .dim : .text
    let savesPointer = kernel.configuration.framePointer
    let register = kernel.configuration.wordSize.baseRegister
    var rows = [
      Row(
        start: frame.framePointer, length: 0,
        text: [
          Span(" \(frame.function)", isDead ? .dim : .heading, isDead ? [] : .bold),
          Span(isDead ? ", dead " : " ", .dim),
        ],
        isBorder: true),
      Row(
        start: frame.framePointer + word, length: word,
        text: [
          Span("return address", isDead ? .dim : .fence), Span(" \(word)", .dim),
        ]),
      Row(
        start: frame.framePointer, length: word,
        text: [
          Span(
            savesPointer ? "saved frame ptr" : "saved \(register)",
            isDead ? .dim : savesPointer ? .fence : .neighbour), Span(" \(word)", .dim),
        ], frame: frame.framePointer),
    ]
    for register in frame.savedRegisters {
      rows.append(
        Row(
          start: register.address, length: register.size,
          text: [
            Span("saved \(register.name)", isDead ? .dim : .neighbour),
            Span(" \(register.size)", .dim),
          ]))
    }
    for local in frame.locals {
      rows.append(
        Row(
          start: local.address, length: local.size,
          text: [
            Span("\(local.name)[\(local.size)]", isDead ? .dim : .live, isDead ? [] : .bold),
            Span(isDead ? "  dead" : "", base),
          ]))
    }
    return rows
  }

  /// Columns of a row: the address, the bytes' marks, the frame's box, remarks.
  struct Columns {
    let marks, left, right, end: Int
    let isNarrow: Bool
    /// Cells that stand for a row's bytes.
    var markCells: Int { isNarrow ? 4 : 6 }

    init(_ body: Rect) {
      isNarrow = body.width < 56
      marks = body.x + 7
      left = marks + (isNarrow ? 5 : 7)
      end = body.endX
      right = max(left + 12, end - (isNarrow ? 12 : 22))
    }
  }

  private func draw(_ row: Row, _ stack: TaskStack, y: Int, _ body: Rect, _ grid: inout Grid) {
    let columns = Columns(body)
    let (left, right) = (columns.left, columns.right)
    if row.isBorder {
      grid.hline(x: left, y: y, width: max(2, right - left), role: .frame)
      grid.put("├", x: left, y: y, role: .frame)
      grid.put("┤", x: right - 1, y: y, role: .frame)
      let room = max(0, right - left - 3)
      grid.put(Fitting.cut(row.text, width: room, before: 1), x: left + 2, y: y, width: room)
      return
    }
    let below = row.start < stack.base
    let away = below ? stack.base - row.start : row.start - stack.base
    grid.put(
      (below ? "-" : "+") + away.hex(width: 4), x: body.x + 1, y: y, role: .address, width: 6)
    bytes(row, x: columns.marks, width: columns.markCells, y: y, &grid)
    grid.put("│", x: left, y: y, role: .frame)
    let room = max(0, right - left - 3)
    grid.put(Fitting.cut(row.text, width: room, before: 1), x: left + 2, y: y, width: room)
    grid.put("│", x: right - 1, y: y, role: .frame)
    remarks(row, columns, y: y, &grid)
  }

  /// The row's bytes squeezed into a few cells, each with the strongest mark it covers.
  private func bytes(_ row: Row, x: Int, width: Int, y: Int, _ grid: inout Grid) {
    guard row.length > 0 else { return }
    let cells = UInt64(width)
    for cell in 0..<cells {
      let start = row.start &+ row.length * cell / cells
      let end = row.start &+ max(row.length * (cell + 1) / cells, row.length * cell / cells + 1)
      guard let mark = painter.mark(from: start, length: end &- start) else { continue }
      grid.put(
        String(Painter.glyph(mark)), x: x + Int(cell), y: y, role: Painter.role(mark),
        attributes: .bold)
    }
  }

  /// The walk's cursors and how many bytes of the row the copy touches.
  private func remarks(_ row: Row, _ columns: Columns, y: Int, _ grid: inout Grid) {
    var spans: [[Span]] = []
    let touched = painter.touched(row.start, length: row.length).prefix(2)
    if let frame = row.frame, let cursor = walk[frame] {
      // What becomes of the bytes matters more than which cursor it is.
      let isShort = columns.isNarrow && !touched.isEmpty
      spans.append([Span(isShort ? "◀" : "◀ \(cursor)", .walk, .bold)])
    }
    for (mark, bytes) in touched {
      let word = columns.isNarrow && touched.count > 1 ? "" : painter.word(mark) + " "
      let sign = word.isEmpty ? String(Painter.glyph(mark)) : ""
      spans.append([
        Span("\(sign)\(word)\(ValueWords.quantity(bytes))", Painter.role(mark))
      ])
    }
    let x = columns.right + 1
    let width = max(0, columns.end - x)
    grid.put(Fitting.line(spans, width: width, gap: 1), x: x, y: y, width: width)
  }

  /// Where `oldframe` and `frame` of the walk stand at the line reached.
  private var walk: [Address: String] {
    guard let trace = context.subject.report?.outcome.trace else { return [:] }
    var end = trace.count
    if case .inside(let line) = context.model.base { end = min(end, line + 1) }
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
