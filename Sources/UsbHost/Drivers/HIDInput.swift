import USB

/// A poll of usbhid (`hid_irq_in()`): takes a report and polls again, or begins to recover from an error.
struct HIDInput: URBOwner {
  var device: Int
  var interface: Int

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard var hid = side.hid(device, interface) else { return }
    switch Errno(negated: result.status) {
    case nil:
      hid.retryDelay = 0
      hid.reports.append(result.data)
      if hid.reports.count > 64 { hid.reports.removeFirst() }
      side.keep(hid, device, interface)
      side.takeReport(device, interface, result.data)
      side.pollHID(device, interface)
    case .EPIPE:
      side.startTask(.worker, HIDRecovery(device: device, interface: interface, delay: nil))
    case .ECONNRESET, .ENOENT, .ESHUTDOWN: break
    case .EILSEQ, .EPROTO, .ETIME, .ETIMEDOUT: retry(&side, &hid)
    default:
      side.deviceLog(device, "input irq status \(result.status) received")
      side.pollHID(device, interface)
    }
  }

  /// Errors of the bus are retried after 13, 26, 52, 104, 104 … ms; after a second the port is reset
  /// (`hid_io_error()`).
  private func retry(_ side: inout some HostSide, _ hid: inout HIDInterface) {
    if hid.retryDelay == 0 {
      hid.retryDelay = 13
      hid.firstError = side.now
    } else if hid.retryDelay < 100 {
      hid.retryDelay *= 2
    }
    side.keep(hid, device, interface)
    let late = side.now &- hid.firstError > 1_000_000
    side.startTask(
      .worker,
      HIDRecovery(device: device, interface: interface, delay: late ? nil : hid.retryDelay))
  }
}

/// A report usbhid sent: nothing follows from it.
struct HIDOutput: URBOwner {
  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {}
}

extension HostSide {
  /// `hid_input_report()`: finds the report a transfer carries and takes the keys out of it. A short
  /// one is warned of and passed over; what a long one has too much is not looked at.
  fileprivate mutating func takeReport(_ device: Int, _ interface: Int, _ data: [UInt8]) {
    guard var hid = hid(device, interface), now >= hid.listensFrom, !data.isEmpty,
      let descriptor = hid.descriptor, let report = descriptor.report(.input, of: data)
    else { return }
    let number = descriptor.isNumbered(.input) ? 1 : 0
    let needed = min(report.bytes, HIDLimits.buffer - number)
    guard data.count - number >= needed else {
      return hidLog(
        hid.label, .shortReport(id: report.id, needed: needed, got: data.count - number))
    }
    let pressed = hid.keys.take(report, data.dropFirst(number))
    keep(hid, device, interface)
    toggleLocks(pressed)
  }
}
