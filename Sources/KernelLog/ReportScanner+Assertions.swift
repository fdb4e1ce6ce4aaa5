/// Reports whose message is missing: found by the assertion behind it, or by the check in a trace.
extension ReportScanner {
  /// Bytes that the oops of one event may take.
  private static let eventBytes = 16_384
  /// Lines in front of the function a kernel stopped in that name the task.
  private static let linesOfTask = 6

  /// An assertion of the check's at an anchor: it belongs to the report before it, or is what is left of one.
  mutating func assertion(
    _ raw: UnsafeRawBufferPointer, _ anchor: Int, _ findings: inout [LogFinding]
  ) {
    let end = Self.lineEnd(raw, anchor, highest: min(raw.count, anchor + Self.around))
    let found = Self.untorn(raw, anchor, end)
    guard base + found.start >= lastEnd, AssertionText(found.text) != nil else { return }
    lastSign = base + end
    follow(raw, limit: found.start, final: true, &findings)
    if pending?.isBare == true { return }
    settle(&findings)
    var report = Report(
      wording: .assertion, complete: false, line: Self.line(raw, found.start..<end))
    report.lineNumber = lineNumber(raw, of: found.start)
    report.byteOffset = base + found.start
    pending = PendingFinding(report, position: base + end, text: found.text)
  }

  /// A function of the check at an anchor, far from any message: the kernel stopped there, or it stands in a trace. The
  /// first lines of the report are missing, and the task may stand in front.
  mutating func sign(
    _ raw: UnsafeRawBufferPointer, _ anchor: Int, _ findings: inout [LogFinding]
  ) {
    let isFar = lastSign < 0 || base + anchor - lastSign > Self.eventBytes
    lastSign = base + anchor
    guard isFar else { return }
    let lowest = max(0, anchor - Self.around, lastEnd - base)
    let line = Self.lineStart(raw, anchor, lowest: lowest)
    var start = line
    for _ in 0..<Self.linesOfTask where start > lowest {
      start = Self.lineStart(raw, start - 1, lowest: lowest)
    }
    follow(raw, limit: start, final: true, &findings)
    settle(&findings)
    let end = Self.lineEnd(raw, anchor, highest: min(raw.count, anchor + Self.around))
    var report = Report(wording: .assertion, complete: false, line: Self.line(raw, line..<end))
    report.lineNumber = lineNumber(raw, of: line)
    report.byteOffset = base + line
    pending = PendingFinding(report, position: base + start, text: "")
  }

  /// The line of an assertion, with the one before where it was torn off it.
  private static func untorn(
    _ raw: UnsafeRawBufferPointer, _ anchor: Int, _ end: Int
  ) -> (start: Int, text: String) {
    let lowest = max(0, anchor - around)
    let start = lineStart(raw, anchor, lowest: lowest)
    let line = self.line(raw, start..<end)
    guard start > lowest else { return (start, line) }
    let before = lineStart(raw, start - 1, lowest: lowest)
    let words = LogWords.content(line)
    let wordsBefore = LogWords.content(self.line(raw, before..<(start - 1)))
    guard AssertionText.isTorn(words, off: wordsBefore) else { return (start, line) }
    return (before, (wordsBefore + words).joined(separator: " "))
  }
}
