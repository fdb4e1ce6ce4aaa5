import Grid
import Simulation
import Timeline

/// Going through a step event by event.
extension OpenedStep {
  static func enter(_ model: inout Model) {
    guard let session = model.session, isPossible(session), let step = OpenedStep(session) else {
      return model.tell("nothing happens in this step that could be gone through")
    }
    model.mode = .events(step)
    model.scrolls = [:]
  }

  /// Does a command inside the step.
  func perform(_ command: Command, _ model: inout Model) -> [Effect] {
    var step = self
    switch command {
    case .next, .down: step.move(by: 1)
    case .previous, .up: step.move(by: -1)
    case .first: step.go(to: 0)
    case .last: step.go(to: .max)
    case .inside:
      enterCheck(&model)
      return []
    case .exercise, .predict, .lessons:
      model.mode = .browse
      return model.browse(command)
    case .preset:
      model.message = model.layout.changePreset(model.keymap, in: model.mode.scope)
      return []
    case .cancel:
      model.mode = .browse
      model.scrolls = [:]
      return []
    default: return model.shared(command)
    }
    model.mode = .events(step)
    model.scrolls = [:]
    return []
  }

  /// Steps into the check of the copy that the step has come to.
  private func enterCheck(_ model: inout Model) {
    guard let shown = model.session?.paused(in: self).chosenCopy else {
      return model.tell("the event is no copy; a copy's check can be stepped into")
    }
    model.story.session?.chosenCopy = shown
    model.openedStep = self
    model.mode = .inside(0)
  }

  /// Out of a check, back to the step it was come to in.
  static func leaveCheck(_ model: inout Model) {
    model.mode = model.openedStep.map { .events($0) } ?? .browse
    model.openedStep = nil
  }
}
