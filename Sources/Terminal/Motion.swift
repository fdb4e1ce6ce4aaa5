import Grid

/// The ways in which a terminal's cursor moves, all of ECMA-48, and the shortest of them.
struct Motion {
  /// `CSI line ; column H` moves the cursor anywhere.
  let movesAnywhere: Bool
  /// A line feed moves down and nothing else.
  let feedsDown: Bool
  /// `CSI column G` moves within the row.
  let hasColumns: Bool

  /// Moves the cursor.
  /// - Parameter present: where it is; nil where that is not certain.
  func add(from present: Position?, to place: Position, to bytes: inout [UInt8]) {
    guard let present else { return CSI.addMove(to: place, to: &bytes) }
    let down = place.y - present.y
    let across = way(from: present.x, to: place.x)
    let whole = 4 + CSI.digits(place.y + 1) + CSI.digits(place.x + 1)
    guard length(ofRows: down) + across.length < whole else {
      return CSI.addMove(to: place, to: &bytes)
    }
    add(rows: down, to: &bytes)
    add(across, from: present.x, to: place.x, to: &bytes)
  }

  /// How many bytes a move within a row takes.
  func length(from column: Int, to other: Int) -> Int { way(from: column, to: other).length }

  private enum Across {
    case nothing, right, backspaces, left, start, startAndRight, column
  }

  private func way(from x: Int, to wanted: Int) -> (way: Across, length: Int) {
    if wanted == x { return (.nothing, 0) }
    if wanted == 0 { return (.start, 1) }
    var best = (way: Across.startAndRight, length: 1 + CSI.length(wanted))
    func offer(_ way: Across, _ length: Int) {
      if length < best.length { best = (way, length) }
    }
    if hasColumns { offer(.column, CSI.length(wanted + 1)) }
    if wanted > x {
      offer(.right, CSI.length(wanted - x))
    } else {
      offer(.left, CSI.length(x - wanted))
      offer(.backspaces, x - wanted)
    }
    return best
  }

  private func add(
    _ across: (way: Across, length: Int), from x: Int, to wanted: Int, to bytes: inout [UInt8]
  ) {
    switch across.way {
    case .nothing: break
    case .right: CSI.add(wanted - x, "C", to: &bytes)
    case .left: CSI.add(x - wanted, "D", to: &bytes)
    case .backspaces: bytes.append(contentsOf: repeatElement(0x08, count: x - wanted))
    case .start: bytes.append(0x0D)
    case .startAndRight:
      bytes.append(0x0D)
      CSI.add(wanted, "C", to: &bytes)
    case .column: CSI.add(wanted + 1, "G", to: &bytes)
    }
  }

  private func length(ofRows down: Int) -> Int {
    if down == 0 { return 0 }
    return feedsDown && down > 0 ? min(down, CSI.length(down)) : CSI.length(abs(down))
  }

  private func add(rows down: Int, to bytes: inout [UInt8]) {
    if feedsDown, down > 0, down <= CSI.length(down) {
      bytes.append(contentsOf: repeatElement(0x0A, count: down))
    } else if down != 0 {
      CSI.add(abs(down), down > 0 ? "B" : "A", to: &bytes)
    }
  }
}
