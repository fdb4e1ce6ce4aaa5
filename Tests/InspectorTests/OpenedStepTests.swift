import GadgetWorld
import Grid
import Narration
import RawGadget
import Scenario
import Simulation
import Testing
import Timeline
import USB
import Usercopy

@testable import Inspector

/// A step of the gadget gone through event by event: each event with the machine as it was.
struct OpenedStepTests {
  /// The lessons that have a gadget.
  static let lessons = Lessons.all.map(\.id).filter { id in
    (try? Fixtures.script(id).steps.contains { step in
      switch step.action {
      case .ioctl, .host, .open, .wait, .gadgetfs: true
      default: false
      }
    }) == true
  }

  @Test(arguments: lessons)
  func theMachineIsAsItWasAtEachEvent(lesson: String) throws {
    var model = try Fixtures.model(lesson, width: 120, height: 36)
    for _ in 0..<(try #require(model.session).count) {
      try Fixtures.press(Key(.character("n")), &model)
      let session = try #require(model.session)
      let moments = session.moments
      guard !moments.isEmpty else { continue }
      let place = "\(lesson) step \(session.position)"
      let events = session.timeline.events.filter { if case .logged = $0 { false } else { true } }
      #expect(moments.count >= min(events.count, GadgetWorld.momentLimit), "\(place)")
      var queues: [Int: Int] = [:]
      for moment in moments {
        guard case .gadget(let event) = moment.event else { continue }
        switch event.kind {
        case .eventQueued(let device, _, let depth), .eventFetched(let device, _, let depth):
          queues[device] = depth
        case .deviceState(let device, let state):
          #expect(moment.world.gadget?.machine.devices[device]?.state == state, "\(place)")
        default: break
        }
        for (device, depth) in queues {
          if let now = moment.world.gadget?.machine.devices[device] {
            #expect(now.events.count == depth, "\(place): \(event.kind)")
          }
        }
      }
      // The last moment is the machine as the step left it.
      let (last, now) = (moments.last?.world.gadget, session.world.gadget)
      #expect(last?.machine == now?.machine && last?.calls == now?.calls, "\(place)")
    }
  }

  /// A queue is seen to fill, the events to come are not told, and the way out leads back.
  @Test(arguments: lessons)
  func nothingIsToldOfWhatComes(lesson: String) throws {
    var model = try Fixtures.model(lesson, width: 120, height: 36)
    for _ in 0..<(try #require(model.session).count) {
      try Fixtures.press(Key(.character("n")), &model)
      let before = view(model).grid
      var inside = model
      try Fixtures.press(Key(.character("I")), &inside)
      guard case .events(let opened) = inside.mode else { continue }
      for index in opened.moments.indices {
        guard case .events(let step) = inside.mode else { break }
        #expect(step.cursor == index)
        let scene = PaneScene(inside, try #require(inside.session))
        #expect(scene.session.timeline.events.count == index + 1)
        let rows = try #require(PaneContext(of: .check, in: inside).flatMap(EventRows.init))
        #expect(
          rows.texts.suffix(opened.moments.count - index - 1).allSatisfy { $0.hasSuffix("·") })
        if case .copied = opened.moments[index].event {
          #expect(scene.subject.report != nil)
        } else {
          #expect(scene.subject.report == nil)
        }
        try Fixtures.press(Key(.character("n")), &inside)
      }
      try Fixtures.press(Key(.escape), &inside)
      inside.message = model.message
      #expect(view(inside).grid.text == before.text)
    }
  }

  /// A call on the driver is gone through check by check, in the order of its table and as far as it came.
  @Test(arguments: lessons)
  func eachCheckOfACallIsAStep(lesson: String) throws {
    var model = try Fixtures.model(lesson, width: 120, height: 36)
    for _ in 0..<(try #require(model.session).count) {
      try Fixtures.press(Key(.character("n")), &model)
      let session = try #require(model.session)
      guard case .ioctl(let call) = session.step?.action, case .call(let ioctl) = call.request
      else { continue }
      let place = "\(lesson) step \(session.position)"
      let events = session.moments.map(\.event)
      var asked: [(check: CallCheck, failed: Bool)] = []
      var refusal: CallCheck?
      for case .gadget(let event) in events {
        if case .asked(_, let check, let failed) = event.kind { asked.append((check, failed)) }
        if case .callReturned(_, let result) = event.kind, asked.last?.failed == true {
          refusal = result.refusal?.check
        }
      }
      let table = ioctl.entry.checks.list.map(\.check)
      let own = asked.filter { table.contains($0.check) }
      // A driver without the call, or a file that is none of its own, asks nothing.
      guard !asked.isEmpty else {
        let isRefused =
          if case .returned(let result) = session.world.gadget?.calls.last?.state {
            result.errno != nil
          } else { false }
        #expect(isRefused, "\(place)")
        continue
      }
      #expect(own.map(\.check) == Array(table.prefix(own.count)), "\(place)")
      #expect(asked.dropLast().allSatisfy { !$0.failed }, "\(place)")
      let hasFailed = asked.last?.failed == true
      #expect(hasFailed || own.count == table.count, "\(place)")
      // v1 gives a bad pointer back as a number, without a reason.
      let isTold = refusal == asked.last?.check || refusal == nil && own.count == 1
      #expect(!hasFailed || isTold, "\(place)")
      // What is only asked where a step is gone through is in no story.
      #expect(
        session.timeline.events.allSatisfy { event in
          guard case .gadget(let event) = event, case .asked = event.kind else { return true }
          return false
        }, "\(place)")
    }
  }

  /// The check of a copy can be stepped into from the event, and leads back to it.
  @Test func aCheckInsideAStepLeadsBack() throws {
    var model = try Fixtures.model("gadget-hello", keys: "n n n", width: 120, height: 36)
    var found = false
    for _ in 0..<12 where !found {
      try Fixtures.press(Key(.character("I")), &model)
      while case .events(let step) = model.mode, let moment = step.moment {
        if case .copied = moment.event {
          found = true
          try Fixtures.press(Key(.character("i")), &model)
          #expect(model.session?.shownCopy.map { $0.report.outcome.trace.isEmpty } == false)
          try Fixtures.press(Key(.escape), &model)
          if case .events(let back) = model.mode {
            #expect(back.cursor == step.cursor)
          } else {
            Issue.record("the way out of the check does not lead back")
          }
          break
        }
        guard step.isOpen else { break }
        try Fixtures.press(Key(.character("n")), &model)
      }
      if !found {
        try Fixtures.press(Key(.escape), &model)
        try Fixtures.press(Key(.character("n")), &model)
      }
    }
    #expect(found)
  }
}
