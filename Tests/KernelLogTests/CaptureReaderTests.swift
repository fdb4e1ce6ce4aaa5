import KernelLog
import Support
import Testing
import USB

/// Captures as other programs write them, and files that are none.
@Suite struct CaptureReaderTests {
  static func read(_ bytes: [UInt8], pieces: Int) throws(KernelLogError) -> Capture {
    var reader = CaptureReader()
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      try reader.read(bytes[start..<min(bytes.count, start + pieces)])
    }
    return try reader.finish()
  }

  /// A bus recorded by its own interface and by the one of all buses is told once, and one device's events are no
  /// other's.
  @Test func twoInterfacesOfOneBusAreOne() throws {
    let transfers = Self.transfers
    func capture(_ interfaces: UInt32) throws -> Capture {
      var blocks = Blocks(isBigEndian: false)
      blocks.section()
      for _ in 0..<interfaces { blocks.interface(220) }
      for transfer in transfers {
        let packet = CaptureWriter(isBigEndian: false, headerSize: 64).packet(transfer)
        for interface in 0..<interfaces { blocks.enhanced(interface, packet) }
      }
      return try Capture(reading: blocks.bytes)
    }
    let once = try capture(1)
    #expect(once.devices.contains { $0.exchanges.count > 10 })
    #expect(try capture(2) == once)
    #expect(try capture(3) == once)
  }

  static var transfers: [UsbTransfer] {
    Fixture.usbmon.first { $0.name == "keyboard-linux-6.1.usbmon.txt" }
      .map { UsbmonText.read(Array($0.text.utf8)).transfers } ?? []
  }

  /// Blocks of pcapng, as a capturing program lays them out.
  struct Blocks {
    var writer: CaptureWriter
    var bytes: [UInt8] { writer.bytes }

    init(isBigEndian: Bool) {
      writer = CaptureWriter(isBigEndian: isBigEndian, headerSize: 64)
    }

    mutating func block(_ type: UInt32, _ body: [UInt8]) {
      let padding = (4 - body.count % 4) % 4
      let total = UInt32(body.count + padding + 12)
      writer.put(type)
      writer.put(total)
      for byte in body + [UInt8](repeating: 0, count: padding) { writer.put(byte) }
      writer.put(total)
    }

    func fields(_ words: [UInt32], short: [UInt16] = []) -> [UInt8] {
      var part = CaptureWriter(isBigEndian: writer.isBigEndian, headerSize: 64)
      for word in short { part.put(word) }
      for word in words { part.put(word) }
      return part.bytes
    }

    /// A comment and the end of options.
    var options: [UInt8] {
      fields([], short: [1, 5]) + Array("hello".utf8) + [0, 0, 0] + fields([], short: [0, 0])
    }

    mutating func section() {
      block(0x0A0D_0D0A, fields([0x1A2B_3C4D, 1, .max, .max]) + options)
    }

    mutating func interface(_ link: UInt16, snap: UInt32 = 0) {
      block(1, fields([], short: [link, 0]) + fields([snap]) + options)
    }

    mutating func enhanced(_ interface: UInt32, _ packet: [UInt8], original: Int? = nil) {
      let lengths = [UInt32(packet.count), UInt32(original ?? packet.count)]
      let padding = [UInt8](repeating: 0, count: (4 - packet.count % 4) % 4)
      block(6, fields([interface, 0, 0] + lengths) + packet + padding + options)
    }

    mutating func simple(_ packet: [UInt8], original: Int) {
      block(3, fields([UInt32(original)]) + packet)
    }

    mutating func old(_ interface: UInt16, _ packet: [UInt8]) {
      let length = UInt32(packet.count)
      block(2, fields([], short: [interface, 0]) + fields([0, 0, length, length]) + packet)
    }
  }

  @Test(arguments: [false, true])
  func sectionsInterfacesAndOptions(isBigEndian: Bool) throws {
    let transfers = Self.transfers
    try #require(transfers.count > 20)
    var blocks = Blocks(isBigEndian: isBigEndian)
    let half = transfers.count / 2
    blocks.section()
    blocks.interface(1)
    blocks.interface(220)
    blocks.block(0x0BAD, Array("custom".utf8))
    blocks.block(5, [UInt8](repeating: 7, count: 20))
    for (index, transfer) in transfers[..<half].enumerated() {
      blocks.enhanced(0, [1, 2, 3, 4, 5])
      let packet = blocks.writer.packet(transfer)
      if index % 2 == 0 { blocks.enhanced(1, packet) } else { blocks.old(1, packet) }
    }
    blocks.section()
    blocks.interface(220)
    for transfer in transfers[half...] {
      let packet = blocks.writer.packet(transfer)
      blocks.simple(packet, original: packet.count)
    }
    let expected = Capture(transfers)
    for pieces in [1, 13, 4096, 1 << 20] {
      #expect(try difference(Self.read(blocks.bytes, pieces: pieces), expected) == nil)
    }
  }

  /// Packets of which only the start was kept give what is left.
  @Test(arguments: [64, 65, 72, 80, 96, 1000])
  func cutPackets(snap: Int) throws {
    let transfers = Self.transfers
    let expected = transfers.map { transfer in
      var cut = transfer
      if case .bytes(let bytes) = transfer.payload {
        cut.payload = .bytes(Array(bytes.prefix(max(0, snap - 64))))
      }
      return cut
    }
    var blocks = Blocks(isBigEndian: false)
    blocks.section()
    blocks.interface(220, snap: UInt32(snap))
    var simple = blocks
    for transfer in transfers {
      let packet = blocks.writer.packet(transfer)
      blocks.enhanced(0, Array(packet.prefix(snap)), original: packet.count)
      simple.simple(Array(packet.prefix(snap)), original: packet.count)
    }
    #expect(try difference(CaptureFile.read(blocks.bytes), expected) == nil)
    #expect(try difference(CaptureFile.read(simple.bytes), expected) == nil)
  }

  @Test func isochronousPacketsMayBeCutInTheirDescriptors() throws {
    let line = "ffff8800 10 C Zi:3:004:1 0:1:1604:1 2 0:0:192 -71:192:0 192 = 0011"
    let whole = try UsbmonText.transfer(Array(line.utf8)[...])
    var blocks = Blocks(isBigEndian: false)
    blocks.section()
    blocks.interface(220, snap: 85)
    let packet = blocks.writer.packet(whole)
    blocks.enhanced(0, Array(packet.prefix(85)), original: packet.count)
    let read = try #require(try CaptureFile.read(blocks.bytes).first)
    #expect(read.isoDescriptors == Array(whole.isoDescriptors.prefix(1)))
  }

  @Test func onlyForeignPackets() {
    var blocks = Blocks(isBigEndian: false)
    blocks.section()
    blocks.interface(1)
    blocks.enhanced(0, [1, 2, 3])
    #expect(throws: KernelLogError.unsupportedLinkType(offset: 52, type: 1)) {
      try Self.read(blocks.bytes, pieces: 100)
    }
  }

  @Test(arguments: [
    ("giant packet", 8, UInt32.max, KernelLogError.badLength(offset: 32, value: 0xFFFF_FFFF)),
    ("more than there is", 8, 5000, .truncated(offset: 40, needed: 5000, available: 95)),
    ("less than a header", 8, 63, .truncated(offset: 40, needed: 64, available: 63)),
  ])
  func lengthsThatCannotBeTrue(
    _ what: String, _ place: Int, _ value: UInt32, _ error: KernelLogError
  ) throws {
    var writer = CaptureWriter(isBigEndian: false, headerSize: 64)
    let transfer = try #require(Self.transfers.first { $0.data.count > 30 })
    var file = Array(writer.file([transfer], .pcap).prefix(24 + 16 + 95))
    for index in 0..<4 {
      file[24 + place + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
    #expect(throws: error, "\(what)") { try Self.read(file, pieces: 7) }
  }

  @Test(arguments: [0, 3, 8, 13, UInt32.max - 3])
  func blocksOfNoLength(length: UInt32) {
    var blocks = Blocks(isBigEndian: false)
    blocks.section()
    let start = blocks.bytes.count
    blocks.writer.put(UInt32(6))
    blocks.writer.put(length)
    for _ in 0..<8 { blocks.writer.put(UInt32(0)) }
    #expect(throws: KernelLogError.badLength(offset: start + 4, value: UInt64(length))) {
      try Self.read(blocks.bytes, pieces: 9)
    }
  }

  @Test func otherFormsAreNamed() throws {
    func error(_ bytes: [UInt8]) -> KernelLogError? {
      do throws(KernelLogError) {
        _ = try Self.read(bytes, pieces: 11)
        return nil
      } catch { return error }
    }
    let old = "d5ea89a0 3575914555 S Ci:001:00 s a3 00 0000 0003 0004 4 <\n"
    #expect(error(Array(old.utf8)) == .oldUsbmonText)
    let transfer = try #require(Self.transfers.first)
    let raw = CaptureWriter(isBigEndian: false, headerSize: 64).packet(transfer)
    #expect(error(raw + raw) == .rawUsbmon)
    #expect(error([0x1F, 0x8B, 8] + [UInt8](repeating: 0, count: 100)) == .packed)
    #expect(error(Array("hello\n".utf8)) == .unknownFormat)
    #expect(error([]) == .unknownFormat)
  }

  @Test func linesThatAreNoneAreCounted() throws {
    let text =
      "# usbmon\n\na1 10 C Bi:1:002:1 0 2 = 0102\nnonsense\n"
      + String(repeating: "x", count: 200_000) + "\na2 20 C Bi:1:002:1 0 2 = 0304\n"
    for pieces in [1000, 70_000, 1 << 20] {
      let capture = try Self.read(Array(text.utf8), pieces: pieces)
      #expect(capture.devices.first?.exchanges.map(\.data) == [[1, 2], [3, 4]])
      #expect(capture.badLines.count == 3 && capture.badLines.first == 1)
    }
  }

  /// A hole in a text says the same however much of it comes at once.
  @Test(arguments: [2, 200, 5_000]) func holesAreNoOtherForm(_ zeros: Int) throws {
    let start =
      "a1 10 C Bi:1:002:1 0 2 = 0102\na1 11 C Bi:1:002:1 0 2 = 0102\na1 12 C Bi:1:002:1 0 1 = 01\n"
    let bytes =
      Array(start.utf8) + [UInt8](repeating: 0, count: zeros)
      + Array("\na2 20 C Bi:1:002:1 0 2 = 0304\n".utf8)
    let whole = try Self.read(bytes, pieces: bytes.count)
    #expect(whole.devices.first?.exchanges.count == 4)
    for pieces in [1, 64, 100, 4096] {
      #expect(try difference(Self.read(bytes, pieces: pieces), whole) == nil)
    }
  }

  /// A capture without end is kept as far as there is room.
  @Test func moreThanIsKept() throws {
    var reader = CaptureReader()
    for block in 0..<60 {
      var lines = ""
      for number in 0..<2000 {
        lines += "\(String(block * 2000 + number, radix: 16)) 1 S Bo:1:002:1 -115 4 = 01020304\n"
      }
      try reader.read(Array(lines.utf8)[...])
    }
    let capture = try reader.finish()
    #expect(capture.devices.first?.exchanges.count == 100_000 && capture.omitted == 20_000)
  }
}
