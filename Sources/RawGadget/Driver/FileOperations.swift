public import USB

extension GadgetWorld {
  /// Makes a system call on a thread that is not blocked.
  ///
  /// - Returns: what it returned, or that the thread now sleeps. A call on a sleeping thread
  ///   changes nothing and returns `.blocked`.
  public mutating func call(_ thread: ThreadID, _ call: SystemCall) -> CallOutcome {
    guard !isBlocked(thread) else { return .blocked }
    note(.callEntered(thread: thread, call))
    let outcome = perform(thread, call)
    switch outcome {
    case .returned(let result): note(.callReturned(thread: thread, result))
    case .blocked: note(.callBlocked(thread: thread))
    }
    runReadyTasks()
    return outcome
  }

  private mutating func perform(_ thread: ThreadID, _ call: SystemCall) -> CallOutcome {
    switch call {
    case .open(let descriptor, let nonblocking):
      return .returned(openDevice(descriptor, nonblocking: nonblocking))
    case .close(let descriptor):
      return .returned(closeDescriptor(descriptor))
    case .read(let descriptor, _), .write(let descriptor, _):
      return .returned(.failure(descriptors[descriptor] == nil ? .EBADF : .EINVAL, row: 5))
    case .poll(let descriptor):
      // POLLNVAL for a descriptor that is not open; else in and out, as for any file without poll.
      let events: UInt8 = descriptors[descriptor] == nil ? 0x20 : 0x05
      return .returned(.success(1, data: [events]))
    case .gadgetfs(let call): return gadgetfsCall(thread, call)
    case .ioctl(let descriptor, let number, let argument):
      guard let file = descriptors[descriptor], let device = files[file]?.device else {
        return .returned(.failure(.EBADF, row: 8))
      }
      files[file]?.references += 1
      entering = thread
      defer { entering = nil }
      let outcome = ioctl(
        CallContext(thread: thread, file: file, device: device, argument: argument),
        number: number)
      if case .returned = outcome { releaseFile(file) }
      return outcome
    }
  }

  private mutating func openDevice(_ descriptor: Int, nonblocking: Bool) -> CallResult {
    if nonblocking, policy.refusesNonblocking { return .failure(.EINVAL, row: 1) }
    guard descriptors[descriptor] == nil else { return .failure(.EBADF, row: 3) }
    devices[nextDevice] = RawDevice()
    files[nextFile] = OpenFile(device: nextDevice)
    descriptors[descriptor] = nextFile
    note(.deviceState(device: nextDevice, .opened))
    nextDevice += 1
    nextFile += 1
    return .success(0)
  }

  private mutating func closeDescriptor(_ descriptor: Int) -> CallResult {
    guard let file = descriptors.removeValue(forKey: descriptor) else {
      return .failure(.EBADF, row: 8)
    }
    releaseFile(file)
    return .success(0)
  }

  /// Drops one use of an open file; the last one releases the device (`raw_release()`).
  mutating func releaseFile(_ file: Int) {
    guard var open = files[file] else { return }
    open.references -= 1
    guard open.references <= 0 else {
      files[file] = open
      return
    }
    files[file] = nil
    let device = open.device
    setState(device, .closed)
    if devices[device]?.isRegistered == true {
      devices[device]?.isRegistered = false
      unregisterDriver(.raw(device))
      dropReference(device)
    }
    dropReference(device)
  }

  /// `dev_put()`: the last reference frees the device.
  mutating func dropReference(_ device: Int) {
    guard let left = devices[device].map({ $0.references - 1 }) else { return }
    devices[device]?.references = left
    guard left <= 0, let freed = devices.removeValue(forKey: device) else { return }
    for address in freed.nameObjects { machine?.free(address) }
    for event in freed.events { machine?.free(event.address) }
    guard let controller = freed.controller else { return }
    for handle in freed.endpoints.indices where freed.endpoints[handle].enabled {
      disableEndpoint(handle + 1, controller: controller)
    }
  }

  mutating func setState(_ device: Int, _ state: RawDevice.State) {
    devices[device]?.state = state
    note(.deviceState(device: device, state))
  }
}

/// Where a call comes from and what it works on.
struct CallContext {
  var thread: ThreadID
  var file: Int
  var device: Int
  var argument: IoctlArgument

  /// The argument as a number.
  var value: UInt64 {
    switch argument {
    case .value(let value): value
    case .memory(let memory): memory.address
    }
  }

  /// The argument as a pointer.
  var memory: UserMemory {
    switch argument {
    case .value(let value): .unmapped(value)
    case .memory(let memory): memory
    }
  }
}
