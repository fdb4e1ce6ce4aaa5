import Grid

// MARK: What a key does to an overlay

/// What becomes of an overlay after a key.
enum OverlayOutcome {
  case stays
  case closes
  /// What a row names is to be done.
  case does(CommandChoice)
  /// The `:` line is to open with the first word of a form.
  case types(form: String)
}

extension Key {
  /// Where the key moves a selection among `count` rows; nil for keys that do not move it.
  fileprivate func moved(_ cursor: Int, of count: Int, page: Int) -> Int? {
    let wanted: Int
    switch code {
    case .up: wanted = cursor - 1
    case .down: wanted = cursor + 1
    case .pageUp: wanted = cursor - max(1, page)
    case .pageDown: wanted = cursor + max(1, page)
    case .home: wanted = 0
    case .end: wanted = count - 1
    default: return nil
    }
    return max(0, min(wanted, count - 1))
  }
}

extension HelpState {
  mutating func take(_ key: Key, _ keymap: Keymap, page: Int) -> OverlayOutcome {
    let choices = self.choices(keymap)
    if let moved = key.moved(cursor, of: choices.count + forms.count + words.count, page: page) {
      cursor = moved
      return .stays
    }
    switch (key.code, key.typed) {
    case (.backspace, _): (filter, cursor) = (String(filter.dropLast()), 0)
    case (.enter, _):
      if choices.indices.contains(cursor) { return .does(choices[cursor]) }
      let form = cursor - choices.count
      return forms.indices.contains(form) ? .types(form: forms[form]) : .closes
    case (_, let scalar?) where scalar != "?" && (scalar != "q" || !filter.isEmpty):
      if filter.utf8.count < 40 { filter.unicodeScalars.append(scalar) }
      cursor = 0
    default:
      let isClosing =
        key.closes || key.typed != nil || keymap.command(key, in: back.scope) == .help
      return isClosing ? .closes : .stays
    }
    return .stays
  }
}

extension PaletteState {
  mutating func take(_ key: Key, _ keymap: Keymap, page: Int) -> OverlayOutcome {
    let choices = self.choices(keymap)
    let count = max(1, choices.count)
    switch (key.code, key.typed) {
    case (.up, _), (.backTab, _): cursor = (cursor + count - 1) % count
    case (.down, _), (.tab, _): cursor = (cursor + 1) % count
    case (.character("p"), _) where key.modifiers == .control: cursor = (cursor + 1) % count
    case (.backspace, _): (text, cursor) = (String(text.dropLast()), 0)
    case (.enter, _):
      return choices.indices.contains(cursor) ? .does(choices[cursor]) : .closes
    case (_, let scalar?):
      if text.utf8.count < 40 { text.unicodeScalars.append(scalar) }
      cursor = 0
    default:
      guard let moved = key.moved(cursor, of: count, page: page) else {
        return key.closes ? .closes : .stays
      }
      cursor = moved
    }
    return .stays
  }
}

extension ThemeState {
  /// What becomes of the theme picker after a key.
  enum Outcome {
    case stays
    case kept
    case cancelled
    case ignored
  }

  mutating func take(_ key: Key, of count: Int, page: Int) -> Outcome {
    switch (key.code, key.typed) {
    case (_, "k"): cursor = max(0, cursor - 1)
    case (_, "j"), (_, "T"): cursor = min(max(0, count - 1), cursor + 1)
    case (.enter, _): return .kept
    default:
      guard let moved = key.moved(cursor, of: count, page: page) else {
        return key.closes || key.typed == "q" ? .cancelled : .ignored
      }
      cursor = moved
    }
    return .stays
  }
}

// MARK: What the model does then

extension Model {
  /// Follows what a key did to the help or the palette.
  mutating func follow(
    _ outcome: OverlayOutcome, _ overlay: Mode, _ back: ReturnMode
  ) -> [Effect] {
    switch outcome {
    case .stays: mode = overlay
    case .closes: mode = back.mode
    case .does(let choice):
      mode = back.mode
      return run(choice, from: back)
    case .types(let form):
      mode = back.mode
      guard session != nil else { return [] }
      mode = .command(CommandState(form: form))
    }
    return []
  }

  /// Does what a row names, if it can be done where the overlay came from.
  private mutating func run(_ choice: CommandChoice, from back: ReturnMode) -> [Effect] {
    let command = choice.binding.command
    if choice.binding.scopes.contains(back.scope) { return perform(command, in: mode) }
    switch choice.scope {
    case .edit where back.scope == .browse:
      startEditing()
      guard case .edit = mode else { return [] }
      return perform(command, in: mode)
    default:
      message = StatusMessage(
        "'\(choice.binding.help)' belongs to: \(choice.scope.title.lowercased())", .warning)
      return []
    }
  }

  mutating func chooseTheme(_ key: Key, _ state: ThemeState) -> [Effect] {
    var state = state
    switch state.take(key, of: themes.names.count, page: height / 2) {
    case .ignored: return []
    case .kept:
      mode = state.back.mode
      message = StatusMessage("theme \(themes.used); --theme \(themes.used) starts with it")
      return []
    case .cancelled:
      mode = state.back.mode
      themes.used = state.before
    case .stays:
      guard themes.names.indices.contains(state.cursor) else { return [] }
      themes.used = themes.names[state.cursor]
      mode = .themes(state)
    }
    return [.useTheme(themes.used)]
  }
}

extension CommandState {
  /// A line that begins with the first word of a form.
  fileprivate init(form: String) {
    let word = form.split(separator: " ").first.map(String.init) ?? ""
    if CommandLine.words.contains(word) { before = word + " " }
  }
}
