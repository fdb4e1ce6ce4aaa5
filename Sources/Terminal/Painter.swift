import CNcurses
import Grid
import Theme

/// Makes the bytes that change what a terminal shows.
///
/// Curses would send both colours whenever one changes, and no colour its description lacks; sending only
/// what differs halves the bytes and gives direct colour wherever the terminal has it.
struct Painter {
  private let depth: ColourDepth
  private let features: Features
  private var renditions: [Rendition] = []
  /// Whether a blank of the role cannot be told from the background.
  private var vanishes: [Bool] = []
  /// What the terminal is set to.
  private var present = Rendition.plain
  /// The number of the look that the terminal is set to, -1 for a plain one.
  private var look = -1
  /// Sequences from look to look, made once.
  private var sequences: [Int: [UInt8]] = [:]
  private var position: Position?
  private var bytes: [UInt8] = []

  /// What differs between terminals.
  struct Features {
    /// Erasing gives the present background (bce); only then can it be used.
    let erasesInColour: Bool
    /// SGR sequences are understood at all.
    let hasAttributes: Bool
    /// `CSI n X` erases cells.
    let erasesCells: Bool
    /// `CSI line ; column H` moves the cursor.
    let movesByCSI: Bool
    /// `CSI n b` writes the last sign again.
    let repeats: Bool

    init() {
      movesByCSI = Rescue.capability("cup").elementsEqual("\u{1B}[%i%p1%d;%p2%dH".utf8)
      repeats = Rescue.capability("rep").elementsEqual("%p1%c\u{1B}[%p2%{1}%-%db".utf8)
      erasesInColour = cn_flag("bce") != 0
      hasAttributes = Rescue.capability("sgr0").contains(0x5B)
      erasesCells = cn_string("ech") != nil && Rescue.capability("ech").starts(with: [0x1B, 0x5B])
    }
  }

  init(theme: Theme, depth: ColourDepth) {
    self.depth = depth
    features = Features()
    use(theme)
  }

  /// Takes the roles' looks from a theme.
  mutating func use(_ theme: Theme) {
    let shown = depth == .none ? Theme.monochrome : theme
    renditions = Role.allCases.map { role in
      features.hasAttributes ? Rendition(shown.style(for: role), depth: depth) : .plain
    }
    vanishes = renditions.map { $0.blankEquals(renditions[Int(Role.text.rawValue)]) }
    sequences = [:]
    (present, look) = (.plain, -1)
  }

  /// The grid with every cell that looks like the background made plain, so that it is not sent.
  func simplified(_ grid: Grid) -> Grid { grid.blanked(vanishes) }

  /// Bytes that clear the screen to the theme's background.
  mutating func clear(height: Int, width: Int) -> [UInt8] {
    bytes = Array("\u{1B}[m".utf8)
    (present, look) = (.plain, -1)
    position = nil
    set(.blank)
    bytes += Rescue.capability("clear")
    if !features.erasesInColour, present.background != Rendition.plain.background {
      for y in 0..<height {
        move(to: Position(x: 0, y: y))
        bytes += [UInt8](repeating: 0x20, count: width)
      }
    }
    position = nil
    return bytes
  }

  /// Bytes that make the changes, and put the text cursor where it belongs.
  ///
  /// Changes go out row by row or colour by colour, whichever takes fewer bytes.
  mutating func paint(_ diff: Diff, width: Int, height: Int, cursor: Position?) -> [UInt8] {
    let runs = diff.runs.filter { $0.y < height && $0.x < width }
    var other = self
    paint(runs, width: width)
    let pieces = runs.flatMap(\.pieces)
    if pieces.count > 2 {
      other.sequences = sequences
      other.paint(byLook(pieces), width: width)
      sequences = other.sequences
      if other.bytes.count < bytes.count { self = other }
    }
    if let cursor {
      let inside = Position(
        x: min(max(cursor.x, 0), width - 1), y: min(max(cursor.y, 0), height - 1))
      if inside != position { move(to: inside) }
    }
    return bytes
  }

  /// Runs of one look after the other, those of the present look first.
  private func byLook(_ pieces: [Diff.Run]) -> [Diff.Run] {
    let keyed = pieces.enumerated().map { index, run in
      let look = run.cells.first.map(Self.look) ?? 0
      return (key: (look == self.look ? -1 : look, index), run: run)
    }
    return keyed.sorted { $0.key < $1.key }.map(\.run)
  }

