import Foundation

/// What a terminal shows at one moment: its characters, how each is drawn, and the cursor.
struct Look: Equatable {
  private(set) var lines: [[Character]] = []
  private var styles: [[String]] = []
  /// Column, row and visibility of the cursor, and whether the alternate screen is on.
  var facts: [Int] = []

  /// - Parameter captured: what tmux gives for `capture-pane -e`.
  init(_ captured: some StringProtocol) {
    var style = Style()
    for line in captured.split(separator: "\n", omittingEmptySubsequences: false) {
      var characters: [Character] = []
      var dress: [String] = []
      var rest = Substring(line)
      while let first = rest.first {
        if first == "\u{1B}", let end = rest.firstIndex(of: "m") {
          style.take(rest[..<end].dropFirst(2))
          rest = rest[end...].dropFirst()
        } else {
          characters.append(first)
          dress.append(style.description)
          rest.removeFirst()
        }
      }
      lines.append(characters)
      styles.append(dress)
    }
  }

  var rows: [String] { lines.map { String($0) } }
  var text: String { rows.joined(separator: "\n") }
  var header: String { rows.first ?? "" }
  /// The lowest row of the screen.
  var last: String { rows.last { !$0.isEmpty } ?? "" }

  func has(_ text: String) -> Bool { self.text.contains(text) }

  /// The first number behind a text.
  func number(after text: String) -> Int? {
    self.text.range(of: text).flatMap { range in
      Int(self.text[range.upperBound...].prefix { $0.isNumber || $0 == "-" })
    }
  }

  /// `step 3/7` of the header.
  var step: Int? { number(after: "step ") }
  var steps: Int? { step.flatMap { number(after: "step \($0)/") } }

  /// How the first character of a text is drawn.
  func style(of text: String) -> String? {
    place(of: text).map { styles[$0.y][$0.x] }
  }

  /// Where a text stands.
  func place(of text: String) -> (x: Int, y: Int)? {
    for (y, row) in rows.enumerated() {
      if let range = row.range(of: text) {
        return (row.distance(from: row.startIndex, to: range.lowerBound), y)
      }
    }
    return nil
  }

  /// The panes in sight by the words in their borders.
  var panes: [String] {
    ["Memory", "Check", "Eras", "Gadget", "Wire", "Drivers", "Story"].filter {
      title(of: $0) != nil
    }
  }

  /// The pane at the upper right.
  var machine: String {
    panes.first { ["Eras", "Gadget", "Wire", "Drivers", "Log"].contains($0) } ?? ""
  }

  /// The pane whose title is drawn otherwise than the others'.
  var focused: String? {
    let styles = panes.map { style(of: "\($0)") ?? "" }
    return zip(panes, styles).first { _, own in styles.count { $0 == own } == 1 }?.0
  }

  private func title(of pane: String) -> (x: Int, y: Int)? {
    for start in "┌├┬┼" {
      if let found = place(of: "\(start) \(pane)") { return found }
    }
    return nil
  }

  /// The rows inside a pane, and its lower border.
  func pane(_ name: String) -> (rows: [String], border: String) {
    guard let (x, y) = title(of: name) else { return ([], "") }
    var rows: [String] = []
    for line in lines[(y + 1)...] where line.count > x + 1 {
      let end = line[(x + 2)...].firstIndex { "┐┤┬┼┘┴".contains($0) } ?? line.count
      if "├┼└┴".contains(line[x]) { return (rows, String(line[x..<end])) }
      rows.append(String(line[(x + 1)...]))
    }
    return (rows, "")
  }

  /// Rows that are said to follow below a pane: beside its title, or in its lower border.
  func more(_ name: String) -> Int {
    let words = (heading(name) + " " + pane(name).border).split { $0 == " " }
    return words.firstIndex(of: "↓").flatMap { Int(words[$0 + 1]) } ?? 0
  }

  /// The upper border of a pane.
  private func heading(_ name: String) -> String {
    guard let (x, y) = title(of: name) else { return "" }
    let line = lines[y]
    let end = line[(x + 1)...].firstIndex { "┐┤┬┼".contains($0) } ?? line.count
    return String(line[x..<end])
  }

  /// Column of the divider between the left and the right panes, row of the one between the left ones.
  var divider: (column: Int, row: Int)? {
    guard let column = lines.count > 1 ? lines[1].firstIndex(of: "┬") : nil,
      let row = title(of: "Check")?.y
    else { return nil }
    return (column, row)
  }

  /// The row a list has its cursor on, from its frame's inside.
  var selected: String? {
    rows.lazy.compactMap { row in
      row.range(of: "│▸").map { String(row[$0.upperBound...].prefix { $0 != "│" }) }
    }.first
  }

  /// The row of the screen that a list has selected.
  var selectedRow: Int? { rows.firstIndex { $0.hasPrefix(" ▸") } }

  /// What a list says it is sorted by.
  var sorting: Substring? {
    text.range(of: "sorted by ").map { text[$0.upperBound...].prefix { $0.isLetter } }
  }

  /// Number of the selected lesson of the list.
  var lesson: Int? {
    rows.first { $0.hasPrefix(" ▸") }.flatMap { row in
      Int(String(row.dropFirst(2)).split(whereSeparator: \.isWhitespace).first ?? "")
    }
  }
}

/// Colours and attributes as SGR sequences leave them.
private struct Style: CustomStringConvertible {
  private var parts: [String: String] = [:]

  var description: String { parts.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined() }

  mutating func take(_ text: some StringProtocol) {
    var codes = String(text).components(separatedBy: ";")[...]
    while let code = codes.popFirst() {
      switch code {
      case "", "0": parts = [:]
      case "22": parts["1"] = nil
      case "24": parts["4"] = nil
      case "27": parts["7"] = nil
      case "38", "48":
        parts[code] = codes.prefix(codes.first == "2" ? 4 : 2).joined(separator: ";")
        codes = codes.dropFirst(codes.first == "2" ? 4 : 2)
      case "39": parts["38"] = nil
      case "49": parts["48"] = nil
      case "1", "4", "7": parts[code] = "on"
      default:
        let isBack = code.hasPrefix("4") || code.hasPrefix("10")
        parts[isBack ? "48" : "38"] = code
      }
    }
  }
}
