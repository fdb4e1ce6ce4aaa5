public import GadgetWorld
import RawGadget
public import Usercopy

/// What a story keeps of an event once its step lies behind: what the wire, the kernel log and the timeline show of
/// it. The whole event is played again when its step is gone to.
public enum KeptEvent: Sendable, Equatable {
  case copied(KeptCopy)
  /// A line the kernel logged.
  case logged(String)
  /// What happened in the gadget's machine; a driver's copy without its trace and the kernel before it, a result
  /// without its bytes.
  indirect case gadget(GadgetEvent)
  /// The action could not be done.
  case refused

  /// Nil where nothing needs to be kept.
  public init?(_ event: Event) {
    switch event {
    case .copied(let report): self = .copied(KeptCopy(report))
    case .logged(let line): self = .logged(line)
    case .gadget(let event):
      guard let kept = Self.kept(event) else { return nil }
      self = .gadget(kept)
    case .refused: self = .refused
    case .allocated, .mapped, .freed, .gaveBack, .called, .returned, .createdTask, .switched,
      .wrote, .judgedBy, .hostReturned:
      return nil
    }
  }

  private static func kept(_ event: GadgetEvent) -> GadgetEvent? {
    var event = event
    switch event.kind {
    case .copied(let thread, var copy):
      (copy.outcome, copy.before) = (nil, nil)
      event.kind = .copied(thread: thread, copy)
    case .callReturned(let thread, var result):
      (result.written, result.data) = ([], [])
      event.kind = .callReturned(thread: thread, result)
    case .callEntered, .callBlocked, .signalled, .eventQueued, .eventRefused,
      .setup, .setupAnswered, .routed, .gadgetfsQueued, .gadgetfsRead, .requestQueued,
      .transferred, .hostLog:
      break
    case .asked, .woken, .deviceState, .eventFetched, .gadgetfsState, .gadgetfsBound,
      .requestCompleted, .portStatus, .monitored, .tested:
      return nil
    }
    return event
  }
}

/// A copy in short.
public struct KeptCopy: Sendable, Equatable {
  /// Name of the kernel side as the scenario spells it.
  public var place: String
  /// Bytes that were asked for.
  public var length: UInt64
  /// Which way they go.
  public var direction: CopyDirection
  /// What became of it.
  public var verdict: Verdict
  /// Bytes were handed out or written over that were not its own.
  public var isLeaky: Bool
  /// No check refused, but bytes that were asked for did not move.
  public var isCutShort: Bool

  /// A copy in short.
  public init(_ report: CopyReport) {
    place = report.place
    length = report.outcome.attempt.length
    direction = report.outcome.attempt.direction
    verdict = report.outcome.verdict
    isLeaky = !report.leaks.isEmpty
    isCutShort = report.outcome.isCutShort
  }
}
