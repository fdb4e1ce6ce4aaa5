import USB

extension DriverSide {
  /// Drops one use of an open file; the last one releases the device (`raw_release()`).
  mutating func releaseFile(_ file: Int) {
    guard var open = drivers.files[file] else { return }
    open.references -= 1
    guard open.references <= 0 else {
      drivers.files[file] = open
      return
    }
    drivers.files[file] = nil
    let device = open.device
    setState(device, .closed)
    if drivers.devices[device]?.isRegistered == true {
      drivers.devices[device]?.isRegistered = false
      unregisterDriver(.raw(device))
      dropReference(device)
    }
    dropReference(device)
  }

  /// `dev_put()`: the last reference frees the device.
  mutating func dropReference(_ device: Int) {
    guard let left = drivers.devices[device].map({ $0.references - 1 }) else { return }
    drivers.devices[device]?.references = left
    guard left <= 0, let freed = drivers.devices.removeValue(forKey: device) else { return }
    for address in freed.nameObjects { drivers.copies?.free(address) }
    for event in freed.events { drivers.copies?.free(event.address) }
    guard let controller = freed.controller else { return }
    for handle in freed.endpoints.indices where freed.endpoints[handle].enabled {
      disableEndpoint(handle + 1, controller: controller)
    }
  }

  mutating func setState(_ device: Int, _ state: RawDevice.State) {
    drivers.devices[device]?.state = state
    note(.deviceState(device: device, state))
  }
}
