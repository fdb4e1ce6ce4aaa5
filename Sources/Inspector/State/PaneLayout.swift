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

/// How the panes are arranged.
public enum PanePreset: String, Sendable, Hashable, CaseIterable {
  /// Two columns of panes.
  case wide
  /// One pane below the other, each as wide as the screen.
  case tall
  /// The focused pane, and what the step came to in letters for the last row of a room.
  case wall
}

/// Where the panes are: in the arrangement chosen, the dividers movable, one pane zoomed if wanted.
public struct PaneLayout: Sendable, Hashable {
  /// The pane that keys go to.
  public var focus = Pane.memory
  /// The focus was put there by hand, so that the pane stays open.
  public var isChosen = false
  /// The focused pane has the whole area.
  public var isZoomed = false
  /// How the panes are arranged.
  public private(set) var preset = PanePreset.wide
  /// Share of the left column, 0.3 to 0.8.
  public var columns = Self.usualColumns
  /// Share of the upper row in each column; nil fits the screen.
  public var leftRows: Double?
  /// Share of the upper row in the right column; nil fits the screen.
  public var rightRows: Double?
  /// The dividers of the arrangements that are not on the screen.
  private var others: [PanePreset: Dividers] = [:]

  /// The dividers of one arrangement.
  private struct Dividers: Sendable, Hashable {
    var columns = PaneLayout.usualColumns
    var leftRows: Double?
    var rightRows: Double?
  }
  /// The divider held by the mouse.
  var dragged: Divider?

  /// Every divider where it is at the start.
  public init() {}

  /// The left column's share at the start.
  public static let usualColumns = 0.58
  /// Screens narrower or lower than this show one pane at a time.
  public static let splitSize = (width: 64, height: 16)
  /// Below this nothing useful fits.
  public static let smallest = (width: 30, height: 8)

  /// Whether several panes have room beside one another.
  public func isSplit(_ area: Rect) -> Bool {
    area.width >= Self.splitSize.width && area.height >= Self.splitSize.height - 3
  }

  /// The two columns, which share a border.
  ///
  /// - Parameters:
  ///   - area: where the panes stand.
  ///   - share: the left column's share where it is not the layout's own.
  public func columns(of area: Rect, share: Double? = nil) -> (left: Rect, right: Rect) {
    area.splitColumns(ratio: share ?? columns, minimumLeft: 34, minimumRight: 28, overlap: 1)
  }

  /// The upper pane's share on the left where content does not ask for another: high screens have room
  /// for a whole check.
  public func leftShare(_ area: Rect) -> Double {
    leftRows ?? (area.height < 26 ? 0.62 : area.height < 48 ? 0.6 : 0.5)
  }

  /// The same on the right: low screens leave the story more room; the eras stand in two columns there.
  public func rightShare(_ area: Rect) -> Double {
    rightRows ?? (area.height < 26 ? 0.42 : 0.46)
  }

  /// Moves the dividers next to the focused pane.
  ///
  /// - Parameters:
  ///   - byColumns: a share of the width to move the one between the columns by.
  ///   - byRows: a share of the height to move the one between two rows by.
  ///   - share: the share of the height that the upper pane has now.
  public mutating func resize(columns byColumns: Double, rows byRows: Double, from share: Double?) {
    columns = min(max(columns + byColumns, 0.3), 0.8)
    guard byRows != 0, let share else { return }
    let moved = min(max(share + byRows, 0.2), 0.85)
    switch focus {
    case .memory, .check: leftRows = moved
    case .side, .story: rightRows = moved
    }
  }

  /// A border that can be dragged.
  public enum Divider: Sendable, Hashable {
    case columns
    case leftRows
    case rightRows
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

  private var dividers: Dividers {
    get { Dividers(columns: columns, leftRows: leftRows, rightRows: rightRows) }
    set {
      (columns, leftRows, rightRows) = (newValue.columns, newValue.leftRows, newValue.rightRows)
    }
  }

  /// Takes another arrangement, with its dividers where they were.
  public mutating func use(_ preset: PanePreset) {
    guard preset != self.preset else { return }
    others[self.preset] = dividers
    dividers = others.removeValue(forKey: preset) ?? Dividers()
    self.preset = preset
  }

  /// The dividers' places of each arrangement, a line each, and the one in use first; to be kept between runs.
  public var saved: String {
    ([preset] + PanePreset.allCases.filter { $0 != preset }).compactMap { preset in
      let dividers = preset == self.preset ? dividers : others[preset]
      return dividers.map { preset.rawValue + " " + Self.line($0) + "\n" }
    }.joined()
  }

  private static func line(_ dividers: Dividers) -> String {
    "\(dividers.columns) \(dividers.leftRows.map(String.init(describing:)) ?? "-") "
      + "\(dividers.rightRows.map(String.init(describing:)) ?? "-")"
  }

  /// Takes the dividers' places from such lines; anything else is ignored. A line without a name is of the
  /// wide arrangement, as it was written before there were others.
  public mutating func restore(_ text: String) {
    var read: [(preset: PanePreset, dividers: Dividers)] = []
    for line in text.split(separator: "\n") {
      var words = line.split(whereSeparator: \.isWhitespace)
      let named = words.first.flatMap { PanePreset(rawValue: String($0)) }
      if named != nil { words.removeFirst() }
      guard let dividers = Self.dividers(words) else { return }
      read.append((named ?? .wide, dividers))
    }
    for (preset, dividers) in read.reversed() {
      use(preset)
      self.dividers = dividers
    }
  }

  private static func dividers(_ words: [Substring]) -> Dividers? {
    guard words.count == 3, let share = Double(words[0]), (0.3...0.8).contains(share) else {
      return nil
    }
    let rows = words[1...].map { Double($0) }
    let isWhole = zip(words[1...], rows).allSatisfy { word, value in
      word == "-" || value.map((0.2...0.85).contains) == true
    }
    return isWhole ? Dividers(columns: share, leftRows: rows[0], rightRows: rows[1]) : nil
  }
}
