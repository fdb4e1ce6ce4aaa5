import Grid
public import Simulation

/// What the screen does when the story has moved.
extension Model {
  /// Follows what was done to the story.
  mutating func take(_ turn: Turn) -> [Effect] {
    if turn.hasArrived {
      openedStep = nil
      story.session?.chosenCopy = nil
      scrolls = [:]
      memory.follow()
    }
    // The map of a copy would tell how the next one comes out.
    if memory.chosen == .map, story.question != nil { memory.chosen = nil }
    if let message = turn.message { self.message = message }
    if let question = turn.question { mode = .predict(question) }
    if let line = turn.line { mode = .command(CommandState(typed: line)) }
    if let edit = turn.edit { show(edit) }
    return turn.letsProgramGo ? [.letProgramGo] : []
  }

  mutating func tell(_ text: String) { message = StatusMessage(text, .dim) }

  /// Goes on with what an earlier sitting left: its sessions, the one shown last of them last, and the exercises
  /// done in that one, from 0.
  public mutating func resume(_ sessions: [Session], solved: Set<Int>) {
    story.resume(sessions, solved: solved)
    mode = .browse
    (memory, scrolls, search) = (MemoryState(), [:], SearchState())
  }

  /// Opens a scenario at its start.
  public mutating func open(_ script: Script) {
    do throws(ActionError) {
      let kept = try story.open(script)
      mode = .browse
      (memory, scrolls, search) = (MemoryState(), [:], SearchState())
      if let kept {
        message = StatusMessage(
          keymap.telling(
            "what was done by hand in '\(kept.script.title)' is kept",
            [.undo: "goes back to it"]))
      }
    } catch {
      message = StatusMessage("the scenario cannot start", .error)
    }
  }
}
