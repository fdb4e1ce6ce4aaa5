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
    guard let (id, file) = currentFile else { return }
    for number in file.claimed.sorted() { unbindInterface(file.device, number) }
    for urb in file.submitted.values.sorted() { unlink(urb, .ENOENT) }
    host.usbfsFiles[id] = nil
    host.devices[file.device]?.usage -= 1
    armAutosuspend(file.device)
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
    guard let device = host.devices[file.device], device.state != .notAttached else {
      return done(&self, Errno.ENODEV.negated)
    }
    switch action {
    case .claim(let interface): done(&self, claim(id, file.device, interface))
    case .release(let interface), .detach(let interface):
      done(&self, releaseInterface(id, file.device, interface, action))
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
    startTask(
      .thread(thread), .setConfiguration(SetConfiguration(device: id, value: value)))
  }

  /// `claimintf()`.
  private mutating func claim(_ id: Int, _ deviceID: Int, _ interface: Int) -> Int {
    guard let device = host.devices[deviceID],
      device.interfaceNumbers.contains(interface)
    else { return Errno.ENOENT.negated }
    if host.usbfsFiles[id]?.claimed.contains(interface) == true { return 0 }
    guard device.drivers[interface] == nil else { return Errno.EBUSY.negated }
    host.devices[deviceID]?.drivers[interface] = .usbfs(file: id)
    host.usbfsFiles[id]?.claimed.insert(interface)
    return 0
  }

  private mutating func releaseInterface(
    _ id: Int, _ deviceID: Int, _ interface: Int, _ action: HostAction
  ) -> Int {
    guard let device = host.devices[deviceID], device.interfaceNumbers.contains(interface) else {
      return Errno.EINVAL.negated
    }
    switch (action, device.drivers[interface]) {
    case (.release, .usbfs(file: id)?), (.detach, .usbhid?):
      unbindInterface(deviceID, interface)
      return 0
    case (.release, _): return Errno.EINVAL.negated
    default: return Errno.ENODATA.negated
    }
  }

  /// `checkintf()`: an interface not claimed yet is claimed with a word of warning.
  mutating func checkInterface(_ id: Int, _ deviceID: Int, _ interface: Int) -> Int {
    guard host.devices[deviceID]?.state == .configured else { return Errno.EHOSTUNREACH.negated }
    if host.usbfsFiles[id]?.claimed.contains(interface) == true { return 0 }
    deviceLog(
      deviceID,
      "usbfs: process 1 (probe) did not claim interface \(interface) before use")
    return claim(id, deviceID, interface)
  }

  /// `findintfep()` and `checkintf()`.
  mutating func checkEndpoint(_ id: Int, _ deviceID: Int, _ endpoint: UInt8) -> Int {
    if endpoint & 0x70 != 0 { return Errno.EINVAL.negated }
    guard let found = host.devices[deviceID]?.endpoint(endpoint) else {
      return host.devices[deviceID]?.activeConfiguration == nil
        ? Errno.ESRCH.negated : Errno.ENOENT.negated
    }
    return checkInterface(id, deviceID, found.interface)
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

  /// `proc_do_submiturb()`.
  private mutating func usbfsSubmit(
    _ id: Int, _ file: UsbfsFile, _ device: UsbDevice, _ action: HostAction
  ) -> Int {
    guard case .submit(let tag, let type, let endpoint, let flags, let data, let length) = action
    else { return Errno.EINVAL.negated }
    let check = checkEndpoint(id, file.device, endpoint)
    guard check >= 0, let found = device.endpoint(endpoint)?.1 else { return check }
    if type == .interrupt, found.type != .interrupt { return Errno.EINVAL.negated }
    if type == .bulk, found.type == .control || found.type == .isochronous {
      return Errno.EINVAL.negated
    }
    let isIn = endpoint & 0x80 != 0
    let urb = URB(
      half: device.half, device: file.device, address: device.devnum, endpoint: endpoint,
      type: found.type, isIn: isIn, buffer: isIn ? [] : data, length: isIn ? length : data.count,
      zeroPacket: flags & 0x40 != 0, shortNotOK: flags & 1 != 0 && isIn,
      interval: found.type == .interrupt ? pollInterval(device.speed, found.interval) : 0,
      owner: .usbfs(file: id, tag: tag))
    switch submit(urb) {
    case .failure(let error): return error.value
    case .success(let number):
      host.usbfsFiles[id]?.submitted[tag] = number
      return 0
    }
  }

  /// An URB of usbfs was given back: it can be reaped.
  mutating func usbfsCompleted(_ id: Int, _ tag: String, _ urb: URB, _ result: URBResult) {
    guard host.usbfsFiles[id] != nil else { return }
    host.usbfsFiles[id]?.submitted[tag] = nil
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
      guard let device, device.state != .notAttached else { return .done(Errno.ENODEV.negated) }
      if case .start = input, wait > 0 { return .sleep(milliseconds: wait) }
      return .done(Errno.EAGAIN.negated)
    }
    world.host.usbfsFiles[file]?.completed.removeFirst()
    guard case .thread(let thread)? = world.host.tasks[task]?.owner else { return .done(0) }
    world.host.reaped[thread] = first
    return .done(HostValue(ret: 0, data: first.result.data))
  }
}
