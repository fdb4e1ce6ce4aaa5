import Grid
import Narration
import Simulation
import Timeline

extension Model {
  /// A key on the `:` line.
  mutating func type(_ key: Key, _ state: CommandState) -> [Effect] {
    var state = state
    switch key.code {
    case .escape:
      mode = .browse
      return []
    case .enter: return execute(state.text)
    case .backspace:
      if state.text.isEmpty {
        mode = .browse
        return []
      }
      state.text.removeLast()
    case .character(let scalar) where key.modifiers.isEmpty:
      if state.text.utf8.count < 512 { state.text.unicodeScalars.append(scalar) }
    case .character("c") where key.modifiers == .control:
      mode = .browse
      return []
    default: break
    }
    mode = .command(state)
    return []
  }

  private mutating func execute(_ text: String) -> [Effect] {
    mode = .browse
    let words = text.split(separator: " ")
    guard !words.isEmpty else { return [] }
    if let step = words.count == 1 ? Int(words[0]) : nil {
      session?.seek(step)
      arrived()
      return []
    }
    switch words[0] {
    case "q", "quit": return [.quit]
    case "w", "write": return [.save(fileName: words.count > 1 ? String(words[1]) : nil)]
    case "open" where words.count > 1: return [.openLesson(String(words[1]))]
    default: break
    }
    do throws(CommandLineError) {
      let action = try CommandLine.parse(text)
      byHand { $0.insert(action, say: "By hand: \(text)") }
      arrived()
      tellRefusal()
    } catch {
      message = StatusMessage(error.description, .error)
    }
    return []
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
