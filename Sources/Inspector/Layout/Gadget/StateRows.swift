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
    for state in DeviceWords.path(device.state) {
      if !spans.isEmpty { spans.append(Span(" ▸ ", .dim)) }
      let isHere = state == device.state
      spans.append(
        Span(
          isHere ? "[\(state.rawValue)]" : state.rawValue, isHere ? Self.role(state) : .dim,
          isHere ? .bold : []))
    }
    return Fitting.wrapped(spans, width: width)
  }

  /// Who holds the device.
  var uses: [Span] {
    let files = subject.number.map(subject.side.machine.openFiles) ?? 0
    return [
      Span("open files ", .label), Span(String(files), .value), Span("  references ", .label),
      Span(String(device.references), .value),
    ]
  }

  /// The stages of a control transfer with the present one marked, and the request.
  var ep0: [[Span]] {
    var spans: [Span] = [Span("ep0  ", .label)]
    guard device.ep0InPending || device.ep0OutPending else {
      spans.append(Span(DeviceWords.idle, .dim))
      return [spans]
    }
    let setup = subject.pendingSetup
    let stages = DeviceWords.stages(device, setup)
    for (index, stage) in stages.names.enumerated() {
      if index > 0 { spans.append(Span(" ▸ ", .dim)) }
      spans.append(
        index == stages.here ? Span("[\(stage)]", .pending, .bold) : Span(stage, .dim))
    }
    if let setup {
      let room = width - Fitting.columns(spans) - 2
      let forms = QueuedEventWords.forms(setup)
      // The request alone does not tell what is asked for.
      let text = (forms.count > 1 ? forms.dropLast() : forms[...]).first {
        TextWidth.of($0) <= room
      }
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
    let spans = [
      Span("queue ", .label),
      Span("\(count)/\(RawLayout.eventQueueSize)", isFull ? .denied : .value, .bold),
      Span("  " + DeviceWords.order(count, new: subject.newEvents), .dim),
    ]
    guard let refused = DeviceWords.refused(subject.refused) else { return [spans] }
    let end = device.state == .failed ? " → FAILED" : ""
    let words = Span("  ✘ " + refused + end, .denied, .bold)
    // What was refused is read in one row.
    if Fitting.columns(spans + [words]) <= width { return [spans + [words]] }
    return [spans] + Fitting.wrapped([words], width: width)
  }
}
