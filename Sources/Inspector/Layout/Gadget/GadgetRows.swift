import DummyUDC
import GadgetWorld
import Grid
import Narration
import RawGadget
import Simulation
import Text
import USB
import UsbHost

/// The raw-gadget device as the driver and the controller see it, the host's side, and the last calls.
struct GadgetRows: TextRows {
  let shown: ScrolledRows
  let need: PaneNeed
  let title, end: [Span]
  private let lines: GadgetLines

  /// Nil without a gadget.
  init?(_ context: PaneContext) {
    guard let lines = GadgetLines(context) else { return nil }
    self.init(lines)
  }

  private init(_ lines: GadgetLines) {
    self.lines = lines
    (title, end) = (lines.title, lines.end)
    (shown, need) = lines.shown
  }

  func fitted(to context: PaneContext) -> GadgetRows? {
    var lines = lines
    lines.context = context
    return GadgetRows(lines)
  }
}

/// What the pane of the gadget is made of.
private struct GadgetLines {
  /// Another one is as wide.
  var context: PaneContext
  private let subject: GadgetSubject
  /// The state told in the fewest rows and in the most.
  private var brief, full: [[Span]]

  init?(_ context: PaneContext) {
    guard let subject = GadgetSubject(context.told) else { return nil }
    (self.context, self.subject, brief, full) = (context, subject, [], [])
    (brief, full) = (state(.brief), state(.full))
  }

  private var width: Int { ScrolledRows.width(context.rect) }

  var title: [Span] {
    // The device's state and what is out of sight come before the controller's name.
    context.title(
      "Gadget", context.rect.width < 44 ? nil : subject.controller?.name ?? "no controller")
  }

  var end: [Span] {
    guard let device = subject.device else { return [Span("not opened", .dim)] }
    return [Span(device.state.rawValue, StateRows.role(device.state), .bold)]
  }

  /// How much of the state is told.
  private enum Extent {
    /// Each queued event, each enabled endpoint, who sleeps, what the host sees.
    case brief
    /// With a heading over the endpoints.
    case headed
    /// With headings and free cells of the queue.
    case whole
    /// With the names of disabled endpoints.
    case full
  }

  /// The state as whole as there is room for, then the calls, the last one first; no line is cut.
  var shown: (ScrolledRows, PaneNeed) {
    let height = context.rect.height
    let calls = subject.side.calls.count
    var state = full
    // Four calls are worth more than the names of what is not in use.
    if state.count + min(4, calls) + 2 > height { state = self.state(.whole) }
    if state.count > height { state = self.state(.headed) }
    if state.count > height { state = brief }
    let rows = ScrolledRows(
      state + history(room: height - state.count), in: context.rect,
      scroll: context.model.scrolls[.side] ?? 0)
    let most = full.count + min(16, calls) + 2
    return (rows, PaneNeed(least: brief.count, well: brief.count, most: most))
  }

  private func rows(_ lines: [[Span]]) -> [[Span]] {
    lines.flatMap { Fitting.wrapped($0, width: width) }
  }

  /// The calls for which there is room, and how many came before; all of them for whoever came to the pane.
  /// Little room is for calls alone: their signs tell what they are.
  private func history(room: Int) -> [[Span]] {
    let calls = subject.side.calls
    guard !calls.isEmpty else { return [] }
    if context.isFocused, context.model.layout.isChosen {
      return callsHeading + rows(calls.reversed().map(line))
    }
    // No more are made than may have room.
    var (made, count) = ([[[Span]]](), callsHeading.count)
    for call in calls.reversed() where count <= room + callsHeading.count {
      made.append(rows([line(call)]))
      count += made[made.count - 1].count
    }
    if made.count == calls.count, count <= room { return callsHeading + made.joined() }
    var shown = room > 5 ? callsHeading : []
    for (index, next) in made.enumerated() {
      // The last row is for how many there are more.
      let rest = index == calls.count - 1 ? 0 : 1
      guard shown.count + next.count + rest <= room else {
        guard index > 0 else { return next.count <= room ? next : [] }
        return shown + [[Span("… \(calls.count - index) before", .dim)]]
      }
      shown += next
    }
    return shown
  }

  private var callsHeading: [[Span]] {
    [[], [Span("calls, newest first", .dim)]]
  }

