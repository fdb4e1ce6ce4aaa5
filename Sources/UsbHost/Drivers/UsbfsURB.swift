import USB

/// An URB that a program submitted through usbfs (`async_completed()`): it can be reaped.
struct UsbfsURB: URBOwner {
  var file: Int
  /// What the program calls it.
  var tag: String

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard side.host.usbfsFiles[file] != nil else { return }
    side.host.usbfsFiles[file]?.submitted[tag] = nil
    cancelContinuations(&side, urb, result)
    side.host.usbfsFiles[file]?.completed.append(
      UsbfsFile.Completed(tag: tag, result: result, isIn: urb.isIn))
    let waiting = side.host.tasks.filter { ($0.value.routines.last as? UsbfsReap)?.file == file }
    if let task = waiting.keys.min() { side.interruptSleep(of: task) }
  }

  /// `cancel_bulk_urbs()`: a bulk transfer that failed takes its continuations with it.
  private func cancelContinuations(
    _ side: inout some HostSide, _ urb: URB, _ result: URBResult
  ) {
    let unlinked = [Errno.ECONNRESET.negated, Errno.ENOENT.negated].contains(result.status)
    guard urb.type == .bulk, result.status < 0, !unlinked else { return }
    let pending = (side.host.usbfsFiles[file]?.submitted.values.sorted() ?? []).filter {
      side.urbs[$0]?.endpoint == urb.endpoint
    }
    let following = pending.prefix { side.urbs[$0]?.isContinuation == true }
    if following.count == pending.count {
      side.host.usbfsFiles[file]?.disabledEndpoints.insert(urb.endpoint)
    }
    for number in following.reversed() { side.unlink(number, .ECONNRESET) }
  }
}

/// `USBDEVFS_REAPURB`: waits for a completed URB.
struct UsbfsReap: HostRoutine {
  var file: Int
  /// Milliseconds.
  var wait: Int

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let state = side.host.usbfsFiles[file] else { return .done(Errno.ENODEV.negated) }
    guard let first = state.completed.first else {
      let device = side.host.devices[state.device]
      guard let device, device.state != .notAttached, state.isConnected else {
        return .done(Errno.ENODEV.negated)
      }
      if case .start = input, wait > 0 { return .sleep(milliseconds: wait) }
      return .done(Errno.EAGAIN.negated)
    }
    side.host.usbfsFiles[file]?.completed.removeFirst()
    guard case .thread(let thread)? = side.host.tasks[task]?.owner else { return .done(0) }
    side.host.reaped[thread] = first
    return .done(HostValue(ret: 0, data: first.result.data))
  }
}
