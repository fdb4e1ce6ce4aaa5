import GadgetWorld
import UsbHost
import DummyUDC
import Grid
import Narration
import RawGadget
import Simulation
import Text
import Timeline
import USB

/// The raw-gadget device as the driver and the controller see it, and the last calls.
struct GadgetRows: TextRows {
  let context: PaneContext
  private let side: GadgetSide

  /// Nil without a gadget.
  init?(_ context: PaneContext) {
    guard let side = context.session.world.gadget else { return nil }
    (self.context, self.side) = (context, side)
  }

  private var number: Int? { side.machine.devices.keys.max() }
  private var device: RawDevice? { number.flatMap { side.machine.devices[$0] } }
  private var controller: DummyController? {
    guard let index = device?.controller, side.machine.controllers.indices.contains(index) else {
      return side.machine.controllers.first
    }
    return side.machine.controllers[index]
  }

  var title: [Span] {
    // The device's state and what is out of sight come before the controller's name.
    context.title(
      "Gadget", context.rect.width < 44 ? nil : controller?.name ?? "no controller")
  }

  var end: [Span] {
    guard let device else { return [Span("not opened", .dim)] }
    let role: Role =
      switch device.state {
      case .running: .enabled
      case .failed: .denied
      default: .pending
      }
    return [Span(device.state.rawValue, role, .bold)]
  }

  /// The state, then the calls, the last one first; no line is cut.
  var shown: ScrolledRows {
    let width = ScrolledRows.width(context.rect)
    func rows(_ lines: [[Span]]) -> [[Span]] {
      lines.flatMap { Fitting.wrapped($0, width: width) }
    }
    var state = rows(deviceLines + endpointLines + threadLines + hostLines)
    var calls = callLines
    if state.count + 2 >= context.rect.height, let last = calls.first {
      // Where there is room for the state alone the last call comes first.
      state = rows([last]) + state
      calls.removeFirst()
    }
    return ScrolledRows(
      state + (calls.isEmpty ? [] : callsHeading) + rows(calls), in: context.rect,
      scroll: context.model.scrolls[.side] ?? 0)
  }

  private var callsHeading: [[Span]] {
    [[], [Span("calls, newest first", .dim)]]
  }

  // MARK: The device

  private var deviceLines: [[Span]] {
    guard let device else { return [[Span("/dev/raw-gadget is not open", .dim)]] }
    var lines: [[Span]] = [ep0(device)]
    var queue: [Span] = [
      Span("events ", .label), Span("\(device.events.count)/16", .value, .bold),
    ]
    for event in device.events.prefix(4) {
      queue.append(Span(" ▸ ", .dim))
      queue.append(Span(words(event), event.type == .control ? .pending : .text))
    }
    if device.events.count > 4 { queue.append(Span(" … \(device.events.count - 4) more", .dim)) }
    lines.append(queue)
    return lines
  }

  private func ep0(_ device: RawDevice) -> [Span] {
    var spans: [Span] = [Span("ep0    ", .label)]
    if device.ep0InPending {
      spans.append(Span("IN pending", .pending, .bold))
    } else if device.ep0OutPending {
      spans.append(Span("OUT pending", .pending, .bold))
    } else {
      spans.append(Span("idle", .dim))
    }
    if device.ep0TransferQueued { spans.append(Span(" · transfer queued", .pending)) }
    if let last = lastSetup { spans.append(Span("  \(last.name)", .code)) }
    return spans
  }

  /// The control request the host made last, if this step or the ones before show it.
  private var lastSetup: SetupPacket? {
    guard device?.ep0InPending == true || device?.ep0OutPending == true else { return nil }
    for step in context.session.timeline.steps[..<context.session.position].reversed() {
      for case .gadget(let event) in step.events.reversed() {
        if case .setup(_, let setup) = event.kind { return setup }
      }
    }
    return nil
  }

  private func words(_ event: RawDevice.Event) -> String {
    GadgetWords.event(event.bytes) ?? event.type.name
  }

  // MARK: Endpoints

  private var endpointLines: [[Span]] {
    guard let device, let controller else { return [] }
    var lines: [[Span]] = []
    for (handle, endpoint) in device.endpoints.enumerated() where endpoint.enabled {
      guard controller.endpoints.indices.contains(handle + 1) else { continue }
      let udc = controller.endpoints[handle + 1]
      var spans: [Span] = [
        Span(pad(String(handle), 3), .dim), Span(pad(udc.name, 13), .text),
        Span("enabled ", .enabled),
      ]
      if let descriptor = endpoint.descriptor {
        spans.append(Span("0x" + descriptor.bEndpointAddress.hex(width: 2) + " ", .value))
      }
      if udc.wedged {
        spans.append(Span("wedged ", .denied))
      } else if udc.halted {
        spans.append(Span("halted ", .denied))
      }
      if endpoint.transferQueued { spans.append(Span("· transfer waits ", .pending)) }
      if !udc.queue.isEmpty { spans.append(Span("· \(udc.queue.count) queued", .pending)) }
      lines.append(spans)
    }
    let free = device.endpoints.count { !$0.enabled }
    if device.state == .running {
      lines.append([Span("   \(free) endpoints disabled", .disabled)])
    }
    if controller.fifoOccupied { lines.append([Span("   the FIFO holds a small write", .pending)]) }
    return lines
  }

  // MARK: Threads and host

  private var threadLines: [[Span]] {
    side.calls.filter { $0.state == .blocked }.map { call in
      [
        Span("\(call.thread) ", .label), Span("sleeps in \(call.name)", .pending, .bold),
        Span("  \(call.detail)", .dim),
      ]
    }
  }

  private var hostLines: [[Span]] {
    // What the host sees on the cable of this pane's controller.
    let bus = device?.controller ?? (device == nil ? nil : -1)
    let devices = side.machine.host.devices.sorted { $0.key < $1.key }.map(\.value)
    guard let seen = devices.last(where: { bus == nil || $0.half.controller == bus }) else {
      return [[Span("host   ", .label), Span("sees nothing", .dim)]]
    }
    var spans: [Span] = [
      Span("host   ", .label),
      Span("\(seen.speed.name) device \(seen.devnum), state ", .text),
      Span("\(seen.state)", seen.state == .configured ? .enabled : .pending),
    ]
    if let product = seen.product { spans.append(Span("  \"\(product)\"", .user)) }
    return [spans]
  }

  // MARK: Calls

  private var callLines: [[Span]] {
    side.calls.reversed().map { call in
      let failed = isFailure(call)
      let event = GadgetWords.event(call)
      // The event is worth more than the room there was for it.
      let detail = event == nil ? call.detail : ""
      var line: [Span] = [
        Span(failed ? "✘ " : call.state == .blocked ? "… " : "✔ ", failed ? .denied : .allowed),
        Span(call.name, .code), Span(detail.isEmpty ? "" : " \(detail)", .dim),
        Span(" = \(GadgetWords.state(call))", failed ? .denied : .value, .bold),
      ]
      if let event {
        line += [Span("  ▸ ", .dim), Span(event, .text)]
      }
      if case .returned(let result) = call.state, let why = GadgetWords.reason(result) {
        line.append(Span("  \(why)", .denied))
      }
      return line
    }
  }

  private func isFailure(_ call: CallRecord) -> Bool {
    switch call.state {
    case .blocked: false
    case .returned(let result): result.errno != nil
    case .host(let result): result.ret < 0
    }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
