import USB

extension DriverSide {
  /// RUN: registers the gadget driver, which binds it to the named controller
  /// (`raw_ioctl_run()`).
  mutating func run(_ call: CheckedCall) throws(CallRefusal) -> CallResult {
    let number = call.device
    guard let device = drivers.devices[number] else { throw CallRefusal(.deviceGone, .EBUSY) }
    setState(number, .registering)
    let controller = freeController(for: device)
    if let controller {
      setSpeed(min(device.speed, gadget(controller).maxSpeed), controller: controller)
    }
    guard let controller, device.udcDriverName == Array(gadget(controller).driverName.utf8) else {
      let isTaken = controller == nil && hasController(named: device.udcDeviceName)
      setState(number, .failed)
      throw call.ioctl.refusal(.register, isTaken ? .EBUSY : drivers.policy.registerError)
    }
    bind(.raw(number), to: controller, speed: device.speed)
    drivers.devices[number]?.isRegistered = true
    drivers.devices[number]?.references += 1
    setState(number, .running)
    return .success(0)
  }

  /// The controller of that device name that has no driver. The framework matches by this name
  /// alone and sets the speed; only then does the driver's bind compare the gadget's name.
  private func freeController(for device: RawDevice) -> Int? {
    (0..<gadgetCount).first {
      let gadget = gadget($0)
      return Array(gadget.name.utf8) == device.udcDeviceName && gadget.driver == nil
    }
  }

  private func hasController(named name: [UInt8]) -> Bool {
    (0..<gadgetCount).contains { Array(gadget($0).name.utf8) == name }
  }
}
