import Grid
import Narration
import Simulation
import Text
import Usercopy

/// The same copy under every era, side by side.
struct ErasRows: PlainRows {
  let context: PaneContext
  private let eras: [Era]
  /// All that is known of the present one, in rows as wide as the pane.
  private let known: [String]

  init(_ context: PaneContext) {
    let era = context.subject.world.era
    self.init(
      context, eras: Era.compared(with: era),
      known: wrap(
        "\(Self.head(era)) Blind to \(era.blindSpots.joined(separator: ", ")).",
        width: Self.textWidth(context)))
  }

  private init(_ context: PaneContext, eras: [Era], known: [String]) {
    (self.context, self.eras, self.known) = (context, eras, known)
  }

  func fitted(to context: PaneContext) -> ErasRows? {
    ErasRows(context, eras: eras, known: known)
  }

  private static func textWidth(_ context: PaneContext) -> Int { max(1, context.rect.width - 2) }

  /// Which era it is, when it was, and how it is known.
  private static func head(_ era: Era) -> String {
    "\(era.title), \(era.date): \(EraWords.provenance(era).0)."
  }

  var title: [Span] { context.title("Eras", "the same copy") }

  /// The eras, side by side where there is little room, and what is known of the present one.
  var visible: [PaneRow] {
    let rect = context.rect
    let isCompact = rect.height < eras.count + 2
    let columns = isCompact ? compact : [entries(eras[...], isCompact: false)]
    var rows = [Grid](
      repeating: Grid(width: rect.width, height: 1), count: columns.first?.count ?? 0)
    var x = 0
    for (column, width) in zip(columns, widths(columns)) {
      for (row, entry) in column.enumerated() {
        rows[row].put(entry, x: x, y: 0, width: max(0, min(width, rect.width - x)))
      }
      x += width
    }
    let gap: [PaneRow] = isCompact ? [] : [.text([])]
    let room = rect.height - rows.count - gap.count
    guard room > 0 else { return rows.map { .picture($0) } }
    return rows.map { .picture($0) } + gap
      + about(context.subject.world.era, rows: room).map { .text([Span(" "), Span($0, .dim)]) }
  }

  var need: PaneNeed {
    let about = about(context.subject.world.era, rows: context.rect.height).count
    let rows = rowsOfColumns(atMost: eras.count)
    return PaneNeed(least: rows, well: (eras.count + 1) / 2, most: eras.count + 1 + about)
  }

  // MARK: Columns

  /// As few columns as there are rows for, two at least.
  private var compact: [[[Span]]] {
    let rows = max(1, context.rect.height)
    return columns(atMost: max(2, (eras.count + rows - 1) / rows))
  }

  /// The eras in so many columns, or in as many as there is room for.
  private func columns(atMost count: Int) -> [[[Span]]] {
    let rows = max(1, rowsOfColumns(atMost: count))
    return stride(from: 0, to: eras.count, by: rows).map { start in
      entries(eras[start..<min(start + rows, eras.count)], isCompact: true)
    }
  }

  /// Rows of so many columns, or of as many as there is room for.
  private func rowsOfColumns(atMost count: Int) -> Int {
    let (verdicts, effects) = (context.subject.verdicts, context.subject.effects)
    let widths = eras.map { era in
      let index = verdicts.firstIndex { $0.era == era.id }
      let sign = index.map { VerdictWords.signed(verdicts[$0], effects[$0]).columns }
      return (
        name: era.shortName.count, sign: sign ?? TextWidth.of(missing(era, isCompact: true))
      )
    }
    func rows(_ count: Int) -> Int { (eras.count + count - 1) / count }
    func columns(_ rows: Int) -> Int {
      stride(from: 0, to: eras.count, by: max(1, rows)).reduce(0) { sum, start in
        let column = widths[start..<min(start + rows, eras.count)]
        return sum + 2 + (column.map(\.name).max() ?? 0) + (column.map(\.sign).max() ?? 0)
      }
    }
    let fitting = stride(from: count, to: 2, by: -1).first {
      columns(rows($0)) <= context.rect.width
    }
    return rows(max(1, fitting ?? min(2, count)))
  }

