import USB

extension GadgetWorld {
  /// A control request reaches the gadget driver (`gadget_setup()`).
  ///
  /// - Returns: 0 or above when the driver took it, else a negative error the host sees as a stall.
  mutating func driverSetup(_ driver: GadgetDriverRef, _ setup: SetupPacket) -> Int {
    switch driver {
    case .raw(let number):
      guard let device = devices[number], device.state == .running else {
        return Errno.ENODEV.negated
      }
      if device.ep0InPending || device.ep0OutPending { return Errno.EBUSY.negated }
      if let controller = device.controller {
        note(.routed(controller: controller, setup, to: .program, status: 0))
      }
      if setup.movesIn {
        devices[number]?.ep0InPending = true
      } else {
        devices[number]?.ep0OutPending = true
      }
      return queueEvent(number, .control, setup.bytes)
    case .gadgetfs:
      guard let controller = gadgetfs?.controller else { return Errno.ENODEV.negated }
      return gadgetfsSetup(setup, controller: controller)
    }
  }

  /// Suspend, resume, reset and disconnect reach the gadget driver.
  mutating func driverEvent(_ driver: GadgetDriverRef, _ type: RawEventType) {
    switch driver {
    case .raw(let number):
      guard policy.events.contains(type) else { return }
      queueEvent(number, type, [])
    case .gadgetfs: gadgetfsEvent(type)
    }
  }

  mutating func requestCompleted(_ driver: GadgetDriverRef, _ request: GadgetRequest) {
    switch driver {
    case .raw(let number): rawRequestCompleted(number, request)
    case .gadgetfs: gadgetfsCompleted(request)
    }
  }

  /// Binds a driver to a controller, starts it and connects (`gadget_bind_driver()`).
  mutating func bind(_ driver: GadgetDriverRef, to controller: Int, speed: UsbSpeed) {
    controllers[controller].boundDriver = driver
    setSpeed(min(speed, controllers[controller].maxSpeed), controller: controller)
    switch driver {
    case .raw(let number): rawBind(number, controller: controller)
    case .gadgetfs: gadgetfsBind(controller: controller)
    }
    startController(controller, driver)
    controllers[controller].interruptsEnabled = true
    pullUp(controller, true)
  }

  /// `bind` and `unbind` of the gadget bus: a driver by the folder of its name, a gadget by number.
  ///
  /// - Returns: nil when it worked, else a negative error number.
  mutating func bindGadget(_ path: [String], _ gadget: String) -> Int? {
    guard path.count == 6, path[5] == "bind" || path[5] == "unbind",
      let driver = registeredDriver(path[4])
    else { return Errno.ENOENT.negated }
    guard gadget.hasPrefix("gadget."), let index = Int(gadget.dropFirst(7)),
      controllers.indices.contains(index)
    else { return Errno.ENODEV.negated }
    if path[5] == "unbind" {
      guard controllers[index].boundDriver == driver else { return Errno.ENODEV.negated }
      unregisterDriver(driver)
      return nil
    }
    guard case .raw(let number) = driver, let device = devices[number],
      device.udcDeviceName == Array(controllers[index].name.utf8),
      !controllers.contains(where: { $0.boundDriver == driver })
    else { return Errno.ENODEV.negated }
    if controllers[index].boundDriver != nil { return Errno.EBUSY.negated }
    bind(driver, to: index, speed: device.speed)
    return nil
  }

  /// The driver of that name while it is registered.
  private func registeredDriver(_ name: String) -> GadgetDriverRef? {
    let raw = devices.first {
      $0.value.isRegistered && name == "raw-gadget.\($0.value.driverNumber ?? -1)"
    }
    return raw.map { .raw($0.key) }
  }

  /// Disconnects and stops a driver and takes it off its controller
  /// (`gadget_unbind_driver()`).
  mutating func unregisterDriver(_ driver: GadgetDriverRef) {
    for controller in controllers.indices where controllers[controller].boundDriver == driver {
      disconnectGadget(controller)
      controllers[controller].interruptsEnabled = false
      switch driver {
      case .raw(let number): rawUnbind(number)
      case .gadgetfs: gadgetfsUnbind()
      }
      stopController(controller)
      controllers[controller].boundDriver = nil
    }
  }

  /// `usb_gadget_disconnect_locked()`: off the bus, then the driver is told.
  mutating func disconnectGadget(_ controller: Int) {
    guard controllers[controller].pullup else { return }
    pullUp(controller, false)
    if let driver = controllers[controller].boundDriver { driverEvent(driver, .disconnect) }
  }
}
