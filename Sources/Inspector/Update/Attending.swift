import GadgetWorld
import UsbHost
public import Simulation
import Timeline

extension Model {
  /// Plays a step of the running program behind all others: the machine after it and what happened.
  public mutating func play(_ action: Action, say: String) -> (World, [Event])? {
    guard session != nil else { return nil }
    _ = take(story.play(action, say: say))
    return session.map { ($0.world, $0.timeline.events) }
  }

  /// The program is not there any more: from now on the steps are as any other's.
  public mutating func endProgram(_ words: String) {
    story.live = nil
    message = StatusMessage(words)
  }
}

extension DriverTable {
  /// The steps so far on both drivers when the pane shows them; made anew only when they are other ones.
  static func current(
    _ table: DriverTable?, _ view: SideViewName?, _ session: Session?
  ) -> DriverTable? {
    guard let session, SideView.shown(view, session) == .drivers else { return nil }
    return table?.holds(for: session) == true ? table : DriverTable(session)
  }
}
