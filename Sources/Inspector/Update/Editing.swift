import Grid
import Simulation
import Usercopy

extension Model {
  /// Starts editing the copy shown, or a new one on the newest object; a question comes first.
  mutating func startEditing() {
    guard let session else { return }
    if let question = story.question {
      mode = .predict(question)
      return
    }
    do throws(EditState.Nothing) {
      show(try EditState(of: session))
    } catch {
      let words =
        switch error {
        case .noPlace: "nothing to copy yet; step on or allocate something"
        case .unknownPlace: "this copy refers to something that does not exist"
        }
      message = StatusMessage(words, .warning)
    }
  }

  /// Shows a draft that was judged.
  mutating func show(_ state: EditState) {
    mode = .edit(state)
    scrolls[.check] = nil
    // The map of a copy would tell how it comes out.
    if state.isUnanswered, memory.chosen == .map { memory.chosen = nil }
  }

  mutating func edit(_ command: Command, _ state: EditState) -> [Effect] {
    var state = state
    state.typed = ""
    let isStack = session.map { Subject(self, $0).view(memory) == .stack } == true
    if let isJudged = state.change(command, isStack: isStack) {
      if isJudged { show(state) }
      return []
    }
    switch command {
    case .allocator, .architecture:
      // Everything up to the copy is played again on the next machine.
      if state.exercise != nil {
        message = StatusMessage("an exercise is asked on the lesson's own machine", .warning)
      } else if let session, state.rebuild(command, session) {
        show(state)
      } else {
        message = StatusMessage("this copy can be made on this machine only", .warning)
      }
    case .exercise: return take(story.nextExercise(from: state.exercise?.from, keymap))
    case .hint: return take(state.hinted(keymap))
    case .more: scrolls[.story] = StoryPages(self).next
    case .accept: return accept(state)
    case .cancel:
      mode = .browse
      if let asked = state.exercise, let session, session.handmade == 0 {
        return take(story.stand(at: asked.from))
      }
    default: return shared(command)
    }
    return []
  }

  private mutating func accept(_ state: EditState) -> [Effect] {
    if let asked = state.exercise { return take(story.handIn(state, asked, keymap)) }
    guard !state.isTrial else {
      message = StatusMessage(
        keymap.telling(
          "this copy goes with its call and is only tried here", [.command: "makes another call"]),
        .warning)
      return []
    }
    mode = .browse
    return take(story.accept(state, keymap))
  }
}
