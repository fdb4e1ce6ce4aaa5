import Grid
import Narration
import Simulation
import Text
import Usercopy

/// What the views of the memory pane share.
enum CopyCaption {
  /// `copy_to_user request+56, 150 bytes`, with what the signs mean.
  ///
  /// - Parameter height: rows there are for it.
  static func lines(_ context: PaneContext, height: Int) -> [[Span]] {
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
    // Of a long name less is told before where and how much.
    let lines = [
      Fitting.cut(what, width: context.rect.width, before: 1),
      Fitting.cut(legend, width: context.rect.width),
    ]
    let rows = height - lines.count
    return rows > 0 ? lines + CopyPassage(report, context).rows(atMost: rows) : lines
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

  /// Rows that the caption takes: a low pane does without what passes between kernel and user, a high one has
  /// more than a row for it.
  ///
  /// - Parameter spare: rows of the pane that nothing else is put in, where that is known.
  static func height(_ context: PaneContext, spare: Int? = nil) -> Int {
    guard let report = context.subject.report else { return 0 }
    guard context.rect.height >= 8 || spare ?? 0 > 2 else { return 2 }
    let most = spare.map { min(max(1, $0 - 2), mostRows) } ?? (context.rect.height < 14 ? 1 : 2)
    return 2 + (most == 1 ? 1 : CopyPassage(report, context).rows(atMost: most).count)
  }

  /// Rows that what passes fills beside its first where there is room.
  static func more(_ context: PaneContext) -> Int {
    context.subject.report.map { CopyPassage($0, context).rows(atMost: mostRows).count - 1 } ?? 0
  }

  /// Rows that what passes may have.
  private static let mostRows = 3

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
