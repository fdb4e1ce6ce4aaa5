import USB

extension HostSide {
  /// Every host thread works on the process's one usbfs file, the newest opened.
  private var currentFile: (id: Int, file: UsbfsFile)? {
    host.usbfsFiles.max { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// `usbdev_open()`.
  mutating func usbfsOpen(_ thread: ThreadID) -> HostResult {
    guard let device = host.firstDevice else { return HostResult(ret: Errno.ENOENT.negated) }
    host.usbfsFiles[host.nextFile] = UsbfsFile(device: device)
    host.nextFile += 1
    host.devices[device]?.usage += 1
    return HostResult(ret: 0)
  }

  /// `usbdev_release()`.
  mutating func usbfsClose(_ thread: ThreadID) {
    guard let (id, file) = currentFile else {
      host.finished[thread] = HostResult(ret: 0)
      return
    }
    startTask(
      .thread(thread),
      UsbfsClose(file: id, device: file.device, claimed: file.claimed.sorted()))
  }

  /// `usbdev_ioctl()`.
  mutating func perform(_ thread: ThreadID, onFile action: HostAction) {
    func done(_ side: inout some HostSide, _ ret: Int) {
      side.host.finished[thread] = HostResult(ret: ret)
    }
    guard let (id, file) = currentFile else { return done(&self, Errno.EBADF.negated) }
    if case .reap(let wait) = action {
      startTask(.thread(thread), UsbfsReap(file: id, wait: wait))
      return
    }
    guard let device = host.devices[file.device], device.state != .notAttached, file.isConnected
    else { return done(&self, Errno.ENODEV.negated) }
    switch action {
    case .claim(let interface): done(&self, claim(id, file.device, interface))
    case .release(let interface), .detach(let interface):
      let check = mayUnbind(id, device, interface, action)
      guard check >= 0 else { return done(&self, check) }
      startTask(
        .thread(thread),
        UnbindInterfaces(device: file.device, interfaces: [interface]))
    case .submit: done(&self, usbfsSubmit(id, file, device, action))
    case .discard(let tag):
      guard let urb = file.submitted[tag] else { return done(&self, Errno.EINVAL.negated) }
      unlink(urb, .ENOENT)
      done(&self, 0)
    case .resetEndpoint(let endpoint):
      let check = checkEndpoint(id, file.device, endpoint)
      if check >= 0 { warnOfActiveEndpoint(file.device, endpoint, "RESETEP") }
      done(&self, check)
    default:
      startTransfer(thread, id, file, device, action)
    }
  }

  private mutating func startTransfer(
    _ thread: ThreadID, _ id: Int, _ file: UsbfsFile, _ device: UsbDevice, _ action: HostAction
  ) {
    switch action {
    case .clearHalt(let endpoint):
      let check = checkEndpoint(id, file.device, endpoint)
      if check < 0 {
        host.finished[thread] = HostResult(ret: check)
      } else {
        warnOfActiveEndpoint(file.device, endpoint, "CLEAR_HALT")
        startTask(
          .thread(thread), ClearHalt(device: file.device, endpoint: endpoint))
      }
    case .reset:
      startTask(.thread(thread), ResetDevice(device: file.device))
    case .setInterface(let interface, let alternate):
      let check = checkInterface(id, file.device, interface)
      if check < 0 {
        host.finished[thread] = HostResult(ret: check)
      } else {
        killURBs(file, device, interface)
        startTask(
          .thread(thread),
          SetInterface(device: file.device, interface: interface, alternate: alternate))
      }
    case .setConfiguration(let value):
      setConfiguration(thread, file.device, device, value)
    default:
      startTask(
        .thread(thread),
        UsbfsTransfer(file: id, device: file.device, action: action))
    }
  }

  private mutating func setConfiguration(
    _ thread: ThreadID, _ id: Int, _ device: UsbDevice, _ value: Int
  ) {
    if let number = device.drivers.keys.min(), device.activeConfiguration != nil {
      let holder = device.drivers[number]?.name ?? UsbfsInterface.name
      deviceLog(
        id,
        "usbfs: interface \(number) claimed by \(holder) while 'probe' sets config #\(value)")
      host.finished[thread] = HostResult(ret: Errno.EBUSY.negated)
      return
    }
    let isActive = device.activeConfiguration.map { Int($0.value) == value } ?? false
    startTask(
      .thread(thread),
      isActive
        ? ResetConfiguration(device: id)
        : SetConfiguration(device: id, value: value))
  }

  /// `destroy_async_on_interface()`: what this file has in flight on an interface ends.
  private mutating func killURBs(_ file: UsbfsFile, _ device: UsbDevice, _ interface: Int) {
    let endpoints = device.currentSetting(interface)?.endpoints.map(\.address) ?? []
    for urb in file.submitted.values.sorted().reversed()
    where urbs[urb].map({ endpoints.contains($0.endpoint) }) ?? false {
      unlink(urb, .ENOENT)
    }
  }

  /// `check_reset_of_active_ep()`: a word of warning when transfers are in flight there.
  private mutating func warnOfActiveEndpoint(_ deviceID: Int, _ endpoint: UInt8, _ call: String) {
    let active = urbs.values.contains {
      $0.device == deviceID && $0.endpoint == endpoint
    }
    guard active else { return }
    deviceLog(
      deviceID,
      "Process 1 (probe) called USBDEVFS_\(call) for active endpoint "
        + "0x\(hex(UInt64(endpoint), 2))")
  }
}
