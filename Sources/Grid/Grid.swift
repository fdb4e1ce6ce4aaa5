import Text

/// A rectangle of cells to draw on.
///
/// Every operation is total: what lies outside the clip is not drawn, whatever the coordinates, and no
/// string can store a control character. A wide scalar is always stored with its continuation; drawing over
/// one half blanks the other.
public struct Grid: Hashable, Sendable {
  /// Columns and rows.
  public let width, height: Int
  /// The cells that may be drawn on; see ``clipped(to:_:)``.
  public private(set) var clip: Rect
  private(set) var cells: [Cell]

  /// The greatest width and the greatest height.
  public static let limit = 2048

  /// A blank grid; sizes are kept within 0…``limit``.
  public init(width: Int, height: Int) {
    self.width = min(max(width, 0), Grid.limit)
    self.height = min(max(height, 0), Grid.limit)
    clip = Rect(x: 0, y: 0, width: self.width, height: self.height)
    cells = Array(repeating: .blank, count: self.width * self.height)
  }

  /// The whole grid as a rectangle.
  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// The cell at column `x` of row `y`: blank outside, and setting outside the clip does nothing.
  public subscript(x: Int, y: Int) -> Cell {
    get { bounds.contains(x: x, y: y) ? cells[y * width + x] : .blank }
    set { store(newValue, x: x, y: y) }
  }

  /// The cells of row `y` from left to right, empty outside.
  public func row(_ y: Int) -> ArraySlice<Cell> {
    guard y >= 0, y < height else { return [] }
    return cells[y * width..<(y + 1) * width]
  }

  /// Draws with everything outside `rect` (and outside the present clip) protected.
  public mutating func clipped<Result, Failure>(
    to rect: Rect, _ draw: (inout Grid) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = clip
    clip = clip.intersection(rect)
    defer { clip = before }
    return try draw(&self)
  }

  /// Puts one cell, and the continuation of a wide one; a wide cell that does not fit becomes a space.
  mutating func store(_ cell: Cell, x: Int, y: Int) {
    guard clip.contains(x: x, y: y) else { return }
    let index = y * width + x
    guard cell.isWide else {
      release(index)
      cells[index] = cell.isContinuation ? cell.showing(" ") : cell
      return
    }
    guard clip.contains(x: x + 1, y: y) else {
      release(index)
      cells[index] = cell.showing(" ")
      return
    }
    release(index)
    release(index + 1)
    cells[index] = cell
    cells[index + 1] = .continuation(of: cell)
  }

  /// Puts printable ASCII in one dress, a byte a column, at a place inside the clip.
  mutating func storePlain(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, x: Int, y: Int, dress: Dress
  ) {
    guard !bytes.isEmpty else { return }
    let start = y * width + x
    release(start)
    release(start + bytes.count - 1)
    cells.withUnsafeMutableBufferPointer { cells in
      for (index, byte) in zip(start..<start + bytes.count, bytes) {
        cells[index] = Cell(
          code: UInt32(byte), role: dress.role, attributes: dress.attributes)
      }
    }
  }

  /// Puts a cell of one column at index `index` of ``cells``.
  mutating func storeNarrow(_ cell: Cell, at index: Int) {
    release(index)
    cells[index] = cell
  }

  /// Blanks the other half of the wide scalar that cell `index` belongs to, if any.
  private mutating func release(_ index: Int) {
    if cells[index].isContinuation {
      cells[index - 1] = cells[index - 1].showing(" ")
    } else if cells[index].isWide {
      cells[index + 1] = cells[index + 1].showing(" ")
    }
  }

  /// Puts a combining mark on the cell at (`x`, `y`), unless it has as many as a cell can have.
  mutating func addMark(_ scalar: Unicode.Scalar, x: Int, y: Int) {
    guard clip.contains(x: x, y: y), let mark = CombiningMark(scalar) else { return }
    var index = y * width + x
    if cells[index].isContinuation { index -= 1 }
    cells[index] = cells[index].adding(mark)
  }

  /// Gives the cells of `rect` another role and adds attributes, keeping what they show.
  public mutating func paint(_ rect: Rect, role: Role? = nil, adding attributes: Attributes = []) {
    let area = rect.intersection(clip)
    guard !area.isEmpty else { return }
    for y in area.y..<area.endY {
      for index in y * width + area.x..<y * width + area.endX {
        if let role { cells[index].role = role }
        cells[index].attributes.formUnion(attributes)
      }
    }
  }

  /// Copies `source` with its upper left corner at (`x`, `y`); wide scalars cut by an edge become spaces.
  public mutating func draw(_ source: Grid, x: Int, y: Int) {
    let area = Rect(x: x, y: y, width: source.width, height: source.height).intersection(clip)
    guard !area.isEmpty else { return }
    for row in area.y..<area.endY {
      for column in area.x..<area.endX {
        let cell = source.cells[(row - y) * source.width + column - x]
        if cell.isContinuation && column > area.x { continue }
        store(cell, x: column, y: row)
      }
    }
  }

  /// The rows as text, blanks at their ends left out, each followed by a newline.
  public var text: String {
    var result = ""
    for y in 0..<height {
      var line = String.UnicodeScalarView()
      var end = line.endIndex
      for cell in row(y) where !cell.isContinuation {
        line.append(cell.scalar)
        line.append(contentsOf: cell.marks)
        if cell.code != 0x20 || cell.hasMarks { end = line.endIndex }
      }
      result.unicodeScalars.append(contentsOf: line[..<end])
      result.append("\n")
    }
    return result
  }

  /// One letter a cell for its role (``Role/letter``); plain blanks at the ends of rows are left out.
  public var roles: String {
    var result = ""
    for y in 0..<height {
      let line = row(y)
      let end = (line.lastIndex { $0 != .blank } ?? line.startIndex - 1) + 1
      for cell in line[..<end] { result.append(cell.role.letter) }
      result.append("\n")
    }
    return result
  }

  /// The grid with plain blanks for bare blanks, without line or reversed colours, of the roles for which
  /// `vanishes`, by raw value, says that they look like one.
  public func blanked(_ vanishes: [Bool]) -> Grid {
    var result = self
    let blank = Cell.blank
    result.cells.withUnsafeMutableBufferPointer { cells in
      for index in cells.indices where cells[index].code == 0x20 && cells[index] != blank {
        let cell = cells[index]
        guard !cell.hasMarks, cell.attributes.isDisjoint(with: [.reverse, .underline]),
          vanishes[Int(cell.role.rawValue)]
        else { continue }
        cells[index] = blank
      }
    }
    return result
  }

  /// Rewrites every cell on its own; continuations are passed too and must stay one column.
  func mapped(_ transform: (Cell) -> Cell) -> Grid {
    var result = self
    for index in cells.indices { result.cells[index] = transform(cells[index]) }
    return result
  }

  /// Replaces `count` cells from (`x`, `y`), which a ``Diff`` took from a grid of the same size.
  mutating func overwrite(x: Int, y: Int, with run: [Cell]) {
    guard y >= 0, y < height, x >= 0, x <= width, run.count <= width - x else { return }
    let start = y * width + x
    cells.replaceSubrange(start..<start + run.count, with: run)
  }
}
