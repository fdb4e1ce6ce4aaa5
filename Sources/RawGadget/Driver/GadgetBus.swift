import USB

extension DriverSide {
  /// `bind` and `unbind` of the gadget bus: a driver by the folder of its name, a gadget by number.
  ///
  /// - Returns: nil when it worked, else a negative error number.
  package mutating func bindGadget(_ path: [String], _ name: String) -> Int? {
    guard path.count == 6, path[5] == "bind" || path[5] == "unbind",
      let driver = registeredDriver(path[4])
    else { return Errno.ENOENT.negated }
    guard name.hasPrefix("gadget."), let index = Int(name.dropFirst(7)),
      (0..<gadgetCount).contains(index)
    else { return Errno.ENODEV.negated }
    if path[5] == "unbind" {
      guard gadget(index).driver == driver else { return Errno.ENODEV.negated }
      unregisterDriver(driver)
      return nil
    }
    guard case .raw(let number) = driver, let device = drivers.devices[number],
      device.udcDeviceName == Array(gadget(index).name.utf8),
      !(0..<gadgetCount).contains(where: { gadget($0).driver == driver })
    else { return Errno.ENODEV.negated }
    if gadget(index).driver != nil { return Errno.EBUSY.negated }
    bind(driver, to: index, speed: device.speed)
    return nil
  }

  /// The driver of that name while it is registered.
  private func registeredDriver(_ name: String) -> GadgetDriverRef? {
    let raw = drivers.devices.first {
      $0.value.isRegistered && name == "raw-gadget.\($0.value.driverNumber ?? -1)"
    }
    return raw.map { .raw($0.key) }
  }
}
