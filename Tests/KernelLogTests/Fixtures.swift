import Foundation
import KernelLog
import Support
import USB

/// Packed test data.
enum Fixture {
  /// A packed file of the data directory, unpacked.
  static func unpacked(_ name: String) throws -> [UInt8] {
    try Packed.content(of: Sample.directory.appending(path: name))
  }

  /// The recorded usbmon texts by name; each starts behind a line "### name".
  static let usbmon: [(name: String, text: String)] = {
    guard let bytes = try? unpacked("usbmon.txt.xz") else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "### ").map {
      let parts = $0.split(separator: "\n", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }()
}

/// Writes captures the way libpcap does, to test the readers.
struct CaptureWriter {
  enum Format: CaseIterable { case pcap, pcapNanoseconds, pcapng, pcapngSimple }

  var isBigEndian = false
  var headerSize = 64
  private(set) var bytes: [UInt8] = []

  init(isBigEndian: Bool, headerSize: Int) {
    self.isBigEndian = isBigEndian
    self.headerSize = headerSize
  }

  mutating func put<N: FixedWidthInteger>(_ value: N) {
    withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) {
      bytes.append(contentsOf: $0)
    }
  }

  func packet(_ transfer: UsbTransfer) -> [UInt8] {
    var writer = CaptureWriter(isBigEndian: isBigEndian, headerSize: headerSize)
    let kinds: [TransferType: UInt8] = [
      .isochronous: 0, .interrupt: 1, .control: 2, .bulk: 3,
    ]
    writer.put(transfer.tag)
    writer.put(transfer.event.rawValue)
    writer.put(kinds[transfer.kind] ?? 9)
    writer.put(transfer.endpoint | (transfer.isIn ? 0x80 : 0))
    writer.put(transfer.device)
    writer.put(transfer.bus)
    writer.putFlags(transfer)
    writer.put(transfer.timestamp / 1_000_000)
    writer.put(UInt32(transfer.timestamp % 1_000_000))
    writer.put(transfer.status ?? -115)
    writer.put(transfer.length)
    let iso = headerSize == 64 ? transfer.isoDescriptors : []
    writer.put(UInt32(transfer.data.count + 16 * iso.count))
    writer.putSetup(transfer)
    if headerSize == 64 {
      writer.put(transfer.interval ?? 0)
      writer.put(transfer.startFrame ?? 0)
      writer.put(UInt32(0x200))
      writer.put(UInt32(iso.count))
      for descriptor in iso {
        writer.put(descriptor.status)
        writer.put(descriptor.offset)
        writer.put(descriptor.length)
        writer.put(UInt32(0))
      }
    }
    return writer.bytes + transfer.data
  }

  private mutating func putFlags(_ transfer: UsbTransfer) {
    switch transfer.setup {
    case .packet: put(UInt8(0))
    case .missing(let flag): put(flag)
    case nil: put(UInt8(ascii: "-"))
    }
    if case .missing(let flag) = transfer.payload { put(flag) } else { put(UInt8(0)) }
  }

  private mutating func putSetup(_ transfer: UsbTransfer) {
    if case .packet(let setup) = transfer.setup {
      bytes += [setup.bmRequestType, setup.bRequest]
      for word in [setup.wValue, setup.wIndex, setup.wLength] {
        bytes += [UInt8(word & 0xFF), UInt8(word >> 8)]
      }
    } else {
      put(transfer.errorCount ?? 0)
      put(transfer.isoCount ?? 0)
    }
  }

  mutating func file(_ transfers: [UsbTransfer], _ format: Format) -> [UInt8] {
    bytes = []
    let link: UInt32 = headerSize == 64 ? 220 : 189
    switch format {
    case .pcap, .pcapNanoseconds:
      put(UInt32(format == .pcap ? 0xA1B2_C3D4 : 0xA1B2_3C4D))
      put(UInt16(2))
      put(UInt16(4))
      for value: UInt32 in [0, 0, 65535, link] { put(value) }
      for transfer in transfers {
        let packet = packet(transfer)
        for value in [0, 0, packet.count, packet.count] { put(UInt32(value)) }
        bytes += packet
      }
    case .pcapng, .pcapngSimple:
      put(UInt32(0x0A0D_0D0A))
      for value: UInt32 in [28, 0x1A2B_3C4D, 1, 0xFFFF_FFFF, 0xFFFF_FFFF, 28] { put(value) }
      put(UInt32(1))
      put(UInt32(20))
      put(UInt16(link))
      put(UInt16(0))
      for value: UInt32 in [0, 20] { put(value) }
      for value: UInt32 in [5, 16, 0, 16] { put(value) }  // a block to skip
      for transfer in transfers { putBlock(packet(transfer), simple: format == .pcapngSimple) }
    }
    return bytes
  }

  private mutating func putBlock(_ packet: [UInt8], simple: Bool) {
    let padding = (4 - packet.count % 4) % 4
    let total = UInt32(packet.count + padding + (simple ? 16 : 32))
    put(UInt32(simple ? 3 : 6))
    put(total)
    if simple {
      put(UInt32(packet.count))
    } else {
      for value: UInt32 in [0, 0, 0] { put(value) }
      put(UInt32(packet.count))
      put(UInt32(packet.count))
    }
    bytes += packet + [UInt8](repeating: 0, count: padding)
    put(total)
  }
}
