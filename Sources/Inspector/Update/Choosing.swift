import Grid

/// A row of the palette or the help: a command in the scope it belongs to.
struct CommandChoice: Hashable {
  let scope: KeyScope
  let binding: Binding
}

extension Model {
  /// Where an overlay comes back to.
  var returnMode: ReturnMode {
    switch mode {
    case .lessons: .lessons
    case .caches: .caches
    case .inside(let line): .inside(line)
    case .edit(let edit): .edit(edit)
    default: session == nil ? .lessons : .browse
    }
  }

  // MARK: Help

  /// Opens the help at the keys of the present mode.
  mutating func openHelp() {
    mode = .help(HelpState(back: returnMode))
  }

  mutating func help(_ key: Key, _ state: HelpState) -> [Effect] {
    var state = state
    let choices = helpChoices(state)
    let rows = choices.count + helpForms(state).count
    if let cursor = moved(state.cursor, by: key, of: rows) {
      state.cursor = cursor
      mode = .help(state)
      return []
    }
    switch (key.code, key.typed) {
    case (.backspace, _):
      state.filter = String(state.filter.dropLast())
      state.cursor = 0
    case (.enter, _):
      mode = state.back.mode
      if choices.indices.contains(state.cursor) {
        return run(choices[state.cursor], from: state.back)
      }
      startTyping(helpForms(state), at: state.cursor - choices.count)
      return []
    case (_, let scalar?) where scalar != "?" && (scalar != "q" || !state.filter.isEmpty):
      if state.filter.utf8.count < 40 { state.filter.unicodeScalars.append(scalar) }
      state.cursor = 0
    default:
      if key.closes || key.typed != nil || keymap.command(key, in: state.back.scope) == .help {
        mode = state.back.mode
      }
      return []
    }
    mode = .help(state)
    return []
  }

  /// Where a key moves the selection among `count` rows; nil for keys that do not move it.
  private func moved(_ cursor: Int, by key: Key, of count: Int) -> Int? {
    let page = max(1, height / 2)
    let wanted: Int
    switch key.code {
    case .up: wanted = cursor - 1
    case .down: wanted = cursor + 1
    case .pageUp: wanted = cursor - page
    case .pageDown: wanted = cursor + page
    case .home: wanted = 0
    case .end: wanted = count - 1
    default: return nil
    }
    return max(0, min(wanted, count - 1))
  }

  /// The bindings the help shows, in its order.
  func helpChoices(_ state: HelpState) -> [CommandChoice] {
    let wanted = state.filter.lowercased()
    let here = state.back.scope
    let scopes = [here] + KeyScope.allCases.filter { $0 != here }
    return scopes.flatMap { scope in
      // A mode's own keys come before those it shares with stepping.
      let all = keymap.bindings(in: scope)
      let own = all.filter { $0.scopes.first == scope }
      return (own + all.filter { !own.contains($0) }).filter { binding in
        wanted.isEmpty || binding.help.lowercased().contains(wanted)
          || scope.title.lowercased().contains(wanted)
          || binding.command.rawValue.contains(wanted)
          || binding.keys.contains { $0.description.lowercased() == wanted }
      }.map { CommandChoice(scope: scope, binding: $0) }
    }
  }

  /// The forms of the `:` line the help shows behind the bindings.
  func helpForms(_ state: HelpState) -> [String] {
    guard !state.back.isList else { return [] }
    let wanted = state.filter.lowercased()
    return CommandLine.forms.filter { wanted.isEmpty || $0.lowercased().contains(wanted) }
  }

  /// Opens the `:` line with the first word of a form.
  private mutating func startTyping(_ forms: [String], at index: Int) {
    guard forms.indices.contains(index), session != nil else { return }
    var state = CommandState()
    let word = forms[index].split(separator: " ").first.map(String.init) ?? ""
    if CommandLine.words.contains(word) { state.before = word + " " }
    mode = .command(state)
  }

