import USB

/// Reads a pcapng file piece by piece: section headers, interfaces, packets; other blocks, and the
/// packets of interfaces that are not of USB, are skipped.
struct PcapngReader {
  private struct Interface {
    /// Reads its packets; nil for a link type that is not of USB.
    var decoder: PacketDecoder?
    var link: UInt32
    var offset: Int
    /// Most bytes kept of a packet; 0 for all.
    var snap: UInt32
    /// Units of a packet's time stamp in a second.
    var resolution: UInt64 = 1_000_000
  }

  /// Most interfaces a section may have.
  private static let mostInterfaces = 4096

  private var reader = ByteReader()
  private var position = 0
  private var interfaces: [Interface] = []
  /// Where an interface was described whose packets were skipped.
  private var foreign: Interface?
  private var hasEvents = false
  private var shared = SharedBuses()
  /// Where the file ends inside a block.
  private(set) var cut: Int?

  /// Takes the file's next bytes and hands on the events that are whole.
  mutating func take(
    _ piece: ArraySlice<UInt8>, isLast: Bool, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    reader.append(piece)
    while position < reader.end {
      guard try has(12, isLast) else { break }
      let type = try reader.number(at: position, as: UInt32.self)
      if type == 0x0A0D_0D0A { try openSection() }
      let length = Int(try reader.number(at: position + 4, as: UInt32.self))
      guard length >= 12, length % 4 == 0, length <= CaptureFile.longest else {
        throw .badLength(offset: position + 4, value: UInt64(length))
      }
      guard try has(length, isLast) else { break }
      let trailer = try reader.number(at: position + length - 4, as: UInt32.self)
      guard Int(trailer) == length else {
        throw .badLength(offset: position + length - 4, value: UInt64(trailer))
      }
      try block(type, body: (position + 8)..<(position + length - 4), use)
      position += length
    }
    reader.drop(before: position)
    guard isLast else { return }
    if !hasEvents, let foreign {
      throw .unsupportedLinkType(offset: foreign.offset, type: foreign.link)
    }
    for index in interfaces.indices { interfaces[index].decoder?.finish(use) }
  }

  /// Whether the block at hand has so many bytes. A file that ends before is cut short, unless nothing of it could be
  /// read.
  private mutating func has(_ count: Int, _ isLast: Bool) throws(KernelLogError) -> Bool {
    if reader.end - position >= count { return true }
    guard isLast else { return false }
    guard hasEvents else {
      try reader.need(count, at: position)
      return false
    }
    cut = position
    return false
  }

  private mutating func openSection() throws(KernelLogError) {
    reader.isBigEndian = false
    let magic = try reader.number(at: position + 8, as: UInt32.self)
    guard magic == 0x1A2B_3C4D || magic == 0x4D3C_2B1A else {
      throw .badValue(offset: position + 8, value: UInt64(magic))
    }
    reader.isBigEndian = magic == 0x4D3C_2B1A
    interfaces = []
    shared = SharedBuses()
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
          decoder: PacketDecoder(link: link), link: link, offset: body.lowerBound, snap: snap,
          resolution: resolution(body)))
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
    let high = UInt64(try reader.number(at: body.lowerBound + 4, as: UInt32.self))
    let low = UInt64(try reader.number(at: body.lowerBound + 8, as: UInt32.self))
    let length = Int(try reader.number(at: lengthAt, as: UInt32.self))
    let original = Int(try reader.number(at: lengthAt + 4, as: UInt32.self))
    try event(
      of: try interface(index, body), body, start: body.lowerBound + 20, length,
      lengthAt: lengthAt, isCut: length < original, stamp: high << 32 | low, use)
  }

  /// A simple packet belongs to the first interface, and is as long as that captures at most.
  private mutating func simplePacket(
    _ body: Range<Int>, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    let index = try interface(0, body)
    let original = Int(try reader.number(at: body.lowerBound, as: UInt32.self))
    let snap = interfaces[index].snap
    let length = snap == 0 ? original : min(original, Int(snap))
    try event(
      of: index, body, start: body.lowerBound + 4, length, lengthAt: body.lowerBound,
      isCut: length < original, stamp: 0, use)
  }

  private func interface(
    _ index: UInt32, _ body: Range<Int>
  ) throws(KernelLogError) -> Int {
    guard Int(index) < interfaces.count else {
      throw .unknownInterface(offset: body.lowerBound, index: index)
    }
    return Int(index)
  }

  /// Units of time in a second: option 9, a power of ten or, with its top bit, of two.
  private func resolution(_ body: Range<Int>) -> UInt64 {
    var place = body.lowerBound + 8
    while place + 4 <= body.upperBound, let code = try? reader.number(at: place, as: UInt16.self),
      let length = try? reader.number(at: place + 2, as: UInt16.self), code != 0
    {
      if code == 9, length >= 1, let value = try? reader.byte(at: place + 4) {
        let power = UInt64(value & 0x7F)
        if value & 0x80 != 0 { return power < 64 ? 1 << power : 1_000_000 }
        return power < 19 ? (0..<power).reduce(1) { units, _ in units * 10 } : 1_000_000
      }
      place += 4 + ((Int(length) + 3) & ~3)
    }
    return 1_000_000
  }

  private mutating func event(
    of index: Int, _ body: Range<Int>, start: Int, _ length: Int, lengthAt: Int, isCut: Bool,
    stamp: UInt64, _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    guard var decoder = interfaces[index].decoder else {
      foreign = foreign ?? interfaces[index]
      return
    }
    guard length <= body.upperBound - start else {
      throw .badLength(offset: lengthAt, value: UInt64(length))
    }
    hasEvents = true
    let units = interfaces[index].resolution
    let time =
      stamp / units * 1_000_000 + (stamp % units).multipliedReportingOverflow(by: 1_000_000)
      .partialValue / units
    var events: [UsbTransfer] = []
    try decoder.decode(
      reader, packet: start..<(start + length), time: time, isCut: isCut
    ) { events.append($0) }
    interfaces[index].decoder = decoder
    let mayRepeat = Self.isUsbmon(interfaces[index]) && interfaces.count(where: Self.isUsbmon) > 1
    for event in events where !mayRepeat || shared.isNew(event, on: index) { use(event) }
  }

  private static func isUsbmon(_ interface: Interface) -> Bool {
    interface.link == 189 || interface.link == 220
  }
}
