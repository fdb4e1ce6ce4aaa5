/// Reads packet captures of usbmon: pcap (both byte orders, microseconds and nanoseconds) and
/// pcapng, with link types 189 and 220.
public enum CaptureFile {
  /// Whether bytes start like a pcap or pcapng file.
  public static func isCapture(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    return magics.contains { bytes.starts(with: $0) }
  }

  private static let pcapng: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A]
  private static let littleEndian: [[UInt8]] = [
    [0xD4, 0xC3, 0xB2, 0xA1], [0x4D, 0x3C, 0xB2, 0xA1],
  ]
  private static let magics =
    littleEndian + littleEndian.map { Array($0.reversed()) } + [pcapng]

  /// The usbmon events of a capture file in order. Errors name the byte offset that is wrong.
  public static func read(_ bytes: [UInt8]) throws(KernelLogError) -> [UsbTransfer] {
    guard isCapture(bytes) else { throw .unknownFormat }
    if bytes.starts(with: pcapng) {
      var reader = PcapngReader(bytes)
      return try reader.read()
    }
    let isLittle = littleEndian.contains { bytes.starts(with: $0) }
    return try pcap(ByteReader(bytes: bytes, isBigEndian: !isLittle))
  }

  /// A 24-byte file header, then for each packet a 16-byte header. The packet's own time stamp is
  /// left alone: usbmon's header has a finer one.
  private static func pcap(_ reader: ByteReader) throws(KernelLogError) -> [UsbTransfer] {
    let link = try reader.number(at: 20, as: UInt32.self)
    guard let size = UsbmonHeader.linkTypes[link & 0x0FFF_FFFF] else {
      throw .unsupportedLinkType(offset: 20, type: link)
    }
    var transfers: [UsbTransfer] = []
    var position = 24
    while position < reader.bytes.count {
      try reader.need(16, at: position)
      let length = Int(try reader.number(at: position + 8, as: UInt32.self))
      let start = position + 16
      try reader.need(length, at: start)
      let packet = start..<(start + length)
      transfers.append(try UsbmonHeader.transfer(reader, packet: packet, size: size))
      position = packet.upperBound
    }
    return transfers
  }
}

/// Walks the blocks of a pcapng file: section headers, interfaces, packets; others are skipped.
struct PcapngReader {
  private var reader: ByteReader
  /// usbmon header sizes of the section's interfaces; nil for another link type.
  private var interfaces: [(size: Int?, link: UInt32, offset: Int, snap: UInt32)] = []
  private var transfers: [UsbTransfer] = []

  init(_ bytes: [UInt8]) {
    reader = ByteReader(bytes: bytes, isBigEndian: false)
  }

  mutating func read() throws(KernelLogError) -> [UsbTransfer] {
    var position = 0
    while position < reader.bytes.count {
      try reader.need(12, at: position)
      let type = try reader.number(at: position, as: UInt32.self)
      if type == 0x0A0D_0D0A { try openSection(position) }
      let length = Int(try reader.number(at: position + 4, as: UInt32.self))
      guard length >= 12, length % 4 == 0 else {
        throw .badLength(offset: position + 4, value: UInt64(length))
      }
      try reader.need(length, at: position)
      let trailer = try reader.number(at: position + length - 4, as: UInt32.self)
      guard Int(trailer) == length else {
        throw .badLength(offset: position + length - 4, value: UInt64(trailer))
      }
      try block(type, body: (position + 8)..<(position + length - 4))
      position += length
    }
    return transfers
  }

  private mutating func openSection(_ position: Int) throws(KernelLogError) {
    reader.isBigEndian = false
    let magic = try reader.number(at: position + 8, as: UInt32.self)
    guard magic == 0x1A2B_3C4D || magic == 0x4D3C_2B1A else {
      throw .badValue(offset: position + 8, value: UInt64(magic))
    }
    reader.isBigEndian = magic == 0x4D3C_2B1A
    interfaces = []
  }

  private mutating func block(_ type: UInt32, body: Range<Int>) throws(KernelLogError) {
    switch type {
    case 1:
      try need(8, in: body)
      let link = UInt32(try reader.number(at: body.lowerBound, as: UInt16.self))
      let snap = try reader.number(at: body.lowerBound + 4, as: UInt32.self)
      interfaces.append((UsbmonHeader.linkTypes[link], link, body.lowerBound, snap))
    case 2:
      try need(20, in: body)
      let index = UInt32(try reader.number(at: body.lowerBound, as: UInt16.self))
      try packet(index, lengthAt: body.lowerBound + 12, dataAt: body.lowerBound + 20, body)
    case 3:
      try need(4, in: body)
      try simplePacket(body)
    case 6:
      try need(20, in: body)
      let index = try reader.number(at: body.lowerBound, as: UInt32.self)
      try packet(index, lengthAt: body.lowerBound + 12, dataAt: body.lowerBound + 20, body)
    default: break
    }
  }

  private func need(_ count: Int, in body: Range<Int>) throws(KernelLogError) {
    guard body.count >= count else {
      throw .truncated(offset: body.lowerBound, needed: count, available: body.count)
    }
  }

  private mutating func packet(
    _ index: UInt32, lengthAt: Int, dataAt: Int, _ body: Range<Int>
  ) throws(KernelLogError) {
    let length = Int(try reader.number(at: lengthAt, as: UInt32.self))
    try append(index, dataAt, length, lengthAt, body)
  }

  /// A simple packet belongs to the first interface, and is as long as that captures at most.
  private mutating func simplePacket(_ body: Range<Int>) throws(KernelLogError) {
    let original = Int(try reader.number(at: body.lowerBound, as: UInt32.self))
    let snap = interfaces.first?.snap ?? 0
    let length = snap == 0 ? original : min(original, Int(snap))
    try append(0, body.lowerBound + 4, length, body.lowerBound, body)
  }

  private mutating func append(
    _ index: UInt32, _ start: Int, _ length: Int, _ lengthAt: Int, _ body: Range<Int>
  ) throws(KernelLogError) {
    guard Int(index) < interfaces.count else {
      throw .unknownInterface(offset: body.lowerBound, index: index)
    }
    let interface = interfaces[Int(index)]
    guard let size = interface.size else {
      throw .unsupportedLinkType(offset: interface.offset, type: interface.link)
    }
    guard length <= body.upperBound - start else {
      throw .badLength(offset: lengthAt, value: UInt64(length))
    }
    transfers.append(
      try UsbmonHeader.transfer(reader, packet: start..<(start + length), size: size))
  }
}
