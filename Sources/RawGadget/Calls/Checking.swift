import USB

extension DriverSide {
  /// Makes the checks of a call in the order of the table.
  ///
  /// - Returns: what they found, for the call to do its work with.
  /// - Throws: the refusal of the first that fails.
  mutating func checked(_ call: CallContext, _ ioctl: RawIoctl) throws(CallRefusal) -> CheckedCall {
    var found = CheckedCall(call, ioctl)
    for (check, _) in ioctl.entry.checks.list {
      let hasFailed = fails(check, &found)
      noteCheck(call.thread, check, failed: hasFailed)
      guard hasFailed else { continue }
      if check == .bothDirectionsPending { setState(call.device, .failed) }
      throw ioctl.refusal(check)
    }
    return found
  }

  /// Notes a check for whoever watches each of them.
  mutating func noteCheck(_ thread: ThreadID, _ check: CallCheck, failed: Bool) {
    guard recordsChecks else { return }
    note(.asked(thread: thread, check, failed: failed))
  }

  /// Notes that a call that really slept goes on.
  mutating func noteWaking(_ thread: ThreadID) {
    guard recordsChecks, thread != drivers.entering else { return }
    note(.woken(thread: thread))
  }

  /// Makes one check.
  private mutating func fails(_ check: CallCheck, _ found: inout CheckedCall) -> Bool {
    let (call, policy) = (found.context, drivers.policy)
    let device = drivers.devices[call.device] ?? RawDevice()
    switch check {
    case .argumentUnreadable: return !copyArgument(&found)
    case .argumentNotZero: return call.value != 0
    case .unknownSpeed: return !takeSpeed(&found)
    case .driverNameUnreadable: return !takeName(\.driverName, at: 0, &found)
    case .deviceNameUnreadable: return !takeName(\.deviceName, at: 1, &found)
    case .driverNameUnterminated: return isUnterminated(found.driverName)
    case .deviceNameUnterminated: return isUnterminated(found.deviceName)
    case .endpointOutOfRange: return found.endpointField >= policy.maxEndpoints
    case .unknownFlags: return found.flags & ~1 != 0
    case .lengthBeyondLimit: return policy.transferLimit.map { found.length > $0 } ?? false
    case .outOfMemory: return !allocateData(&found)
    case .dataUnreadable: return !copyData(&found)
    case .maxPacketZero: return policy.refusesZeroPacketSize && found.descriptor.maxPacket == 0
    case .stateNotOpened: return device.state != .opened
    case .stateNotInitialized: return device.state != .initialized
    case .stateNotRunning: return device.state != .running
    case .gadgetNotBound:
      found.controller = device.controller ?? 0
      return device.controller == nil
    case .replyAlreadyQueued: return device.ep0TransferQueued
    case .requestDirection: return !(found.isRead ? device.ep0OutPending : device.ep0InPending)
    case .nothingPending: return !device.ep0InPending && !device.ep0OutPending
    case .bothDirectionsPending: return device.ep0InPending && device.ep0OutPending
    case .noEndpointMatches: return !findEndpoints(&found)
    case .matchingEndpointsAllTaken:
      let free = found.fitting.first { !device.endpoints[$0].enabled }
      found.handle = free ?? 0
      return free == nil
    case .handleOutOfRange:
      found.handle = found.askedHandle
      return !device.endpoints.indices.contains(found.handle)
    case .endpointNotEnabled: return !device.endpoints[found.handle].enabled
    case .disableInProgress: return device.endpoints[found.handle].disabling
    case .transferInFlight, .transferAlreadyQueued:
      return device.endpoints[found.handle].transferQueued
    case .endpointDirection:
      return device.endpoints[found.handle].descriptor?.isIn != !found.isRead
    case .isochronous: return device.endpoints[found.handle].descriptor?.type == .isochronous
    case .descriptorNotOpen, .descriptorTaken, .nonblocking, .noSuchOperation, .deviceGone,
      .unknownCall, .register, .udcEnable, .udcQueue, .udcHalt, .signal, .queueEmpty,
      .transferFailed, .resultUnwritable, .controllerTaken, .alreadyMounted, .descriptors,
      .notConfigured, .requestGivenUp, .noRequest, .requestRefused, .cannotRefuse, .roomForEvent,
      .notConnected, .dataGivenUp, .dataLost:
      // Made by other calls, or while a call does its work.
      return false
    }
  }

  // MARK: Checks that take something

  /// The bytes at the start of the argument, as many as the call's number says.
  private mutating func copyArgument(_ found: inout CheckedCall) -> Bool {
    let layout = found.ioctl.layout
    guard
      let bytes = copyArgument(
        found.thread, from: found.memory, size: drivers.argumentSize(of: found.ioctl),
        object: layout.local ?? "arg")
    else { return false }
    found.argument = bytes
    return true
  }

  /// `raw_alloc_io_data()`: what is written is allocated where it is copied.
  private mutating func allocateData(_ found: inout CheckedCall) -> Bool {
    let size = Int(found.length)
    guard size <= largestAllocation else {
      // The page allocator warns of such a request once a boot.
      if !drivers.allocatorHasWarned { warn("kernel") }
      drivers.allocatorHasWarned = true
      return false
    }
    if found.isRead {
      found.address = drivers.copies?.allocate(size, label: "data", for: found.thread)
    }
    return true
  }

  private mutating func copyData(_ found: inout CheckedCall) -> Bool {
    guard
      let data = duplicateUserData(
        found.thread, from: found.memory, offset: RawLayout.headerSize,
        size: Int(found.length))
    else { return false }
    found.data = data
    return true
  }

  /// The endpoints the descriptor fits, in the order of their handles.
  private func findEndpoints(_ found: inout CheckedCall) -> Bool {
    let gadget = gadget(found.controller)
    let endpoints = drivers.devices[found.device]?.endpoints ?? []
    let descriptor = found.descriptor
    found.fitting = endpoints.indices.filter {
      gadget.endpoints[$0].fits(descriptor, maxSpeed: gadget.maxSpeed)
    }
    return !found.fitting.isEmpty
  }
}
