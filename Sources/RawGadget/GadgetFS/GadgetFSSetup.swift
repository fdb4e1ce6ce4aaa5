import USB

extension DriverSide {
  /// A control request reaches GadgetFS (`gadgetfs_setup()`).
  ///
  /// - Returns: 0 or above when it was taken, else a negative error the host sees as a stall.
  mutating func gadgetfsSetup(_ original: SetupPacket, controller: Int) -> Int {
    guard var device = drivers.gadgetfs else { return Errno.ENODEV.negated }
    var setup = original
    if Int(setup.wLength) > GadgetFSDevice.bufferSize {
      guard setup.isIn else {
        return gadgetfsAnswered(setup, controller, Errno.EOPNOTSUPP.negated)
      }
      setup.wLength = UInt16(GadgetFSDevice.bufferSize)
    }
    device.setupAborted = device.state == .setup
    drivers.gadgetfs = device
    if device.state == .unconnected {
      setGadgetFSState(.connected)
      let speed = UInt32(gadget(controller).speed.rawValue)
      queueGadgetFS(.connect, littleEndian(speed))
    }
    switch decide(setup, controller) {
    case .stall: return gadgetfsAnswered(setup, controller, Errno.EOPNOTSUPP.negated)
    case .delegate(let canStall): return delegate(setup, controller, canStall: canStall)
    case .answer(let bytes):
      // Nobody answers while the program still has an older request before it.
      guard drivers.gadgetfs?.state != .setup else { return gadgetfsAnswered(setup, controller, 0) }
      let request = GadgetRequest(
        owner: .ep0, buffer: bytes, length: bytes.count, zero: bytes.count < Int(setup.wLength))
      return gadgetfsAnswered(
        setup, controller, queueRequest(request, endpoint: 0, controller: controller))
    }
  }

  private mutating func gadgetfsAnswered(
    _ setup: SetupPacket, _ controller: Int, _ status: Int
  ) -> Int {
    note(.routed(controller: controller, setup, to: .gadgetfs, status: status))
    return status
  }

  /// The requests GadgetFS knows: descriptors, and the configuration. Those to interfaces, of
  /// classes and of vendors, and strings, are the program's.
  private mutating func decide(_ setup: SetupPacket, _ controller: Int) -> Decision {
    let usual = unrecognized
    switch setup.bRequest {
    case 6:
      guard setup.bmRequestType == 0x80 else { return usual }
      return getDescriptor(setup, controller)
    case 9:
      guard setup.bmRequestType == 0 else { return usual }
      return chooseConfiguration(setup, controller)
    case 8:
      guard setup.bmRequestType == 0x80 else { return usual }
      return .answer(
        Array([drivers.gadgetfs?.currentConfiguration ?? 0].prefix(Int(setup.wLength))))
    default: return usual
    }
  }

  /// A request for the program, which has to be one that reads events.
  private var unrecognized: Decision {
    drivers.gadgetfs?.readsEvents == true ? .delegate(canStall: true) : .stall
  }

  private mutating func getDescriptor(_ setup: SetupPacket, _ controller: Int) -> Decision {
    guard let held = drivers.gadgetfs?.descriptors else { return .stall }
    let limit = Int(setup.wLength)
    let maxPacket = gadget(controller).ep0MaxPacket
    switch setup.wValue >> 8 {
    case 1:
      // The program's packet size of ep0 does not count, the controller's does.
      drivers.gadgetfs?.descriptors?.device[7] = UInt8(truncatingIfNeeded: maxPacket)
      return .answer(Array((drivers.gadgetfs?.descriptors?.device ?? []).prefix(limit)))
    case 2, 7: return configurationAnswer(held, setup, controller)
    case 3: return unrecognized
    case 6:
      guard held.highSpeed != nil else { return .stall }
      return .answer(Array(held.qualifier(maxPacket: maxPacket).prefix(limit)))
    default: return .stall
    }
  }

  /// `config_buf()`: the configuration of this speed or of the other, there being one of each.
  ///
  /// The kernel follows a null pointer when asked for a high-speed one it does not have; here the
  /// request is stalled.
  private func configurationAnswer(
    _ held: GadgetFSDescriptors, _ setup: SetupPacket, _ controller: Int
  ) -> Decision {
    let type = setup.wValue.highByte
    guard setup.wValue.lowByte == 0 else { return .stall }
    let isHigh = isHighSpeed(controller) != (isDualSpeed(controller) && type == 7)
    guard var bytes = isHigh ? held.highSpeed : held.configuration else { return .stall }
    bytes[1] = type
    return .answer(Array(bytes.prefix(Int(setup.wLength))))
  }

