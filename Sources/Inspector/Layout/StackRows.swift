import Grid
import Narration
import Simulation
import Usercopy

/// The rows of a task's stack from the top down: frames, fences, locals.
struct StackRows {
  private(set) var context: PaneContext
  let kernel: Kernel
  let stack: TaskStack
  /// All rows there are.
  let all: [Row]
  /// The rows drawn, and the first in sight.
  private(set) var rows: [Row]
  /// Rows for what is told of the copy: more than a few only where no frame is out of sight for it.
  private(set) var caption: Int

  init(_ context: PaneContext) {
    self.context = context
    stack = context.subject.stack(context.model.memory)
    kernel = context.subject.world.kernel
    all = Self.rows(stack, kernel, context.marks)
    rows = Self.shortened(all, stack, context)
    caption = Self.caption(context, below: rows)
  }

  /// The same rows in a pane of another height.
  func fitted(to context: PaneContext) -> StackRows {
    var rows = self
    rows.context = context
    rows.rows = Self.shortened(all, stack, context)
    rows.caption = Self.caption(context, below: rows.rows)
    return rows
  }

  /// Where they are too many for the pane, what is not used and the end magic below it share a row, unless copied.
  private static func shortened(_ rows: [Row], _ stack: TaskStack, _ context: PaneContext) -> [Row]
  {
    guard rows.count > context.rect.height - 1 - caption(context, below: rows), stack.hasEndMagic,
      rows.count > 1, let last = rows.last, last.start == stack.base,
      context.marks.mark(from: stack.base, length: last.length) == nil
    else { return rows }
    var shared = rows[rows.count - 2]
    guard shared.start == last.start + last.length, shared.frame == nil, !shared.isBorder else {
      return rows
    }
    shared.length += last.length
    shared.start = last.start
    shared.text = [Span("unused, ", .dim), Span("end magic", .fence)]
    return rows.dropLast(2) + [shared]
  }

  /// One row of the picture.
  struct Row {
    var start: Address
    var length: UInt64
    var text: [Span]
    var isBorder = false
    var frame: Address?
    /// What the row's bytes hold, from the lowest address up; empty for rows of no bytes of their own.
    var bytes: [UInt8] = []
    /// Who left the bytes there, where that is not who has them.
    var leftBy: String?
    /// They are stale: another than who has them wrote them.
    var isStale = false
  }

  /// The rows' place, between header and caption.
  var body: Rect {
    let rect = context.rect
    return Rect(
      x: rect.x, y: rect.y + 1, width: rect.width, height: max(1, rect.height - 1 - caption))
  }

  private static func caption(_ context: PaneContext, below rows: [Row]) -> Int {
    CopyCaption.height(context, spare: context.rect.height - 1 - rows.count)
  }

  /// The rows in sight and where they stand.
  var placed: [(row: Row, y: Int)] {
    let body = body
    let shown = bothEnds ?? Array(rows.dropFirst(first).prefix(body.height))
    return shown.enumerated().map { ($1, body.y + $0) }
  }

  /// Of a copy over more rows than there is room for, those at both its ends, with a row for what is between;
  /// nil where all of them fit or the rows were scrolled by hand.
  private var bothEnds: [Row]? {
    let height = body.height
    guard context.model.scrolls[.memory] == nil, height >= 3, let marked = markedRows,
      marked.count > height
    else { return nil }
    let top = (height - 1) / 2
    let bottom = height - 1 - top
    let between = marked.dropFirst(top).dropLast(bottom)
    let elided = Row(
      start: stack.end, length: 0,
      text: [Span(" … \(between.count) rows of the copy between", .dim)], isBorder: true)
    return rows[marked].prefix(top) + [elided] + rows[marked].suffix(bottom)
  }

  /// The rows from the first to the last that the copy touches.
  private var markedRows: Range<Int>? {
    guard context.subject.report != nil,
      let low = rows.firstIndex(where: { $0.length > 0 && mark($0) != nil }),
      let high = rows.lastIndex(where: { $0.length > 0 && mark($0) != nil })
    else { return nil }
    return low..<high + 1
  }

  /// The first row in sight.
  var first: Int {
    let wanted = storyRow + (context.model.scrolls[.memory] ?? 0)
    return min(max(0, wanted), max(0, rows.count - body.height))
  }

  /// Rows above and below those in sight.
  var hidden: (above: Int, below: Int) {
    let first = first
    return (first, max(0, rows.count - first - body.height))
  }

  /// What the rows say, for searching.
  var texts: [String] { rows.map { $0.text.map(\.text).joined() } }

  /// How far the rows can be scrolled from where the story puts them.
  var scrollRange: ClosedRange<Int> {
    let start = storyRow
    return -start...max(0, rows.count - body.height) - start
  }

  /// Keeps the copy's marked rows in sight, without a copy the innermost frame.
  private var storyRow: Int {
    let height = body.height
    guard context.subject.report != nil else {
      let inner = stack.frames.last?.stackPointer ?? stack.end
      let last = rows.lastIndex { !$0.isBorder && $0.start >= inner } ?? 0
      return max(0, min(last + 2, rows.count) - height)
    }
    let marked = rows.firstIndex { $0.length > 0 && mark($0) != nil } ?? 0
    let last = rows.lastIndex { $0.length > 0 && mark($0) != nil } ?? marked
    return min(max(0, (marked + last) / 2 - height / 2), max(0, rows.count - height))
  }

