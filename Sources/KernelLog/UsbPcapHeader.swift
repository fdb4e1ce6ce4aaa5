import USB

/// The header of a USBPcap packet (link type 249, LINKTYPE_USBPCAP), always little-endian: 27 bytes, one more for
/// control transfers and twelve for each isochronous packet. Windows sees no submission of what it captured too late.
struct UsbPcapHeader {
  /// Bytes every header has.
  private static let size = 27

  /// Bytes sent with submissions whose completion is still to come: completions of writes do not repeat them.
  private var sent: [UInt64: Int32] = [:]

  /// The event of a packet; nil for a packet that tells of no transfer.
  ///
  /// - Parameters:
  ///   - reader: the file.
  ///   - packet: where the packet is.
  ///   - time: when it was captured, microseconds.
  mutating func transfer(
    _ reader: ByteReader, packet: Range<Int>, time: UInt64
  ) throws(KernelLogError) -> UsbTransfer? {
    var wire = reader
    wire.isBigEndian = false
    let start = packet.lowerBound
    guard packet.count >= Self.size else {
      throw .truncated(offset: start, needed: Self.size, available: packet.count)
    }
    let header = Int(try wire.number(at: start, as: UInt16.self))
    guard header >= Self.size, header <= packet.count else {
      throw .badLength(offset: start, value: UInt64(header))
    }
    let kinds: [TransferType] = [.isochronous, .interrupt, .control, .bulk]
    let kind = Int(try wire.byte(at: start + 22))
    guard kind < kinds.count else { return nil }
    let isCompletion = try wire.byte(at: start + 16) & 1 != 0
    let endpoint = try wire.byte(at: start + 21)
    var transfer = UsbTransfer(
      tag: try wire.number(at: start + 2, as: UInt64.self), timestamp: time,
      event: isCompletion ? .completion : .submission, kind: kinds[kind],
      isIn: endpoint & 0x80 != 0,
      bus: try wire.number(at: start + 17, as: UInt16.self),
      device: UInt8(truncatingIfNeeded: try wire.number(at: start + 19, as: UInt16.self)),
      endpoint: endpoint & 0x0F)
    let stated = try wire.number(at: start + 23, as: UInt32.self)
    var data = Array(wire.slice((start + header)..<packet.upperBound))
    transfer.length = Int32(clamping: stated)
    if transfer.kind == .control, header > Self.size {
      guard try readStage(wire, start, &transfer, &data) else { return nil }
    }
    if isCompletion {
      transfer.status = Self.errno(try wire.number(at: start + 10, as: UInt32.self))
      complete(&transfer)
    } else {
      if !transfer.isIn { sent[key(transfer)] = transfer.length }
      if sent.count > 65_536 { sent = [:] }
    }
    transfer.payload = data.isEmpty ? (transfer.length == 0 ? .none : .missing(0x3C)) : .bytes(data)
    return transfer
  }

  private func key(_ transfer: UsbTransfer) -> UInt64 {
    transfer.tag ^ UInt64(transfer.device) << 48 ^ UInt64(transfer.endpoint) << 56
  }

  /// A write that succeeded moved what was submitted.
  private mutating func complete(_ transfer: inout UsbTransfer) {
    guard !transfer.isIn, let length = sent.removeValue(forKey: key(transfer)),
      transfer.status == 0, transfer.length == 0
    else { return }
    transfer.length = length
  }

  /// The stage of a control transfer: 0 the setup packet and what is sent with it, 1 data, 2 status, 3 all of it done.
  /// Older versions write each stage as a packet of its own.
  ///
  /// - Returns: false for a stage that tells nothing more.
  private func readStage(
    _ wire: ByteReader, _ start: Int, _ transfer: inout UsbTransfer, _ data: inout [UInt8]
  ) throws(KernelLogError) -> Bool {
    let stage = try wire.byte(at: start + Self.size)
    switch stage {
    case 0:
      guard data.count >= 8 else {
        transfer.setup = .missing(0x2D)
        return true
      }
      let setup = SetupPacket(
        data[0], data[1], value: UInt16(data[2]) | UInt16(data[3]) << 8,
        index: UInt16(data[4]) | UInt16(data[5]) << 8,
        length: UInt16(data[6]) | UInt16(data[7]) << 8)
      transfer.setup = .packet(setup)
      transfer.event = .submission
      transfer.isIn = setup.isIn
      data = setup.isIn ? [] : Array(data.dropFirst(8))
      transfer.length = Int32(setup.wLength)
      return true
    case 1 where transfer.event == .completion: return true
    case 3:
      transfer.event = .completion
      return true
    default: return false
    }
  }

  /// A USBD_STATUS of Windows as the errno Linux has for the same outcome.
  private static func errno(_ status: UInt32) -> Int32 {
    switch status {
    case 0: 0
    case 0xC000_0004, 0xC000_0030: -32  // STALL_PID, ENDPOINT_HALTED
    // DATA_OVERRUN, BUFFER_OVERRUN, BABBLE_DETECTED
    case 0xC000_0008, 0xC000_000C, 0xC000_0012: -75
    case 0xC000_0009: -121  // DATA_UNDERRUN
    case 0xC001_0000: -2  // CANCELED
    case 0xC000_6000: -110  // TIMEOUT
    case 0xC000_7000: -108  // DEVICE_GONE
    default: status >> 30 == 0 ? 0 : -71
    }
  }
}
