/// What changed from one grid to another of the same size: runs of cells, row by row.
public struct Diff: Hashable, Sendable {
  /// Consecutive cells of one row.
  public struct Run: Hashable, Sendable {
    /// Where the run starts.
    public let x, y: Int
    /// What the cells are now; never starts or ends inside a wide scalar.
    public let cells: [Cell]

    /// The parts of the run by index of its cells, cut where their dress changes; blanks stay with what they
    /// follow.
    public var pieces: [Range<Int>] {
      var found: [Range<Int>] = []
      var start = 0
      for index in cells.indices.dropFirst() {
        let (cell, before) = (cells[index], cells[start])
        let isSame = cell.role == before.role && cell.attributes == before.attributes
        guard !isSame, cell != .blank, !cell.isContinuation else { continue }
        found.append(start..<index)
        start = index
      }
      found.append(start..<cells.count)
      return found
    }
  }

  /// The runs, from the top left to the bottom right.
  public let runs: [Run]

  /// Moving the cursor within a row costs about this many bytes on a terminal (`CSI 12 C`), so gaps that
  /// are cheaper to write again are written again.
  static let moveCost = 5

  /// The changes that make `old` into `new`. When the sizes differ every row of `new` is a run.
  public init(from old: Grid, to new: Grid) {
    var found: [Run] = []
    let isWhole = old.width != new.width || old.height != new.height
    let changed = isWhole ? Array(0..<new.height) : Diff.changedRows(from: old, to: new)
    for y in changed where new.width > 0 {
      if isWhole {
        found.append(Run(x: 0, y: y, cells: Array(new.row(y))))
      } else {
        Diff.append(y: y, before: Array(old.row(y)), after: Array(new.row(y)), to: &found)
      }
    }
    runs = found
  }

  /// Whether nothing changed.
  public var isEmpty: Bool { runs.isEmpty }

  /// Rows of grids of one size that differ.
  private static func changedRows(from old: Grid, to new: Grid) -> [Int] {
    let width = new.width
    return old.cells.withUnsafeBufferPointer { before in
      new.cells.withUnsafeBufferPointer { after in
        (0..<new.height).filter { y in
          (y * width..<(y + 1) * width).contains { before[$0] != after[$0] }
        }
      }
    }
  }

  private static func append(y: Int, before: [Cell], after: [Cell], to runs: inout [Run]) {
    var x = 0
    while x < after.count {
      guard before[x] != after[x] else {
        x += 1
        continue
      }
      var start = x
      while start > 0, after[start].isContinuation { start -= 1 }
      var end = x + 1
      var cost = 0
      var probe = end
      while probe < after.count, cost < moveCost {
        if before[probe] != after[probe] || after[probe].isContinuation {
          end = probe + 1
          cost = 0
        } else {
          cost += bytes(of: after[probe], after: after[probe - 1])
        }
        probe += 1
      }
      runs.append(Run(x: start, y: y, cells: Array(after[start..<end])))
      x = end
    }
  }

  /// About what writing a cell again costs: its UTF-8 bytes, and a change of colour before it.
  private static func bytes(of cell: Cell, after previous: Cell) -> Int {
    if cell.code == 0x20, !cell.hasMarks, cell.attributes.isEmpty { return 1 }
    let size = cell.code < 0x80 ? 1 : cell.code < 0x800 ? 2 : cell.code < 0x10000 ? 3 : 4
    let isPlain = cell.role == previous.role && cell.attributes == previous.attributes
    return size + (isPlain ? 0 : moveCost)
  }
}

extension Grid {
  /// Makes the changes; runs that do not fit are left out.
  public mutating func apply(_ diff: Diff) {
    for run in diff.runs { overwrite(x: run.x, y: run.y, with: run.cells) }
  }
}
