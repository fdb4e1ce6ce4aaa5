import UsbHost
import RawGadget
import Simulation
import Usercopy
import USB

extension Prediction.Guess {
  /// How a copy came out.
  init(_ report: CopyReport) {
    let outcome = report.outcome
    switch outcome.verdict {
    case .allow:
      self = outcome.isCutShort ? .faulted : report.leaks.isEmpty ? .allowed : .leaky
    case .bug, .hang: self = .crash
    case .deny:
      switch outcome.refuser {
      case .slab?: self = .slab
      case .stack?: self = .stack
      case .hardenedUsercopy?, .paxUsercopy?: self = .hardened
      case .accessOK, .objectSize, .compileTimeObjectSize, .lengthOverIntMax, .trailingBytes,
        .smap, .allocatorBugOn, nil:
        self = .other
      }
    }
  }

  /// Another answer that is as right: what leaks or harms may come back short as well.
  init?(besides report: CopyReport) {
    guard report.outcome.isCutShort, !report.leaks.isEmpty else { return nil }
    self = .leaky
  }

  /// How the copies of a call came out.
  init(_ reports: [CopyReport]) {
    let outcomes = reports.map(\.outcome)
    let directions = Set(outcomes.map(\.attempt.direction))
    if outcomes.contains(where: { $0.verdict != .allow || $0.isCutShort }) {
      self = .refusedCopy
    } else if reports.contains(where: { !$0.leaks.isEmpty }) {
      self = .leaky
    } else if directions.count > 1 {
      self = .bothWays
    } else {
      self = directions.isEmpty ? .noCopy : directions == [.toUser] ? .toUser : .fromUser
    }
  }

  /// How a call ended; nil for what is no call of the program.
  init?(_ state: CallRecord.State) {
    switch state {
    case .blocked: self = .sleeps
    case .host: return nil
    case .returned(let result):
      switch result.errno {
      case nil: self = .succeeds
      case .EINVAL?: self = .invalid
      case .EBUSY?: self = .busy
      case .EFAULT?: self = .fault
      default: self = .otherError
      }
    }
  }

  /// The answers that make sense under an era, in the order of the question.
  static func choices(_ part: Prediction.Part, _ era: Era) -> [Prediction.Guess] {
    switch part {
    case .copy:
      switch era.rules {
      case .rfc: [.allowed, .leaky, .faulted, .slab, .stack, .other, .crash]
      case .pax, .hardened: [.allowed, .leaky, .faulted, .hardened, .other, .crash]
      }
    case .copies: [.noCopy, .fromUser, .toUser, .bothWays, .leaky, .refusedCopy]
    case .ending: [.succeeds, .sleeps, .invalid, .busy, .fault, .otherError]
    }
  }
}

extension Prediction {
  /// Whether an answer says how a step's part comes out.
  static func isRight(
    _ guess: Guess, _ outcome: Guess, of action: Action, on world: World
  ) -> Bool {
    if guess == outcome { return true }
    guard case .copy(let copy) = action, let report = EditState.report(copy, on: world) else {
      return false
    }
    return guess == Guess(besides: report)
  }

  /// What can be asked of a step on a machine, and how it comes out there.
  static func outcomes(_ action: Action, on world: World) -> [(part: Part, outcome: Guess)] {
    if case .copy(let copy) = action {
      return EditState.report(copy, on: world).map { [(.copy, Guess($0))] } ?? []
    }
    switch action {
    case .ioctl, .gadgetfs, .host, .wait, .signal: break
    case .alloc, .free, .call, .return, .vmalloc, .pages, .user, .image, .module, .kmap, .task,
      .run, .write, .copy, .era, .note, .open, .close:
      return []
    }
    let (after, events) = World.step(world, action)
    let reports = events.compactMap { event -> CopyReport? in
      if case .copied(let report) = event { report } else { nil }
    }
    for case .refused in events { return [] }
    switch action {
    case .ioctl, .gadgetfs:
      let ending = after.gadget?.calls.last.flatMap { Guess($0.state) }
      return [(.copies, Guess(reports))] + (ending.map { [(.ending, $0)] } ?? [])
    // Sleeping calls that the step wakes copy as well.
    default: return reports.isEmpty ? [] : [(.copies, Guess(reports))]
    }
  }
}
