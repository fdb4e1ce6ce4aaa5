import USB

/// An interface that a program claimed through an open file of usbfs.
struct UsbfsInterface: InterfaceDriver {
  var file: Int

  static let name = "usbfs"

  static var servesPrograms: Bool { true }

  static var bindsByName: Bool { false }

  /// It is given interfaces one by one and takes none by itself.
  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool { false }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? { nil }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.host.usbfsFiles[file]?.claimed.remove(interface)
  }
}

extension HostSide {
  /// `claimintf()`.
  mutating func claim(_ id: Int, _ deviceID: Int, _ interface: Int) -> Int {
    guard Self.claimable.contains(interface) else { return Errno.EINVAL.negated }
    if host.usbfsFiles[id]?.claimed.contains(interface) == true { return 0 }
    guard let device = host.devices[deviceID],
      device.interfaceNumbers.contains(interface)
    else { return Errno.ENOENT.negated }
    guard device.drivers[interface] == nil else { return Errno.EBUSY.negated }
    host.devices[deviceID]?.drivers[interface] = BoundDriver(UsbfsInterface(file: id))
    host.usbfsFiles[id]?.claimed.insert(interface)
    return 0
  }

  /// Interface numbers a file has a bit for.
  private static var claimable: Range<Int> { 0..<64 }

  /// Whether `USBDEVFS_RELEASEINTERFACE` or `USBDEVFS_DISCONNECT` finds a driver to take off.
  func mayUnbind(
    _ id: Int, _ device: UsbDevice, _ interface: Int, _ action: HostAction
  ) -> Int {
    let isThere = device.interfaceNumbers.contains(interface)
    if case .detach = action {
      if device.state != .configured { return Errno.EHOSTUNREACH.negated }
      guard isThere else { return Errno.EINVAL.negated }
      return device.drivers[interface] == nil ? Errno.ENODATA.negated : 0
    }
    guard Self.claimable.contains(interface) else { return Errno.EINVAL.negated }
    guard isThere else { return Errno.ENOENT.negated }
    return device.drivers[interface] == BoundDriver(UsbfsInterface(file: id))
      ? 0 : Errno.EINVAL.negated
  }

  /// `checkintf()`: an interface not claimed yet is claimed with a word of warning.
  mutating func checkInterface(_ id: Int, _ deviceID: Int, _ interface: Int) -> Int {
    guard host.devices[deviceID]?.state == .configured else { return Errno.EHOSTUNREACH.negated }
    guard Self.claimable.contains(interface) else { return Errno.EINVAL.negated }
    if host.usbfsFiles[id]?.claimed.contains(interface) == true { return 0 }
    deviceLog(
      deviceID,
      "usbfs: process 1 (probe) did not claim interface \(interface) before use")
    return claim(id, deviceID, interface)
  }

  /// `findintfep()` and `checkintf()`.
  mutating func checkEndpoint(_ id: Int, _ deviceID: Int, _ endpoint: UInt8) -> Int {
    let found = host.devices[deviceID]?.findInterface(endpoint) ?? Errno.ESRCH.negated
    return found < 0 ? found : checkInterface(id, deviceID, found)
  }

  /// `check_ctrlrecip()`: requests to interfaces and endpoints need the interface.
  mutating func checkRecipient(_ id: Int, _ device: Int, _ setup: SetupPacket) -> Int {
    guard let target = host.devices[device],
      target.state == .address || target.state == .configured
    else { return Errno.EHOSTUNREACH.negated }
    if setup.bmRequestType & 0x60 == 0x40 { return 0 }
    if asksPrinter(target, setup) { return 0 }
    let index = UInt8(truncatingIfNeeded: setup.wIndex)
    switch setup.bmRequestType & 0x1f {
    case 2:
      if index & 0x7f == 0 { return 0 }
      let found = target.findInterface(index)
      if found >= 0 { return checkInterface(id, device, found) }
      // Some programs give the endpoint's number with the wrong direction.
      let other = target.findInterface(index ^ 0x80)
      guard other >= 0 else { return other }
      deviceLog(
        device,
        "check_ctrlrecip: process 1 (probe) requesting ep \(hex(UInt64(index), 2)) "
          + "but needs \(hex(UInt64(index ^ 0x80), 2))")
      return checkInterface(id, device, other)
    case 1:
      return checkInterface(id, device, Int(index))
    default:
      return 0
    }
  }

  /// A printer's GET_DEVICE_ID, allowed without claiming anything.
  private func asksPrinter(_ device: UsbDevice, _ setup: SetupPacket) -> Bool {
    guard setup.bmRequestType == 0xa1, setup.bRequest == 0 else { return false }
    let setting = device.activeConfiguration?.interfaces.first {
      $0.number == Int(setup.wIndex.highByte) && $0.alternate == Int(setup.wIndex.lowByte)
    }
    return setting?.interfaceClass == 7
  }
}
