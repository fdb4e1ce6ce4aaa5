/// A column and a row.
public struct Position: Hashable, Sendable {
  /// The column, from 0 at the left, and the row, from 0 at the top.
  public var x, y: Int
  /// A column and a row.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

/// All that a screen shows at one time.
public struct Frame: Hashable, Sendable {
  /// The cells.
  public var grid: Grid
  /// Where the text cursor is; nil hides it.
  public var cursor: Position?
  /// The title of the terminal's window; nil leaves it alone.
  public var title: String?

  /// A frame.
  public init(grid: Grid, cursor: Position? = nil, title: String? = nil) {
    self.grid = grid
    self.cursor = cursor
    self.title = title
  }
}
