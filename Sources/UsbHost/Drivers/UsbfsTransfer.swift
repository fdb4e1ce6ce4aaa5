import USB

/// The transfers of usbfs that wait: `USBDEVFS_BULK` and `USBDEVFS_CONTROL`.
struct UsbfsTransfer: HostRoutine {
  var file: Int
  var device: Int
  var action: HostAction
  /// The device's name, for messages after it is gone.
  private var name = ""

  init(file: Int, device: Int, action: HostAction) {
    self.file = file
    self.device = device
    self.action = action
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch action {
    case .control(let setup, let data, let timeout):
      return control(&side, input, setup, data, timeout)
    case .bulk(let endpoint, let data, let length, let timeout):
      return bulk(&side, task, input, endpoint, data, length, timeout)
    case .open, .close, .claim, .release, .detach, .submit, .reap, .discard, .clearHalt,
      .resetEndpoint, .reset, .setConfiguration, .setInterface, .sysfsWrite, .node,
      .usbtest:
      return .done(Errno.EINVAL.negated)
    }
  }

  private mutating func control(
    _ side: inout some HostSide, _ input: RoutineInput, _ setup: SetupPacket, _ data: [UInt8],
    _ timeout: Int
  ) -> RoutineStep {
    if case .value(let value) = input {
      if value.ret < 0, value.ret != Errno.EPIPE.negated {
        side.logLine(
          "usb \(name): usbfs: USBDEVFS_CONTROL failed cmd probe rqt \(setup.bmRequestType) "
            + "rq \(setup.bRequest) len \(setup.wLength) ret \(value.ret)")
      }
      return .done(
        HostValue(ret: value.ret, data: value.ret < 0 ? [] : Array(value.data.prefix(value.ret))))
    }
    if let target = side.host.devices[device] { name = side.host.name(of: target) }
    let check = side.checkRecipient(file, device, setup)
    if check < 0 { return .done(check) }
    if setup.wLength > 4096 { return .done(Errno.EINVAL.negated) }
    return .call(
      ControlMessage(device: device, setup: setup, data: data, timeout: timeout))
  }

  private func bulk(
    _ side: inout some HostSide, _ task: Int, _ input: RoutineInput, _ endpoint: UInt8,
    _ data: [UInt8], _ length: Int, _ timeout: Int
  ) -> RoutineStep {
    if case .value(let value) = input {
      return .done(
        HostValue(ret: value.ret, data: value.ret < 0 ? [] : Array(value.data.prefix(value.ret))))
    }
    let check = side.checkEndpoint(file, device, endpoint)
    guard check >= 0 else { return .done(check) }
    guard let target = side.host.devices[device], let found = target.endpoint(endpoint)?.1,
      found.maxPacket & 0x7ff > 0
    else { return .done(Errno.EINVAL.negated) }
    guard length <= largestAllocation else { return .done(Errno.ENOMEM.negated) }
    let isIn = endpoint & 0x80 != 0
    let isInterrupt = found.type == .interrupt
    return .call(
      URBMessage(
        urb: URB(
          half: target.half, device: device, address: target.devnum, endpoint: endpoint,
          type: isInterrupt ? .interrupt : .bulk, isIn: isIn, buffer: isIn ? [] : data,
          length: isIn ? length : data.count,
          interval: isInterrupt ? side.pollInterval(target.speed, found.interval) : 0),
        timeout: timeout))
  }
}
