import USB

/// Flags of `USBDEVFS_SUBMITURB` (`linux/usbdevice_fs.h`).
private enum SubmitFlag {
  static let shortNotOK = 0x01
  static let isoAsap = 0x02
  static let continuation = 0x04
  static let noFSBR = 0x20
  static let zeroPacket = 0x40
  static let noInterrupt = 0x80
  static let all = shortNotOK | continuation | noFSBR | zeroPacket | noInterrupt
}

extension HostSide {
  /// `proc_do_submiturb()`.
  mutating func usbfsSubmit(
    _ id: Int, _ file: UsbfsFile, _ device: UsbDevice, _ action: HostAction
  ) -> Int {
    guard case .submit(let tag, let type, let endpoint, let flags, let data, let length) = action
    else { return Errno.EINVAL.negated }
    let known = SubmitFlag.all | (type == .isochronous ? SubmitFlag.isoAsap : 0)
    if flags & ~known != 0 || !(0..<Int(Int32.max / 2)).contains(length) {
      return Errno.EINVAL.negated
    }
    if type == .control, endpoint & 0x7f == 0 {
      return submitControl(id, file.device, device, tag, data, length)
    }
    let check = checkEndpoint(id, file.device, endpoint)
    guard check >= 0 else { return check }
    guard let found = device.endpoint(endpoint)?.1 else { return Errno.ENOENT.negated }
    switch (type, found.type) {
    case (.bulk, .bulk), (.bulk, .interrupt), (.interrupt, .interrupt): break
    // Isochronous transfers come without packets here, which is refused as well.
    default: return Errno.EINVAL.negated
    }
    let isIn = endpoint & 0x80 != 0
    guard length <= largestAllocation else { return Errno.ENOMEM.negated }
    warnOfNonsense(file.device, flags, isIn: isIn)
    var urb = URB(
      half: device.half, device: file.device, address: device.devnum, endpoint: endpoint,
      type: found.type, isIn: isIn, buffer: isIn ? [] : data, length: isIn ? length : data.count,
      zeroPacket: flags & SubmitFlag.zeroPacket != 0 && !isIn,
      shortNotOK: flags & SubmitFlag.shortNotOK != 0 && isIn,
      interval: found.type == .interrupt ? pollInterval(device.speed, found.interval) : 0)
    if found.type == .bulk {
      urb.isContinuation = flags & SubmitFlag.continuation != 0
      if !urb.isContinuation { host.usbfsFiles[id]?.disabledEndpoints.remove(endpoint) }
      // What continues a transfer that failed is not accepted any more.
      if host.usbfsFiles[id]?.disabledEndpoints.contains(endpoint) == true {
        return Errno.EREMOTEIO.negated
      }
    }
    return submit(urb, file: id, tag)
  }

  private mutating func submit(_ urb: URB, file id: Int, _ tag: String) -> Int {
    switch submit(urb, owner: UsbfsURB(file: id, tag: tag)) {
    case .failure(let error): return error.value
    case .success(let number):
      host.usbfsFiles[id]?.submitted[tag] = number
      return 0
    }
  }

  /// A control transfer: eight bytes of setup packet and then the data.
  private mutating func submitControl(
    _ id: Int, _ deviceID: Int, _ device: UsbDevice, _ tag: String, _ data: [UInt8], _ length: Int
  ) -> Int {
    guard let setup = SetupPacket(data) else { return Errno.EINVAL.negated }
    guard max(length, data.count) >= 8 + Int(setup.wLength) else { return Errno.EINVAL.negated }
    let check = checkRecipient(id, deviceID, setup)
    guard check >= 0 else { return check }
    let isIn = setup.movesIn
    return submit(
      URB(
        half: device.half, device: deviceID, address: device.devnum,
        endpoint: isIn ? 0x80 : 0, type: .control, setup: setup, isIn: isIn,
        buffer: isIn ? [] : Array(data.dropFirst(8).prefix(Int(setup.wLength))),
        length: Int(setup.wLength)),
      file: id, tag)
  }

  private mutating func warnOfNonsense(_ device: Int, _ flags: Int, isIn: Bool) {
    if flags & SubmitFlag.shortNotOK != 0, !isIn {
      deviceLog(device, "Requested nonsensical USBDEVFS_URB_SHORT_NOT_OK.")
    }
    if flags & SubmitFlag.zeroPacket != 0, isIn {
      deviceLog(device, "Requested nonsensical USBDEVFS_URB_ZERO_PACKET.")
    }
  }
}
