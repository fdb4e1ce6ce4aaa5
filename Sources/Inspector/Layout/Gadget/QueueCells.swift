import Grid
import Narration
import RawGadget
import Text

/// The event queue drawn as its sixteen cells, oldest first.
struct QueueCells {
  let events: [RawDevice.Event]
  /// How many of the last ones the present step put in.
  let new: Int
  /// Columns there are.
  let width: Int

  /// Cells beside one another: a cell has room for a request's name in eight letters at least.
  var perRow: Int {
    let numbered = (width - 1) / (Self.numberColumns + 10)
    if numbered >= 4 { return numbered >= 8 ? 8 : 4 }
    return max(1, min(4, (width - Self.rowNumberColumns - 1) / 9))
  }

  /// Cells carry their own numbers where they are wide; else the number of a row's first stands before it.
  private var isNumbered: Bool { (width - 1) / (Self.numberColumns + 10) >= 4 }

  private static let numberColumns = 3
  private static let rowNumberColumns = 2

  /// The rows of cells.
  ///
  /// - Parameter isWhole: free cells are drawn too; else only rows that hold an event.
  func rows(isWhole: Bool) -> [[Span]] {
    let count = isWhole ? RawLayout.eventQueueSize : events.count
    return stride(from: 0, to: count, by: perRow).map(row)
  }

  private func row(_ first: Int) -> [Span] {
    let before = isNumbered ? 0 : Self.rowNumberColumns
    // A cell's border is one column; the last row of an odd width ends earlier.
    let room = (width - before - 1) / perRow - 1
    var spans: [Span] = before == 0 ? [] : [Span(number(first), .dim)]
    for index in first..<min(first + perRow, RawLayout.eventQueueSize) {
      spans.append(border(before: index))
      spans += cell(index, room)
    }
    return spans + [Span("│", .border)]
  }

  private func number(_ index: Int) -> String {
    let text = String(index + 1)
    return String(repeating: " ", count: max(0, 2 - text.count)) + text
  }

  private func isNew(_ index: Int) -> Bool {
    index < events.count && index >= events.count - new
  }

  /// A new event has a sign in place of the border before it.
  private func border(before index: Int) -> Span {
    isNew(index) ? Span("+", .accent, .bold) : Span("│", .border)
  }

  private func cell(_ index: Int, _ room: Int) -> [Span] {
    let numbers = isNumbered ? [Span(number(index) + " ", .dim)] : []
    let rest = room - Fitting.columns(numbers)
    guard events.indices.contains(index) else {
      return numbers + [Span(Fitting.padded("·", rest), .disabled)]
    }
    let event = events[index]
    let text = Fitting.first(QueuedEventWords.forms(event), width: rest)
    return numbers + [
      Span(
        Fitting.padded(text, rest), event.type == .control ? .pending : .text,
        isNew(index) ? .bold : [])
    ]
  }
}
