import USB

extension GadgetWorld {
  /// `usb_submit_urb()` down to `dummy_urb_enqueue()`.
  ///
  /// - Returns: the URB's number, or a negative error number as the failure.
  mutating func submit(_ urb: URB) -> Result<Int, NegatedErrno> {
    guard let device = host.devices[urb.device], device.state != .notAttached else {
      return .failure(NegatedErrno(.ENODEV))
    }
    if urb.endpoint & 0x7f != 0 {
      guard let endpoint = device.endpoint(urb.endpoint)?.1 else {
        return .failure(NegatedErrno(.ENOENT))
      }
      if device.state != .configured { return .failure(NegatedErrno(.ENODEV)) }
      if endpoint.maxPacket & 0x7ff == 0 { return .failure(NegatedErrno(.EMSGSIZE)) }
    }
    let id = host.nextURB
    host.nextURB += 1
    monitor(id, urb, .submission, status: Errno.EINPROGRESS.negated)
    if device.isSuspended {
      monitor(id, urb, .error, status: Errno.EHOSTUNREACH.negated)
      return .failure(NegatedErrno(.EHOSTUNREACH))
    }
    host.urbs[id] = urb
    self[urb.half].urbs.append(id)
    if self[urb.half].nextFrameURB == nil { self[urb.half].nextFrameURB = id }
    armController(urb.half)
    return .success(id)
  }

  /// `usb_unlink_urb()`: the controller gives it back at its next turn.
  mutating func unlink(_ id: Int, _ errno: Errno) {
    guard let urb = host.urbs[id], urb.unlinked == nil else { return }
    host.urbs[id]?.unlinked = errno.negated
    armController(urb.half)
  }

  /// `usb_hcd_giveback_urb()`.
  mutating func giveBackURB(_ id: Int, status: Int) {
    guard let urb = host.urbs.removeValue(forKey: id) else { return }
    var status = urb.unlinked ?? status
    if urb.shortNotOK, status == 0, urb.actual < urb.length { status = Errno.EREMOTEIO.negated }
    monitor(id, urb, .completion, status: status)
    let result = URBResult(
      status: status, actual: urb.actual, data: urb.isIn ? urb.buffer : [])
    switch urb.owner {
    case .task(let task): completeTaskURB(task, id, result)
    case .usbfs(let file, let tag): usbfsCompleted(file, tag, urb, result)
    case .hidInput(let device, let interface): hidInputCompleted(device, interface, result)
    case .hidOutput(let device, let interface): hidOutputCompleted(device, interface)
    }
  }

  /// Unlinks every URB of a device, or of one endpoint (`usb_hcd_flush_endpoint()`).
  mutating func flush(device: Int, _ errno: Errno, where fits: (URB) -> Bool = { _ in true }) {
    for id in host.urbs.keys.sorted() {
      if let urb = host.urbs[id], urb.device == device, fits(urb) { unlink(id, errno) }
    }
  }
}

/// A negative error number on its way out.
struct NegatedErrno: Error {
  var value: Int

  init(_ errno: Errno) { value = errno.negated }
}
