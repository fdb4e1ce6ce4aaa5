import USB

/// Reads a pcap file piece by piece: a 24-byte file header, then for each packet a 16-byte header.
/// usbmon's header has a finer time stamp than the packet's own.
struct PcapReader {
  private var reader: ByteReader
  /// Where the next packet's header stands.
  private var position = 24
  /// Reads the packets; nil until the file's header was read.
  private var decoder: PacketDecoder?
  /// Parts of a second in a packet's time stamp.
  private let fraction: UInt64
  private var hasPackets = false
  /// Where the file ends inside a packet.
  private(set) var cut: Int?

  init(isLittleEndian: Bool, isNanoseconds: Bool) {
    reader = ByteReader(isBigEndian: !isLittleEndian)
    fraction = isNanoseconds ? 1000 : 1
  }

  /// Takes the file's next bytes and hands on the events that are whole.
  mutating func take(
    _ piece: ArraySlice<UInt8>, isLast: Bool, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    reader.append(piece)
    guard isLast || reader.end >= 24 else { return }
    var decoder = try packets()
    while position < reader.end {
      guard try has(16, at: position, isLast) else { break }
      let length = Int(try reader.number(at: position + 8, as: UInt32.self))
      let original = Int(try reader.number(at: position + 12, as: UInt32.self))
      guard length <= CaptureFile.longest else {
        throw .badLength(offset: position + 8, value: UInt64(length))
      }
      let start = position + 16
      guard try has(length, at: start, isLast) else { break }
      let seconds = UInt64(try reader.number(at: position, as: UInt32.self))
      let rest = UInt64(try reader.number(at: position + 4, as: UInt32.self))
      let packet = start..<(start + length)
      try decoder.decode(
        reader, packet: packet, time: seconds * 1_000_000 + rest / fraction,
        isCut: length < original,
        use)
      hasPackets = true
      position = packet.upperBound
    }
    if isLast { decoder.finish(use) }
    self.decoder = decoder
    reader.drop(before: position)
  }

  /// Whether bytes are there. A file that ends before is cut short, unless nothing of it could be read.
  private mutating func has(
    _ count: Int, at offset: Int, _ isLast: Bool
  ) throws(KernelLogError) -> Bool {
    if reader.end - offset >= count { return true }
    guard isLast else { return false }
    guard hasPackets else {
      try reader.need(count, at: offset)
      return false
    }
    cut = position
    return false
  }

  private mutating func packets() throws(KernelLogError) -> PacketDecoder {
    if let decoder { return decoder }
    let link = try reader.number(at: 20, as: UInt32.self)
    guard let decoder = PacketDecoder(link: link & 0x0FFF_FFFF) else {
      throw .unsupportedLinkType(offset: 20, type: link)
    }
    return decoder
  }
}
