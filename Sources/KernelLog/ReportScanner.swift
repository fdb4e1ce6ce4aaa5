/// Finds usercopy reports of every era, and the messages close to them, in text that arrives in pieces.
///
/// Memory stays constant, and how the text is cut into pieces makes no difference to what is found.
/// A finding is handed out when what follows it has been read, in the order of the log.
public struct ReportScanner: Sendable {
  /// Bytes of text read around an anchor.
  private struct Reach {
    var before: Int
    var after: Int
    /// Enough for what kernels print and mailers wrap.
    static let near = Reach(before: 320, after: 640)
    /// Enough for a report on a line of its own.
    static let line = Reach(before: 160, after: 320)
    /// Enough for a web page, which needs many bytes for a few words.
    static let far = Reach(before: ReportScanner.before, after: 3072)
  }

  /// Bytes a report may reach back from an anchor.
  private static let before = 1024
  /// Bytes of a report's line taken in front of it and behind it.
  static let around = 1024
  /// Bytes that must be there behind an anchor: a whole report and the rest of its line.
  private static let horizon = 4096
  private static let longestLine = 4096
  /// Line ends in front of an anchor that may belong to a report wrapped at a narrow column.
  private static let linesBefore = 6
  private static let lines = 24

  private var wide = WideText()
  private var buffer: [UInt8] = []
  /// Offset in the input of the buffer's first byte.
  private(set) var base = 0
  /// Where, in the input, the search goes on.
  private var searched = 0
  /// End of the last report found.
  private(set) var lastEnd = 0
  /// End of the last message, assertion or function of the check found; -1 for none.
  var lastSign = -1
  private var lineCounter = LineCounter()
  var pending: PendingFinding?
  private var crowd = Crowd()

  /// Anchors that led to nothing, each close behind the one before: where there are many, somebody
  /// wrote them to keep readers busy.
  private struct Crowd: Sendable {
    static let most = 32
    private static let close = 1024

    private(set) var count = 0
    /// The last of them.
    private(set) var last = -1

    mutating func add(_ place: Int) {
      count = place - last > Self.close ? 1 : count + 1
      last = place
    }
  }

  private struct LineCounter: Sendable {
    var position = 0
    var lines = 0
  }

  /// Makes a scanner at the start of an input.
  public init() {}

  /// Takes the next piece of the input; returns what is settled now.
  public mutating func scan(_ piece: UnsafeRawBufferPointer) -> [LogFinding] {
    if wide.isPlain {
      buffer.append(contentsOf: piece)
    } else {
      buffer.append(contentsOf: wide.take(piece))
    }
    return advance(final: false)
  }

  /// Takes the next piece of the input; returns what is settled now.
  public mutating func scan(_ piece: [UInt8]) -> [LogFinding] {
    piece.withUnsafeBytes { scan($0) }
  }

  /// Ends the input; returns what remains. The scanner is then at the start of a new one.
  public mutating func finish() -> [LogFinding] {
    buffer.append(contentsOf: wide.finish())
    var found = advance(final: true)
    settle(&found)
    self = ReportScanner()
    return found
  }

  /// Tells that no more of the input is there for now; returns what its whole lines hold. What follows a finding later is
  /// not read any more.
  public mutating func pause() -> [LogFinding] {
    guard let end = buffer.lastIndex(of: LogText.lineBreak) else { return [] }
    let rest = Array(buffer[(end + 1)...])
    buffer.removeLast(rest.count)
    var found = advance(final: true)
    settle(&found)
    buffer += rest
    return found
  }

