import USB

extension GadgetWorld {
  /// `dummy_udc_set_speed()` with the packet size of ep0 that goes with it.
  mutating func setSpeed(_ speed: UsbSpeed, controller: Int) {
    controllers[controller].speed = speed
    controllers[controller].endpoints[0].maxPacket = speed == .super ? 9 : 64
  }

  /// `dummy_udc_start()`.
  mutating func startController(_ controller: Int, _ driver: GadgetDriverRef) {
    controllers[controller].deviceStatus = 0
    controllers[controller].driver = driver
  }

  /// Connects a gadget again that was taken off the bus by hand: its driver is started, but its
  /// callbacks stay switched off.
  mutating func softConnect(_ controller: Int) {
    guard let driver = controllers[controller].boundDriver else { return }
    if controllers[controller].driver == nil { startController(controller, driver) }
    if !controllers[controller].pullup { pullUp(controller, true) }
  }

  /// `dummy_wakeup()`: a device the host allowed to asks a suspended port to wake up.
  mutating func wakeHost(_ controller: Int) {
    let half = half(of: controller)
    let port = self[half]
    let mayWake = controllers[controller].deviceStatus & (1 << 1 | 1 << 3) != 0
    guard mayWake, port.portStatus & PortStatus.connection != 0,
      port.portStatus & PortStatus.suspend != 0 || port.suspended
    else { return }
    self[half].resuming = true
    self[half].reTimeout = now &+ 20_000
    timers.arm(.rootHub(half), at: now &+ 20_000)
  }

  /// `dummy_udc_stop()`.
  mutating func stopController(_ controller: Int) {
    controllers[controller].interruptsEnabled = false
    stopActivity(controller)
    controllers[controller].driver = nil
  }

  /// `stop_activity()`: every queued request ends with ESHUTDOWN.
  mutating func stopActivity(_ controller: Int) {
    for endpoint in controllers[controller].endpoints.indices { nuke(endpoint, controller) }
  }

  private mutating func nuke(_ endpoint: Int, _ controller: Int) {
    while !controllers[controller].endpoints[endpoint].queue.isEmpty {
      var request = controllers[controller].endpoints[endpoint].queue.removeFirst()
      request.status = Errno.ESHUTDOWN.negated
      giveBack(request, endpoint: endpoint, controller: controller)
    }
  }

  /// Tells the owner of a request that it is done.
  mutating func giveBack(_ request: GadgetRequest, endpoint: Int, controller: Int) {
    note(
      .requestCompleted(
        controller: controller, endpoint: controllers[controller].endpoints[endpoint].name,
        status: request.status ?? 0, actual: request.actual))
    if request.owner == .fifo {
      controllers[controller].fifoOccupied = false
    } else if let driver = request.device.map({ .raw($0) }) ?? controllers[controller].boundDriver {
      requestCompleted(driver, request)
    }
  }

  /// The half of a controller its speed puts it on.
  func half(of controller: Int) -> HostRef {
    HostRef(controller: controller, isSuper: controllers[controller].speed == .super)
  }

  /// True while the host has the port enabled.
  func portEnabled(_ controller: Int) -> Bool {
    self[half(of: controller)].portStatus & PortStatus.enable != 0
  }

  /// `dummy_queue()`.
  ///
  /// - Returns: 0, or a negative error number.
  mutating func queueRequest(
    _ request: GadgetRequest, endpoint: Int, controller: Int
  ) -> Int {
    let state = controllers[controller].endpoints[endpoint]
    if endpoint != 0, state.descriptor == nil { return Errno.EINVAL.negated }
    guard controllers[controller].driver != nil, portEnabled(controller) else {
      return Errno.ESHUTDOWN.negated
    }
    note(
      .requestQueued(controller: controller, endpoint: state.name, length: request.length))
    let fitsFIFO =
      state.descriptor?.isIn == true && !controllers[controller].fifoOccupied
      && state.queue.isEmpty && request.length <= DummyController.fifoSize
    guard fitsFIFO else {
      controllers[controller].endpoints[endpoint].queue.append(request)
      return 0
    }
    var stored = request
    stored.owner = .fifo
    controllers[controller].fifoOccupied = true
    controllers[controller].endpoints[endpoint].queue.append(stored)
    var done = request
    done.actual = done.length
    done.status = 0
    giveBack(done, endpoint: endpoint, controller: controller)
    return 0
  }

  /// `dummy_dequeue()` of the request of a device's sleeping call.
  mutating func dequeue(device: Int, owner: GadgetRequest.Owner) {
    guard let controller = devices[device]?.controller else { return }
    for endpoint in controllers[controller].endpoints.indices {
      controllers[controller].endpoints[endpoint].queue.removeAll {
        $0.owner == owner && $0.device == device
      }
    }
  }

  /// `dummy_enable()`.
  ///
  /// - Returns: 0, or a negative error number.
  mutating func enableEndpoint(
    _ endpoint: Int, controller: Int, _ descriptor: EndpointDescriptor
  ) -> Int {
    let state = controllers[controller].endpoints[endpoint]
    // The framework passes an endpoint that is enabled already by, whoever enabled it.
    if state.descriptor != nil { return 0 }
    // It does not hand on a packet size of 0 either, whatever the driver makes of it.
    if descriptor.maxPacket == 0 || descriptor.bDescriptorType != 5 {
      return Errno.EINVAL.negated
    }
    guard controllers[controller].driver != nil, portEnabled(controller) else {
      return Errno.ESHUTDOWN.negated
    }
    guard packetSizeFits(descriptor, state.name, controllers[controller].speed) else {
      return Errno.EINVAL.negated
    }
    controllers[controller].endpoints[endpoint].maxPacket = descriptor.maxPacket
    controllers[controller].endpoints[endpoint].descriptor = descriptor
    controllers[controller].endpoints[endpoint].halted = false
    controllers[controller].endpoints[endpoint].wedged = false
    return 0
  }

  private func packetSizeFits(
    _ descriptor: EndpointDescriptor, _ name: String, _ speed: UsbSpeed
  ) -> Bool {
    let size = descriptor.maxPacket
    switch (descriptor.type, speed) {
    case (.bulk, _) where name.hasSuffix("-int"): return false
    case (.bulk, .super): return size == 1024
    case (.bulk, .high): return size == 512
    case (.bulk, .full): return [8, 16, 32, 64].contains(size)
    case (.interrupt, .super), (.interrupt, .high): return size <= 1024
    case (.interrupt, .full): return size <= 64
    case (.interrupt, _): return size <= 8
    default: return false
    }
  }

  /// `dummy_disable()`.
  mutating func disableEndpoint(_ endpoint: Int, controller: Int) {
    controllers[controller].endpoints[endpoint].descriptor = nil
    nuke(endpoint, controller)
  }

  /// `dummy_set_halt_and_wedge()`.
  ///
  /// - Returns: 0, or a negative error number.
  mutating func setHalt(endpoint: Int, controller: Int, halt: Bool, wedge: Bool) -> Int {
    guard controllers[controller].driver != nil else { return Errno.ESHUTDOWN.negated }
    let state = controllers[controller].endpoints[endpoint]
    guard halt else {
      controllers[controller].endpoints[endpoint].halted = false
      controllers[controller].endpoints[endpoint].wedged = false
      return 0
    }
    if state.descriptor?.isIn == true, !state.queue.isEmpty { return Errno.EAGAIN.negated }
    controllers[controller].endpoints[endpoint].halted = true
    if wedge { controllers[controller].endpoints[endpoint].wedged = true }
    return 0
  }
}
