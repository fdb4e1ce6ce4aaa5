import USB

extension GadgetWorld {
  /// Every host thread works on the process's one usbfs file, the newest opened.
  private var currentFile: (id: Int, file: UsbfsFile)? {
    host.usbfsFiles.max { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  mutating func usbfsOpen(_ thread: ThreadID) -> HostResult {
    guard let device = host.firstDevice else { return HostResult(ret: Errno.ENOENT.negated) }
    host.usbfsFiles[host.nextFile] = UsbfsFile(device: device)
    host.nextFile += 1
    host.devices[device]?.usage += 1
    return HostResult(ret: 0)
  }

  mutating func usbfsClose(_ thread: ThreadID) {
    guard let (id, file) = currentFile else {
      hostFinished[thread] = HostResult(ret: 0)
      return
    }
    startTask(
      .thread(thread),
      .usbfsClose(UsbfsClose(file: id, device: file.device, claimed: file.claimed.sorted())))
  }

  /// `usbdev_remove()`: the device's files are cut off from it, with what is in flight.
  mutating func disconnectFiles(_ device: Int) {
    for (id, file) in host.usbfsFiles.sorted(by: { $0.key < $1.key })
    where file.device == device && file.isConnected {
      host.usbfsFiles[id]?.isConnected = false
      for urb in file.submitted.values.sorted().reversed() { unlink(urb, .ENOENT) }
    }
  }

  mutating func perform(_ thread: ThreadID, onFile action: HostAction) {
    func done(_ world: inout GadgetWorld, _ ret: Int) {
      world.hostFinished[thread] = HostResult(ret: ret)
    }
    guard let (id, file) = currentFile else { return done(&self, Errno.EBADF.negated) }
    if case .reap(let wait) = action {
      startTask(.thread(thread), .reap(UsbfsReap(file: id, wait: wait)))
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
        .unbindInterfaces(UnbindInterfaces(device: file.device, interfaces: [interface])))
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
        hostFinished[thread] = HostResult(ret: check)
      } else {
        warnOfActiveEndpoint(file.device, endpoint, "CLEAR_HALT")
        startTask(
          .thread(thread), .clearHalt(ClearHalt(device: file.device, endpoint: endpoint)))
      }
    case .reset:
      startTask(.thread(thread), .resetDevice(ResetDevice(device: file.device)))
    case .setInterface(let interface, let alternate):
      let check = checkInterface(id, file.device, interface)
      if check < 0 {
        hostFinished[thread] = HostResult(ret: check)
      } else {
        killURBs(file, device, interface)
        startTask(
          .thread(thread),
          .setInterface(
            SetInterface(device: file.device, interface: interface, alternate: alternate)))
      }
    case .setConfiguration(let value):
      setConfiguration(thread, file.device, device, value)
    default:
      startTask(
        .thread(thread),
        .usbfsTransfer(UsbfsTransfer(file: id, device: file.device, action: action)))
    }
  }

  private mutating func setConfiguration(
    _ thread: ThreadID, _ id: Int, _ device: UsbDevice, _ value: Int
  ) {
    if let number = device.drivers.keys.min(), device.activeConfiguration != nil {
      let holder: String =
        if case .usbhid? = device.drivers[number] { "usbhid" } else { "usbfs" }
      deviceLog(
        id,
        "usbfs: interface \(number) claimed by \(holder) while 'probe' sets config #\(value)")
      hostFinished[thread] = HostResult(ret: Errno.EBUSY.negated)
      return
    }
    let isActive = device.activeConfiguration.map { Int($0.value) == value } ?? false
    startTask(
      .thread(thread),
      isActive
        ? .resetConfiguration(ResetConfiguration(device: id))
        : .setConfiguration(SetConfiguration(device: id, value: value)))
  }

  /// `destroy_async_on_interface()`: what this file has in flight on an interface ends.
  private mutating func killURBs(_ file: UsbfsFile, _ device: UsbDevice, _ interface: Int) {
    let endpoints = device.currentSetting(interface)?.endpoints.map(\.address) ?? []
    for urb in file.submitted.values.sorted().reversed()
    where host.urbs[urb].map({ endpoints.contains($0.endpoint) }) ?? false {
      unlink(urb, .ENOENT)
    }
  }

  /// `claimintf()`.
  private mutating func claim(_ id: Int, _ deviceID: Int, _ interface: Int) -> Int {
    guard Self.claimable.contains(interface) else { return Errno.EINVAL.negated }
    if host.usbfsFiles[id]?.claimed.contains(interface) == true { return 0 }
    guard let device = host.devices[deviceID],
      device.interfaceNumbers.contains(interface)
    else { return Errno.ENOENT.negated }
    guard device.drivers[interface] == nil else { return Errno.EBUSY.negated }
    host.devices[deviceID]?.drivers[interface] = .usbfs(file: id)
    host.usbfsFiles[id]?.claimed.insert(interface)
    return 0
  }

  /// Interface numbers a file has a bit for.
  private static let claimable = 0..<64

  /// Whether `USBDEVFS_RELEASEINTERFACE` or `USBDEVFS_DISCONNECT` finds a driver to take off.
  private func mayUnbind(
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
    return device.drivers[interface] == .usbfs(file: id) ? 0 : Errno.EINVAL.negated
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

  /// `check_reset_of_active_ep()`: a word of warning when transfers are in flight there.
  private mutating func warnOfActiveEndpoint(_ deviceID: Int, _ endpoint: UInt8, _ call: String) {
    let active = host.urbs.values.contains {
      $0.device == deviceID && $0.endpoint == endpoint
    }
    guard active else { return }
    deviceLog(
      deviceID,
      "Process 1 (probe) called USBDEVFS_\(call) for active endpoint "
        + "0x\(hex(UInt64(endpoint), 2))")
  }

  /// An URB of usbfs was given back: it can be reaped.
  mutating func usbfsCompleted(_ id: Int, _ tag: String, _ urb: URB, _ result: URBResult) {
    guard host.usbfsFiles[id] != nil else { return }
    host.usbfsFiles[id]?.submitted[tag] = nil
    cancelContinuations(id, urb, result)
    host.usbfsFiles[id]?.completed.append(
      UsbfsFile.Completed(tag: tag, result: result, isIn: urb.isIn))
    for task in host.tasks.keys.sorted() {
      if case .reap(let frame)? = host.tasks[task]?.frames.last, frame.file == id {
        let token = nextToken()
        host.tasks[task]?.token = token
        host.tasks[task]?.input = .woke
        host.readyTasks.append(task)
        break
      }
    }
  }
}

/// `USBDEVFS_REAPURB`: waits for a completed URB.
struct UsbfsReap: SteppingFrame {
  var file: Int
  /// Milliseconds.
  var wait: Int

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let state = world.host.usbfsFiles[file] else { return .done(Errno.ENODEV.negated) }
    guard let first = state.completed.first else {
      let device = world.host.devices[state.device]
      guard let device, device.state != .notAttached, state.isConnected else {
        return .done(Errno.ENODEV.negated)
      }
      if case .start = input, wait > 0 { return .sleep(milliseconds: wait) }
      return .done(Errno.EAGAIN.negated)
    }
    world.host.usbfsFiles[file]?.completed.removeFirst()
    guard case .thread(let thread)? = world.host.tasks[task]?.owner else { return .done(0) }
    world.host.reaped[thread] = first
    return .done(HostValue(ret: 0, data: first.result.data))
  }
}
