import DummyUDC
import GadgetWorld
import Grid
import Narration
import RawGadget
import Simulation
import Text
import USB

/// The device's states with the present one marked, and what endpoint 0 is at.
struct StateRows {
  let subject: GadgetSubject
  let device: RawDevice
  /// Columns there are.
  let width: Int

  /// The states in the order that a device goes through them.
  private static let path: [RawDevice.State] = [
    .opened, .initialized, .registering, .running, .failed, .closed,
  ]

  static func role(_ state: RawDevice.State) -> Role {
    switch state {
    case .running: .enabled
    case .failed: .denied
    default: .pending
    }
  }

  /// `OPENED ▸ INITIALIZED ▸ [RUNNING] …`, the state before the present step told where it was another.
  var path: [[Span]] {
    var spans: [Span] = []
    for state in Self.path where state == device.state || Self.isAlwaysShown(state) {
      if !spans.isEmpty { spans.append(Span(" ▸ ", .dim)) }
      let isHere = state == device.state
      spans.append(
        Span(
          isHere ? "[\(state.rawValue)]" : state.rawValue, isHere ? Self.role(state) : .dim,
          isHere ? .bold : []))
    }
    return Fitting.wrapped(spans, width: width)
  }

  private static func isAlwaysShown(_ state: RawDevice.State) -> Bool {
    state != .closed && state != .registering
  }

  /// Who holds the device.
  var uses: [Span] {
    let files = subject.number.map(subject.side.machine.openFiles) ?? 0
    return [
      Span("files ", .label), Span(String(files), .value), Span("  references ", .label),
      Span(String(device.references), .value),
    ]
  }

  /// The stages of a control transfer with the present one marked, and the request.
  var ep0: [[Span]] {
    var spans: [Span] = [Span("ep0  ", .label)]
    guard device.ep0InPending || device.ep0OutPending else {
      spans.append(Span("idle", .dim))
      return [spans]
    }
    let setup = subject.pendingSetup
    let data = device.ep0InPending ? "DATA IN" : "DATA OUT"
    let hasData = setup?.wLength != 0
    let stages = ["SETUP"] + (hasData ? [data] : []) + ["STATUS"]
    let here = device.ep0TransferQueued ? 1 : 0
    for (index, stage) in stages.enumerated() {
      if index > 0 { spans.append(Span(" ▸ ", .dim)) }
      spans.append(
        index == here ? Span("[\(stage)]", .pending, .bold) : Span(stage, .dim))
    }
    if let setup {
      let room = width - Fitting.columns(spans) - 2
      let forms = QueuedEventWords.forms(setup)
      let text = forms.first { TextWidth.of($0) <= room }
      if let text {
        spans.append(Span("  " + text, .code))
      } else {
        return [spans, [Span("     " + Fitting.first(forms, width: width - 5), .code)]]
      }
    }
    return [spans]
  }

  /// How full the queue is, and what did not fit.
  var queue: [[Span]] {
    let count = device.events.count
    let isFull = count >= RawLayout.eventQueueSize
    var spans = [
      Span("queue ", .label),
      Span("\(count)/\(RawLayout.eventQueueSize)", isFull ? .denied : .value, .bold),
      Span(count == 0 ? "  empty" : "  oldest first", .dim),
    ]
    guard let refused = subject.refused.first else { return [spans] }
    let more = subject.refused.count > 1 ? " and \(subject.refused.count - 1) more" : ""
    spans.append(Span("  ✘ \(refused.name)\(more) refused: full", .denied, .bold))
    if device.state == .failed { spans.append(Span(" → FAILED", .denied, .bold)) }
    return Fitting.wrapped(spans, width: width)
  }
}
