import Grid
import Simulation
import Timeline

/// Going through a step event by event.
extension Model {
  /// Whether something of the gadget happened in the step.
  var mayOpenStep: Bool {
    session?.timeline.events.contains { if case .gadget = $0 { true } else { false } } == true
  }

  mutating func enterStep() {
    guard let session, mayOpenStep, let step = OpenedStep(session) else {
      return tell("nothing happens in this step that could be gone through")
    }
    mode = .events(step)
    scrolls = [:]
  }

  mutating func events(_ command: Command, _ step: OpenedStep) -> [Effect] {
    var step = step
    switch command {
    case .next, .down: step.move(by: 1)
    case .previous, .up: step.move(by: -1)
    case .first: step.go(to: 0)
    case .last: step.go(to: .max)
    case .inside:
      enterCheck(from: step)
      return []
    case .exercise, .predict, .lessons:
      mode = .browse
      return browse(command)
    case .preset: return changePreset()
    case .cancel:
      mode = .browse
      scrolls = [:]
      return []
    default: return shared(command)
    }
    mode = .events(step)
    scrolls = [:]
    return []
  }

  /// Steps into the check of the copy that the step has come to.
  private mutating func enterCheck(from step: OpenedStep) {
    guard let session, let shown = session.paused(in: step).chosenCopy else {
      return tell("the event is no copy; a copy's check can be stepped into")
    }
    story.session?.chosenCopy = shown
    openedStep = step
    mode = .inside(0)
  }

  /// Out of a check, back to the step it was come to in.
  mutating func leaveCheck() {
    mode = openedStep.map { .events($0) } ?? .browse
    openedStep = nil
  }
}
