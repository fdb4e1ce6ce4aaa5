import USB

/// `usb_start_wait_urb()`: submits an URB, waits for it and kills it when it takes too long.
struct URBMessage: HostRoutine {
  var urb: URB
  /// 0 waits for ever.
  var timeout: Int
  /// How an URB ends that took too long.
  var errno = Errno.ENOENT
  private var id: Int?
  private var killed = false

  init(urb: URB, timeout: Int, errno: Errno = .ENOENT) {
    self.urb = urb
    self.timeout = timeout
    self.errno = errno
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch input {
    case .start:
      switch side.submit(urb, owner: WaitingTask(task: task)) {
      case .failure(let error): return .done(error.value)
      case .success(let id):
        self.id = id
        return .wait(urb: id, milliseconds: timeout > 0 ? timeout : nil)
      }
    case .timedOut:
      guard let id else { return .done(Errno.ETIMEDOUT.negated) }
      killed = true
      side.unlink(id, errno)
      return .wait(urb: id, milliseconds: nil)
    case .urb(let result):
      if killed, result.status == errno.negated {
        return .done(HostValue(ret: Errno.ETIMEDOUT.negated, data: result.data))
      }
      return .done(
        HostValue(ret: result.status < 0 ? result.status : result.actual, data: result.data))
    case .woke, .value:
      return .done(Errno.EIO.negated)
    }
  }
}

/// `usb_control_msg()`.
struct ControlMessage: HostRoutine {
  var device: Int
  var setup: SetupPacket
  var data: [UInt8] = []
  /// Milliseconds.
  var timeout = 5000
  /// True to address the device as number 0.
  var addressZero = false

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input { return .done(value) }
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    let isIn = setup.movesIn
    return .call(
      URBMessage(
        urb: URB(
          half: target.half, device: device,
          address: addressZero || target.state.rawValue < UsbDevice.State.address.rawValue
            ? 0 : target.devnum,
          endpoint: isIn ? 0x80 : 0, type: .control, setup: setup, isIn: isIn,
          buffer: isIn ? [] : data, length: Int(setup.wLength)),
        timeout: timeout))
  }
}

/// `usb_get_descriptor()`: three tries.
struct GetDescriptor: HostRoutine {
  var device: Int
  var type: UInt8
  var index: UInt8
  var size: Int
  private var tries = 0
  private var last = HostValue(ret: 0)

  init(device: Int, type: UInt8, index: UInt8 = 0, size: Int) {
    self.device = device
    self.type = type
    self.index = index
    self.size = size
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input {
      last = value
      tries += 1
      let again = value.ret <= 0 && value.ret != Errno.ETIMEDOUT.negated
      if !again {
        let wrongType = value.ret > 1 && value.data.count > 1 && value.data[1] != type
        if !wrongType { return .done(last) }
        last.ret = Errno.ENODATA.negated
      }
      if tries == 3 { return .done(last) }
    }
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(
          0x80, 6, value: UInt16(low: index, high: type), index: 0,
          length: UInt16(clamping: size))))
  }
}

/// `get_bMaxPacketSize0()`: three tries at the start of the device descriptor.
struct GetMaxPacket: HostRoutine {
  var device: Int
  var size: UInt16
  var first: Bool
  private var tries = 0

  init(device: Int, size: UInt16, first: Bool) {
    self.device = device
    self.size = size
    self.first = first
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input {
      tries += 1
      let result = judge(value)
      let speed = side.host.devices[device]?.speed ?? .high
      let leaveEarly = result == Errno.ETIMEDOUT.negated && first && speed > .full
      if result > 0 || leaveEarly || tries == 3 { return .done(result) }
    }
    return .call(
      ControlMessage(
        device: device, setup: SetupPacket(0x80, 6, value: 0x0100, index: 0, length: size)))
  }

  private func judge(_ value: HostValue) -> Int {
    if value.data.count > 7, value.data[1] == 1, [8, 16, 32, 64, 9].contains(value.data[7]) {
      return Int(value.data[7])
    }
    return value.ret >= 0 ? Errno.EPROTO.negated : value.ret
  }
}
