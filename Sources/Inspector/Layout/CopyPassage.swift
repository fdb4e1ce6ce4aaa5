import Grid
import Narration
import Simulation
import Text
import Usercopy

/// `kernel ─▶ user  =IPv4addr  ~letmein!`: which way bytes went, and which came.
///
/// What is not the copy's own is told first: where room is short the copy's own bytes give way.
struct CopyPassage {
  private let report: CopyReport
  private let context: PaneContext

  init(_ report: CopyReport, _ context: PaneContext) {
    (self.report, self.context) = (report, context)
  }

  /// Bytes of one kind, as they are told.
  private struct Piece {
    let mark: ByteMark
    let source: Source
    var text: String

    /// Columns with the sign and what is between two pieces.
    static let around = 3
    /// Columns in which a few bytes can still be told.
    static let least = 6
    var columns: Int { TextWidth.of(text) }
    var isOwn: Bool { mark == .allowed }
  }

  /// The rows, no more than so many.
  func rows(atMost count: Int) -> [[Span]] {
    let width = context.rect.width
    let head = head
    guard !moved.isEmpty else { return [Fitting.cut(head + [outcome], width: width)] }
    let first = width - Fitting.columns(head)
    let room = first + (count - 1) * (width - Self.indent)
    var pieces = moved.map {
      Piece(mark: $0.mark, source: $0.bytes, text: words($0.bytes, columns: room))
    }
    // A row of its own is not begun for what is left over of a word.
    shorten(&pieces, to: room - (count - 1) * Piece.least)
    return flow(pieces, behind: head, width: width, rows: count)
  }

  // MARK: What moved

  private var isOpen: Bool { context.subject.isOpen }
  private var clears: Bool { report.outcome.attempt.entry.clears }

  /// Runs of bytes that are the copy's own, or are not, in address order.
  private var moved: [(bytes: Source, mark: ByteMark)] {
    guard !isOpen, !report.outcome.isCheckOnly else { return [] }
    if clears, report.outcome.verdict == .allow {
      let done = report.outcome.effectiveLength - report.outcome.leftOver
      return done > 0 ? [(.zeros(done), .allowed)] : []
    }
    var result: [(range: ByteRange, mark: ByteMark)] = []
    for run in report.effect.moved {
      let mark: ByteMark = run.story.isClean ? .allowed : .leaky
      if let last = result.last, last.mark == mark {
        result[result.count - 1].range.length += run.length
      } else {
        result.append((ByteRange(start: run.start, length: run.length), mark))
      }
    }
    return result.map { (.memory($0.range), $0.mark) }
  }

  /// Where the bytes that came are read.
  private enum Source {
    case memory(ByteRange)
    case zeros(UInt64)
  }

  private func words(_ source: Source, columns: Int) -> String {
    switch source {
    case .zeros(let count): return BytesInWords.repeated(0, count, asText: false)
    case .memory(let range):
      let attempt = report.outcome.attempt
      let start =
        attempt.direction == .fromUser
        ? attempt.user &+ (range.start &- attempt.kernel) : range.start
      let count = Int(min(range.length, UInt64(BytesInWords.longest)))
      let bytes = context.marks.kernel.memory.read(start, count: count)
      return BytesInWords(bytes, of: range.length).text(columns: columns)
    }
  }

  // MARK: Rows

  private static let indent = 2

  private var head: [Span] {
    let isOut = report.outcome.attempt.direction != .fromUser
    let user: (words: String, role: Role) =
      report.effect.astray.isEmpty ? ("user", .user) : ("kernel, as the user's", .leaky)
    return [
      Span(isOut ? " kernel " : " \(user.words) ", isOut ? .live : user.role), arrow,
      Span(isOut ? user.words : "kernel", isOut ? user.role : .live),
    ]
  }

  private var arrow: Span {
    if isOpen { return Span("─? ", .undecided, .bold) }
    if !moved.isEmpty { return Span("─▶ ", .accent, .bold) }
    // Nothing was kept from coming where nothing was to come.
    return isIdle ? Span("── ", .dim) : Span("─╳ ", .denied, .bold)
  }

  /// The copy was let pass and had no bytes to move.
  private var isIdle: Bool {
    report.outcome.verdict == .allow
      && (report.outcome.isCheckOnly || report.outcome.effectiveLength == 0)
  }

  /// What is told where no bytes came.
  private var outcome: Span {
    if isOpen { return Span("  not decided yet", .dim) }
    guard isIdle else { return Span("  nothing arrives", .dim) }
    return Span(
      report.outcome.isCheckOnly ? "  asked only, no copy is made" : "  no byte to move", .dim)
  }

  /// Cuts what is too much: first the copy's own bytes down to a few, then the others alike.
  private func shorten(_ pieces: inout [Piece], to room: Int) {
    let room = room - pieces.count * Piece.around
    var wanted = pieces.map(\.columns)
    guard wanted.reduce(0, +) > room else { return }
    let own = pieces.indices.filter { pieces[$0].isOwn }
    let others = pieces.indices.filter { !pieces[$0].isOwn }
    let least = own.reduce(0) { $0 + min(wanted[$1], Piece.least) }
    Self.share(max(0, room - least), among: others, &wanted)
    Self.share(max(0, room - others.reduce(0) { $0 + wanted[$1] }), among: own, &wanted)
    for index in pieces.indices where wanted[index] < pieces[index].columns {
      pieces[index].text = words(pieces[index].source, columns: max(2, wanted[index]))
    }
  }

  /// Gives each as much as it wants, and where that is too much as much as the others.
  private static func share(_ room: Int, among indices: [Int], _ wanted: inout [Int]) {
    var (left, count) = (room, indices.count)
    for index in indices.sorted(by: { wanted[$0] < wanted[$1] }) {
      wanted[index] = min(wanted[index], left / count)
      left -= wanted[index]
      count -= 1
    }
  }

  /// The pieces one behind the other; one goes on in the next row where it finds no end in this.
  private func flow(_ pieces: [Piece], behind head: [Span], width: Int, rows count: Int) -> [[Span]]
  {
    var rows = [head]
    for piece in pieces {
      var rest = Substring("\(ByteMarks.glyph(piece.mark))\(piece.text)")
      while !rest.isEmpty {
        let gap = rows[rows.count - 1].isEmpty ? Self.indent : 2
        let room = width - Fitting.columns(rows[rows.count - 1]) - gap
        let part = rows.count == count ? rest : Self.part(of: rest, room: room, row: width - gap)
        if !part.isEmpty {
          let text = String(repeating: " ", count: gap) + part
          rows[rows.count - 1].append(Span(text, ByteMarks.role(piece.mark), .bold))
        }
        rest = rest.dropFirst(part.count).drop { $0 == " " }
        if !rest.isEmpty { rows.append([]) }
      }
    }
    return rows.map { Fitting.cut($0, width: width) }
  }

  /// What stands in the room left of a row: all of it, else what ends with a word; nothing where its first word
  /// is whole in the next row. A word that is too long for any row is broken.
  private static func part(of text: Substring, room: Int, row: Int) -> Substring {
    guard TextWidth.of(String(text)) > room else { return text }
    guard room >= Piece.least else { return "" }
    if let blank = text.prefix(room + 1).lastIndex(of: " ") { return text[..<blank] }
    let word = text.prefix { $0 != " " }
    return TextWidth.of(String(word)) <= row ? "" : text.prefix(room)
  }
}
