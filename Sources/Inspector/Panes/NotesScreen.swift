public import Grid
import Text

/// The screen of somebody who follows an inspector: where it is, and the lecturer's notes.
public struct NotesScreen: Sendable {
  /// Nil before the inspector has said anything.
  public var place: SharedPosition? { didSet { scroll = 0 } }
  /// Rows scrolled away.
  public var scroll = 0
  /// The screen's columns.
  public var width: Int
  /// The screen's rows.
  public var height: Int

  /// A screen before the inspector has said anything.
  public init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
  }

  /// Rows the text may take.
  private var room: Int { max(0, height - 3) }

  /// What is told in place of notes until there are some.
  public static let silence = "the inspector has said nothing yet"

  /// Scrolls by rows, as far as there are any.
  public mutating func scroll(by rows: Int) {
    scroll = min(max(0, scroll + rows), max(0, lines.count - room))
  }

  /// Draws it. Total and pure, like the inspector's own view.
  public var frame: Frame {
    var grid = Grid(width: max(1, width), height: max(1, height))
    header(&grid)
    let shown = lines.dropFirst(scroll).prefix(room)
    for (row, line) in shown.enumerated() { grid.put([line], x: 0, y: 2 + row, width: width) }
    let left = lines.count - scroll - shown.count
    let more = left > 0 ? "  ↓ \(left) more" : ""
    grid.put(
      [
        Span(" q", .key, .bold), Span(" quit  ", .dim), Span("↑↓", .key, .bold),
        Span(" scroll", .dim), Span(more, .accent),
      ], x: 0, y: height - 1, width: width)
    return Frame(grid: grid, title: "copyscope - notes")
  }

  private func header(_ grid: inout Grid) {
    guard let place else {
      grid.put(" copyscope: \(Self.silence)", x: 0, y: 0, role: .dim)
      return
    }
    let right = place.count > 0 ? "\(place.era)  step \(place.step)/\(place.count) " : ""
    let room = max(0, width - TextWidth.of(right) - 1)
    grid.put(
      [Span(" " + SharedPositionWords.heading(place), .title, .bold)], x: 0, y: 0, width: room)
    grid.put(right, x: max(0, width - TextWidth.of(right)), y: 0, role: .label)
  }

  private var lines: [Span] {
    guard let place else { return [] }
    return SharedPositionWords.paragraphs(place).flatMap { paragraph -> [Span] in
      let heading = Span(" " + paragraph.heading, .heading, .bold)
      return (paragraph.heading.isEmpty ? [] : [heading])
        + wrap(paragraph.text, width: max(1, width - 4)).map { Span("  " + $0, paragraph.role) }
        + [Span("")]
    }
  }
}