  /// Does what a row names, if it can be done where the overlay came from.
  private mutating func run(_ choice: CommandChoice, from back: ReturnMode) -> [Effect] {
    let command = choice.binding.command
    if choice.binding.scopes.contains(back.scope) { return perform(command) }
    switch choice.scope {
    case .edit where back.scope == .browse:
      startEditing()
      guard case .edit = mode else { return [] }
      return perform(command)
    default:
      message = StatusMessage(
        "'\(choice.binding.help)' belongs to: \(choice.scope.title.lowercased())", .warning)
      return []
    }
  }

  /// Does a command in the mode the model is in.
  mutating func perform(_ command: Command) -> [Effect] { perform(command, in: mode) }

  mutating func perform(_ command: Command, in mode: Mode) -> [Effect] {
    switch mode {
    case .lessons: return list(command)
    case .caches: return listCaches(command)
    case .browse: return browse(command)
    case .edit(let edit): return self.edit(command, edit)
    case .inside(let line): return inside(command, line)
    default: return []
    }
  }

  // MARK: Palette

  mutating func choose(_ key: Key, _ state: PaletteState) -> [Effect] {
    var state = state
    let count = max(1, paletteChoices(state).count)
    switch (key.code, key.typed) {
    case (.up, _), (.backTab, _): state.cursor = (state.cursor + count - 1) % count
    case (.down, _), (.tab, _): state.cursor = (state.cursor + 1) % count
    case (.character("p"), _) where key.modifiers == .control:
      state.cursor = (state.cursor + 1) % count
    case (.backspace, _):
      state.text = String(state.text.dropLast())
      state.cursor = 0
    case (.enter, _):
      mode = state.back.mode
      let choices = paletteChoices(state)
      guard choices.indices.contains(state.cursor) else { return [] }
      return run(choices[state.cursor], from: state.back)
    case (_, let scalar?):
      if state.text.utf8.count < 40 { state.text.unicodeScalars.append(scalar) }
      state.cursor = 0
    default:
      guard let cursor = moved(state.cursor, by: key, of: count) else {
        if key.closes { mode = state.back.mode }
        return []
      }
      state.cursor = cursor
    }
    mode = .palette(state)
    return []
  }

  /// Commands that match what was typed, the best first.
  func paletteChoices(_ state: PaletteState) -> [CommandChoice] {
    let scopes: [KeyScope] = state.back.isList ? [state.back.scope] : [state.back.scope, .edit]
    var seen: Set<Command> = [.palette]
    let all = scopes.flatMap { scope in
      keymap.bindings(in: scope).filter { seen.insert($0.command).inserted }
        .map { CommandChoice(scope: scope, binding: $0) }
    }
    guard !state.text.isEmpty else { return all }
    let found = all.enumerated().compactMap { index, choice -> Found? in
      let name = choice.binding.command.rawValue
      let words = "\(name) \(choice.binding.help)"
      guard let score = Fuzzy.score(state.text, in: words) else { return nil }
      let text = state.text.lowercased()
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

  // MARK: Themes

  mutating func startChoosingTheme() {
    guard !themes.isEmpty else {
      message = StatusMessage("no themes to choose from here", .dim)
      return
    }
    mode = .themes(
      ThemeState(
        cursor: themes.firstIndex(of: theme) ?? 0, before: theme, back: returnMode))
  }

  mutating func chooseTheme(_ key: Key, _ state: ThemeState) -> [Effect] {
    var state = state
    switch (key.code, key.typed) {
    case (_, "k"): state.cursor = max(0, state.cursor - 1)
    case (_, "j"), (_, "T"): state.cursor = min(max(0, themes.count - 1), state.cursor + 1)
    case (.enter, _):
      mode = state.back.mode
      message = StatusMessage("theme \(theme); --theme \(theme) starts with it")
      return []
    default:
      if let cursor = moved(state.cursor, by: key, of: themes.count) {
        state.cursor = cursor
        break
      }
      guard key.closes || key.typed == "q" else { return [] }
      mode = state.back.mode
      theme = state.before
      return [.useTheme(theme)]
    }
    guard themes.indices.contains(state.cursor) else { return [] }
    theme = themes[state.cursor]
    mode = .themes(state)
    return [.useTheme(theme)]
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
