public import Grid
import Text

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

    /// The words of the run: parts that two blanks or more lie between, without blanks around them. The whole
    /// run where its blanks are seen.
    var words: [Run] {
      guard style.attributes.isDisjoint(with: .underline) else { return [self] }
      var found: [Run] = []
      var column = x
      var (start, end) = (x, x)
      var (word, blanks) = (String.UnicodeScalarView(), 0)
      for (scalar, columns) in ShownText(text).lazy.map({ ($0.scalar, $0.columns) }) {
        defer { column += columns }
        guard scalar != " " else {
          blanks += 1
          continue
        }
        if blanks > 1, !word.isEmpty {
          found.append(Run(x: start, columns: end - start, text: String(word), style: style))
          word = String.UnicodeScalarView()
        }
        if word.isEmpty { start = column } else if blanks == 1 { word.append(" ") }
        word.append(scalar)
        blanks = 0
        end = column + columns
      }
      if !word.isEmpty {
        found.append(Run(x: start, columns: end - start, text: String(word), style: style))
      }
      return found
    }
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
        cell.scalar == " " && !cell.hasMarks
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
      text.append(contentsOf: cell.marks)
    }
    if let style {
      result.append(
        Run(x: start, columns: grid.width - start, text: String(text), style: style))
    }
    return result
  }
}
