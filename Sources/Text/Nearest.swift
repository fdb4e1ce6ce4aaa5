/// Words near a misspelt one.
public enum Nearest {
  /// Most edits between a word and the one that was meant.
  private static let editLimit = 3
  /// Scalars of a word that are looked at.
  private static let lengthLimit = 64

  /// The candidate a misspelt word most likely means: the one with the fewest edits, if no more than half
  /// of the word's scalars and three; of several the first by alphabet.
  public static func word(
    to word: some StringProtocol, among candidates: some Sequence<String>
  ) -> String? {
    let wanted = folded(word)
    let limit = max(1, min(editLimit, wanted.count / 2))
    var best: (edits: Int, name: String)?
    for candidate in candidates {
      let edits = edits(wanted, folded(candidate))
      guard edits <= limit, edits < wanted.count else { continue }
      if let found = best, found <= (edits, candidate) { continue }
      best = (edits, candidate)
    }
    return best?.name
  }

  /// Edits that make one word the other, not looking at case: insertions, removals, replacements, and
  /// exchanges of neighbours counting one (optimal string alignment).
  public static func edits(_ first: some StringProtocol, _ second: some StringProtocol) -> Int {
    edits(folded(first), folded(second))
  }

  private static func folded(_ word: some StringProtocol) -> [Unicode.Scalar] {
    Array(word.lowercased().unicodeScalars.prefix(lengthLimit))
  }

  private static func edits(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var before = [Int](repeating: 0, count: second.count + 1)
    var last = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        var edits = min(row[j] + 1, last[j + 1] + 1, last[j] + (first[i] == second[j] ? 0 : 1))
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          edits = min(edits, before[j - 1] + 1)
        }
        row.append(edits)
      }
      (before, last) = (last, row)
    }
    return last[second.count]
  }
}
