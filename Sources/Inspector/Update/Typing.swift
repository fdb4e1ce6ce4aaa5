import Grid
import Narration
import Simulation
import Text
import Usercopy

extension Model {
  /// A key on the `:` line.
  mutating func type(_ key: Key, _ state: CommandState) -> [Effect] {
    var state = state
    switch state.take(key, history) {
    case .types: mode = .command(state)
    case .completes(let step):
      Completion.take(&state, by: step, self)
      mode = .command(state)
    case .leaves: mode = .browse
    case .executes: return execute(state.text)
    }
    return []
  }

  /// Does what a line says.
  mutating func execute(_ text: String, isTyped: Bool = true) -> [Effect] {
    mode = .browse
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first else { return [] }
    if isTyped, history.last != text { history.append(text) }
    if history.count > 200 { history.removeFirst() }
    if words.count == 1, let step = Int(first) {
      let effects = take(story.seek(to: step))
      if let count = session?.count, !(0...count).contains(step) {
        message = StatusMessage("there is no step \(step), only 0 to \(count)", .warning)
      }
      return effects
    }
    switch (first, words.dropFirst().first) {
    case ("q", nil): return [.quit]
    case ("q!", nil), ("quit!", nil): return [.quitWithoutKeeping]
    case ("w", let name): return [.save(fileName: name, insists: false)]
    case ("w!", let name), ("write!", let name): return [.save(fileName: name, insists: true)]
    case ("write", let name) where words.count < 3: return [.save(fileName: name, insists: false)]
    case ("open", let name?) where words.count == 2 && lessonList.isScenario(name):
      return [.openLesson(name)]
    case ("new", let name?) where words.count == 2: return [.create(fileName: name)]
    case ("do", let name?) where words.count == 2: return [.readLines(fileName: name)]
    case (Story.answerWord, _):
      return take(story.answer(words.dropFirst().joined(separator: " "), keymap))
    case (ActionWord.note.rawValue, _):
      return take(story.note(words.dropFirst().joined(separator: " ")))
    case ("theme", let word?):
      guard let name = themes.named(word) else {
        let unknown = themes.aliases[word] ?? word
        message = StatusMessage(
          "no theme '\(unknown)'; there are \(themes.names.joined(separator: ", "))", .error)
        return []
      }
      themes.used = name
      return [.useTheme(name)]
    case (_, nil):
      if let command = Command(rawValue: first), keymap.has(command, in: .browse) {
        return browse(command)
      }
    default: break
    }
    return take(story.act(words, text, keymap))
  }
}

extension Story {
  /// Does what a line says.
  fileprivate mutating func act(_ words: [String], _ text: String, _ keymap: Keymap) -> Turn {
    do throws(CommandLineError) {
      if let old = session?.world.kernel.configuration,
        let configuration = try Configuration(line: words, from: old)
      {
        return rebuild(configuration, keymap)
      }
      return make(try CommandLine.parse(text), said: text, keymap)
    } catch {
      return Turn(message: StatusMessage(error.description, .error))
    }
  }

  /// Makes a step that was typed; one that could not be made is taken back and explained.
  private mutating func make(_ action: Action, said text: String, _ keymap: Keymap) -> Turn {
    let made = unhurried(action)
    let refusal = byHand(keymap) { session in
      if case .era(let id) = made {
        session.rejudge(under: id)
      } else {
        session.insert(made, say: "By hand: \(text)")
      }
    }
    var turn = Turn(message: refusal, hasArrived: true)
    if refusal == nil, let error = takeBackRefused() {
      turn.message = StatusMessage("not done: \(ActionErrorWords.line(error))", .error)
    } else if refusal == nil {
      handInSteps(&turn, keymap)
    }
    return turn
  }
}

extension LessonList {
  /// Whether `open` means a lesson or a file of the user's, not the gadget's device file.
  fileprivate func isScenario(_ name: String) -> Bool {
    name.contains { $0 == "/" || $0 == "." } || Int(name) != nil
      || Nearest.word(to: name, among: items.map(\.id)) != nil
  }
}

extension Configuration {
  /// The machine that `allocator NAME` or `arch NAME` asks for; nil for another line.
  fileprivate init?(line words: [String], from old: Configuration) throws(CommandLineError) {
    let name = words.count > 1 ? words[1] : ""
    switch words[0] {
    case "allocator":
      guard let allocator = Allocator(rawValue: name) else {
        throw .oneOf(words[0], Allocator.allCases.map(\.rawValue))
      }
      self = old
      self.allocator = allocator
    case "arch":
      guard let architecture = Architecture(rawValue: name) else {
        throw .oneOf(words[0], Architecture.allCases.map(\.rawValue))
      }
      self = old.built(for: architecture)
    default: return nil
    }
  }
}

extension CommandState {
  /// What a key did to the line.
  fileprivate enum Outcome {
    case types
    /// The next offer is to be taken, or the one before.
    case completes(by: Int)
    case leaves
    case executes
  }

  fileprivate mutating func take(_ key: Key, _ lines: [String]) -> Outcome {
    if key.code != .tab, key.code != .backTab { (offers, offer) = ([], nil) }
    switch key.code {
    case .escape: return .leaves
    case .enter: return .executes
    case .tab: return .completes(by: 1)
    case .backTab: return .completes(by: -1)
    case .up: recall(lines, by: -1)
    case .down: recall(lines, by: 1)
    case .left:
      if let last = before.popLast() { after.insert(last, at: after.startIndex) }
    case .right:
      if !after.isEmpty { before.append(after.removeFirst()) }
    case .home: (before, after) = ("", text)
    case .end: (before, after) = (text, "")
    case .delete: if !after.isEmpty { after.removeFirst() }
    case .backspace:
      if text.isEmpty { return .leaves }
      if !before.isEmpty { before.removeLast() }
    case .character(let scalar) where key.modifiers == .control:
      return control(scalar) ? .types : .leaves
    default:
      if let scalar = key.typed, text.utf8.count < 512 { before.unicodeScalars.append(scalar) }
    }
    return .types
  }

  /// The editing keys of shells; false leaves the line.
  private mutating func control(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a": (before, after) = ("", text)
    case "e": (before, after) = (text, "")
    case "u": before = ""
    case "k": after = ""
    case "w":
      while before.last == " " { before.removeLast() }
      while let last = before.last, last != " " { before.removeLast() }
    case "c": return false
    default: break
    }
    return true
  }

  /// Brings back an earlier line.
  private mutating func recall(_ lines: [String], by step: Int) {
    let index = (history ?? lines.count) + step
    guard index >= 0, index <= lines.count else { return }
    history = index
    (before, after) = (index < lines.count ? lines[index] : "", "")
  }
}
