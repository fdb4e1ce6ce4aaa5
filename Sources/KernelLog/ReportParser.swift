import Text

/// Recognises one report in a piece of log text.
///
/// Wordings: `report_usercopy` and `usercopy_abort`/`usercopy_warn` of Linux's mm/usercopy.c,
/// `pax_report_usercopy` of PaX, and `slab_access_ok`, `stack_access_ok` and `kernel_access_ok`
/// of the RFC series of July 2011.
struct ReportParser {
  /// A report and the part of the text it takes.
  struct Found {
    var report: Report
    var start: Int
    /// Behind the last byte that belongs to it.
    var end: Int
  }

  let text: LogText

  /// The report whose words include the raw byte `anchor`, if one does.
  func report(around anchor: Int) -> Found? {
    var index = text.origin.partitioningIndex { $0 > anchor }
    let lowest = max(0, index - 96)
    while index > lowest {
      index -= 1
      switch text.bytes[index] {
      case UInt8(ascii: "K"), UInt8(ascii: "k"):
        if let found = attempt(at: index) ?? access(at: index), covers(found, anchor) {
          return found
        }
      case UInt8(ascii: "s"):
        if let found = access(at: index), covers(found, anchor) { return found }
      default: break
      }
    }
    return nil
  }

  private func covers(_ found: Found, _ anchor: Int) -> Bool {
    found.end > 0 && text.origin[found.end - 1] >= anchor
  }

  // MARK: "memory ... attempt detected"

  /// A report whose word "kernel" starts at `start`.
  private func attempt(at start: Int) -> Found? {
    var cursor = LogCursor(text, at: start)
    let capital = text.bytes[start] == UInt8(ascii: "K")
    guard cursor.accept(capital ? "Kernel memory " : "kernel memory "),
      let verb = Verb.allCases.first(where: { cursor.accept($0.rawValue) })
    else { return nil }
    let header = ReportHeader(before: start, in: text)
    var draft = AttemptDraft(verb: verb, header: header.kind, capital: capital)
    do {
      try draft.read(&cursor)
      return Found(report: draft.report(cut: false), start: header.start, end: cursor.position)
    } catch .cut(let end) {
      guard header.kind != .none, isLogLine(header.start, cut: end) else { return nil }
      return Found(report: draft.report(cut: true), start: header.start, end: end)
    } catch {
      return nil
    }
  }

  // MARK: "..._access_ok failed"

  private func access(at start: Int) -> Found? {
    if start > 0, Digits.isLetter(text.bytes[start - 1]) || text.bytes[start - 1] == 0x5F {
      return nil
    }
    var cursor = LogCursor(text, at: start)
    guard let check = AccessCheck.allCases.first(where: { cursor.accept($0.rawValue) })
    else { return nil }
    var draft = AccessDraft(check: check)
    do {
      try draft.read(&cursor)
      return Found(report: draft.report(cut: false), start: start, end: cursor.position)
    } catch .cut(let end) {
      guard draft.wording != nil, isLogLine(start, cut: end) else { return nil }
      return Found(report: draft.report(cut: true), start: start, end: end)
    } catch {
      return nil
    }
  }

  // MARK: cut reports

  /// Whether a report cut at `cut` stands in a log line, not in a sentence about one.
  private func isLogLine(_ start: Int, cut: Int) -> Bool {
    let lineStart =
      text.bytes[..<start].lastIndex(of: LogText.lineBreak).map { $0 + 1 } ?? 0
    let prefix = LogPrefix(text.bytes[lineStart..<start])
    if prefix.isSentence { return false }
    if prefix.hasDigits { return true }
    var after = cut
    while after < text.bytes.count, LogCursor.isGap(text.bytes[after]) { after += 1 }
    guard after < text.bytes.count, text.bytes[cut..<after].contains(LogText.lineBreak)
    else { return true }
    return !(0x61...0x7A).contains(text.bytes[after])
  }
}

/// What stands in front of the words "kernel memory".
struct ReportHeader {
  enum Kind: Sendable, Equatable {
    case none
    case usercopy
    case whitelist
    case pax
  }

  var kind: Kind
  /// Where the header starts, or the words themselves when there is none.
  var start: Int

  init(before words: Int, in text: LogText) {
    kind = .none
    start = words
    for index in stride(from: words - 1, through: max(0, words - 120), by: -1) {
      let second = text.bytes[index + 1]
      if let (literal, kind) = Self.kind(text.bytes[index]),
        literal.utf8.dropFirst().first == second || LogCursor.isGap(second)
      {
        var cursor = LogCursor(text, at: index)
        guard cursor.accept(literal) else { continue }
        cursor.skipGap()
        if cursor.position == words || kind == .pax && Self.isPeer(cursor, before: words) {
          self.kind = kind
          start = index
          return
        }
      }
    }
  }

  /// What a header with this first letter may be.
  private static func kind(_ letter: UInt8) -> (literal: String, kind: Kind)? {
    switch letter {
    case UInt8(ascii: "u"): ("usercopy:", .usercopy)
    case UInt8(ascii: "B"): ("Bad or missing usercopy whitelist?", .whitelist)
    case UInt8(ascii: "P"): ("PAX:", .pax)
    default: nil
    }
  }

  /// PaX names the peer of the task: `From 192.0.2.1: `.
  private static func isPeer(_ start: LogCursor, before words: Int) -> Bool {
    var cursor = start
    guard cursor.accept("From "), cursor.position < words, words - cursor.position < 80
    else { return false }
    let address = cursor.text.bytes[cursor.position..<words].filter { !LogCursor.isGap($0) }
    return address.last == UInt8(ascii: ":")
      && address.allSatisfy { Digits.hex($0) != nil || $0 == 0x2E || $0 == 0x3A }
  }
}

extension RandomAccessCollection where Index == Int {
  /// First index whose element satisfies a predicate that is false, then true.
  func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
