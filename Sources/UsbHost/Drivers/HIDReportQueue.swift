import USB

/// Reports usbhid has to send over one pipe: one is in flight, the others wait (`usbhid->out`,
/// `usbhid->ctrl`).
struct HIDReportQueue: Equatable, Sendable {
  /// The two ways a report leaves.
  enum Pipe: Equatable, Sendable {
    case interruptOut
    case control

    /// Reports that may wait, the one in flight among them (`HID_OUTPUT_FIFO_SIZE`,
    /// `HID_CONTROL_FIFO_SIZE`, a ring that keeps one place empty).
    var room: Int {
      switch self {
      case .interruptOut: 63
      case .control: 255
      }
    }
  }

  /// A report with its number, as it crosses the bus.
  struct Entry: Equatable, Sendable {
    var id: UInt8
    var bytes: [UInt8]
  }

  /// The one in flight first.
  var waiting: [Entry] = []
  /// The transfer in flight.
  var urb: Int?
  /// When the last one was begun.
  var begun: Microseconds = 0
}

extension HIDInterface {
  /// The queue of a pipe.
  subscript(pipe: HIDReportQueue.Pipe) -> HIDReportQueue {
    get {
      switch pipe {
      case .interruptOut: output
      case .control: control
      }
    }
    set {
      switch pipe {
      case .interruptOut: output = newValue
      case .control: control = newValue
      }
    }
  }
}

extension HostSide {
  /// A report that is stuck for longer is taken back when the next one is sent, in microseconds.
  private var patience: Microseconds { 5_000_000 }

  /// Sends an output report: to the interrupt OUT endpoint, else by a control transfer
  /// (`usbhid_submit_report()`).
  mutating func sendReport(
    _ id: Int, _ interface: Int, _ report: HIDReport, _ bytes: [UInt8]
  ) {
    guard var hid = hid(id, interface) else { return }
    let pipe: HIDReportQueue.Pipe = hid.outEndpoint == nil ? .control : .interruptOut
    guard hid[pipe].waiting.count < pipe.room else {
      return hidLog(hid.label, .queueFull(isControl: pipe == .control))
    }
    hid[pipe].waiting.append(HIDReportQueue.Entry(id: report.id, bytes: bytes))
    keep(hid, id, interface)
    guard let stuck = hid[pipe].urb else { return restart(pipe, id, interface) }
    if now > hid[pipe].begun + patience { unlink(stuck, .ECONNRESET) }
  }

  /// Begins with the first report that waits, unless one is in flight (`usbhid_restart_out_queue()`,
  /// `usbhid_restart_ctrl_queue()`). A sleeping device is woken first.
  mutating func restart(_ pipe: HIDReportQueue.Pipe, _ id: Int, _ interface: Int) {
    guard let device = host.devices[id], let hid = hid(id, interface),
      hid[pipe].urb == nil, let entry = hid[pipe].waiting.first
    else { return }
    if device.isSuspended {
      if !device.isResuming { startTask(.worker, ResumeDevice(device: id)) }
      return
    }
    begin(entry, pipe, id, interface)
  }

  /// Submits a report (`hid_submit_out()`, `hid_submit_ctrl()`).
  fileprivate mutating func begin(
    _ entry: HIDReportQueue.Entry, _ pipe: HIDReportQueue.Pipe, _ id: Int, _ interface: Int
  ) {
    guard let device = host.devices[id], var hid = hid(id, interface) else { return }
    let owner = HIDOutput(device: id, interface: interface, pipe: pipe)
    switch submit(hid.transfer(of: entry, pipe, id, device, interface), owner: owner) {
    case .success(let urb):
      hid[pipe].urb = urb
      hid[pipe].begun = now
      keep(hid, id, interface)
    case .failure(let error):
      hidLog(hid.label, .notSubmitted(isControl: pipe == .control, error.value))
    }
  }
}

extension HIDInterface {
  /// The transfer that carries a report out.
  fileprivate func transfer(
    of entry: HIDReportQueue.Entry, _ pipe: HIDReportQueue.Pipe, _ id: Int, _ device: UsbDevice,
    _ interface: Int
  ) -> URB {
    guard pipe == .interruptOut, let endpoint = outEndpoint else {
      let setup = SetupPacket(
        0x21, 9, value: 0x0200 | UInt16(entry.id), index: UInt16(clamping: interface),
        length: UInt16(clamping: entry.bytes.count))
      return URB(
        half: device.half, device: id, address: device.devnum, endpoint: 0,
        type: .control, setup: setup, isIn: false, buffer: entry.bytes,
        length: entry.bytes.count)
    }
    return URB(
      half: device.half, device: id, address: device.devnum, endpoint: endpoint,
      type: .interrupt, isIn: false, buffer: entry.bytes, length: entry.bytes.count,
      interval: outInterval)
  }
}

/// A report usbhid sent (`hid_irq_out()`, `hid_ctrl()`): the next one follows, whatever became of it.
struct HIDOutput: URBOwner {
  var device: Int
  var interface: Int
  var pipe: HIDReportQueue.Pipe

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard var hid = side.hid(device, interface), hid[pipe].urb == id else { return }
    hid[pipe].urb = nil
    if Errno(negated: result.status) == .ESHUTDOWN {
      hid[pipe].waiting = []
    } else if !hid[pipe].waiting.isEmpty {
      hid[pipe].waiting.removeFirst()
    }
    side.keep(hid, device, interface)
    side.warn(of: result.status, on: pipe, device)
    if let next = hid[pipe].waiting.first { side.begin(next, pipe, device, interface) }
    side.armAutosuspend(device)
  }
}

extension HostSide {
  /// A line about an error that is neither the bus's nor of an unplugged device; a report that is not
  /// there is one of the control pipe's usual ends.
  mutating func warn(of status: Int, on pipe: HIDReportQueue.Pipe, _ device: Int) {
    switch Errno(negated: status) {
    case .ESHUTDOWN, .EILSEQ, .EPROTO, .ECONNRESET, .ENOENT: return
    case .EPIPE where pipe == .control: return
    default: break
    }
    guard status < 0 else { return }
    let what = pipe == .control ? "ctrl urb" : "output irq"
    deviceLog(device, "\(what) status \(status) received")
  }
}
