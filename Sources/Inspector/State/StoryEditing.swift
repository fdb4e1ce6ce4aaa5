import Grid
import Simulation
import Usercopy

/// What editing makes of the story.
extension Story {
  /// Makes the copy as it was edited: in the place of the step that led here, or behind it.
  mutating func accept(_ edit: EditState, _ keymap: Keymap) -> Turn {
    let era = edit.base.era.id
    let judgedElsewhere = session?.world.era.id != era
    let refusal = byHand(keymap) { session in
      if let configuration = edit.configuration, let other = try? session.rebuilt(configuration) {
        session = other
      }
      if edit.replaces {
        session.replace(.copy(edit.draft))
      } else if session.next?.action == .copy(edit.draft) {
        _ = session.forward()
      } else {
        session.insert(.copy(edit.draft), say: Session.madeByHand)
      }
      if judgedElsewhere { session.rejudge(under: era) }
    }
    return Turn(message: refusal, hasArrived: true)
  }

  /// The whole story on a machine built another way.
  mutating func rebuild(_ configuration: Configuration, _ keymap: Keymap) -> Turn {
    let refusal = byHand(keymap) { session in
      if let other = try? session.rebuilt(configuration) { session = other }
    }
    if let refusal { return Turn(message: refusal, hasArrived: true) }
    let machine =
      "\(configuration.architecture.rawValue) with \(configuration.allocator.rawValue)"
    let failed = session.map { session in
      (0..<session.position).count { session.mark(at: $0) == .failed }
    }
    guard let failed, failed > 0 else {
      return Turn(message: StatusMessage("played again for \(machine)"), hasArrived: true)
    }
    let words = keymap.telling(
      "played again for \(machine), where \(failed) step\(failed == 1 ? "" : "s") cannot be done",
      [.undo: "undoes it"])
    return Turn(message: StatusMessage(words, .warning), hasArrived: true)
  }
}

extension Configuration {
  /// The same allocator on another architecture, the rest as is usual there.
  func built(for architecture: Architecture) -> Configuration {
    let usual = Configuration.stock(release, architecture: architecture)
    var configuration = self
    configuration.architecture = architecture
    configuration.wordSize = usual.wordSize
    configuration.framePointer = usual.framePointer
    configuration.vmapStack = usual.vmapStack
    configuration.stackProtector = usual.stackProtector
    configuration.randomStackOffset = usual.randomStackOffset
    return configuration
  }
}
