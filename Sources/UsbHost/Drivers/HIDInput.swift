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
      toggleLocks(&side, &hid, result.data)
      side.host.devices[device]?.drivers[interface] = BoundDriver(hid)
      side.pollHID(device, interface)
    case .EPIPE:
      side.startTask(.worker, HIDRecovery(device: device, interface: interface, delay: nil))
    case .ECONNRESET, .ENOENT, .ESHUTDOWN: break
    default:
      // Errors are retried after 13, 26, 52, 104, 104 … ms; after a second the port is reset.
      if hid.retryDelay == 0 {
        hid.retryDelay = 13
        hid.firstError = side.now
      } else if hid.retryDelay < 100 {
        hid.retryDelay *= 2
      }
      side.host.devices[device]?.drivers[interface] = BoundDriver(hid)
      let late = side.now &- hid.firstError > 1_000_000
      side.startTask(
        .worker,
        HIDRecovery(device: device, interface: interface, delay: late ? nil : hid.retryDelay))
    }
  }

  /// The console's keyboard handler: a lock key going down toggles its LED.
  private func toggleLocks(
    _ side: inout some HostSide, _ hid: inout HIDInterface, _ report: [UInt8]
  ) {
    guard hid.ledReport != nil else { return }
    let keys = Set(report.dropFirst(2).filter { $0 > 3 })
    let before = hid.leds
    for (bit, key) in [(0, 0x53), (1, 0x39), (2, 0x47)] as [(Int, UInt8)]
    where keys.contains(key) && !hid.keysDown.contains(key) {
      hid.leds ^= 1 << UInt8(bit)
    }
    hid.keysDown = keys
    if hid.leds != before { side.sendLEDReport(device, interface, hid) }
  }
}

/// A report usbhid sent: nothing follows from it.
struct HIDOutput: URBOwner {
  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {}
}
