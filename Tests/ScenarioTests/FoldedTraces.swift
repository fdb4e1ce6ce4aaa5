/// A transcript in which a trace that stood there before is one line that names its step: most calls of a gadget make
/// the same few copies, and a change of one of them shall be read once.
enum FoldedTraces {
  private static let mark = "    | as in step "
  private static let range = ", lines "

  /// `text` with each trace written once, and in it each run of lines that an earlier trace has.
  static func fold(_ text: String) -> String {
    var known: [[Substring]: String] = [:]
    var earlier: [Block] = []
    return blocks(text).flatMap { block -> [String] in
      guard block.isTrace, block.lines.count > 1 else { return block.lines.map(String.init) }
      if let place = known[block.lines] { return [mark + place] }
      defer {
        known[block.lines] = block.place
        earlier.append(block)
      }
      return runs(of: block.lines, in: earlier)
    }.joined(separator: "\n")
  }

  /// A trace's lines, with those of earlier ones named where at least three follow each other there.
  private static func runs(of lines: [Substring], in earlier: [Block]) -> [String] {
    var (told, next): ([String], Int) = ([], 0)
    while next < lines.count {
      var longest = (place: "", first: 0, count: 0)
      for block in earlier {
        for first in block.lines.indices {
          let pairs = zip(block.lines[first...], lines[next...])
          let count = pairs.prefix { $0 == $1 }.count
          if count > longest.count { longest = (block.place, first, count) }
        }
      }
      guard longest.count >= 3 else {
        told.append(String(lines[next]))
        next += 1
        continue
      }
      let last = longest.first + longest.count
      told.append("\(mark)\(longest.place)\(range)\(longest.first + 1) to \(last)")
      next += longest.count
    }
    return told
  }

  /// What was folded, whole again.
  static func unfold(_ text: String) -> String {
    var known: [String: [Substring]] = [:]
    return blocks(text).flatMap { block -> [String] in
      guard block.isTrace else { return block.lines.map(String.init) }
      let whole = block.lines.flatMap { line -> [Substring] in
        guard line.hasPrefix(mark) else { return [line] }
        let words = line.dropFirst(mark.count)
        guard let border = words.firstRange(of: range) else { return known[String(words)] ?? [] }
        let bounds = words[border.upperBound...].split(separator: " to ").compactMap { Int($0) }
        guard bounds.count == 2, let lines = known[String(words[..<border.lowerBound])] else {
          return []
        }
        return Array(lines[(bounds[0] - 1)..<bounds[1]])
      }
      known[block.place] = known[block.place] ?? whole
      return whole.map(String.init)
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
