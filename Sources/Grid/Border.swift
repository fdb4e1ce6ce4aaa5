/// The arms of a box-drawing glyph, so that lines which meet join.
struct Arms: OptionSet {
  let rawValue: UInt8
  static let up = Arms(rawValue: 1)
  static let down = Arms(rawValue: 2)
  static let left = Arms(rawValue: 4)
  static let right = Arms(rawValue: 8)

  /// Glyphs by raw value; 0 has none.
  private static let glyphs: [Unicode.Scalar] = [
    " ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼",
  ]

  var glyph: Unicode.Scalar { Arms.glyphs[Int(rawValue & 15)] }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Raw values by the glyph's place in its block, 0 where it is no such line.
  private static let byGlyph: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 0x80)
    for (index, glyph) in glyphs.enumerated().dropFirst() {
      table[Int(glyph.value - 0x2500)] = UInt8(index)
    }
    return table
  }()

  init?(glyph code: UInt32) {
    guard code >= 0x2500, code < 0x2580 else { return nil }
    let arms = Arms.byGlyph[Int(code - 0x2500)]
    guard arms != 0 else { return nil }
    self.init(rawValue: arms)
  }
}

extension Grid {
  /// A horizontal line; where it meets other box lines they join (`├`, `┬`, `┼`).
  public mutating func hline(x: Int, y: Int, width: Int, role: Role = .border) {
    let line = Rect(x: x, y: y, width: width, height: 1)
    let area = line.intersection(clip)
    guard !area.isEmpty else { return }
    for column in area.x..<area.endX {
      var arms: Arms = []
      if column > line.x || line.width == 1 { arms.insert(.left) }
      if column < line.endX - 1 || line.width == 1 { arms.insert(.right) }
      join(arms, alone: [.left, .right], x: column, y: y, role: role)
    }
  }

  /// A vertical line; where it meets other box lines they join.
  public mutating func vline(x: Int, y: Int, height: Int, role: Role = .border) {
    let line = Rect(x: x, y: y, width: 1, height: height)
    let area = line.intersection(clip)
    guard !area.isEmpty else { return }
    for row in area.y..<area.endY {
      var arms: Arms = []
      if row > line.y || line.height == 1 { arms.insert(.up) }
      if row < line.endY - 1 || line.height == 1 { arms.insert(.down) }
      join(arms, alone: [.up, .down], x: x, y: row, role: role)
    }
  }

  /// A box along the edges of `rect`, with a title in its upper border.
  ///
  /// Boxes whose edges overlap join: give neighbours rectangles that share a row or column. A box narrower
  /// or lower than two cells becomes a line.
  /// - Parameters:
  ///   - rect: the edges' cells.
  ///   - role: what the lines are drawn as.
  ///   - title: written after the upper left corner with a space on either side.
  ///   - end: written before the upper right corner, if there is room after the title.
  ///   - footer: written in the lower border, after its left corner.
  public mutating func box(
    _ rect: Rect, role: Role = .border, title: [Span] = [], end: [Span] = [],
    footer: [Span] = []
  ) {
    guard !rect.isEmpty else { return }
    if rect.height < 2 {
      hline(x: rect.x, y: rect.y, width: rect.width, role: role)
    } else if rect.width < 2 {
      vline(x: rect.x, y: rect.y, height: rect.height, role: role)
    } else {
      edges(rect, role: role)
    }
    let room = rect.width - 2
    let used = caption(title, x: rect.x + 1, y: rect.y, room: room)
    let needed = end.reduce(2) { $0 + $1.columns }
    if !end.isEmpty, needed + used <= room {
      caption(end, x: rect.endX - 1 - needed, y: rect.y, room: needed)
    }
    if rect.height > 1 { caption(footer, x: rect.x + 1, y: rect.endY - 1, room: room) }
  }

  private mutating func edges(_ rect: Rect, role: Role) {
    let right = rect.endX - 1
    let bottom = rect.endY - 1
    join([.right, .down], x: rect.x, y: rect.y, role: role)
    join([.left, .down], x: right, y: rect.y, role: role)
    join([.right, .up], x: rect.x, y: bottom, role: role)
    join([.left, .up], x: right, y: bottom, role: role)
    for x in Grid.overlap(rect.x + 1, right, clip.x, clip.endX) {
      join([.left, .right], x: x, y: rect.y, role: role)
      join([.left, .right], x: x, y: bottom, role: role)
    }
    for y in Grid.overlap(rect.y + 1, bottom, clip.y, clip.endY) {
      join([.up, .down], x: rect.x, y: y, role: role)
      join([.up, .down], x: right, y: y, role: role)
    }
  }

  private static func overlap(_ start: Int, _ end: Int, _ from: Int, _ to: Int) -> Range<Int> {
    let first = max(start, from)
    return first..<max(min(end, to), first)
  }

  @discardableResult
  private mutating func caption(_ spans: [Span], x: Int, y: Int, room: Int) -> Int {
    guard !spans.isEmpty, room > 2 else { return 0 }
    put(" ", x: x, y: y)
    let used = put(spans, x: x + 1, y: y, width: room - 2)
    put(" ", x: x + 1 + used, y: y)
    return used + 2
  }

  /// Draws box arms over whatever box arms are there; an end that meets nothing is drawn `alone`.
  private mutating func join(
    _ arms: Arms, alone: Arms? = nil, x: Int, y: Int, role: Role
  ) {
    guard clip.contains(x: x, y: y) else { return }
    let index = y * width + x
    let shown = Arms(glyph: cells[index].code).map { $0.union(arms) } ?? alone ?? arms
    storeNarrow(
      Cell(code: shown.glyph.value, markCode: 0, role: role, attributes: []), at: index)
  }
}
