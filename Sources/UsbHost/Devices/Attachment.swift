import USB

extension HostSide {
  /// `usb_alloc_dev()` and `choose_devnum()`.
  mutating func allocateDevice(_ half: RootHubID) -> Int {
    guard var hub = host.hubs[half] else { return -1 }
    let numbers = Array(max(1, hub.nextDevnum)...127) + Array(1...127)
    let devnum = numbers.first { !hub.devnums.contains($0) } ?? 127
    hub.devnums.insert(devnum)
    hub.nextDevnum = devnum >= 127 ? 1 : devnum + 1
    host.hubs[half] = hub
    let id = host.nextDevice
    host.nextDevice += 1
    var device = UsbDevice(
      half: half, devnum: devnum, speed: half.isSuper ? .super : .unknown)
    device.mA = half.isSuper ? 900 : 500
    host.devices[id] = device
    return id
  }

  mutating func freeDevice(_ id: Int) {
    guard let device = host.devices.removeValue(forKey: id) else { return }
    host.hubs[device.half]?.devnums.remove(device.devnum)
    flushGone(id)
  }

  /// `usb_disconnect()`: takes a device out of the system.
  mutating func disconnect(_ id: Int) {
    guard let device = host.devices[id] else { return }
    deviceLog(id, "USB disconnect, device number \(device.devnum)")
    host.devices[id]?.state = .notAttached
    unbindInterfaces(id)
    flushGone(id)
    host.hubs[device.half]?.child = nil
    host.hubs[device.half]?.devnums.remove(device.devnum)
    host.devices[id] = nil
  }

  /// What is still in flight for a device that is gone ends with ESHUTDOWN.
  private mutating func flushGone(_ id: Int) {
    flush(device: id, .ESHUTDOWN)
  }
}