  private func isDualSpeed(_ controller: Int) -> Bool {
    gadget(controller).maxSpeed >= .high
  }

  private func isHighSpeed(_ controller: Int) -> Bool {
    isDualSpeed(controller) && gadget(controller).speed == .high
  }

  /// SET_CONFIGURATION: GadgetFS looks at the number, then the program hears of it and may not
  /// refuse.
  private mutating func chooseConfiguration(
    _ setup: SetupPacket, _ controller: Int
  ) -> Decision {
    let wanted = setup.wValue.lowByte
    let held = drivers.gadgetfs?.descriptors
    let offered = isHighSpeed(controller) ? held?.highSpeed : held?.configuration
    guard wanted == 0 || offered?[5] == wanted else { return .stall }
    drivers.gadgetfs?.currentConfiguration = wanted
    markConfigured(controller)
    return drivers.gadgetfs?.readsEvents == true ? .delegate(canStall: false) : .answer([])
  }

  /// Passes a request on; the data of an OUT request is received first.
  private mutating func delegate(
    _ setup: SetupPacket, _ controller: Int, canStall: Bool
  ) -> Int {
    drivers.gadgetfs?.setupCanStall = canStall
    drivers.gadgetfs?.setupIn = setup.isIn
    drivers.gadgetfs?.setupLength = Int(setup.wLength)
    drivers.gadgetfs?.setupOut = nil
    if !setup.isIn, setup.wLength > 0 {
      let request = GadgetRequest(
        owner: .ep0, buffer: [], length: Int(setup.wLength), zero: false)
      let status = queueRequest(request, endpoint: 0, controller: controller)
      drivers.gadgetfs?.awaitsData = status >= 0
      if status < 0 { return gadgetfsAnswered(setup, controller, status) }
      drivers.gadgetfs?.setupCanStall = false
    }
    note(.routed(controller: controller, setup, to: .program, status: 0))
    queueGadgetFS(.setup, setup.bytes)
    return 0
  }

  /// Suspend, reset and disconnect reach GadgetFS; of resume it is not told
  /// (`gadgetfs_suspend()`, `gadgetfs_disconnect()`).
  mutating func gadgetfsEvent(_ event: GadgetBusEvent) {
    guard let device = drivers.gadgetfs else { return }
    switch event {
    case .suspend: queueGadgetFS(.suspend, [])
    case .reset, .disconnect:
      guard device.state != .unconnected else { return }
      if device.state == .setup { drivers.gadgetfs?.setupAborted = true }
      setGadgetFSState(.unconnected)
      queueGadgetFS(.disconnect, [])
    case .resume: break
    }
  }

  /// The transfer of ep0 is done (`ep0_complete()`): data of OUT requests waits for the program.
  mutating func gadgetfsCompleted(_ request: GadgetRequest) {
    guard drivers.gadgetfs?.awaitsData == true else { return }
    drivers.gadgetfs?.awaitsData = false
    drivers.gadgetfs?.setupOut =
      request.status == 0 ? .data(Array(request.buffer.prefix(request.actual))) : .failed
    wakeGadgetFSReaders()
  }

  /// `next_event()`: CONNECT and DISCONNECT empty the queue, the others replace one of their kind.
  private mutating func queueGadgetFS(_ type: GadgetFSEventType, _ data: [UInt8]) {
    switch type {
    case .connect, .disconnect: drivers.gadgetfs?.events = []
    default: drivers.gadgetfs?.events.removeAll { $0.type == type }
    }
    drivers.gadgetfs?.events.append(GadgetFSEvent(type: type, data: data))
    note(.gadgetfsQueued(type, depth: drivers.gadgetfs?.events.count ?? 0))
    wakeGadgetFSReaders()
  }

  mutating func setGadgetFSState(_ state: GadgetFSDevice.State) {
    drivers.gadgetfs?.state = state
    note(.gadgetfsState(state))
  }
}

/// What GadgetFS makes of a control request.
private enum Decision {
  /// It answers with these bytes.
  case answer([UInt8])
  case stall
  /// The program decides, and whether it may refuse.
  case delegate(canStall: Bool)
}
