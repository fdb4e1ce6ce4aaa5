import USB

/// Reads a pcap file piece by piece: a 24-byte file header, then for each packet a 16-byte header.
/// The packet's own time stamp is left alone: usbmon's header has a finer one.
struct PcapReader {
  private var reader: ByteReader
  /// Where the next packet's header stands.
  private var position = 24
  /// Bytes of usbmon's header; nil until the file's header was read.
  private var size: Int?

  init(isLittleEndian: Bool) { reader = ByteReader(isBigEndian: !isLittleEndian) }

  /// Takes the file's next bytes and hands on the events that are whole.
  mutating func take(
    _ piece: ArraySlice<UInt8>, isLast: Bool, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    reader.append(piece)
    guard isLast || reader.end >= 24 else { return }
    let size = try headerSize()
    while position < reader.end {
      guard isLast || reader.end - position >= 16 else { break }
      try reader.need(16, at: position)
      let length = Int(try reader.number(at: position + 8, as: UInt32.self))
      let original = Int(try reader.number(at: position + 12, as: UInt32.self))
      guard length <= CaptureFile.longest else {
        throw .badLength(offset: position + 8, value: UInt64(length))
      }
      let start = position + 16
      guard isLast || reader.end - start >= length else { break }
      try reader.need(length, at: start)
      let packet = start..<(start + length)
      use(
        try UsbmonHeader.transfer(
          reader, packet: packet, size: size, isCut: length < original))
      position = packet.upperBound
    }
    reader.drop(before: position)
  }

  private mutating func headerSize() throws(KernelLogError) -> Int {
    if let size { return size }
    let link = try reader.number(at: 20, as: UInt32.self)
    guard let size = UsbmonHeader.linkTypes[link & 0x0FFF_FFFF] else {
      throw .unsupportedLinkType(offset: 20, type: link)
    }
    self.size = size
    return size
  }
}
