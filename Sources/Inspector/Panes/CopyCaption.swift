import Grid
import Narration
import Simulation
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
      legend.append(
        Span(" \(marks.word(mark)) \(ValueWords.quantity(bytes))  ", ByteMarks.role(mark)))
    }
    return [what, legend].map { Fitting.cut($0, width: context.rect.width) }
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
