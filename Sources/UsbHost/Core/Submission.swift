import USB

extension HostSide {
  /// `usb_submit_urb()` down to `dummy_urb_enqueue()`.
  ///
  /// - Returns: the URB's number, or a negative error number as the failure.
  mutating func submit(_ urb: URB, owner: any URBOwner) -> Result<Int, NegatedErrno> {
    guard let device = host.devices[urb.device], device.state != .notAttached else {
      return .failure(NegatedErrno(.ENODEV))
    }
    if urb.endpoint & 0x7f != 0 {
      guard let endpoint = device.endpoint(urb.endpoint)?.1 else {
        return .failure(NegatedErrno(.ENOENT))
      }
      if device.state != .configured { return .failure(NegatedErrno(.ENODEV)) }
      if endpoint.maxPacket & 0x7ff == 0 { return .failure(NegatedErrno(.EMSGSIZE)) }
      // A driver that takes such an endpoint for another kind gives it no packets.
      if endpoint.type == .isochronous, urb.isoLengths.isEmpty {
        return .failure(NegatedErrno(.EINVAL))
      }
    }
    let id = host.nextURB
    host.nextURB += 1
    monitor(id, urb, .submission, status: Errno.EINPROGRESS.negated)
    if device.isSuspended {
      monitor(id, urb, .error, status: Errno.EHOSTUNREACH.negated)
      return .failure(NegatedErrno(.EHOSTUNREACH))
    }
    urbs[id] = urb
    host.owners[id] = OwnedURB(owner: owner)
    enqueueURB(id, urb.half)
    return .success(id)
  }

  /// `usb_unlink_urb()`: the controller gives it back at its next turn.
  mutating func unlink(_ id: Int, _ errno: Errno) {
    guard let urb = urbs[id], urb.unlinked == nil else { return }
    urbs[id]?.unlinked = errno.negated
    armController(urb.half)
  }

  /// `usb_hcd_giveback_urb()`.
  package mutating func giveBackURB(_ id: Int, status: Int) {
    guard let urb = urbs.removeValue(forKey: id) else { return }
    var status = urb.unlinked ?? status
    if urb.shortNotOK, status == 0, urb.actual < urb.length { status = Errno.EREMOTEIO.negated }
    monitor(id, urb, .completion, status: status)
    let result = URBResult(
      status: status, actual: urb.actual, data: urb.isIn ? urb.buffer : [])
    host.owners.removeValue(forKey: id)?.owner.completed(&self, id, urb, result)
  }

  /// Unlinks every URB of a device, or of one endpoint (`usb_hcd_flush_endpoint()`).
  mutating func flush(device: Int, _ errno: Errno, where fits: (URB) -> Bool = { _ in true }) {
    for id in urbs.keys.sorted() {
      if let urb = urbs[id], urb.device == device, fits(urb) { unlink(id, errno) }
    }
  }

  /// The interval of an URB in frames or microframes, as `usb_submit_urb()` rounds it.
  func pollInterval(_ speed: UsbSpeed, _ bInterval: UInt8) -> Int {
    if speed == .high { return 1 << max(0, min(13, Int(bInterval) - 1)) }
    if speed > .high { return 1 << max(0, min(15, Int(bInterval) - 1)) }
    let frames = max(1, Int(bInterval))
    return 1 << (Int.bitWidth - 1 - frames.leadingZeroBitCount)
  }
}

/// A negative error number on its way out.
struct NegatedErrno: Error {
  var value: Int

  init(_ errno: Errno) { value = errno.negated }
}
