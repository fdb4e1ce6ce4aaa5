import Grid
import Narration
import Usercopy

/// The rows of a frame that was found in a kernel's memory: what is known to lie in it, and what lies between.
struct FoundFrameRows {
  let frame: Usercopy.Frame
  let pieces: LocalPieces

  init(_ frame: Usercopy.Frame, _ pieces: LocalPieces) {
    self.frame = frame
    self.pieces = pieces
  }

  /// The rows below `fences`, which are the frame's name and its return address.
  func rows(_ fences: [StackRows.Row]) -> [StackRows.Row] {
    let word = pieces.kernel.configuration.wordSize.bytes
    var rows = fences
    if !frame.inlined.isEmpty {
      rows[0].text.append(Span("with " + frame.inlined.joined(separator: ", ") + " ", .dim))
    }
    var top = frame.contentEnd(word: word)
    var parts = frame.locals.map {
      (start: $0.address, end: $0.address &+ $0.size, local: Optional($0))
    }
    if let canary = frame.canary { parts.append((canary, canary &+ word, nil)) }
    for part in parts.sorted(by: { $0.start > $1.start }) where part.end <= top {
      between(part.end, top, &rows)
      if let local = part.local {
        rows += StackRows.rows(local, pieces, isDead: false)
      } else {
        rows.append(row(part.start, word, "canary", .fence))
      }
      top = part.start
    }
    between(frame.stackPointer, top, &rows)
    return rows
  }

  /// Saved registers, spilled values and padding: the file does not tell which.
  private func between(_ start: Address, _ end: Address, _ rows: inout [StackRows.Row]) {
    guard start < end else { return }
    rows.append(row(start, end - start, "not told", .dim))
  }

  private func row(_ start: Address, _ length: UInt64, _ text: String, _ role: Role)
    -> StackRows.Row
  {
    StackRows.Row(
      start: start, length: length, text: [Span(text, role), Span(" \(length)", .dim)],
      bytes: pieces.kernel.memory.read(start, count: Int(min(length, LocalPieces.width))))
  }
}
