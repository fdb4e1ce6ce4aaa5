import USB

extension DriverSide {
  /// RUN: registers the gadget driver, which binds it to the named controller
  /// (`raw_ioctl_run()`).
  mutating func ioctlRun(_ call: CallContext) -> CallResult {
    guard call.value == 0 else { return .failure(.EINVAL, .run, row: 1) }
    guard let device = drivers.devices[call.device], device.state == .initialized else {
      return .failure(.EINVAL, .run, row: 2, why: .stateNotInitialized)
    }
    setState(call.device, .registering)
    let controller = freeController(for: device)
    if let controller {
      setSpeed(min(device.speed, gadget(controller).maxSpeed), controller: controller)
    }
    guard let controller, device.udcDriverName == Array("dummy_udc".utf8) else {
      let isTaken = controller == nil && hasController(named: device.udcDeviceName)
      let error: Errno = isTaken ? .EBUSY : drivers.policy.registerError
      setState(call.device, .failed)
      return .failure(error, .run, row: 3, why: .register(error))
    }
    bind(.raw(call.device), to: controller, speed: device.speed)
    drivers.devices[call.device]?.isRegistered = true
    drivers.devices[call.device]?.references += 1
    setState(call.device, .running)
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
