import CNcurses
import Grid
import Theme

/// Makes the bytes that change what a terminal shows.
///
/// Curses would send both colours whenever one changes, and no colour its description lacks; sending only
/// what differs halves the bytes and gives direct colour wherever the terminal has it.
struct TerminalEncoder {
  private let depth: ColourDepth
  private let features: Features
  private var motion: Motion { features.motion }
  /// What each look is drawn with, by its number.
  private var renditions: [Rendition] = []
  /// Whether a blank of the look, by its number, is as empty as one of plain text.
  private var isBare: [Bool] = []
  /// Whether a blank of the role cannot be told from the background.
  private var vanishes: [Bool] = []
  /// The number of the look that the terminal is set to, -1 for what a reset leaves.
  private var look = -1
  /// Sequences from look to look, made once.
  private var sequences: [Int: [UInt8]] = [:]
  private var position: Position?
  private var bytes: [UInt8] = []

  init(theme: Theme, depth: ColourDepth, features: Features = Features()) {
    self.depth = depth
    self.features = features
    use(theme)
  }

  /// Takes the roles' looks from a theme.
  mutating func use(_ theme: Theme) {
    let shown = depth == .none ? Theme.monochrome : theme
    renditions = Role.allCases.flatMap { role in
      let own = features.hasAttributes ? Rendition(shown.style(for: role), depth: depth) : .plain
      return (0..<Self.attributeSets).map { number in
        let attributes = Attributes(rawValue: number)
        return attributes.isEmpty || !features.hasAttributes ? own : own.adding(attributes)
      }
    }
    isBare = renditions.map { $0.blankEquals(paper) }
    vanishes = Role.allCases.map { isBare[Self.look($0, [])] }
    sequences = [:]
    look = -1
  }

  /// The grid with every cell that looks like the background made plain, so that it is not sent.
  func simplified(_ grid: Grid) -> Grid { grid.blanked(vanishes) }

  /// Bytes that clear the screen to the theme's background.
  mutating func clear(height: Int, width: Int) -> [UInt8] {
    bytes = Array("\u{1B}[m".utf8)
    look = -1
    position = nil
    set(.blank)
    bytes += Rescue.capability("clear")
    if !features.erasesInColour, paper.background != Rendition.plain.background {
      for y in 0..<height {
        jump(to: Position(x: 0, y: y))
        bytes += [UInt8](repeating: 0x20, count: width)
      }
    }
    position = nil
    return bytes
  }

  /// Bytes that make the changes, and put the text cursor where it belongs.
  ///
  /// Changes go out row by row or look by look, whichever takes fewer bytes.
  mutating func paint(_ diff: Diff, width: Int, height: Int, cursor: Position?) -> [UInt8] {
    let runs = diff.runs.filter { $0.y < height && $0.x < width }
      .map { Piece(run: $0, range: $0.cells.indices) }
    var other = self
    paint(runs, width: width)
    let pieces = runs.flatMap { whole in
      whole.run.pieces.map { Piece(run: whole.run, range: $0) }
    }
    if pieces.count > 2 {
      other.sequences = sequences
      other.paint(other.byLook(pieces), width: width)
      sequences = other.sequences
      if other.bytes.count < bytes.count { self = other }
    }
    if let cursor {
      move(
        to: Position(x: min(max(cursor.x, 0), width - 1), y: min(max(cursor.y, 0), height - 1)))
    }
    return bytes
  }

  /// A part of a run.
  private struct Piece {
    let run: Diff.Run
    let range: Range<Int>

    var look: Int { run.cells[range].first.map(TerminalEncoder.look) ?? 0 }
  }

  /// Runs of one look after the other: the present look's first, then always the one that takes the
  /// shortest sequence.
  private mutating func byLook(_ pieces: [Piece]) -> [Piece] {
    var groups: [(look: Int, pieces: [Piece])] = []
    for piece in pieces {
      let look = piece.look
      if let known = groups.firstIndex(where: { $0.look == look }) {
        groups[known].pieces.append(piece)
      } else {
        groups.append((look, [piece]))
      }
    }
    var sorted: [Piece] = []
    var from = look
    while !groups.isEmpty {
      var best = (cost: Int.max, look: 0, index: 0)
      for (index, group) in groups.enumerated() {
        let cost = sequence(to: group.look, from: from).count
        if (cost, group.look) < (best.cost, best.look) { best = (cost, group.look, index) }
      }
      sorted += groups.remove(at: best.index).pieces
      from = best.look
    }
    return sorted
  }

  private mutating func paint(_ pieces: [Piece], width: Int) {
    bytes = []
    for piece in pieces { paint(piece, width: width) }
  }

  private mutating func paint(_ piece: Piece, width: Int) {
    let (cells, run) = (piece.run.cells, piece.run)
    let end = min(piece.range.upperBound, width - run.x)
    var index = piece.range.lowerBound
    while index < end {
      let cell = cells[index]
      let place = Position(x: run.x + index, y: run.y)
      let same = Self.repetitions(of: cell, in: cells, from: index, to: end)
      if cell == .blank {
        blank(same, at: place, isLast: index + same == end, width: width)
        index += same
      } else if cell.isContinuation {
        index += 1
      } else {
        move(to: place)
        set(cell)
        index += put(cell, times: same, at: place, width: width)
      }
    }
  }

