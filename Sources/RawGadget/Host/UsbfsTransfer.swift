import USB

/// The transfers of usbfs that wait: `USBDEVFS_BULK` and `USBDEVFS_CONTROL`.
struct UsbfsTransfer: SteppingFrame {
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
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    switch action {
    case .control(let setup, let data, let timeout):
      return control(&world, input, setup, data, timeout)
    case .bulk(let endpoint, let data, let length, let timeout):
      return bulk(&world, task, input, endpoint, data, length, timeout)
    default:
      return .done(Errno.EINVAL.negated)
    }
  }

  private mutating func control(
    _ world: inout GadgetWorld, _ input: FrameInput, _ setup: SetupPacket, _ data: [UInt8],
    _ timeout: Int
  ) -> FrameStep {
    if case .value(let value) = input {
      if value.ret < 0, value.ret != Errno.EPIPE.negated {
        world.logLine(
          "usb \(name): usbfs: USBDEVFS_CONTROL failed cmd probe rqt \(setup.bmRequestType) "
            + "rq \(setup.bRequest) len \(setup.wLength) ret \(value.ret)")
      }
      return .done(
        HostValue(ret: value.ret, data: value.ret < 0 ? [] : Array(value.data.prefix(value.ret))))
    }
    if let target = world.host.devices[device] { name = world.host.name(of: target) }
    let check = world.checkRecipient(file, device, setup)
    if check < 0 { return .done(check) }
    if setup.wLength > 4096 { return .done(Errno.EINVAL.negated) }
    return .call(
      .controlMessage(
        ControlMessage(device: device, setup: setup, data: data, timeout: timeout)))
  }

  private func bulk(
    _ world: inout GadgetWorld, _ task: Int, _ input: FrameInput, _ endpoint: UInt8,
    _ data: [UInt8], _ length: Int, _ timeout: Int
  ) -> FrameStep {
    if case .value(let value) = input {
      return .done(
        HostValue(ret: value.ret, data: value.ret < 0 ? [] : Array(value.data.prefix(value.ret))))
    }
    let check = world.checkEndpoint(file, device, endpoint)
    guard check >= 0 else { return .done(check) }
    guard let target = world.host.devices[device], let found = target.endpoint(endpoint)?.1,
      found.maxPacket & 0x7ff > 0
    else { return .done(Errno.EINVAL.negated) }
    guard length <= GadgetWorld.largestAllocation else { return .done(Errno.ENOMEM.negated) }
    let isIn = endpoint & 0x80 != 0
    let isInterrupt = found.type == .interrupt
    return .call(
      .urbMessage(
        URBMessage(
          urb: URB(
            half: target.half, device: device, address: target.devnum, endpoint: endpoint,
            type: isInterrupt ? .interrupt : .bulk, isIn: isIn, buffer: isIn ? [] : data,
            length: isIn ? length : data.count,
            interval: isInterrupt ? world.pollInterval(target.speed, found.interval) : 0,
            owner: .task(task)),
          timeout: timeout)))
  }
}

extension GadgetWorld {
  /// `check_ctrlrecip()`: requests to interfaces and endpoints need the interface.
  mutating func checkRecipient(_ id: Int, _ device: Int, _ setup: SetupPacket) -> Int {
    guard let target = host.devices[device],
      target.state == .address || target.state == .configured
    else { return Errno.EHOSTUNREACH.negated }
    if setup.bmRequestType & 0x60 == 0x40 { return 0 }
    if asksPrinter(target, setup) { return 0 }
    let index = UInt8(truncatingIfNeeded: setup.wIndex)
    switch setup.bmRequestType & 0x1f {
    case 2:
      if index & 0x7f == 0 { return 0 }
      let found = target.findInterface(index)
      if found >= 0 { return checkInterface(id, device, found) }
      // Some programs give the endpoint's number with the wrong direction.
      let other = target.findInterface(index ^ 0x80)
      guard other >= 0 else { return other }
      deviceLog(
        device,
        "check_ctrlrecip: process 1 (probe) requesting ep \(hex(UInt64(index), 2)) "
          + "but needs \(hex(UInt64(index ^ 0x80), 2))")
      return checkInterface(id, device, other)
    case 1:
      return checkInterface(id, device, Int(index))
    default:
      return 0
    }
  }

  /// A printer's GET_DEVICE_ID, allowed without claiming anything.
  private func asksPrinter(_ device: UsbDevice, _ setup: SetupPacket) -> Bool {
    guard setup.bmRequestType == 0xa1, setup.bRequest == 0 else { return false }
    let setting = device.activeConfiguration?.interfaces.first {
      $0.number == Int(setup.wIndex.highByte) && $0.alternate == Int(setup.wIndex.lowByte)
    }
    return setting?.interfaceClass == 7
  }
}
