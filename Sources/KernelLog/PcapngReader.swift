import USB

/// Reads a pcapng file piece by piece: section headers, interfaces, packets; other blocks, and the
/// packets of interfaces that are not usbmon's, are skipped.
struct PcapngReader {
  private struct Interface {
    /// Bytes of usbmon's header; nil for another link type.
    var size: Int?
    var link: UInt32
    var offset: Int
    /// Most bytes kept of a packet; 0 for all.
    var snap: UInt32
  }

  /// Most interfaces a section may have.
  private static let mostInterfaces = 4096

  private var reader = ByteReader()
  private var position = 0
  private var interfaces: [Interface] = []
  /// Where an interface was described whose packets were skipped.
  private var foreign: Interface?
  private var hasEvents = false

  /// Takes the file's next bytes and hands on the events that are whole.
  mutating func take(
    _ piece: ArraySlice<UInt8>, isLast: Bool, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    reader.append(piece)
    while position < reader.end {
      guard isLast || reader.end - position >= 12 else { break }
      try reader.need(12, at: position)
      let type = try reader.number(at: position, as: UInt32.self)
      if type == 0x0A0D_0D0A { try openSection() }
      let length = Int(try reader.number(at: position + 4, as: UInt32.self))
      guard length >= 12, length % 4 == 0, length <= CaptureFile.longest else {
        throw .badLength(offset: position + 4, value: UInt64(length))
      }
      guard isLast || reader.end - position >= length else { break }
      try reader.need(length, at: position)
      let trailer = try reader.number(at: position + length - 4, as: UInt32.self)
      guard Int(trailer) == length else {
        throw .badLength(offset: position + length - 4, value: UInt64(trailer))
      }
      try block(type, body: (position + 8)..<(position + length - 4), use)
      position += length
    }
    reader.drop(before: position)
    if isLast, !hasEvents, let foreign {
      throw .unsupportedLinkType(offset: foreign.offset, type: foreign.link)
    }
  }

  private mutating func openSection() throws(KernelLogError) {
    reader.isBigEndian = false
    let magic = try reader.number(at: position + 8, as: UInt32.self)
    guard magic == 0x1A2B_3C4D || magic == 0x4D3C_2B1A else {
      throw .badValue(offset: position + 8, value: UInt64(magic))
    }
    reader.isBigEndian = magic == 0x4D3C_2B1A
    interfaces = []
  }

  private mutating func block(
    _ type: UInt32, body: Range<Int>, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    switch type {
    case 1:
      try need(8, in: body)
      let link = UInt32(try reader.number(at: body.lowerBound, as: UInt16.self))
      let snap = try reader.number(at: body.lowerBound + 4, as: UInt32.self)
      guard interfaces.count < Self.mostInterfaces else {
        throw .unknownInterface(offset: body.lowerBound, index: UInt32(interfaces.count))
      }
      interfaces.append(
        Interface(
          size: UsbmonHeader.linkTypes[link], link: link, offset: body.lowerBound, snap: snap))
    case 2:
      try need(20, in: body)
      let index = UInt32(try reader.number(at: body.lowerBound, as: UInt16.self))
      try packet(index, body, use)
    case 3:
      try need(4, in: body)
      try simplePacket(body, use)
    case 6:
      try need(20, in: body)
      try packet(try reader.number(at: body.lowerBound, as: UInt32.self), body, use)
    default: break
    }
  }

  private func need(_ count: Int, in body: Range<Int>) throws(KernelLogError) {
    guard body.count >= count else {
      throw .truncated(offset: body.lowerBound, needed: count, available: body.count)
    }
  }

  /// An enhanced packet, or one of the older kind: lengths and data stand in the same places.
  private mutating func packet(
    _ index: UInt32, _ body: Range<Int>, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    let lengthAt = body.lowerBound + 12
    let length = Int(try reader.number(at: lengthAt, as: UInt32.self))
    let original = Int(try reader.number(at: lengthAt + 4, as: UInt32.self))
    try event(
      of: try interface(index, body), body, start: body.lowerBound + 20, length,
      lengthAt: lengthAt, isCut: length < original, use)
  }

  /// A simple packet belongs to the first interface, and is as long as that captures at most.
  private mutating func simplePacket(
    _ body: Range<Int>, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    let interface = try interface(0, body)
    let original = Int(try reader.number(at: body.lowerBound, as: UInt32.self))
    let length = interface.snap == 0 ? original : min(original, Int(interface.snap))
    try event(
      of: interface, body, start: body.lowerBound + 4, length, lengthAt: body.lowerBound,
      isCut: length < original, use)
  }

  private func interface(
    _ index: UInt32, _ body: Range<Int>
  ) throws(KernelLogError) -> Interface {
    guard Int(index) < interfaces.count else {
      throw .unknownInterface(offset: body.lowerBound, index: index)
    }
    return interfaces[Int(index)]
  }

  private mutating func event(
    of interface: Interface, _ body: Range<Int>, start: Int, _ length: Int, lengthAt: Int,
    isCut: Bool, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    guard let size = interface.size else {
      foreign = foreign ?? interface
      return
    }
    guard length <= body.upperBound - start else {
      throw .badLength(offset: lengthAt, value: UInt64(length))
    }
    hasEvents = true
    use(
      try UsbmonHeader.transfer(
        reader, packet: start..<(start + length), size: size, isCut: isCut))
  }
}
