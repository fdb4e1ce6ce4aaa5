import Narration

/// The lines of a check without those that merely agreed, so that what decided is in sight.
enum CheckFolding {
  /// One line of the folded check.
  enum Line: Equatable {
    /// A line as it is, by its place in the trace.
    case whole(Int)
    /// A function of which only the call is shown, with how many of its conditions let the copy go on.
    case function(Int, agreed: Int)
    /// Conditions in a row that let the copy go on; the first of them, and how many.
    case agreed(Int, count: Int)
  }

  /// Folds what neither decided nor leads to what did.
  static func fold(_ lines: [TraceLine]) -> [Line] {
    guard let focus = focus(lines) else { return lines.indices.map { .whole($0) } }
    var folded: [Line] = []
    var index = 0
    while index < lines.count {
      if let end = leafEnd(lines, from: index), !(index..<end).contains(focus) {
        let agreed = lines[index..<end].count { $0.mark == .passed }
        folded.append(.function(index, agreed: agreed))
        index = end
      } else if lines[index].mark == .call, index + 1 < lines.count,
        lines[index + 1].mark == .passed, lines[index + 1].depth != lines[focus].depth
      {
        // What a function asks before it calls the next one stands behind its name.
        let end = runEnd(lines, from: index + 1, focus: focus)
        folded.append(.function(index, agreed: end - index - 1))
        index = end
      } else if lines[index].mark == .passed {
        let end = runEnd(lines, from: index, focus: focus)
        folded += end - index > 1 ? [.agreed(index, count: end - index)] : [.whole(index)]
        index = max(end, index + 1)
      } else {
        folded.append(.whole(index))
        index += 1
      }
    }
    return folded
  }

  /// The line that decided: against the copy, or for it the last comparison of the innermost function.
  static func focus(_ lines: [TraceLine]) -> Int? {
    if let decided = lines.lastIndex(where: { $0.mark == .decided }) { return decided }
    let deepest = lines.lazy.filter { $0.mark == .passed }.map(\.depth).max()
    return lines.lastIndex { $0.mark == .passed && $0.depth == deepest }
  }

  /// The end of a function that calls no other, from the line of its call; nil for any other line.
  private static func leafEnd(_ lines: [TraceLine], from call: Int) -> Int? {
    guard lines[call].mark == .call else { return nil }
    let end = lines[(call + 1)...].firstIndex { $0.depth <= lines[call].depth } ?? lines.count
    let body = lines[(call + 1)..<end]
    let isLeaf = body.allSatisfy { $0.mark != .call && $0.mark != .refused }
    return isLeaf && body.contains { $0.mark == .passed } ? end : nil
  }

  /// The end of a run of conditions of one function, the deciding one and the one before it left out.
  private static func runEnd(_ lines: [TraceLine], from first: Int, focus: Int) -> Int {
    let end =
      lines[first...].firstIndex { $0.mark != .passed || $0.depth != lines[first].depth }
      ?? lines.count
    guard first <= focus, focus <= end else { return end }
    return max(first, min(end, focus - 1))
  }
}