  private static func width(_ column: [[Span]]) -> Int {
    column.map(Fitting.columns).max() ?? 0
  }

  /// Columns of each, with a blank behind it where all have room for one.
  private func widths(_ columns: [[[Span]]]) -> [Int] {
    guard columns.count > 1 else { return [context.rect.width] }
    let widths = columns.map(Self.width)
    let blank = widths.reduce(0, +) + columns.count - 1 <= context.rect.width ? 1 : 0
    return widths.dropLast().map { $0 + blank } + [widths.last ?? 0]
  }

  /// A line for each era: its name, its verdict and, where there is room for it whole, what that leaves open.
  private func entries(_ eras: ArraySlice<Era>, isCompact: Bool) -> [[Span]] {
    let (verdicts, effects) = (context.subject.verdicts, context.subject.effects)
    let found = eras.map { era in verdicts.firstIndex { $0.era == era.id } }
    let signs = found.map { index in
      index.map { VerdictWords.signed(verdicts[$0], effects[$0]) }
    }
    let wordy = 2 + (signs.compactMap { $0?.columns }.max() ?? 0)
    let names = eras.map { Self.name($0, isCompact).count }.max() ?? 0
    return zip(eras, zip(found, signs)).map { era, told in
      let line = name(of: era, columns: names, isCompact: isCompact)
      guard let index = told.0, var sign = told.1 else {
        return line + [Span(missing(era, isCompact: isCompact), .dim)]
      }
      if isCurrent(era) { sign.attributes = .bold }
      guard !isCompact else { return line + [sign] }
      let gap = String(repeating: " ", count: max(2, min(wordy, 11) - sign.columns))
      let room = context.rect.width - Fitting.columns(line) - sign.columns - gap.count - 1
      let forms = VerdictWords.remarks(verdicts[index], effects[index])
      return line + [sign]
        + (forms.first { TextWidth.of($0) <= room }.map { [Span(gap + $0, .dim)] } ?? [])
    }
  }

  private func isCurrent(_ era: Era) -> Bool { era.id == context.subject.world.era.id }

  private static func name(_ era: Era, _ isCompact: Bool) -> String {
    isCompact ? era.shortName : era.id
  }

  private func name(of era: Era, columns: Int, isCompact: Bool) -> [Span] {
    let isCurrent = isCurrent(era)
    return [
      Span(isCurrent ? "▸" : " ", .accent, .bold),
      Span(
        Fitting.padded(Self.name(era, isCompact), columns) + (isCompact ? " " : "  "),
        isCurrent ? .text : .dim, isCurrent ? .bold : []),
    ]
  }

  /// What stands where there is no verdict: without a copy the era's date, else that its kernels have no such
  /// slab or no such function.
  private func missing(_ era: Era, isCompact: Bool) -> String {
    guard context.subject.verdicts.isEmpty else { return "– " + (isCompact ? "n/a" : "not there") }
    return isCompact ? Self.year(era) : era.date
  }

  private static func year(_ era: Era) -> String {
    let date = era.date
    let blank = date.utf8.lastIndex(of: UInt8(ascii: " "))
    return String(date[(blank.map(date.utf8.index(after:)) ?? date.startIndex)...])
  }

  /// How the era's rules are known and what they do not see: as many blind spots as there is room for, each
  /// whole.
  private func about(_ era: Era, rows: Int) -> [String] {
    guard known.count > rows else { return known }
    let width = Self.textWidth(context)
    let spots = era.blindSpots
    for count in stride(from: spots.count - 1, through: 1, by: -1) {
      let words = spots.prefix(count).joined(separator: ", ")
      let lines = wrap(
        "\(Self.head(era)) Blind to \(words) and \(spots.count - count) more.", width: width)
      if lines.count <= rows { return lines }
    }
    let (words, brief) = EraWords.provenance(era)
    let forms = [Self.head(era), "\(era.title), \(words)", "\(era.shortName): \(brief)"]
      .map { wrap($0, width: width) }
    return Array((forms.first { $0.count <= rows } ?? forms[2]).prefix(rows))
  }
}
