public import USB

/// Reads packet captures of USB: pcap (both byte orders, microseconds and nanoseconds) and
/// pcapng, with link types 189, 220 and 249, and those of a USB 2.0 bus, 288 and 293 to 295.
public enum CaptureFile {
  /// Whether bytes start like a pcap or pcapng file.
  public static func isCapture(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    return magics.contains { bytes.starts(with: $0) }
  }

  static let pcapng: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A]
  private static let littleEndian: [[UInt8]] = [
    [0xD4, 0xC3, 0xB2, 0xA1], [0x4D, 0x3C, 0xB2, 0xA1],
  ]
  private static let magics =
    littleEndian + littleEndian.map { Array($0.reversed()) } + [pcapng]

  /// Longest packet or block taken for one, bytes: usbfs moves 16 MiB at most.
  static let longest = (1 << 24) + (1 << 16)

  /// The reader for a pcap file that starts like this.
  static func pcap(_ start: [UInt8]) -> PcapReader {
    PcapReader(
      isLittleEndian: littleEndian.contains { start.starts(with: $0) },
      isNanoseconds: start.prefix(4).contains(0x3C))
  }

  /// The events of a capture file in order. Errors name the byte offset that is wrong.
  public static func read(_ bytes: [UInt8]) throws(KernelLogError) -> [UsbTransfer] {
    guard isCapture(bytes) else { throw .unknownFormat }
    var transfers: [UsbTransfer] = []
    if bytes.starts(with: pcapng) {
      var reader = PcapngReader()
      try reader.take(bytes[...], isLast: true) { transfers.append($0) }
    } else {
      var reader = pcap(bytes)
      try reader.take(bytes[...], isLast: true) { transfers.append($0) }
    }
    return transfers
  }
}
