import USB

extension GadgetWorld {
  /// RUN: registers the gadget driver, which binds it to the named controller
  /// (`raw_ioctl_run()`).
  mutating func ioctlRun(_ call: CallContext) -> CallResult {
    guard call.value == 0 else { return .failure(.EINVAL, .run, row: 1) }
    guard let device = devices[call.device], device.state == .initialized else {
      return .failure(.EINVAL, .run, row: 2, why: .stateNotInitialized)
    }
    setState(call.device, .registering)
    let controller = freeController(for: device)
    if let controller { setSpeed(gadgetSpeed(device, on: controller), controller: controller) }
    guard let controller, device.udcDriverName == Array("dummy_udc".utf8) else {
      let isTaken = controller == nil && hasController(named: device.udcDeviceName)
      let error: Errno = isTaken ? .EBUSY : policy.registerError
      setState(call.device, .failed)
      return .failure(error, .run, row: 3, why: .register(error))
    }
    bind(.raw(call.device), to: controller, speed: device.speed)
    devices[call.device]?.isRegistered = true
    devices[call.device]?.references += 1
    setState(call.device, .running)
    return .success(0)
  }

  private func gadgetSpeed(_ device: RawDevice, on controller: Int) -> UsbSpeed {
    min(device.speed, controllers[controller].maxSpeed)
  }

  /// The controller of that device name that has no driver. The framework matches by this name
  /// alone and sets the speed; only then does the driver's bind compare the gadget's name.
  private func freeController(for device: RawDevice) -> Int? {
    controllers.firstIndex {
      Array($0.name.utf8) == device.udcDeviceName && $0.boundDriver == nil
    }
  }

  private func hasController(named name: [UInt8]) -> Bool {
    controllers.contains { Array($0.name.utf8) == name }
  }

  /// `gadget_bind()`: the driver meets its gadget and tells the program so.
  mutating func rawBind(_ number: Int, controller: Int) {
    devices[number]?.controller = controller
    devices[number]?.endpoints = Array(
      repeating: RawDevice.Endpoint(),
      count: min(ControllerEndpoint.dummyUDC.count, policy.maxEndpoints))
    devices[number]?.references += 1
    queueEvent(number, .connect, [])
  }

  /// `gadget_unbind()`: drops the gadget's reference; the pointer to it stays.
  mutating func rawUnbind(_ number: Int) { dropReference(number) }
}
