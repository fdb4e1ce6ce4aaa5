package import USB

/// The gadget framework (`drivers/usb/gadget/udc/core.c`): drivers bound to controllers.
extension ControllerSide {
  /// How many controllers there are.
  package var gadgetCount: Int { controllers.count }

  /// A controller as a driver sees it.
  package func gadget(_ index: Int) -> UsbGadget {
    let controller = controllers[index]
    return UsbGadget(
      name: controller.name, driverName: controller.names.driver, speed: controller.speed,
      maxSpeed: controller.maxSpeed,
      ep0MaxPacket: controller.endpoints[0].maxPacket, endpoints: ControllerEndpoint.dummyUDC,
      driver: controller.boundDriver)
  }

  /// `usb_gadget_set_state()` to configured.
  package mutating func markConfigured(_ controller: Int) {
    controllers[controller].state = .configured
  }

  /// `dummy_udc_set_speed()` with the packet size of ep0 that goes with it.
  package mutating func setSpeed(_ speed: UsbSpeed, controller: Int) {
    controllers[controller].speed = speed
    controllers[controller].endpoints[0].maxPacket = speed == .super ? 9 : 64
  }

  /// `dummy_udc_start()`.
  private mutating func startController(_ controller: Int, _ driver: GadgetDriverRef) {
    controllers[controller].deviceStatus = 0
    controllers[controller].driver = driver
  }

  /// `dummy_udc_stop()`.
  mutating func stopController(_ controller: Int) {
    controllers[controller].interruptsEnabled = false
    stopActivity(controller)
    controllers[controller].driver = nil
  }

  /// Binds a driver to a controller, starts it and connects (`gadget_bind_driver()`).
  package mutating func bind(_ driver: GadgetDriverRef, to controller: Int, speed: UsbSpeed) {
    controllers[controller].boundDriver = driver
    setSpeed(min(speed, controllers[controller].maxSpeed), controller: controller)
    driverBound(driver, to: controller)
    startController(controller, driver)
    controllers[controller].interruptsEnabled = true
    pullUp(controller, true)
  }

  /// Disconnects and stops a driver and takes it off its controller
  /// (`gadget_unbind_driver()`).
  package mutating func unregisterDriver(_ driver: GadgetDriverRef) {
    for controller in controllers.indices where controllers[controller].boundDriver == driver {
      disconnectGadget(controller)
      controllers[controller].interruptsEnabled = false
      driverUnbound(driver)
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
    armWakeup(of: half, at: now &+ 20_000)
  }
}
