import Grid

extension Model {
  // MARK: Help

  mutating func help(_ key: Key, _ state: HelpState) -> [Effect] {
    var state = state
    let choices = state.choices(keymap)
    let rows = choices.count + state.forms.count
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
      startTyping(state.forms, at: state.cursor - choices.count)
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
    let count = max(1, state.choices(keymap).count)
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
      let choices = state.choices(keymap)
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

  // MARK: Themes

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
