import USB

extension GadgetWorld {
  /// `hid_irq_in()`: takes a report and polls again, or begins to recover from an error.
  mutating func hidInputCompleted(_ id: Int, _ interface: Int, _ result: URBResult) {
    guard let device = host.devices[id], case .usbhid(var hid)? = device.drivers[interface] else {
      return
    }
    switch Errno(negated: result.status) {
    case nil:
      hid.retryDelay = 0
      hid.reports.append(result.data)
      if hid.reports.count > 64 { hid.reports.removeFirst() }
      toggleLocks(id, interface, &hid, result.data)
      host.devices[id]?.drivers[interface] = .usbhid(hid)
      pollHID(id, interface)
    case .EPIPE:
      startTask(.worker, .hidRecovery(HIDRecovery(device: id, interface: interface, delay: nil)))
    case .ECONNRESET, .ENOENT, .ESHUTDOWN: break
    default:
      // Errors are retried after 13, 26, 52, 104, 104 … ms; after a second the port is reset.
      if hid.retryDelay == 0 {
        hid.retryDelay = 13
        hid.firstError = now
      } else if hid.retryDelay < 100 {
        hid.retryDelay *= 2
      }
      host.devices[id]?.drivers[interface] = .usbhid(hid)
      let late = now &- hid.firstError > 1_000_000
      startTask(
        .worker,
        .hidRecovery(
          HIDRecovery(device: id, interface: interface, delay: late ? nil : hid.retryDelay)))
    }
  }

  /// The console's keyboard handler: a lock key going down toggles its LED.
  private mutating func toggleLocks(
    _ id: Int, _ interface: Int, _ hid: inout HIDInterface, _ report: [UInt8]
  ) {
    guard hid.ledReport != nil else { return }
    let keys = Set(report.dropFirst(2).filter { $0 > 3 })
    let before = hid.leds
    for (bit, key) in [(0, 0x53), (1, 0x39), (2, 0x47)] as [(Int, UInt8)]
    where keys.contains(key) && !hid.keysDown.contains(key) {
      hid.leds ^= 1 << UInt8(bit)
    }
    hid.keysDown = keys
    if hid.leds != before { sendLEDReport(id, interface, hid) }
  }

  mutating func hidOutputCompleted(_ id: Int, _ interface: Int) {}
}

/// What usbhid does about a failed poll: waits and polls again, clears a halt, or resets the port.
struct HIDRecovery: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case waited
    case cleared
    case reset
  }

  var device: Int
  var interface: Int
  /// Milliseconds until the next poll; nil for an error that waiting does not cure.
  var delay: Int?
  private var stage = Stage.start

  init(device: Int, interface: Int, delay: Int?) {
    self.device = device
    self.interface = interface
    self.delay = delay
  }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard case .usbhid(let hid)? = world.host.devices[device]?.drivers[interface] else {
      return .done(0)
    }
    var ret = 0
    if case .value(let value) = input { ret = value.ret }
    switch stage {
    case .start:
      if let delay {
        stage = .waited
        return .sleep(milliseconds: delay)
      }
      if hid.retryDelay > 0 { return reset() }
      stage = .cleared
      return .call(.clearHalt(ClearHalt(device: device, endpoint: hid.endpoint)))
    case .waited:
      world.pollHID(device, interface)
      return .done(0)
    case .cleared:
      if ret < 0 { return reset() }
      world.pollHID(device, interface)
      return .done(0)
    case .reset:
      return .done(0)
    }
  }

  private mutating func reset() -> FrameStep {
    stage = .reset
    return .call(.resetDevice(ResetDevice(device: device)))
  }
}

/// `usb_clear_halt()`.
struct ClearHalt: SteppingFrame {
  var device: Int
  var endpoint: UInt8

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    if case .value(let value) = input { return .done(min(0, value.ret)) }
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(2, 1, value: 0, index: UInt16(endpoint), length: 0))))
  }
}
