/// How many rows inside its border a pane has something to put in.
struct PaneNeed: Equatable {
  /// With fewer it tells less than has to be told.
  var least: Int
  /// What it is to be read by is in sight.
  var well: Int
  /// More stay empty.
  var most: Int

  /// A pane that has nothing to say: its title is enough.
  static let nothing = PaneNeed(least: 0, well: 0, most: 0)

  /// Rows of text that are all wanted in sight; some of them can be scrolled to.
  static func rows(_ count: Int, least: Int = 4) -> PaneNeed {
    PaneNeed(least: min(least, count), well: count, most: count)
  }
}

extension PaneNeed {
  /// Where the border between two panes that stand one above the other goes: to where content is, as
  /// little away from where it stands as has to be.
  ///
  /// - Parameters:
  ///   - height: rows of both with all borders.
  ///   - cut: rows of the upper pane, its borders included, where nothing speaks against it; the lower one
  ///     shares the last.
  ///   - upper: what the upper pane has to say.
  ///   - lower: what the lower one has.
  static func cut(_ height: Int, from cut: Int, upper: PaneNeed, lower: PaneNeed) -> Int {
    guard height >= 5 else { return cut }
    if lower == .nothing { return height - 1 }
    var cut = cut
    for level in [\PaneNeed.well, \PaneNeed.least, \PaneNeed.most] {
      let lacks = (
        upper: upper[keyPath: level] - (cut - 2),
        lower: lower[keyPath: level] - (height - cut - 1)
      )
      if lacks.upper > 0, lacks.lower < 0 { cut += min(lacks.upper, -lacks.lower) }
      if lacks.lower > 0, lacks.upper < 0 { cut -= min(lacks.lower, -lacks.upper) }
    }
    return min(max(cut, 3), height - 1)
  }
}
