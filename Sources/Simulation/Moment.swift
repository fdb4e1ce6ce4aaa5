import GadgetWorld
import RawGadget
import USB
import Usercopy

/// A moment inside a step of the gadget machine: what happened, and the machine right after it.
public struct Moment: Sendable {
  /// What happened.
  public var event: Event
  /// The machine right after it.
  public var world: World

  /// What happens in an action of the gadget or its host, in order: the action is played once more, and
  /// the machine kept at every event.
  ///
  /// - Returns: the events with their machines. Of an action with more events than are kept
  ///   (`GadgetWorld.momentLimit`) the first of them and the last; none for an action without events of the
  ///   gadget.
  public static func inside(_ action: Action, on before: World) -> [Moment] {
    var start = before
    var side = start.gadgetSide
    side.moments = []
    start.gadget = side
    var (after, events) = World.step(start, action)
    let kept = after.gadget?.moments ?? []
    after.gadget?.moments = nil
    guard !kept.isEmpty, !events.isEmpty else { return [] }
    let calls = CallsInside(before: before.gadget?.calls ?? [], after: after.gadget?.calls ?? [])
    var moments = zip(kept, events).enumerated().map { index, moment in
      let names = after.gadget?.threadNames ?? [:]
      return Moment(
        event: moment.1,
        world: before.inside(
          moment.0, calls: calls.records(events[...index], names),
          threads: after.gadget?.threads ?? [:]))
    }
    // What is not of the machine, such as what a call of the host returns, comes behind it.
    let rest = events[moments.count...]
    moments += (rest.count > kept.count ? rest.suffix(1) : rest).map {
      Moment(event: $0, world: after)
    }
    moments[moments.count - 1].world = after
    return moments
  }
}

extension World {
  /// This machine with its gadget half as it stood inside a step.
  fileprivate func inside(
    _ machine: GadgetWorld, calls: [CallRecord], threads: [String: ThreadID]
  ) -> World {
    var world = self
    var side = gadgetSide
    (side.machine, side.calls, side.threads) = (machine, calls, threads)
    if let kernel = machine.copies?.kernel {
      world.kernel = kernel
      world.kernel.switchTo(task: self.kernel.current)
    }
    world.gadget = side
    return world
  }
}

/// The calls of a program as they stood inside a step.
private struct CallsInside {
  let before: [CallRecord]
  /// The call that the step made; nil where it made none.
  let own: CallRecord?

  init(before: [CallRecord], after: [CallRecord]) {
    self.before = before
    let isNew = after.last.map { last in
      before.last.map { $0.time != last.time || $0.thread != last.thread } ?? true
    }
    own = isNew == true ? after.last : nil
  }

  /// The calls once these events have happened: what slept and returned among them has its result, and the
  /// step's own call is there from when it slept or returned.
  func records(_ events: ArraySlice<Event>, _ names: [ThreadID: String]) -> [CallRecord] {
    var records = before
    for case .gadget(let event) in events {
      switch event.kind {
      case .callBlocked(let thread):
        if let own, names[thread] == own.thread { records.append(sleeping(own)) }
      case .callReturned(let thread, let result):
        let sleeper = records.lastIndex { $0.thread == names[thread] && $0.state == .blocked }
        if let sleeper {
          records[sleeper].state = .returned(result)
        } else if var own, names[thread] == own.thread {
          own.state = .returned(result)
          records.append(own)
        }
      default: break
      }
    }
    return records
  }

  private func sleeping(_ call: CallRecord) -> CallRecord {
    var call = call
    call.state = .blocked
    return call
  }
}
