import Grid
import Narration
import Simulation
import Text
import Usercopy

/// What the views of the memory pane share.
enum CopyCaption {
  /// `copy_to_user request+56, 150 bytes`, with what the signs mean.
  static func lines(_ context: PaneContext) -> [[Span]] {
    guard let report = context.subject.report else { return [] }
    let attempt = report.outcome.attempt
    let what: [Span] = [
      Span(" " + attempt.entry.rawValue, .code, .bold),
      Span(" \(report.place)\(ValueWords.offset(report.offset))", .text),
      Span(", \(ValueWords.bytes(attempt.length))", .value),
    ]
    var legend: [Span] = [Span(" ", .text)]
    let marks = context.marks
    for mark in ByteMark.allCases {
      let bytes = Self.bytes(report, mark)
      guard bytes > 0 else { continue }
      legend.append(Span(String(ByteMarks.glyph(mark)), ByteMarks.role(mark), .bold))
      let others = mark == .cleared ? others(report) : ""
      legend.append(
        Span(
          " \(marks.word(mark)) \(ValueWords.quantity(bytes))\(others)  ", ByteMarks.role(mark)))
    }
    legend += astray(report)
    let lines = [what, legend].map { Fitting.cut($0, width: context.rect.width) }
    return height(context) > lines.count ? lines + [passage(report, context)] : lines
  }

  /// `~ harmed 8 in 'victim'`: what the user's pointer led to in the kernel.
  private static func astray(_ report: CopyReport) -> [Span] {
    let runs = report.effect.astray
    guard let first = runs.first else { return [] }
    let bytes = runs.reduce(UInt64(0)) { $0 &+ $1.length }
    let word = report.effect.direction == .fromUser ? "taken from" : "harmed in"
    let name = first.label.isEmpty ? first.kind.words : "'\(first.label)'"
    return [
      Span(String(ByteMarks.glyph(.leaky)), .leaky, .bold),
      Span(" \(ValueWords.quantity(bytes)) \(word) \(name)", .leaky),
    ]
  }

  /// How many of the bytes that were cleared are others': an error path harms as well.
  private static func others(_ report: CopyReport) -> String {
    let bytes = report.effect.cleared.filter { !$0.story.isClean }.reduce(UInt64(0)) {
      $0 &+ $1.length
    }
    return bytes > 0 ? ", \(ValueWords.quantity(bytes)) not its own" : ""
  }

  /// Rows that the caption takes: a low pane does without what passes between kernel and user.
  static func height(_ context: PaneContext) -> Int {
    guard context.subject.report != nil else { return 0 }
    return context.rect.height >= 8 ? 3 : 2
  }

  /// `kernel ─▶ user  =IPv4addr ~letmein!`: which way bytes went, and which came.
  private static func passage(_ report: CopyReport, _ context: PaneContext) -> [Span] {
    let effect = report.effect
    let isOut = report.outcome.attempt.direction != .fromUser
    let moved = report.outcome.isCheckOnly ? [] : effect.moved
    // While the check is stepped through nothing is said of what comes.
    let isOpen = context.subject.isOpen
    let arrow = isOpen ? "─? " : moved.isEmpty ? "─╳ " : "─▶ "
    let user: (words: String, role: Role) =
      effect.astray.isEmpty ? ("user", .user) : ("kernel, as the user's", .leaky)
    var line: [Span] = [
      Span(isOut ? " kernel " : " \(user.words) ", isOut ? .live : user.role),
      Span(arrow, isOpen ? .undecided : moved.isEmpty ? .denied : .accent, .bold),
      Span(isOut ? user.words : "kernel", isOut ? user.role : .live),
    ]
    if moved.isEmpty {
      line.append(Span(isOpen ? "  not decided yet" : "  nothing arrives", .dim))
      return Fitting.cut(line, width: context.rect.width)
    }
    var room = context.rect.width - Fitting.columns(line)
    var segments = Self.segments(moved)
    while !segments.isEmpty, room > 4 {
      let (range, mark) = segments.removeFirst()
      // Each gets its share, so that the last one is seen too.
      let share = max(5, room / (segments.count + 1) - 3)
      let text = Self.values(of: range, report, context.marks.kernel, room: share)
      let span = Span("  \(ByteMarks.glyph(mark))\(text)", ByteMarks.role(mark), .bold)
      line.append(span)
      room -= span.columns
    }
    return Fitting.cut(line, width: context.rect.width)
  }

  /// Runs of bytes that are the copy's own, or are not, in address order.
  private static func segments(_ moved: [StoryRun]) -> [(range: ByteRange, mark: ByteMark)] {
    var result: [(range: ByteRange, mark: ByteMark)] = []
    for run in moved {
      let mark: ByteMark = run.story.isClean ? .allowed : .leaky
      if let last = result.last, last.mark == mark {
        result[result.count - 1].range.length += run.length
      } else {
        result.append((ByteRange(start: run.start, length: run.length), mark))
      }
    }
    return result
  }

  /// The bytes of a run as they came: text where all of them can be read as that, else hexadecimal.
  private static func values(
    of run: ByteRange, _ report: CopyReport, _ kernel: Kernel, room: Int
  ) -> String {
    let attempt = report.outcome.attempt
    let distance = run.start &- attempt.kernel
    let start = attempt.direction == .fromUser ? attempt.user &+ distance : run.start
    let count = Int(min(run.length, UInt64(max(1, room))))
    let bytes = kernel.memory.read(start, count: count)
    let isText = bytes.allSatisfy { (0x20...0x7e).contains($0) }
    let each = isText ? 1 : 2
    let fits = max(0, min(count, (room - 1) / each))
    let isAll = UInt64(fits) == run.length
    let shown =
      isText
      ? String(decoding: bytes.prefix(fits), as: UTF8.self)
      : bytes.prefix(fits).map { $0.hex(width: 2) }.joined()
    return shown + (isAll ? "" : "…")
  }

  /// Bytes under a mark. Marks end with the address space; of a copy that would wrap around its end
  /// what is left of the length is denied as well.
  private static func bytes(_ report: CopyReport, _ mark: ByteMark) -> UInt64 {
    func marked(_ isWanted: (ByteMark) -> Bool) -> UInt64 {
      report.marks.filter { isWanted($0.mark) }.reduce(0) { $0 &+ $1.range.length }
    }
    let own = marked { $0 == mark }
    guard mark == .denied, own > 0 else { return own }
    return max(own, report.outcome.range.length &- marked { $0 != mark })
  }
}
