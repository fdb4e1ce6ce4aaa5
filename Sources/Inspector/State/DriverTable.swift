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
    both = try? DriverComparison(session.scriptSoFar)
  }

  func holds(for session: Session) -> Bool {
    script == session.script.id && position == session.position && handmade == session.handmade
  }
}
