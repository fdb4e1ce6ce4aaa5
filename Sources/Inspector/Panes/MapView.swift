import Grid
import Narration
import Simulation
import Text
import Usercopy

/// Every start and length around the copy as one picture: allowed, leaky, denied.
struct MapView {
  let context: PaneContext

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard let before = context.subject.before,
      let attempt = context.subject.report?.outcome.attempt,
      let scale = MapScale(context)
    else {
      for (row, line) in wrap(
        "The map shows every start and length of a copy at once. Step to a copy"
          + (context.model.keymap.symbol(.edit, in: .browse).map { ", or press \($0) to try one." }
            ?? "."),
        width: max(1, rect.width - 2)
      ).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    let area = MapScale.area(context)
    head(scale, &grid)
    axes(scale, area, &grid)
    var judge = MapJudge(context, before, attempt)
    let signs = judge.signs(scale)
    for column in 0..<scale.columns {
      for row in 0..<area.height {
        grid[area.x + column, area.y + row] = signs[column * scale.rows + row].cell
      }
    }
    let here = cursor(scale, attempt, area, &grid)
    legend(Set(signs), judge.differs, &grid)
    // The sign of the copy stands before its words.
    let words = CopyCaption.lines(context, height: 2).first ?? []
    let line = Fitting.cut((here.map { [Span(" "), $0] } ?? []) + words, width: rect.width)
    grid.put(line, x: rect.x, y: rect.endY - 1, width: rect.width)
  }

  private func head(_ scale: MapScale, _ grid: inout Grid) {
    let rect = context.rect
    let parts: [[Span]] = [
      [Span("length ↑  start →", .label)],
      [
        Span(
          "1 cell = \(scale.bytesPerColumn) × \(ValueWords.bytes(scale.bytesPerRow))", .dim)
      ],
    ]
    grid.put(
      Fitting.line(parts, width: rect.width - 2, gap: 3), x: rect.x + 1, y: rect.y,
      width: rect.width)
  }

  /// Lengths at the left, the names of what is copied from below.
  private func axes(_ scale: MapScale, _ area: Rect, _ grid: inout Grid) {
    let every = max(1, area.height > 12 ? 4 : 2)
    for row in 0..<area.height {
      let isLabelled = (area.height - 1 - row) % every == 0
      let text = isLabelled ? Self.short(scale.length(row: row)) : ""
      grid.put(
        String(repeating: " ", count: max(0, 5 - text.count)) + text + (isLabelled ? "┤" : "│"),
        x: area.x - 6, y: area.y + row, role: isLabelled ? .label : .border)
    }
    names(scale, area, &grid)
  }

  /// A length in at most five columns.
  private static func short(_ length: UInt64) -> String {
    for (unit, shift) in [("", 0), ("K", 10), ("M", 20), ("G", 30)] {
      let count = length >> shift
      if count < 10_000 { return "\(count)\(unit)" }
    }
    return "huge"
  }

  /// What the starts lie in, each name where there is room up to the next one.
  private func names(_ scale: MapScale, _ area: Rect, _ grid: inout Grid) {
    let y = area.endY
    grid.hline(x: area.x, y: y, width: scale.columns)
    let places = scale.region.marks.compactMap { mark in
      scale.column(of: mark.address).map { (column: $0, name: mark.name) }
    }
    for (index, place) in places.enumerated() {
      let next = places.indices.contains(index + 1) ? places[index + 1].column : scale.columns
      let room = next - place.column - 1
      grid.put("├", x: area.x + place.column, y: y, role: .border)
      guard room >= min(3, TextWidth.of(place.name)) else { continue }
      grid.put(
        TextWidth.truncated(place.name, to: room), x: area.x + place.column + 1, y: y, role: .text)
    }
  }

  /// Draws the copy's own cell: its sign, nil when it is not in sight.
  private func cursor(
    _ scale: MapScale, _ attempt: CopyAttempt, _ area: Rect, _ grid: inout Grid
  ) -> Span? {
    guard let column = scale.column(of: attempt.kernel) else { return nil }
    let (row, isBeyond) = scale.row(of: attempt.length)
    let (x, y) = (area.x + column, area.y + row)
    // Where denied cells are reversed only a cell that is not stands out among them.
    let isAmongDenied = [(1, 0), (-1, 0), (0, 1), (0, -1)].contains {
      grid[x + $0.0, y + $0.1].role == .denied
    }
    let sign = Span(isBeyond ? "▲" : "⊕", isAmongDenied ? .accent : .cursor, .bold)
    grid.put([sign], x: x, y: y)
    guard isBeyond else { return sign }
    let words = " \(ValueWords.quantity(attempt.length)) "
    let fits = column + 1 + words.count <= area.width
    grid.put(
      words, x: area.x + (fits ? column + 1 : max(0, column - words.count)), y: area.y + row,
      role: .cursor, attributes: .bold)
    return sign
  }

  /// The signs in sight, told what they mean, above the copy's words.
  private func legend(
    _ shown: Set<MapJudge.Sign>, _ differs: Bool, _ grid: inout Grid
  ) {
    let rect = context.rect
    let both = comparison(shown, differs)
    let signs = meanings(
      [
        (.allowed, "allowed"), (.leaky, context.marks.word(.leaky)), (.denied, "denied"),
        (.mixed, "mixed"),
      ], shown)
    let rows = MapScale.legendRows(context) == 1 ? [both + signs] : [both, signs]
    for (row, parts) in rows.enumerated() {
      grid.put(
        Fitting.line(parts, width: rect.width - 2), x: rect.x + 1,
        y: rect.endY - 1 - rows.count + row, width: rect.width)
    }
  }