  private mutating func advance(final: Bool) -> [LogFinding] {
    var found: [LogFinding] = []
    let bytes = buffer
    bytes.withUnsafeBytes { raw in
      let limit = final ? raw.count : max(0, raw.count - Self.horizon)
      search(raw, limit: limit, &found)
      follow(
        raw, limit: final ? raw.count : max(0, limit - Self.before), final: final, &found)
      var keep = max(0, limit - Self.before - Self.horizon)
      if let pending { keep = min(keep, max(0, pending.position - base)) }
      count(raw, to: keep)
      base += keep
      buffer = []
      buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: raw[keep...]))
    }
    return found
  }

  private mutating func search(
    _ raw: UnsafeRawBufferPointer, limit: Int, _ findings: inout [LogFinding]
  ) {
    while searched - base < limit {
      guard let anchor = AnchorSearch.first(in: raw, range: (searched - base)..<limit) else {
        searched = base + limit
        return
      }
      searched = base + anchor + 1
      switch AnchorSearch.kind(raw, anchor) {
      case .assertion: assertion(raw, anchor, &findings)
      case .sign: sign(raw, anchor, &findings)
      case .neighbour:
        if let found = neighbour(raw, anchor) { begin(found, raw, &findings) }
      case .report:
        guard !isKnown(raw, anchor), let found = judge(raw, anchor) else { continue }
        begin(found, raw, &findings)
      case nil: continue
      }
    }
  }

  /// Settles what was pending and follows a new finding.
  private mutating func begin(
    _ found: Judged, _ raw: UnsafeRawBufferPointer, _ findings: inout [LogFinding]
  ) {
    var next = found.pending
    if let pending, let whole = next.joined(to: pending) {
      next = whole
    } else {
      follow(raw, limit: found.lineStart, final: true, &findings)
      settle(&findings)
    }
    pending = next
    pending?.position += base
    lastEnd = base + found.end
    lastSign = lastEnd
    searched = max(searched, lastEnd)
  }

  mutating func settle(_ findings: inout [LogFinding]) {
    if let settled = pending?.settled { findings.append(settled) }
    pending = nil
  }

  /// Whether an anchor is in the same words as the one before, which led to nothing.
  private func isKnown(_ raw: UnsafeRawBufferPointer, _ anchor: Int) -> Bool {
    let last = crowd.last - base
    guard last >= 0, anchor - last < 64, lastEnd <= crowd.last else { return false }
    // The words before "attempt" and "memory" start with a k, those of the RFC also with an s.
    let isAttempt = raw[anchor] == UInt8(ascii: "m") || raw[anchor] == UInt8(ascii: "l")
    return !raw[last...anchor].contains {
      $0 | 0x20 == UInt8(ascii: "k") || $0 == UInt8(ascii: "s") && !isAttempt
    }
  }

  private struct Judged {
    var pending: PendingFinding
    var lineStart: Int
    var end: Int
  }

  /// The report at an anchor, offsets in the buffer.
  private mutating func judge(_ raw: UnsafeRawBufferPointer, _ anchor: Int) -> Judged? {
    let text = self.text(raw, anchor, reach(raw, anchor))
    guard let found = ReportParser(text: text).report(around: anchor) else {
      crowd.add(base + anchor)
      return nil
    }
    let first = text.origin[found.start]
    let end = text.origin[found.end - 1] + 1
    let lineStart = Self.lineStart(raw, first, lowest: max(0, first - Self.around))
    let lineEnd = Self.lineEnd(raw, end, highest: min(raw.count, end + Self.around))
    count(raw, to: lineStart)
    var report = found.report
    report.line = Self.line(raw, lineStart..<lineEnd)
    report.lineNumber = lineCounter.lines + 1
    report.byteOffset = base + lineStart
    return Judged(pending: PendingFinding(report, position: end), lineStart: lineStart, end: end)
  }

  /// The message close to usercopy's at an anchor, offsets in the buffer.
  private mutating func neighbour(_ raw: UnsafeRawBufferPointer, _ anchor: Int) -> Judged? {
    guard base + anchor >= lastEnd else { return nil }
    let text = self.text(raw, anchor, .line)
    guard let found = NeighbourParser(text: text).neighbour(around: anchor) else { return nil }
    let isAddition = found.neighbour.kind == .userAccess && found.neighbour.finding == nil
    if isAddition, found.neighbour.address == nil, pending?.isFault == true { return nil }
    let end = text.origin[found.end - 1] + 1
    let lineStart = Self.lineStart(
      raw, text.origin[found.start], lowest: max(0, anchor - Self.around))
    let lineEnd = Self.lineEnd(raw, end, highest: min(raw.count, end + Self.around))
    count(raw, to: lineStart)
    var neighbour = found.neighbour
    neighbour.line = Self.line(raw, lineStart..<lineEnd)
    neighbour.lineNumber = lineCounter.lines + 1
    neighbour.byteOffset = base + lineStart
    return Judged(pending: PendingFinding(neighbour, position: end), lineStart: lineStart, end: end)
  }

  private func reach(_ raw: UnsafeRawBufferPointer, _ anchor: Int) -> Reach {
    if crowd.count > Crowd.most { return .line }
    return Self.isEncoded(raw, anchor) ? .far : .near
  }

  /// The text around an anchor, behind what was found before.
  private func text(_ raw: UnsafeRawBufferPointer, _ anchor: Int, _ reach: Reach) -> LogText {
    let lowest = max(0, anchor - reach.before, lastEnd - base)
    var start = anchor
    var breaks = 0
    while start > lowest {
      if raw[start - 1] == LogText.lineBreak {
        breaks += 1
        if breaks == Self.linesBefore { break }
      }
      start -= 1
    }
    let range = start..<min(raw.count, anchor + reach.after)
    return LogText(raw, range: range, lines: Self.lines)
  }

  /// Whether marks stand near that make a text longer than what it says.
  private static func isEncoded(_ raw: UnsafeRawBufferPointer, _ anchor: Int) -> Bool {
    let range = max(0, anchor - Reach.near.before)..<min(raw.count, anchor + Reach.near.after)
    var index = range.lowerBound
    while index < range.upperBound {
      switch raw[index] {
      case UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "\\"),
        UInt8(ascii: "%"), 0x1B:
        return true
      default: index += 1
      }
    }
    return false
  }

  /// The number of the line a place in the buffer is on, from 1.
  mutating func lineNumber(_ raw: UnsafeRawBufferPointer, of index: Int) -> Int {
    count(raw, to: index)
    return lineCounter.lines + 1
  }

  /// Moves the line counter to a place in the buffer, forwards or backwards.
  private mutating func count(_ raw: UnsafeRawBufferPointer, to index: Int) {
    let current = lineCounter.position - base
    if index >= current {
      lineCounter.lines += AnchorSearch.lines(in: raw, range: max(0, current)..<index)
    } else {
      lineCounter.lines -= AnchorSearch.lines(in: raw, range: index..<current)
    }
    lineCounter.position = base + index
  }

  // MARK: what follows a finding

  /// Reads whole lines below `limit` for what is pending and settles it when it is done.
  mutating func follow(
    _ raw: UnsafeRawBufferPointer, limit: Int, final: Bool, _ findings: inout [LogFinding]
  ) {
    guard var pending else { return }
    while !pending.isDone {
      let start = pending.position - base
      guard start < limit else { break }
      let end = Self.softEnd(raw, start, highest: min(limit, start + Self.longestLine))
      let whole = end < limit && raw[end] == LogText.lineBreak
      guard whole || final || end - start >= Self.longestLine else { break }
      if !pending.skipping, !pending.pass(raw[start..<end]) {
        // One line of the file may hold many of the log, their ends escaped.
        let text = LogText(raw, range: start..<end, lines: .max)
        for line in text.bytes.split(separator: LogText.lineBreak) {
          pending.read(String(decoding: line, as: UTF8.self))
        }
      }
      pending.skipping = !whole
      pending.position = base + end + (whole ? 1 : 0)
    }
    self.pending = pending
    if pending.isDone { settle(&findings) }
  }
}
