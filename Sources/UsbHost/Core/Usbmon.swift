import USB

extension HostSide {
  /// Notes what the kernel's USB monitor sees of an URB.
  mutating func monitor(_ id: Int, _ urb: URB, _ event: UsbTransfer.Event, status: Int) {
    guard recordsEvents else { return }
    let length = event == .completion ? urb.actual : urb.length
    var seen = UsbTransfer(
      tag: 0xffff_8880_0100_0000 + UInt64(id & 0xff_ffff) * 0x180, timestamp: now, event: event,
      kind: urb.type, isIn: urb.isIn, bus: UInt16(clamping: host.hubs[urb.half]?.bus ?? 0),
      device: UInt8(clamping: urb.address), endpoint: urb.endpoint & 15,
      length: Int32(clamping: length))
    if event == .submission, let setup = urb.setup {
      seen.setup = .packet(setup)
    } else {
      seen.status = Int32(clamping: status)
      if urb.type == .interrupt || urb.type == .isochronous {
        seen.interval = Int32(clamping: urb.interval)
      }
      if urb.type == .isochronous { describePackets(of: urb, event, &seen) }
    }
    if length > 0 { seen.payload = payload(urb, event, length) }
    note(seen)
  }

  /// What the monitor says of an isochronous transfer's packets: on the way out how long they are, on the way back how
  /// much each has moved, which is nothing, as the controller moves none.
  private func describePackets(
    of urb: URB, _ event: UsbTransfer.Event, _ seen: inout UsbTransfer
  ) {
    seen.startFrame = 0
    if event == .completion { seen.errorCount = 0 }
    seen.isoCount = Int32(clamping: urb.isoLengths.count)
    var offset = 0
    for length in urb.isoLengths {
      seen.isoDescriptors.append(
        IsoDescriptor(
          status: Self.notYet, offset: UInt32(clamping: offset),
          length: event == .completion ? 0 : UInt32(clamping: length)))
      offset += length
    }
  }

  /// What a packet says before it was moved (`-EXDEV`).
  private static var notYet: Int32 { -18 }

  /// The first 32 bytes of the direction in which they go, or where the others are to be found.
  private func payload(
    _ urb: URB, _ event: UsbTransfer.Event, _ length: Int
  ) -> UsbTransfer.Payload {
    guard urb.isIn == (event == .completion) else {
      return .missing(event == .completion ? UInt8(ascii: ">") : UInt8(ascii: "<"))
    }
    return .bytes(Array(urb.buffer.prefix(min(32, length))))
  }
}