  /// Where two eras differ, while two are compared.
  private func comparison(_ shown: Set<MapJudge.Sign>, _ differs: Bool) -> [[Span]] {
    guard let other = context.model.memory.comparedEra else { return [] }
    let parts = meanings(
      [
        (.onlyFirst, "only \(context.subject.world.era.id) allows"),
        (.onlySecond, "only \(other.id) allows"),
      ], shown)
    let words = differs ? "\(other.id) differs within mixed cells" : "\(other.id) agrees"
    return parts.isEmpty ? [[Span(words, .text)]] : parts
  }

  private func meanings(
    _ signs: [(MapJudge.Sign, String)], _ shown: Set<MapJudge.Sign>
  ) -> [[Span]] {
    signs.filter { shown.contains($0.0) }.map { sign, words in
      let cell = sign.cell
      return [
        Span(String(cell.scalar), cell.role, cell.attributes), Span(" \(words)", cell.role),
      ]
    }
  }
}

/// The verdict of one cell of the map.
struct MapJudge {
  /// What a cell says. A copy of the map looks like it does on the bytes.
  enum Sign: Hashable, Sendable {
    case allowed, leaky, denied, onlyFirst, onlySecond
    /// The copies that a cell stands for differ.
    case mixed

    var cell: Cell {
      switch self {
      case .allowed: Cell(ByteMarks.glyph(.allowed), role: ByteMarks.role(.allowed))
      case .leaky: Cell(ByteMarks.glyph(.leaky), role: ByteMarks.role(.leaky))
      case .denied: Cell(ByteMarks.glyph(.denied), role: ByteMarks.role(.denied))
      case .mixed: Cell("\\", role: .text)
      case .onlyFirst: Cell("a", role: .warning, attributes: .bold)
      case .onlySecond: Cell("b", role: .accent, attributes: .bold)
      }
    }
  }

  private let kernel: Kernel
  private let attempt: CopyAttempt
  private let era: Era
  private var judge: Judge
  /// The rules of the other era, while two are compared.
  private var second: Judge?
  /// Some copy of the map is allowed by one of two eras alone, be it in a cell of mixed ones.
  private(set) var differs = false
  /// How far copies from the last start asked about reach before they leak.
  private var reach: (start: Address, bytes: UInt64)?

  init(_ context: PaneContext, _ world: World, _ attempt: CopyAttempt) {
    kernel = world.kernel
    self.attempt = attempt
    era = context.subject.world.era
    judge = Judge(kernel, under: era, varying: attempt)
    second = context.model.memory.comparedEra.map { [kernel] in
      Judge(kernel, under: $0, varying: attempt)
    }
  }

  /// What each cell says, column by column from the top: what all copies come to that it stands for.
  mutating func signs(_ scale: MapScale) -> [Sign] {
    guard scale.columns > 0 else { return [] }
    let first = scale.starts(column: 0).lowerBound
    let starts = first...max(first, scale.starts(column: scale.columns - 1).upperBound)
    let longest = scale.length(row: 0)
    reach = nil
    let map = SolvedMap(
      starts: starts, longest: longest,
      borders: kernel.borders(from: starts.lowerBound, through: starts.upperBound),
      named: judge.namedLengths(upTo: longest)
    ) { sign(start: $0, length: $1, longest: longest) }
    differs = !map.answers.isDisjoint(with: [.onlyFirst, .onlySecond])
    let lengths = (0..<scale.rows).map(scale.lengths)
    return (0..<scale.columns).flatMap { column in
      let starts = scale.starts(column: column)
      return lengths.map { map.answer(starts, $0) ?? .mixed }
    }
  }

  private mutating func sign(start: Address, length: UInt64, longest: UInt64) -> Sign {
    let ruling = judge.ruling(start: start, length: length)
    let isAllowed = ruling.verdict == .allow
    if let other = second?.ruling(start: start, length: length),
      (other.verdict == .allow) != isAllowed
    {
      return isAllowed ? .onlyFirst : .onlySecond
    }
    guard isAllowed else { return .denied }
    if ruling.clears {
      var attempt = attempt
      (attempt.kernel, attempt.length) = (start, length)
      return kernel.effect(kernel.judge(attempt, under: era, recording: false)).told.isEmpty
        ? .allowed : .leaky
    }
    if ruling.handedOver > 0, kernel.aimsAstray(attempt) { return .leaky }
    let own = ownBytes(from: start, ruling.handedOver, longest)
    return ruling.handedOver <= own ? .allowed : .leaky
  }

  private mutating func ownBytes(
    from start: Address, _ handedOver: UInt64, _ longest: UInt64
  ) -> UInt64 {
    var attempt = attempt
    attempt.kernel = start
    guard handedOver <= longest else { return kernel.ownBytes(of: attempt, upTo: handedOver) }
    if let reach, reach.start == start { return reach.bytes }
    let bytes = kernel.ownBytes(of: attempt, upTo: longest)
    reach = (start, bytes)
    return bytes
  }
}
