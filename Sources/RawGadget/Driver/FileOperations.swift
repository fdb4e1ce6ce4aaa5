package import USB

extension DriverSide {
  /// Makes a system call on a thread that is not blocked.
  ///
  /// - Returns: what it returned, or that the thread now sleeps.
  package mutating func enter(_ thread: ThreadID, _ call: SystemCall) -> CallOutcome {
    note(.callEntered(thread: thread, call))
    let outcome = perform(thread, call)
    switch outcome {
    case .returned(let result): note(.callReturned(thread: thread, result))
    case .blocked: note(.callBlocked(thread: thread))
    }
    return outcome
  }

  private mutating func perform(_ thread: ThreadID, _ call: SystemCall) -> CallOutcome {
    switch call {
    case .open(let descriptor, let nonblocking):
      return .returned(openDevice(descriptor, nonblocking: nonblocking))
    case .close(let descriptor):
      return .returned(closeDescriptor(descriptor))
    case .read(let descriptor, _), .write(let descriptor, _):
      return .returned(
        drivers.descriptors[descriptor] == nil
          ? .refused(.descriptorNotOpen, .EBADF) : .refused(.noSuchOperation, .EINVAL))
    case .poll(let descriptor):
      // POLLNVAL for a descriptor that is not open; else in and out, as for any file without poll.
      let events: UInt8 = drivers.descriptors[descriptor] == nil ? 0x20 : 0x05
      return .returned(.success(1, data: [events]))
    case .gadgetfs(let call): return gadgetfsCall(thread, call)
    case .ioctl(let descriptor, let number, let argument):
      guard let file = drivers.descriptors[descriptor], let device = drivers.files[file]?.device
      else {
        return .returned(.refused(.descriptorNotOpen, .EBADF))
      }
      drivers.files[file]?.references += 1
      drivers.entering = thread
      defer { drivers.entering = nil }
      let outcome = ioctl(
        CallContext(thread: thread, file: file, device: device, argument: argument),
        number: number)
      if case .returned = outcome { releaseFile(file) }
      return outcome
    }
  }

  private mutating func openDevice(_ descriptor: Int, nonblocking: Bool) -> CallResult {
    if nonblocking, drivers.policy.refusesNonblocking { return .refused(.nonblocking, .EINVAL) }
    guard drivers.descriptors[descriptor] == nil else { return .refused(.descriptorTaken, .EBADF) }
    drivers.devices[drivers.nextDevice] = RawDevice()
    drivers.files[drivers.nextFile] = OpenFile(device: drivers.nextDevice)
    drivers.descriptors[descriptor] = drivers.nextFile
    note(.deviceState(device: drivers.nextDevice, .opened))
    drivers.nextDevice += 1
    drivers.nextFile += 1
    return .success(0)
  }

  private mutating func closeDescriptor(_ descriptor: Int) -> CallResult {
    guard let file = drivers.descriptors.removeValue(forKey: descriptor) else {
      return .refused(.descriptorNotOpen, .EBADF)
    }
    releaseFile(file)
    return .success(0)
  }
}
