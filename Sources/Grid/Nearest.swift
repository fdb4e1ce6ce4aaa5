/// The candidate a misspelt word most likely means: the one with the fewest edits (insertions, removals,
/// replacements, exchanges of neighbours), if no more than a third of the word's length and one differ.
public func nearest(to word: some StringProtocol, among candidates: [String]) -> String? {
  let wanted = Array(word.lowercased().unicodeScalars.prefix(64))
  var best: (name: String, edits: Int)?
  for candidate in candidates {
    let edits = editDistance(wanted, Array(candidate.lowercased().unicodeScalars.prefix(64)))
    if edits < best?.edits ?? Int.max { best = (candidate, edits) }
  }
  guard let best, best.edits <= wanted.count / 3 + 1, best.edits < wanted.count else { return nil }
  return best.name
}

private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
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
    before = last
    last = row
  }
  return last[second.count]
}
