import CNcurses
import Grid

/// Writes the rows of a grid into a curses window.
struct Painter {
  var colours: Colours
  private var row: [cchar_t] = []

  init(colours: Colours) { self.colours = colours }

  /// Puts row `y` of `grid` into `window`; curses finds out what of it has to be sent.
  mutating func put(row y: Int, of grid: Grid, into window: UnsafeMutablePointer<WINDOW>?) {
    row.removeAll(keepingCapacity: true)
    var last: Colours.Ink?
    for cell in grid.row(y) where !cell.isContinuation {
      let ink = ink(of: cell, after: last)
      last = ink
      append(cell, ink)
    }
    mvwadd_wchnstr(window, Int32(y), 0, row, Int32(row.count))
  }

  /// The ink of a cell. The colour of nothing cannot be seen, so a blank keeps the ink before it where the
  /// background is the same, which saves the terminal a change of colours.
  private func ink(of cell: Cell, after last: Colours.Ink?) -> Colours.Ink {
    let own = colours[cell]
    guard cell.scalar == " ", let last, last.background == own.background,
      (own.attributes | last.attributes) & (cn_reverse() | cn_underline()) == 0
    else { return own }
    return last
  }

  private mutating func append(_ cell: Cell, _ ink: Colours.Ink) {
    var made = cchar_t()
    let columns: Int32 = cell.isWide ? 2 : 1
    let scalar = cell.scalar.value
    if scalar < 0x80 || cn_width(scalar) == columns {
      cn_set_cell(&made, scalar, cell.mark?.value ?? 0, ink.attributes, ink.pair)
      row.append(made)
      return
    }
    // The C library's table disagrees, so the columns would shift: show one sign a column.
    cn_set_cell(&made, 0x3F, 0, ink.attributes, ink.pair)
    for _ in 0..<columns { row.append(made) }
  }
}
