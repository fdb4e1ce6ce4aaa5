import Simulation

/// A comparison of drivers and the point of the story it was made for.
struct DriverTable: Sendable {
  let script: String
  let position: Int
  let handmade: Int
  /// Nil when the scenario cannot be started on another driver.
  let both: DriverComparison?

  init(_ session: Session) {
    (script, position, handmade) = (session.script.id, session.position, session.handmade)
    both = try? DriverComparison(session.past)
  }

  func holds(for session: Session) -> Bool {
    script == session.script.id && position == session.position && handmade == session.handmade
  }
}

extension Model {
  /// Plays the steps so far on both drivers when the pane shows them and they are other ones.
  mutating func compareDrivers() {
    guard machineView == .drivers, let session, session.world.gadget != nil else {
      drivers = nil
      return
    }
    if drivers?.holds(for: session) != true { drivers = DriverTable(session) }
  }
}