  private mutating func paint(_ runs: [Diff.Run], width: Int) {
    bytes = []
    for run in runs { paint(run, width: width) }
  }

  private mutating func paint(_ run: Diff.Run, width: Int) {
    move(to: Position(x: run.x, y: run.y))
    let cells = run.cells
    let end = min(cells.count, width - run.x)
    var index = 0
    while index < end {
      let cell = cells[index]
      let same = Self.repetitions(of: cell, in: cells, from: index, to: end)
      let x = run.x + index
      if cell == .blank {
        skip(same, x: x, isEnd: x + same == width)
        index += same
        continue
      }
      index += 1
      guard !cell.isContinuation else { continue }
      set(cell)
      put(cell, x: x, y: run.y, width: width)
      if cell.isWide { index += 1 }
      // At the right edge terminals differ in what they repeat.
      guard features.repeats, same > Self.repetitionCost, cell.scalar.isASCII, cell.mark == nil,
        x + same < width
      else { continue }
      CSI.add(same - 1, "b", to: &bytes)
      index += same - 1
    }
    // Past the last column terminals differ; the next run starts with an absolute move.
    let x = run.x + index
    position = x < width ? Position(x: x, y: run.y) : nil
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

  private mutating func put(_ cell: Cell, x: Int, y: Int, width: Int) {
    let scalar = cell.scalar
    if scalar.isASCII, cell.mark == nil {
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      return
    }
    let columns = cell.isWide ? 2 : 1
    guard x + columns <= width, cn_width(scalar.value) == Int32(columns) else {
      // The C library's table disagrees, and perhaps the terminal's: show one sign a column.
      bytes += [UInt8](repeating: 0x3F, count: min(columns, width - x))
      return
    }
    if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
    if let mark = cell.mark, let encoded = UTF8.encode(mark) {
      bytes.append(contentsOf: encoded)
    }
    if columns == 2 || cell.mark != nil, x + columns < width {
      move(to: Position(x: x + columns, y: y), always: true)
    }
  }

  /// Blank cells: erased when that is shorter.
  private mutating func skip(_ count: Int, x: Int, isEnd: Bool) {
    let paper = renditions[Int(Role.text.rawValue)]
    if !present.blankEquals(paper) { set(.blank) }
    let canErase = features.erasesInColour || paper.background == Rendition.plain.background
    if isEnd, count > 3, canErase {
      bytes += [0x1B, 0x5B, 0x4B]
    } else if count > 10, canErase, features.erasesCells {
      CSI.add(count, "X", to: &bytes)
      CSI.add(count, "C", to: &bytes)
    } else {
      bytes.append(contentsOf: repeatElement(0x20, count: count))
    }
  }

  private mutating func move(to wanted: Position, always: Bool = false) {
    if !always, wanted == position { return }
    defer { position = wanted }
    guard features.movesByCSI else {
      bytes += Rescue.capability("cup", line: wanted.y, column: wanted.x)
      return
    }
    let start = bytes.count
    if !always, let position, wanted.y >= position.y {
      CSI.addMove(from: position, to: wanted, to: &bytes)
      if bytes.count - start < CSI.length(ofMoveTo: wanted) { return }
      bytes.removeSubrange(start...)
    }
    CSI.addMove(to: wanted, to: &bytes)
  }

  /// Sets the terminal to the look of a cell.
  private mutating func set(_ cell: Cell) {
    let wanted = Self.look(cell)
    guard wanted != look else { return }
    let key = (look + 1) << 16 | wanted
    let rendition = rendition(of: cell)
    if let known = sequences[key] {
      bytes += known
    } else {
      let made = Array(
        rendition.sequence(after: present, canSwitchOff: depth != .none).utf8)
      sequences[key] = made
      bytes += made
    }
    (present, look) = (rendition, wanted)
  }

  /// A number for a role and attributes.
  private static func look(_ cell: Cell) -> Int {
    Int(cell.role.rawValue) << 3 | Int(cell.attributes.rawValue & 7)
  }

  private func rendition(of cell: Cell) -> Rendition {
    let own = renditions[Int(cell.role.rawValue)]
    return cell.attributes.isEmpty || !features.hasAttributes ? own : own.adding(cell.attributes)
  }
}