  // MARK: The state

  private func state(_ extent: Extent) -> [[Span]] {
    device(extent) + endpoints(extent) + rows(threadLines + hostLines)
  }

  private func device(_ extent: Extent) -> [[Span]] {
    guard let device = subject.device else {
      return rows([[Span(DeviceWords.notOpen, .dim)]])
    }
    let lines = StateRows(subject: subject, device: device, width: width)
    let cells = QueueCells(events: device.events, new: subject.newEvents, width: width)
    switch extent {
    case .brief, .headed: return lines.ep0 + lines.queue + cells.rows(isWhole: false)
    case .whole, .full:
      return lines.path + rows([lines.uses]) + lines.ep0 + lines.queue + cells.rows(isWhole: true)
    }
  }

  private var table: EndpointTable { EndpointTable(subject: subject, width: width) }

  private func endpoints(_ extent: Extent) -> [[Span]] {
    guard let device = subject.device, device.state == .running || device.state == .failed else {
      return []
    }
    var lines = table.rows(withHeading: extent != .brief)
    lines += table.rest(withNames: extent == .full)
    if subject.controller?.fifoOccupied == true {
      lines += rows([[Span(DeviceWords.fifoHolds, .pending)]])
    }
    return lines
  }

  // MARK: Threads and host

  /// Threads that sleep, but for those that the table of endpoints names.
  private var threadLines: [[Span]] {
    var named: [String] = []
    if table.showsSleepers, let device = subject.device {
      named = device.endpoints.indices.flatMap { subject.sleepers(at: .endpoint($0)) }
    }
    return subject.side.calls.filter { $0.state == .blocked && !named.contains($0.thread) }.map {
      [
        Span("\($0.thread) ", .label),
        Span("sleeps in \(CallWords.name($0.call))", .pending, .bold),
        Span("  \(CallWords.detail($0.call))", .dim),
      ]
    }
  }

  private var hostLines: [[Span]] {
    // What the host sees on the cable of this pane's controller.
    let bus = subject.device?.controller ?? (subject.device == nil ? nil : -1)
    let devices = subject.side.machine.host.devices.sorted { $0.key < $1.key }.map(\.value)
    guard let seen = devices.last(where: { bus == nil || $0.half.controller == bus }) else {
      return [[Span("host ", .label), Span(DeviceWords.unseen, .dim)]]
    }
    var spans: [Span] = [
      Span("host ", .label),
      Span("\(seen.speed.name), address \(seen.devnum), ", .text),
      Span(DeviceWords.state(seen.state), seen.state == .configured ? .enabled : .pending),
    ]
    if seen.isSuspended { spans.append(Span(", suspended", .pending)) }
    if let product = seen.product { spans.append(Span("  \"\(product)\"", .user)) }
    let drivers = seen.driverNames.map { "\($0.name) on interface \($0.interface)" }
    if !drivers.isEmpty {
      spans.append(Span("  " + drivers.joined(separator: ", "), .text))
    }
    return [spans]
  }

  // MARK: Calls

  private func line(_ call: CallRecord) -> [Span] {
    let failed = isFailure(call)
    let event = GadgetWords.event(call)
    // The event is worth more than the room there was for it.
    let detail = event == nil ? CallWords.detail(call.call) : ""
    // The host's calls stand among the program's.
    let caller = if case .host = call.call { "host " } else { "" }
    var line: [Span] = [
      Span(failed ? "✘ " : call.state == .blocked ? "… " : "✔ ", failed ? .denied : .allowed),
      Span(caller, .label), Span(CallWords.name(call.call), .code),
      Span(detail.isEmpty ? "" : " \(detail)", .dim),
      Span(" = \(GadgetWords.state(call))", failed ? .denied : .value, .bold),
    ]
    if let event {
      line += [Span("  ▸ ", .dim), Span(event, .text)]
    }
    if case .returned(let result) = call.state, let refusal = result.refusal {
      line.append(Span("  \(RefusalWords.sentence(refusal))", .denied))
    }
    return line
  }

  private func isFailure(_ call: CallRecord) -> Bool {
    switch call.state {
    case .blocked: false
    case .returned(let result): result.errno != nil
    case .host(let result): result.ret < 0
    }
  }
}
