import Grid
import Narration
import Simulation
import Usercopy

/// Every start and length around the copy as one picture: allowed, leaky, denied.
struct MapView {
  let context: PaneContext

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard let (before, attempt) = tried, let scale else {
      for (row, line) in wrap(
        "The map shows every start and length of a copy at once. Step to a copy, or press e to "
          + "try one.", width: max(1, rect.width - 2)
      ).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    let area = area
    head(scale, &grid)
    axes(scale, area, &grid)
    let judge = MapJudge(context, before, attempt)
    let lengths = (0..<area.height).map(scale.length)
    var shown: Set<MapJudge.Sign> = []
    for column in 0..<scale.columns {
      let start = scale.start(column: column)
      for row in 0..<area.height {
        let sign = judge.sign(start: start, length: lengths[row])
        shown.insert(sign)
        grid[area.x + column, area.y + row] = sign.cell
      }
    }
    cursor(scale, attempt, area, &grid)
    legend(shown, isBeyond: scale.row(of: attempt.length).isBeyond, y: rect.endY - 2, &grid)
    if let first = CopyCaption.lines(context).first {
      grid.put(first, x: rect.x, y: rect.endY - 1, width: rect.width)
    }
  }

  /// What each cell stands for; nil without a copy to vary.
  var scale: MapScale? {
    tried.map { world, attempt in
      MapScale(
        world, attempt, width: area.width, height: area.height,
        chosen: context.model.memory.scale)
    }
  }

  /// The copy the map varies, and the world it is made on.
  private var tried: (World, CopyAttempt)? {
    guard let request = context.subject.request, let before = context.subject.before,
      let attempt = try? before.attempt(request)
    else { return nil }
    return (before, attempt)
  }

  /// Where the cells stand: right of the lengths, above the names.
  private var area: Rect {
    let rect = context.rect
    return Rect(
      x: rect.x + 7, y: rect.y + 1, width: max(1, rect.width - 8), height: max(1, rect.height - 4))
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

  private func cursor(_ scale: MapScale, _ attempt: CopyAttempt, _ area: Rect, _ grid: inout Grid) {
    guard let column = scale.column(of: attempt.kernel) else { return }
    let (row, isBeyond) = scale.row(of: attempt.length)
    let (x, y) = (area.x + column, area.y + row)
    // Where denied cells are reversed only a cell that is not stands out among them.
    let isAmongDenied = [(1, 0), (-1, 0), (0, 1), (0, -1)].contains {
      grid[x + $0.0, y + $0.1].role == .denied
    }
    grid.put(
      isBeyond ? "▲" : "⊕", x: x, y: y, role: isAmongDenied ? .accent : .cursor, attributes: .bold)
    guard isBeyond else { return }
    let words = " \(ValueWords.quantity(attempt.length)) "
    let fits = column + 1 + words.count <= area.width
    grid.put(
      words, x: area.x + (fits ? column + 1 : max(0, column - words.count)), y: area.y + row,
      role: .cursor, attributes: .bold)
  }

  /// The signs in sight, told what they mean.
  private func legend(_ shown: Set<MapJudge.Sign>, isBeyond: Bool, y: Int, _ grid: inout Grid) {
    let rect = context.rect
    var parts: [[Span]] = []
    func add(_ sign: MapJudge.Sign, _ words: String) {
      guard shown.contains(sign) else { return }
      let cell = sign.cell
      parts.append([
        Span(String(cell.scalar), cell.role, cell.attributes), Span(" \(words)", cell.role),
      ])
    }
    if let other = context.model.memory.comparedEra {
      let era = context.subject.world.era.id
      add(.onlyFirst, "only \(era) allows")
      add(.onlySecond, "only \(other.id) allows")
      if parts.isEmpty { parts.append([Span("\(other.id) agrees", .text)]) }
    }
    add(.allowed, "allowed")
    add(.leaky, context.painter.word(.leaky))
    add(.denied, "denied")
    parts.append([
      Span(isBeyond ? "▲" : "⊕", .cursor, .bold),
      Span(isBeyond ? " this copy, longer" : " this copy", .text),
    ])
    grid.put(
      Fitting.line(parts, width: rect.width - 2), x: rect.x + 1, y: y, width: rect.width)
  }
}

/// The verdict of one cell of the map.
struct MapJudge {
  /// What a cell says. A copy of the map looks like it does on the bytes.
  enum Sign: Hashable {
    case allowed, leaky, denied, onlyFirst, onlySecond

    var cell: Cell {
      switch self {
      case .allowed: Cell(Painter.glyph(.allowed), role: Painter.role(.allowed))
      case .leaky: Cell(Painter.glyph(.leaky), role: Painter.role(.leaky))
      case .denied: Cell(Painter.glyph(.denied), role: Painter.role(.denied))
      case .onlyFirst: Cell("a", role: .warning, attributes: .bold)
      case .onlySecond: Cell("b", role: .accent, attributes: .bold)
      }
    }
  }

  private let world: World
  private let attempt: CopyAttempt
  private let era: Era
  private let compared: Era?

  init(_ context: PaneContext, _ world: World, _ attempt: CopyAttempt) {
    self.world = world
    self.attempt = attempt
    era = context.subject.world.era
    compared = context.model.memory.comparedEra
  }

  func sign(start: Address, length: UInt64) -> Sign {
    var tried = attempt
    tried.kernel = start
    tried.length = length
    let outcome = world.kernel.judge(tried, under: era, recording: false)
    if let compared {
      let second = world.kernel.judge(tried, under: compared, recording: false)
      if (outcome.verdict == .allow) != (second.verdict == .allow) {
        return outcome.verdict == .allow ? .onlyFirst : .onlySecond
      }
    }
    guard outcome.verdict == .allow else { return .denied }
    return world.kernel.leaks(outcome).isEmpty ? .allowed : .leaky
  }
}
