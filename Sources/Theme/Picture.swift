public import Grid

/// Pictures of a grid for files and pipes.
public struct Picture: Sendable {
  /// What is drawn.
  public let grid: Grid
  /// What the roles look like.
  public let theme: Theme

  /// A picture of `grid` in the colours of `theme`.
  public init(_ grid: Grid, theme: Theme) {
    self.grid = grid
    self.theme = theme
  }

  /// The rows as plain text, one a line.
  public var text: String { grid.text }

  /// Cells of one row that look alike.
  struct Run {
    let x: Int
    let columns: Int
    let text: String
    let style: Style
  }

  /// The runs of row `y`. Where nothing is drawn and no attribute shows, a blank belongs to any run with its
  /// background.
  func runs(row y: Int) -> [Run] {
    var result: [Run] = []
    var text = String.UnicodeScalarView()
    var start = 0
    var style: Style?
    for (x, cell) in grid.row(y).enumerated() {
      let own = theme.style(for: cell)
      let isPlain =
        cell.scalar == " " && cell.mark == nil
        && own.attributes.isDisjoint(with: [.reverse, .underline])
      let fits =
        own == style
        || isPlain && own.background == style?.background
          && style?.attributes.isDisjoint(with: [.reverse, .underline]) == true
      if let present = style, !fits {
        result.append(Run(x: start, columns: x - start, text: String(text), style: present))
        text = String.UnicodeScalarView()
        start = x
        style = own
      }
      if style == nil { style = own }
      guard !cell.isContinuation else { continue }
      text.append(cell.scalar)
      if let mark = cell.mark { text.append(mark) }
    }
    if let style {
      result.append(
        Run(x: start, columns: grid.width - start, text: String(text), style: style))
    }
    return result
  }
}
