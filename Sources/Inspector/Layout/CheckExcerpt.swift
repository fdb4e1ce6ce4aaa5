import Narration

/// The folded rows of a check where not all of them have room: what decided with what stands beside it and how
/// the call returns, and in a row each how many conditions before and behind it agreed.
struct CheckExcerpt {
  let rows: [CheckRows.Row]

  init(_ lines: [TraceLine], _ rows: [CheckRows.Row], height: Int) {
    self.rows = Self.rows(lines, rows, height: height) ?? rows
  }

  /// Nil where all rows fit, or where so little room tells nothing.
  private static func rows(_ lines: [TraceLine], _ rows: [CheckRows.Row], height: Int)
    -> [CheckRows.Row]?
  {
    guard rows.count > height, height >= 4, let focus = CheckFolding.focus(lines),
      let first = rows.firstIndex(where: { $0.line == focus && !$0.isFolded }),
      let last = rows.last?.line, let end = rows.firstIndex(where: { $0.line == last })
    else { return nil }
    // The line that decided and what refused behind it stay, and the call's return.
    var kept = Set(rows.indices.filter { isVital(rows[$0], lines, focus) })
    kept.formUnion(end..<rows.count)
    guard excerpt(rows, kept, lines).count <= height else { return nil }
    // Lines join from the deciding one on, upwards first: they lead there.
    var order = groups(rows, in: 0..<first).reversed() + groups(rows, in: first..<end)
    while let next = order.first {
      order.removeFirst()
      let more = kept.union(next)
      if excerpt(rows, more, lines).count <= height { kept = more }
    }
    return excerpt(rows, kept, lines)
  }

  private static func isVital(_ row: CheckRows.Row, _ lines: [TraceLine], _ focus: Int) -> Bool {
    let mark = lines[row.line].mark
    return !row.isFolded && (row.line == focus || mark == .decided || mark == .refused)
  }

  /// Rows of one line belong together.
  private static func groups(_ rows: [CheckRows.Row], in range: Range<Int>) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    for index in range {
      if let group = groups.last, rows[group.lowerBound].line == rows[index].line {
        groups[groups.count - 1] = group.lowerBound..<index + 1
      } else {
        groups.append(index..<index + 1)
      }
    }
    return groups
  }

  /// The rows kept, and one for each gap between them; what is counted already is counted there.
  private static func excerpt(_ rows: [CheckRows.Row], _ kept: Set<Int>, _ lines: [TraceLine])
    -> [CheckRows.Row]
  {
    var result: [CheckRows.Row] = []
    var index = 0
    while index < rows.count {
      let end = (index..<rows.count).first { kept.contains($0) && !rows[$0].isFolded } ?? rows.count
      guard end > index, !(index..<end).allSatisfy(kept.contains) else {
        result += rows[index..<max(end, index + 1)]
        index = max(end, index + 1)
        continue
      }
      let first = rows[index].line
      let next = end < rows.count ? rows[end].line : lines.count
      let agreed = lines[first..<max(next, first)].count { $0.mark == .passed }
      let text = agreed == 0 ? "…" : TraceWords.agreed(agreed)
      result.append(CheckRows.Row(line: first, text: text, isFolded: true))
      index = end
    }
    return result
  }
}
