import Grid
import Narration
import Simulation
import Text
import Timeline

extension Model {
  /// A key on the `:` line.
  mutating func type(_ key: Key, _ state: CommandState) -> [Effect] {
    var state = state
    if key.code != .tab, key.code != .backTab { (state.offers, state.offer) = ([], nil) }
    switch key.code {
    case .escape:
      mode = .browse
      return []
    case .enter: return execute(state.text)
    case .tab: Completion.take(&state, by: 1, self)
    case .backTab: Completion.take(&state, by: -1, self)
    case .up: recall(&state, by: -1)
    case .down: recall(&state, by: 1)
    case .left:
      if let last = state.before.popLast() { state.after.insert(last, at: state.after.startIndex) }
    case .right:
      if !state.after.isEmpty { state.before.append(state.after.removeFirst()) }
    case .home: (state.before, state.after) = ("", state.text)
    case .end: (state.before, state.after) = (state.text, "")
    case .delete: if !state.after.isEmpty { state.after.removeFirst() }
    case .backspace:
      if state.text.isEmpty {
        mode = .browse
        return []
      }
      if !state.before.isEmpty { state.before.removeLast() }
    case .character(let scalar) where key.modifiers == .control:
      guard Self.control(scalar, &state) else {
        mode = .browse
        return []
      }
    default:
      if let scalar = key.typed, state.text.utf8.count < 512 {
        state.before.unicodeScalars.append(scalar)
      }
    }
    mode = .command(state)
    return []
  }

  /// The editing keys of shells; false leaves the line.
  private static func control(_ scalar: Unicode.Scalar, _ state: inout CommandState) -> Bool {
    switch scalar {
    case "a": (state.before, state.after) = ("", state.text)
    case "e": (state.before, state.after) = (state.text, "")
    case "u": state.before = ""
    case "k": state.after = ""
    case "w":
      while state.before.last == " " { state.before.removeLast() }
      while let last = state.before.last, last != " " { state.before.removeLast() }
    case "c": return false
    default: break
    }
    return true
  }

  /// Brings back an earlier line.
  private func recall(_ state: inout CommandState, by step: Int) {
    let index = (state.history ?? history.count) + step
    guard index >= 0, index <= history.count else { return }
    state.history = index
    (state.before, state.after) = (index < history.count ? history[index] : "", "")
  }

  private mutating func execute(_ text: String) -> [Effect] {
    mode = .browse
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first else { return [] }
    if history.last != text { history.append(text) }
    if history.count > 200 { history.removeFirst() }
    if words.count == 1, let step = Int(first) {
      seek(to: step)
      if let count = session?.count, !(0...count).contains(step) {
        message = StatusMessage("there is no step \(step), only 0 to \(count)", .warning)
      }
      return []
    }
    switch (first, words.dropFirst().first) {
    case ("q", nil): return [.quit]
    case ("w", let name): return [.save(fileName: name)]
    case ("write", let name) where words.count < 3: return [.save(fileName: name)]
    case ("open", let name?) where words.count == 2 && namesScenario(name):
      return [.openLesson(name)]
    case ("theme", let word?):
      let name = themeAliases[word] ?? word
      guard themes.contains(name) else {
        message = StatusMessage(
          "no theme '\(name)'; there are \(themes.joined(separator: ", "))", .error)
        return []
      }
      theme = name
      return [.useTheme(name)]
    case ("allocator", _), ("arch", _):
      rebuild(words)
      return []
    case (_, nil):
      if let command = Command(rawValue: first), keymap.has(command, in: .browse) {
        return browse(command)
      }
    default: break
    }
    do throws(CommandLineError) {
      let action = try CommandLine.parse(text)
      if case .era(let id) = action {
        byHand { $0.rejudge(under: id) }
      } else {
        let made = unhurried(action)
        byHand { $0.insert(made, say: "By hand: \(text)") }
      }
      arrived()
      tellRefusal()
    } catch {
      message = StatusMessage(error.description, .error)
    }
    return []
  }

  /// Whether `open` means a lesson or a file of the user's, not the gadget's device file.
  private func namesScenario(_ name: String) -> Bool {
    name.contains { $0 == "/" || $0 == "." } || Int(name) != nil
      || Nearest.word(to: name, among: lessonList.items.map(\.id)) != nil
  }

  /// An action that could not be done is taken back and explained.
  private mutating func tellRefusal() {
    guard let events = session?.timeline.events else { return }
    for case .refused(let error) in events {
      session = undoable.popLast()
      message = StatusMessage("not done: \(ActionErrorWords.line(error))", .error)
    }
  }
}
