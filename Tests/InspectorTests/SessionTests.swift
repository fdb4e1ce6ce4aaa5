import Grid
import Simulation
import Support
import Testing
import Timeline
import Usercopy

@testable import Inspector

/// Laws of going back and forth and of changing what was done.
struct SessionTests {
  private func shown(_ session: Session) -> String {
    "\(session.position) \(session.world.era.id) \(session.world.names.sorted { $0.key < $1.key }) \(session.timeline.events)"
      + "\(session.world.kernel.slabs.map(\.objects)) \(session.world.kernel.stacks)"
  }

  @Test(arguments: ["past-the-end", "stack-buffer", "freed-object", "entry-points"])
  func goingBackAndForthGivesTheSameWorld(lesson: String) throws {
    var session = try Session(Fixtures.script(lesson))
    var seen = [shown(session)]
    while session.forward() { seen.append(shown(session)) }
    #expect(seen.count == session.count + 1)
    var random = SplitMix(3)
    for _ in 0..<200 {
      let target = Int.random(in: -2...session.count + 2, using: &random)
      session.seek(target)
      let reached = min(max(0, target), session.count)
      #expect(session.position == reached)
      #expect(difference(shown(session), seen[reached]) == nil)
      if session.back() { #expect(difference(shown(session), seen[reached - 1]) == nil) }
      if session.forward() { #expect(difference(shown(session), seen[session.position]) == nil) }
    }
  }

  @Test func insertingKeepsWhatFollows() throws {
    var session = try Session(Fixtures.script("past-the-end"))
    let before = session.fullScript.steps.map(\.action)
    session.seek(2)
    session.insert(.note)
    session.insert(.free("secret"))
    let after = session.fullScript.steps.map(\.action)
    #expect(after == Array(before[..<2]) + [.note, .free("secret")] + Array(before[2...]))
    #expect(session.position == 4)
    session.seek(0)
    #expect(difference(session.fullScript.steps.map(\.action), after) == nil)
    session.seek(session.count)
    #expect(difference(session.fullScript.steps.map(\.action), after) == nil)
  }

  @Test func replacingChangesOneStepAlone() throws {
    var session = try Session(Fixtures.script("past-the-end"))
    let before = session.fullScript.steps.map(\.action)
    session.seek(3)
    session.replace(.note)
    var wanted = before
    wanted[2] = .note
    #expect(difference(session.fullScript.steps.map(\.action), wanted) == nil)
    #expect(session.position == 3)
  }

  @Test func rejudgingPlaysTheCopyAgainUnderTheOtherEra() throws {
    var session = try Session(Fixtures.script("past-the-end"))
    let before = session.fullScript.steps.map(\.action)
    session.seek(4)
    guard case .copy = before[3] else {
      Issue.record("step 4 should be a copy")
      return
    }
    session.rejudge(under: "linux-6.1")
    let after = session.fullScript.steps.map(\.action)
    #expect(after == Array(before[..<3]) + [.era("linux-6.1")] + Array(before[3...]))
    #expect(session.world.era.id == "linux-6.1")
    #expect(session.shownCopy?.report.outcome.era == "linux-6.1")
  }

  @Test func editedSessionsReadBackTheSame() throws {
    var random = SplitMix(17)
    for _ in 0..<30 {
      var session = try Session(Fixtures.script("past-the-end"))
      for _ in 0..<12 {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: _ = session.forward()
        case 1: _ = session.back()
        case 2: session.insert(.note)
        case 3: session.replace(.note)
        case 4: session.rejudge(under: "linux-4.8")
        default: session.seek(Int.random(in: 0...session.count, using: &random))
        }
        #expect(session.fullScript.steps.count == session.count)
      }
      let position = session.position
      let seen = shown(session)
      var again = try Session(session.fullScript)
      again.seek(position)
      #expect(difference(shown(again), seen) == nil)
    }
  }

  @Test func undoAndRedoGoThroughTheSameSessions() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n e + Enter e S-Down Enter a")
    let changed = model.session?.fullScript.steps.map(\.action)
    for _ in 0..<3 { try Fixtures.press(.init(.character("u")), &model) }
    #expect(
      try difference(
        model.session?.fullScript.steps.map(\.action),
        (Fixtures.script("past-the-end")).steps.map(\.action)) == nil)
    for _ in 0..<3 { try Fixtures.press(.init(.character("r"), .control), &model) }
    #expect(difference(model.session?.fullScript.steps.map(\.action), changed) == nil)
  }
}
