import Grid

/// A row of the palette or the help: a command in the scope it belongs to.
struct CommandChoice: Hashable {
  let scope: KeyScope
  let binding: Binding
}

extension HelpState {
  /// The bindings the help shows, in its order.
  func choices(_ keymap: Keymap) -> [CommandChoice] {
    let wanted = filter.lowercased()
    let here = back.scope
    let scopes = [here] + KeyScope.allCases.filter { $0 != here }
    let all = scopes.flatMap { scope -> [CommandChoice] in
      // A mode's own keys come before those it shares with stepping.
      let keys = keymap.bindings(in: scope)
      let own = keys.filter { $0.scopes.first == scope }
      return (own + keys.filter { !own.contains($0) }).map {
        CommandChoice(scope: scope, binding: $0)
      }
    }
    guard !wanted.isEmpty else { return all }
    // What was searched for is listed once, as the words that explain it stand below; a mode's name finds its
    // keys where no key has the word.
    var seen: Set<String> = []
    let found = all.filter { choice in
      let binding = choice.binding
      return
        (binding.help.lowercased().contains(wanted) || binding.command.rawValue.contains(wanted)
        || binding.keys.contains { $0.description.lowercased() == wanted })
        && seen.insert("\(binding.command.rawValue) \(binding.keys) \(binding.help)").inserted
    }
    return found.isEmpty ? all.filter { $0.scope.title.lowercased().contains(wanted) } : found
  }
}

extension PaletteState {
  /// Commands that match what was typed, the best first.
  func choices(_ keymap: Keymap) -> [CommandChoice] {
    let scopes: [KeyScope] = back.isList ? [back.scope] : [back.scope, .edit]
    var seen: Set<Command> = [.palette]
    let all = scopes.flatMap { scope in
      keymap.bindings(in: scope).filter { seen.insert($0.command).inserted }
        .map { CommandChoice(scope: scope, binding: $0) }
    }
    guard !text.isEmpty else { return all }
    let found = all.enumerated().compactMap { index, choice -> Found? in
      let name = choice.binding.command.rawValue
      let words = "\(name) \(choice.binding.help)"
      guard let score = Fuzzy.score(text, in: words) else { return nil }
      let text = text.lowercased()
      let rank =
        name.hasPrefix(text)
        ? 0 : name.contains(text) ? 1 : words.lowercased().contains(text) ? 2 : 3
      return Found(choice: choice, rank: rank, score: score, index: index)
    }
    // Letters far apart are a guess for when nothing has them together.
    let isGuess = found.allSatisfy { $0.rank == 3 }
    return found.filter { isGuess || $0.rank < 3 }
      .sorted { ($0.rank, -$0.score, $0.index) < ($1.rank, -$1.score, $1.index) }.map(\.choice)
  }

  private struct Found {
    var choice: CommandChoice
    var rank: Int
    var score: Int
    var index: Int
  }
}

/// Matching of a few letters against words.
enum Fuzzy {
  /// How well the letters of `wanted` are found in `text` in order; nil when they are not.
  /// Letters at the start of words and next to each other count more.
  static func score(_ wanted: String, in text: String) -> Int? {
    let letters = Array(text.lowercased().unicodeScalars)
    var position = 0
    var score = 0
    var previous = -2
    for scalar in wanted.lowercased().unicodeScalars where scalar != " " {
      guard let found = best(scalar, letters, from: position, after: previous) else { return nil }
      let isStart = found == 0 || letters[found - 1] == " " || letters[found - 1] == "-"
      score += found == previous + 1 ? 8 : isStart ? 6 : 1
      score -= min(3, (found - position) / 8)
      previous = found
      position = found + 1
    }
    return score
  }

  /// The next place of a letter: right behind the last one, else at a word's start, else any.
  private static func best(
    _ scalar: Unicode.Scalar, _ letters: [Unicode.Scalar], from: Int, after previous: Int
  ) -> Int? {
    guard from < letters.count else { return nil }
    if letters[from] == scalar, from == previous + 1 { return from }
    let all = (from..<letters.count).filter { letters[$0] == scalar }
    let start = all.first { $0 == 0 || letters[$0 - 1] == " " || letters[$0 - 1] == "-" }
    return start ?? all.first
  }
}
