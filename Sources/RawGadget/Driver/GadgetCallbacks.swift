package import USB

extension DriverSide {
  /// A control request reaches the gadget driver (`gadget_setup()`).
  ///
  /// - Returns: 0 or above when the driver took it, else a negative error the host sees as a stall.
  package mutating func driverSetup(_ driver: GadgetDriverRef, _ setup: SetupPacket) -> Int {
    switch driver {
    case .raw(let number):
      guard let device = drivers.devices[number], device.state == .running else {
        return Errno.ENODEV.negated
      }
      if device.ep0InPending || device.ep0OutPending { return Errno.EBUSY.negated }
      if let controller = device.controller {
        note(.routed(controller: controller, setup, to: .program, status: 0))
      }
      if setup.movesIn {
        drivers.devices[number]?.ep0InPending = true
      } else {
        drivers.devices[number]?.ep0OutPending = true
      }
      return queueEvent(number, .control, setup.bytes)
    case .gadgetfs:
      guard let controller = drivers.gadgetfs?.controller else { return Errno.ENODEV.negated }
      return gadgetfsSetup(setup, controller: controller)
    }
  }

  /// Suspend, resume, reset and disconnect reach the gadget driver.
  package mutating func driverEvent(_ driver: GadgetDriverRef, _ event: GadgetBusEvent) {
    switch driver {
    case .raw(let number):
      let type = RawEventType(event)
      guard drivers.policy.events.contains(type) else { return }
      queueEvent(number, type, [])
    case .gadgetfs: gadgetfsEvent(event)
    }
  }

  /// The request of a driver is done.
  package mutating func requestCompleted(_ driver: GadgetDriverRef, _ request: GadgetRequest) {
    switch driver {
    case .raw(let number): rawRequestCompleted(number, request)
    case .gadgetfs: gadgetfsCompleted(request)
    }
  }

  /// A driver meets its controller.
  package mutating func driverBound(_ driver: GadgetDriverRef, to controller: Int) {
    switch driver {
    case .raw(let number): rawBind(number, controller: controller)
    case .gadgetfs: gadgetfsBind(controller: controller)
    }
  }

  /// A driver is taken off its controller.
  package mutating func driverUnbound(_ driver: GadgetDriverRef) {
    switch driver {
    case .raw(let number): rawUnbind(number)
    case .gadgetfs: gadgetfsUnbind()
    }
  }

  /// `gadget_bind()`: the driver meets its gadget and tells the program so.
  private mutating func rawBind(_ number: Int, controller: Int) {
    drivers.devices[number]?.controller = controller
    let count = min(gadget(controller).endpoints.count, drivers.policy.maxEndpoints)
    drivers.devices[number]?.endpoints = Array(repeating: RawDevice.Endpoint(), count: count)
    drivers.devices[number]?.references += 1
    queueEvent(number, .connect, [])
  }

  /// `gadget_unbind()`: drops the gadget's reference; the pointer to it stays.
  private mutating func rawUnbind(_ number: Int) { dropReference(number) }
}

extension RawEventType {
  /// The event a driver that tells of it queues.
  fileprivate init(_ event: GadgetBusEvent) {
    self =
      switch event {
      case .suspend: .suspend
      case .resume: .resume
      case .reset: .reset
      case .disconnect: .disconnect
      }
  }
}
