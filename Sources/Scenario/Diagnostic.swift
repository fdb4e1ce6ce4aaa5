/// What is wrong with a scenario file, where, and what to do about it.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file as the user named it.
  public var file: String
  /// 1-based; 0 when the whole file is meant.
  public var line: Int
  public var column: Int
  public var message: String
  /// A word the author may have meant.
  public var suggestion: String?

  public init(
    file: String, line: Int, column: Int, message: String, suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.suggestion = suggestion
  }

  /// `file:line:column: message; did you mean 'word'?`
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(place): \(message)" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
  }
}

/// Words near a misspelt one.
enum Suggestion {
  /// The candidate closest to `word`, if it is close enough to be meant.
  static func near(_ word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, min(3, word.count / 2))
    return candidates.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// Edits between two words, swaps of neighbours counting one (optimal string alignment).
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.lowercased().prefix(64)), Array(b.lowercased().prefix(64)))
    var before: [Int] = []
    var last = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var row = [i + 1]
      for (j, y) in b.enumerated() {
        var cost = min(last[j] + (x == y ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