  private func mark(_ row: Row) -> ByteMark? {
    row.length == 0 ? nil : context.marks.mark(from: row.start, length: row.length)
  }

  private static func rows(_ stack: TaskStack, _ kernel: Kernel, _ marks: ByteMarks) -> [Row] {
    let word = kernel.configuration.wordSize.bytes
    var rows: [Row] = []
    // What is copied above the stack is part of its picture where the copy comes out of it, or begins there in
    // nothing.
    if marks.mark(from: stack.end, length: 1) != nil,
      marks.mark(from: stack.end &- 1, length: 1) != nil || isNothing(stack.end, kernel)
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
    if stack.randomOffset > 0 {
      rows.append(
        Row(
          start: stack.top, length: stack.randomOffset,
          text: [Span("random offset", .dim), Span(" \(stack.randomOffset)", .dim)]))
    }
    let pieces = LocalPieces(kernel: kernel, marks: marks)
    for frame in stack.frames { rows += self.rows(frame, pieces, isDead: false) }
    for frame in stack.deadFrames.reversed() {
      rows += self.rows(frame, pieces, isDead: true)
    }
    let lowest = (stack.frames + stack.deadFrames).map(\.stackPointer).min() ?? stack.top
    let hasThreadInfo = kernel.configuration.hasThreadInfoOnStack
    let unused = stack.base + (hasThreadInfo ? 8 * word : stack.hasEndMagic ? word : 0)
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
    } else if stack.hasEndMagic {
      rows.append(
        Row(
          start: stack.base, length: word,
          text: [Span("end magic", .fence), Span(" \(word)", .dim)],
          bytes: kernel.memory.read(stack.base, count: Int(word))))
    }
    if marks.mark(from: stack.base &- 4096, length: 4096) != nil {
      rows.append(
        Row(start: stack.base &- 4096, length: 4096, text: [Span("below the stack", .dim)]))
    }
    return rows
  }

  /// Whether no memory is mapped at an address.
  private static func isNothing(_ address: Address, _ kernel: Kernel) -> Bool {
    kernel.classify(ByteRange(start: address, length: 1)).allSatisfy { $0.kind == .unmapped }
  }

  private static func rows(
    _ frame: Usercopy.Frame, _ pieces: LocalPieces, isDead: Bool
  ) -> [Row] {
    let word = pieces.kernel.configuration.wordSize.bytes
    func one(_ start: Address, _ length: UInt64, _ text: String, _ role: Role) -> Row {
      Row(
        start: start, length: length,
        text: [Span(text, isDead ? .dim : role), Span(" \(length)", .dim)],
        bytes: pieces.kernel.memory.read(start, count: Int(min(length, LocalPieces.width))))
    }
    var rows = [
      Row(
        start: frame.framePointer, length: 0,
        text: [
          Span(" \(frame.function)", isDead ? .dim : .heading, isDead ? [] : .bold),
          Span(isDead ? ", dead " : " ", .dim),
        ],
        isBorder: true)
    ]
    if frame.returnsByStack {
      rows.append(one(frame.framePointer + word, word, "return address", .fence))
    }
    if frame.savesPointer {
      rows.append(one(frame.framePointer, word, "saved frame ptr", .fence))
      rows[rows.count - 1].frame = frame.framePointer
    }
    if frame.isFound { return FoundFrameRows(frame, pieces).rows(rows) }
    for register in frame.savedRegisters {
      rows.append(one(register.address, register.size, "saved \(register.name)", .neighbour))
    }
    if let canary = frame.canary { rows.append(one(canary, word, "canary", .fence)) }
    for local in frame.locals { rows += self.rows(local, pieces, isDead: isDead) }
    return rows
  }

  static func rows(_ local: Local, _ pieces: LocalPieces, isDead: Bool) -> [Row] {
    let parts = pieces.pieces(local)
    return parts.map { piece in
      let start = local.address &+ piece.offset
      let name =
        piece.offset == 0 && parts.count == 1
        ? "\(local.name)[\(local.size)]"
        : piece.isPadding
          ? "(padding)"
          : piece.field.map { "\(local.name).\($0)" } ?? "\(local.name)+\(piece.offset)"
      var text = [Span(name, isDead ? .dim : .live, isDead ? [] : .bold)]
      if isDead { text.append(Span("  dead", .dim)) }
      if piece.length > LocalPieces.width { text.append(Span(" \(piece.length)", .dim)) }
      var row = Row(start: start, length: piece.length, text: text)
      row.bytes = pieces.kernel.memory.read(
        start, count: Int(min(piece.length, LocalPieces.width)))
      row.isStale = !isDead && piece.isStale(in: local)
      if row.isStale, case .owner(let writer)? = piece.author {
        row.leftBy = writer.function.isEmpty ? writer.name : "\(writer.function)()"
      }
      return row
    }
  }
}
