import Foundation
import Grid
import JSON
import Theme

/// A recording of screens in asciicast's format, version 2: a line of facts, then one line a screen.
struct Cast {
  private var lines: [String]
  private var shown: Grid?
  private var drawn: Theme?
  private var width: Int
  private var height: Int

  init(width: Int, height: Int, title: String) {
    (self.width, self.height) = (width, height)
    lines = [
      "{\"version\": 2, \"width\": \(width), \"height\": \(height), \"title\": \(JSONText.quoted(title))}"
    ]
  }

  /// The whole file, or what of it was not taken yet.
  var text: String { lines.map { $0 + "\n" }.joined() }

  /// What was not taken yet, which is not kept any longer.
  mutating func taken() -> String {
    defer { lines = [] }
    return text
  }

  /// Adds what is shown `seconds` after the start; the same picture twice is written once.
  mutating func add(_ grid: Grid, theme: Theme, at seconds: Double) {
    guard grid != shown || theme != drawn else { return }
    if theme != drawn { shown = nil }
    drawn = theme
    var bytes = shown == nil ? "\u{1B}[?25l\u{1B}[2J" : ""
    if grid.width != width || grid.height != height {
      (width, height) = (grid.width, grid.height)
      lines.append("[\(Self.time(seconds)), \"r\", \"\(width)x\(height)\"]")
      bytes = "\u{1B}[2J"
    }
    let before = shown.map { rows($0, theme) } ?? []
    for (y, row) in rows(grid, theme).enumerated()
    where !before.indices.contains(y) || before[y] != row {
      bytes += "\u{1B}[\(y + 1);1H\(row)"
    }
    shown = grid
    lines.append("[\(Self.time(seconds)), \"o\", \(JSONText.quoted(bytes))]")
  }

  /// A grid's rows with their colours; none for a grid of another size.
  private func rows(_ grid: Grid, _ theme: Theme) -> [String] {
    guard grid.height == height, grid.width == width else { return [] }
    return Picture(grid, theme: theme).ansi().split(separator: "\n").map(String.init)
  }

  private static func time(_ seconds: Double) -> String { String(format: "%.3f", seconds) }
}
