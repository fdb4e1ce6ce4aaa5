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

/// A border between two panes that stand one above the other, moved to where content is.
struct ContentSplit {
  /// Rows of both with all borders.
  let height: Int
  /// Rows of the upper one, its borders included; the lower one shares the last.
  private(set) var cut: Int

  /// The border moves as little as it has to from where it stands.
  ///
  /// - Parameters:
  ///   - height: rows of both with all borders.
  ///   - cut: rows of the upper pane where nothing speaks against it.
  ///   - upper: what the upper pane has to say.
  ///   - lower: what the lower one has.
  init(height: Int, cut: Int, upper: PaneNeed, lower: PaneNeed) {
    (self.height, self.cut) = (height, cut)
    guard height >= 5 else { return }
    if lower == .nothing {
      self.cut = height - 1
      return
    }
    for level in [\PaneNeed.well, \PaneNeed.least, \PaneNeed.most] {
      let lacks = (
        upper: upper[keyPath: level] - (self.cut - 2),
        lower: lower[keyPath: level] - (height - self.cut - 1)
      )
      if lacks.upper > 0, lacks.lower < 0 { self.cut += min(lacks.upper, -lacks.lower) }
      if lacks.lower > 0, lacks.upper < 0 { self.cut -= min(lacks.lower, -lacks.upper) }
    }
    self.cut = min(max(self.cut, 3), height - 1)
  }
}
