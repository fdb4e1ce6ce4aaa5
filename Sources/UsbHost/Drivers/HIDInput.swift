import USB

/// A poll of usbhid (`hid_irq_in()`): takes a report and polls again, or begins to recover from an error.
struct HIDInput: URBOwner {
  var device: Int
  var interface: Int

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard var hid = side.hid(device, interface) else { return }
    if hid.poll == id { hid.poll = nil }
    switch Errno(negated: result.status) {
    case nil:
      hid.retryDelay = 0
      hid.reports.append(result.data)
      if hid.reports.count > 64 { hid.reports.removeFirst() }
      side.keep(hid, device, interface)
      side.takeReport(device, interface, result.data)
      side.pollHID(device, interface)
    case .EPIPE:
      side.keep(hid, device, interface)
      side.recoverHID(device, interface, .clearHalt)
    case .ECONNRESET, .ENOENT, .ESHUTDOWN: side.keep(hid, device, interface)
    case .EILSEQ, .EPROTO, .ETIME, .ETIMEDOUT:
      side.keep(hid, device, interface)
      side.retryHID(device, interface)
    default:
      side.keep(hid, device, interface)
      side.deviceLog(device, "input irq status \(result.status) received")
      side.pollHID(device, interface)
    }
  }
}

extension HostSide {
  /// `hid_start_in()`: asks for a report while somebody listens and none is asked for; what cannot be
  /// asked for is tried again later.
  mutating func pollHID(_ id: Int, _ interface: Int) {
    guard let device = host.devices[id], var hid = hid(id, interface), hid.isOpen, hid.poll == nil
    else { return }
    let polled = submit(
      URB(
        half: device.half, device: id, address: device.devnum, endpoint: hid.endpoint,
        type: .interrupt, isIn: true, buffer: [], length: hid.reportLength,
        interval: hid.interval),
      owner: HIDInput(device: id, interface: interface))
    guard case .success(let urb) = polled else { return retryHID(id, interface) }
    hid.poll = urb
    keep(hid, id, interface)
  }

  /// `hid_restart_io()`: polls and sends on after a reset or a sleep.
  mutating func restartHID(_ id: Int, _ interface: Int) {
    guard var hid = hid(id, interface) else { return }
    hid.retryDelay = 0
    keep(hid, id, interface)
    pollHID(id, interface)
    restart(.interruptOut, id, interface)
    restart(.control, id, interface)
  }

  /// Errors of the bus are retried after 13, 26, 52, 104, 104 … ms; after a second the port is reset. One
  /// that comes half a second later still is the first of a new row (`hid_io_error()`).
  mutating func retryHID(_ device: Int, _ interface: Int) {
    guard var hid = hid(device, interface) else { return }
    if now > hid.stopRetry + 500_000 { hid.retryDelay = 0 }
    if hid.retryDelay == 0 {
      hid.retryDelay = 13
      hid.stopRetry = now + 1_000_000
    } else if hid.retryDelay < 100 {
      hid.retryDelay *= 2
    }
    keep(hid, device, interface)
    recoverHID(
      device, interface, now > hid.stopRetry ? .resetPort : .poll(after: hid.retryDelay))
  }

  fileprivate mutating func recoverHID(
    _ device: Int, _ interface: Int, _ measure: HIDRecovery.Measure
  ) {
    startTask(.worker, HIDRecovery(device: device, interface: interface, measure: measure))
  }
}

extension HostSide {
  /// The input report a transfer carries and its data without the number: nil for one the device did not
  /// declare, and for a short one, which is warned of (`hid_report_raw_event()`).
  private mutating func inputReport(
    of hid: HIDInterface, _ data: [UInt8]
  ) -> (report: HIDReport, values: ArraySlice<UInt8>)? {
    guard !data.isEmpty, let descriptor = hid.descriptor,
      let report = descriptor.report(.input, of: data)
    else { return nil }
    let number = descriptor.isNumbered(.input) ? 1 : 0
    let needed = min(report.bytes, HIDLimits.buffer - number)
    guard data.count - number >= needed else {
      hidLog(hid.label, .shortReport(id: report.id, needed: needed, got: data.count - number))
      return nil
    }
    return (report, data.dropFirst(number))
  }

  /// `hid_input_report()`: takes the keys out of a report; what a long one has too much is not looked at.
  fileprivate mutating func takeReport(_ device: Int, _ interface: Int, _ data: [UInt8]) {
    guard var hid = hid(device, interface), now >= hid.listensFrom,
      let (report, values) = inputReport(of: hid, data)
    else { return }
    let pressed = hid.keys.take(report, values)
    tell(&hid, report, values)
    keep(hid, device, interface)
    if let battery = hid.battery.source {
      for news in report.news(of: battery, values) { takeNews(news, device, interface) }
    }
    toggleLocks(pressed)
  }

  /// What a report says reaches the programs that have its input device open.
  private mutating func tell(
    _ hid: inout HIDInterface, _ report: HIDReport, _ values: ArraySlice<UInt8>
  ) {
    guard let index = hid.descriptor?.inputDevice(of: report),
      hid.inputNodes.indices.contains(index)
    else { return }
    var state = hid.inputStates[index]
    var told: [InputEvent] = []
    for value in report.told(values, before: hid.lastReports[report.id, default: []][...]) {
      switch value.kind {
      case .key:
        // The usage is told of a key that changes.
        if state.isDown(value.code) != (value.value != 0) {
          told.append(InputEvent(kind: .other, code: 4, value: Int32(bitPattern: value.usage)))
        }
        told.append(.key(value.code, value.value != 0))
      case .relative: told.append(.relative(value.code, Int(value.value)))
      case .absolute: told.append(.absolute(value.code, Int(value.value)))
      }
    }
    let events = state.changed(by: told + [.sync])
    hid.inputStates[index] = state
    hid.lastReports[report.id] = Array(values)
    guard let node = hid.inputNodes[index], let place = nodeIndex(node),
      host.nodes[place].mode != nil
    else { return }
    deliver(events.flatMap { $0.bytes(at: now) }, to: node)
  }
}
