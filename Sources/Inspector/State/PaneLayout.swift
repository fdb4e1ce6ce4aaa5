public import Grid

/// The panes of the screen.
public enum Pane: String, Sendable, Hashable, CaseIterable {
  case memory
  case check
  case side
  case story
}

/// A pane in sight.
public struct PlacedPane: Sendable, Hashable {
  /// Which it is.
  public var pane: Pane
  /// Where it stands, its border included.
  public var rect: Rect
}

/// Where the panes are: two columns of two, the dividers movable, one pane zoomed if wanted.
public struct PaneLayout: Sendable, Hashable {
  /// The pane that keys go to.
  public var focus = Pane.memory
  /// The focused pane has the whole area.
  public var isZoomed = false
  /// Share of the left column, 0.3 to 0.8.
  public var columns = 0.58
  /// Share of the upper row in each column; nil fits the screen.
  public var leftRows: Double?
  /// Share of the upper row in the right column; nil fits the screen.
  public var rightRows: Double?
  /// The divider held by the mouse.
  var dragged: Divider?

  /// Every divider where it is at the start.
  public init() {}

  /// Screens narrower or lower than this show one pane at a time.
  public static let splitSize = (width: 64, height: 16)
  /// Below this nothing useful fits.
  public static let smallest = (width: 30, height: 8)

  /// The rectangles of the panes shown in an area; neighbours share their borders.
  public func rects(in area: Rect) -> [PlacedPane] {
    if isZoomed || area.width < Self.splitSize.width || area.height < Self.splitSize.height - 3 {
      return [PlacedPane(pane: focus, rect: area)]
    }
    let (left, right) = area.splitColumns(
      ratio: columns, minimumLeft: 34, minimumRight: 28, overlap: 1)
    let (memory, check) = left.splitRows(
      ratio: leftShare(area), minimumTop: 6, minimumBottom: 5, overlap: 1)
    let (side, story) = right.splitRows(
      ratio: rightShare(area), minimumTop: 6, minimumBottom: 6, overlap: 1)
    return [
      PlacedPane(pane: .memory, rect: memory), PlacedPane(pane: .check, rect: check),
      PlacedPane(pane: .side, rect: side), PlacedPane(pane: .story, rect: story),
    ]
  }

  /// High screens have room for a whole check.
  private func leftShare(_ area: Rect) -> Double {
    leftRows ?? (area.height < 26 ? 0.62 : area.height < 48 ? 0.6 : 0.5)
  }

  /// Low screens leave the story more room; the eras stand in two columns there.
  private func rightShare(_ area: Rect) -> Double { rightRows ?? (area.height < 26 ? 0.42 : 0.46) }

  /// Moves the dividers next to the focused pane.
  public mutating func resize(columns byColumns: Double, rows byRows: Double, in area: Rect) {
    columns = min(max(columns + byColumns, 0.3), 0.8)
    guard byRows != 0 else { return }
    switch focus {
    case .memory, .check: leftRows = min(max(leftShare(area) + byRows, 0.2), 0.85)
    case .side, .story: rightRows = min(max(rightShare(area) + byRows, 0.2), 0.85)
    }
  }

  /// A border that can be dragged.
  public enum Divider: Sendable, Hashable {
    case columns
    case leftRows
    case rightRows
  }

  /// The divider at a cell, if there is one.
  public func divider(at place: Position, in area: Rect) -> Divider? {
    let shown = rects(in: area)
    guard shown.count == 4, area.contains(x: place.x, y: place.y) else { return nil }
    if place.x == shown[2].rect.x { return .columns }
    let isLeft = place.x < shown[2].rect.x
    let lower = isLeft ? shown[1].rect : shown[3].rect
    return place.y == lower.y ? (isLeft ? .leftRows : .rightRows) : nil
  }

  /// Moves a divider to a cell.
  public mutating func drag(_ divider: Divider, to place: Position, in area: Rect) {
    let across = Double(place.x - area.x + 1) / Double(max(1, area.width))
    let down = Double(place.y - area.y + 1) / Double(max(1, area.height))
    switch divider {
    case .columns: columns = min(max(across, 0.3), 0.8)
    case .leftRows: leftRows = min(max(down, 0.2), 0.85)
    case .rightRows: rightRows = min(max(down, 0.2), 0.85)
    }
  }

  /// The dividers' places as a line of text, to be kept between runs.
  public var saved: String {
    "\(columns) \(leftRows.map(String.init(describing:)) ?? "-") "
      + "\(rightRows.map(String.init(describing:)) ?? "-")\n"
  }

  /// Takes the dividers' places from such a line; anything else is ignored.
  public mutating func restore(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 3, let share = Double(words[0]), (0.3...0.8).contains(share) else {
      return
    }
    let rows = words[1...].map { Double($0) }
    guard
      zip(words[1...], rows).allSatisfy({ word, value in
        word == "-" || value.map((0.2...0.85).contains) == true
      })
    else { return }
    (columns, leftRows, rightRows) = (share, rows[0], rows[1])
  }

  /// The next pane in reading order.
  public mutating func cycle(by step: Int) {
    let all = Pane.allCases
    let index = all.firstIndex(of: focus) ?? 0
    focus = all[((index + step) % all.count + all.count) % all.count]
  }
}