  /// Equal signs in a row from which on it is shorter to ask for them than to send them.
  private static let repetitionCost = 6

  /// How many cells in a row are like the first.
  private static func repetitions(
    of cell: Cell, in cells: [Cell], from start: Int, to end: Int
  ) -> Int {
    var index = start + 1
    while index < end, cells[index] == cell { index += 1 }
    return index - start
  }

  /// Writes a cell that stands several times in a row, or the first of them.
  /// - Returns: how many of the row's cells have been written.
  private mutating func put(_ cell: Cell, times: Int, at place: Position, width: Int) -> Int {
    guard cell.scalar.isASCII, !cell.hasMarks else {
      putWide(cell, at: place, width: width)
      return cell.isWide ? 2 : 1
    }
    bytes.append(UInt8(truncatingIfNeeded: cell.scalar.value))
    // At the right edge terminals differ in what they repeat.
    guard features.repeats, times > Self.repetitionCost, place.x + times < width else {
      advance(to: place.x + 1, y: place.y, width: width)
      return 1
    }
    CSI.add(times - 1, "b", to: &bytes)
    advance(to: place.x + times, y: place.y, width: width)
    return times
  }

  /// Writes a cell that is more than one byte.
  private mutating func putWide(_ cell: Cell, at place: Position, width: Int) {
    let columns = cell.isWide ? 2 : 1
    defer { advance(to: place.x + columns, y: place.y, width: width) }
    guard place.x + columns <= width, cn_width(cell.scalar.value) == Int32(columns) else {
      // The C library's table disagrees, and perhaps the terminal's: show one sign a column.
      bytes += [UInt8](repeating: 0x3F, count: min(columns, width - place.x))
      return
    }
    if let encoded = UTF8.encode(cell.scalar) { bytes.append(contentsOf: encoded) }
    for mark in cell.marks {
      if let encoded = UTF8.encode(mark) { bytes.append(contentsOf: encoded) }
    }
    if columns == 2 || cell.hasMarks, place.x + columns < width {
      jump(to: Position(x: place.x + columns, y: place.y))
    }
  }

  /// Past the last column terminals differ; the next move is an absolute one.
  private mutating func advance(to x: Int, y: Int, width: Int) {
    position = x < width ? Position(x: x, y: y) : nil
  }

  /// Blank cells: erased when that is shorter, which leaves the cursor before them.
  private mutating func blank(_ count: Int, at place: Position, isLast: Bool, width: Int) {
    move(to: place)
    if look < 0 ? !Rendition.plain.blankEquals(paper) : !isBare[look] { set(.blank) }
    let canErase = features.erasesInColour || paper.background == Rendition.plain.background
    let erasing =
      CSI.length(count) + (isLast ? 0 : motion.length(from: place.x, to: place.x + count))
    if place.x + count == width, count > 3, canErase {
      bytes += [0x1B, 0x5B, 0x4B]
    } else if features.erasesCells, canErase, erasing < count {
      CSI.add(count, "X", to: &bytes)
    } else {
      bytes.append(contentsOf: repeatElement(0x20, count: count))
      advance(to: place.x + count, y: place.y, width: width)
    }
  }

  private mutating func move(to wanted: Position) {
    guard wanted != position else { return }
    if motion.movesAnywhere {
      motion.add(from: position, to: wanted, to: &bytes)
    } else {
      jump(to: wanted)
    }
    position = wanted
  }

  /// Moves the cursor wherever it was.
  private mutating func jump(to wanted: Position) {
    if motion.movesAnywhere {
      CSI.addMove(to: wanted, to: &bytes)
    } else {
      bytes += Rescue.capability("cup", line: wanted.y, column: wanted.x)
    }
  }

  /// Sets the terminal to the look of a cell.
  private mutating func set(_ cell: Cell) {
    let wanted = Self.look(cell)
    guard wanted != look else { return }
    bytes += sequence(to: wanted, from: look)
    look = wanted
  }

  private mutating func sequence(to wanted: Int, from old: Int) -> [UInt8] {
    let key = (old + 1) << 16 | wanted
    if let known = sequences[key] { return known }
    let present = old < 0 ? .plain : renditions[old]
    let made = renditions[wanted].sequence(after: present, canSwitchOff: depth != .none)
    sequences[key] = Array(made.utf8)
    return Array(made.utf8)
  }

  /// What plain text is drawn with.
  private var paper: Rendition { renditions[Self.look(.text, [])] }

  /// Sets of attributes a cell may have, each a number.
  private static let attributeSets: UInt8 = 8

  /// A number for a role and attributes.
  private static func look(_ role: Role, _ attributes: Attributes) -> Int {
    Int(role.rawValue) * Int(attributeSets) + Int(attributes.rawValue % attributeSets)
  }

  private static func look(_ cell: Cell) -> Int { look(cell.role, cell.attributes) }
}
