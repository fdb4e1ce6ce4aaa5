/// A transcript in which a trace that stood there before is one line that names its step: most calls of a gadget make
/// the same few copies, and a change of one of them shall be read once.
enum FoldedTraces {
  private static let mark = "    | as in step "

  /// `text` with each trace written once.
  static func fold(_ text: String) -> String {
    var known: [[Substring]: String] = [:]
    return blocks(text).flatMap { block -> [String] in
      let lines = block.lines.map(String.init)
      guard block.isTrace, block.lines.count > 1 else { return lines }
      if let place = known[block.lines] { return [mark + place] }
      known[block.lines] = block.place
      return lines
    }.joined(separator: "\n")
  }

  /// What was folded, whole again.
  static func unfold(_ text: String) -> String {
    var known: [String: [Substring]] = [:]
    return blocks(text).flatMap { block -> [String] in
      if block.isTrace, let first = block.lines.first, first.hasPrefix(mark) {
        return (known[String(first.dropFirst(mark.count))] ?? []).map(String.init)
      }
      if block.isTrace { known[block.place] = block.lines }
      return block.lines.map(String.init)
    }.joined(separator: "\n")
  }

  private struct Block {
    var lines: [Substring]
    var isTrace: Bool
    /// The step it stands in, and which trace of that step it is: `4`, or `4, trace 2`.
    var place: String
  }

  /// The text in traces and what stands between them.
  private static func blocks(_ text: String) -> [Block] {
    var blocks: [Block] = []
    var (step, traces) = ("0", 0)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let heading = line.firstMatch(of: /^Step (\d+):/) {
        (step, traces) = (String(heading.1), 0)
      }
      let isTrace = line.hasPrefix("    |")
      if let last = blocks.indices.last, blocks[last].isTrace == isTrace {
        blocks[last].lines.append(line)
        continue
      }
      if isTrace { traces += 1 }
      let place = traces > 1 ? "\(step), trace \(traces)" : step
      blocks.append(Block(lines: [line], isTrace: isTrace, place: place))
    }
    return blocks
  }
}
