import Foundation

/// A line of usbmon's text form, taken apart without the program's help.
struct UsbmonLine {
  var fields: [Substring]

  static func all(_ text: String) -> [UsbmonLine] {
    text.split(separator: "\n").map { UsbmonLine(fields: $0.split(separator: " ")) }
  }

  /// Type, bus, device and endpoint: `Ci`, 1, 2, 0.
  private var address: [Substring] { fields[3].split(separator: ":") }
  private var setup: [Int]? {
    fields[4] == "s" ? fields[5..<10].compactMap { Int($0, radix: 16) } : nil
  }

  /// A request to a device, no hub, that dummy_hcd does not answer by itself.
  var isControlRequest: Bool {
    guard let setup, fields[2] == "S", address[2] != "001" else { return false }
    let own = [
      [0, 5], [0x80, 0], [0x81, 0], [0x82, 0], [0, 1], [0, 3], [2, 1], [2, 3],
    ]
    return !own.contains(Array(setup[..<2]))
  }

  /// The request as transcripts name it.
  var words: String? {
    guard let setup else { return nil }
    let (value, length) = (setup[2], setup[4])
    let names = [
      1: "device", 2: "configuration", 3: "string \(value & 0xFF)", 6: "device qualifier",
      7: "other speed", 15: "BOS", 0x21: "HID", 0x22: "HID report",
    ]
    switch (setup[0], setup[1]) {
    case (0x80, 6), (0x81, 6):
      let name = names[value >> 8] ?? "0x" + String(value >> 8, radix: 16)
      return "GET_DESCRIPTOR \(name), \(length)"
    case (0, 9): return "SET_CONFIGURATION \(value)"
    case (1, 11): return "SET_INTERFACE \(setup[3]) \(value)"
    case (0x21, 10): return "SET_IDLE"
    case (0x21, 9): return "SET_REPORT, \(length)"
    default:
      let bytes =
        setup[..<2] + setup[2...].flatMap { [$0 & 0xFF, $0 >> 8] }
      return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
  }

  /// A pcap file of link type 220 with these lines, as a capture program writes it.
  static func pcap(_ lines: [UsbmonLine]) -> [UInt8] {
    var file: [UInt8] = []
    for (value, size) in [
      (0xA1B2_C3D4, 4), (2, 2), (4, 2), (0, 4), (0, 4), (65535, 4), (220, 4),
    ] { file += little(value, size) }
    for line in lines {
      let packet = line.packet
      for value in [0, 0, packet.count, packet.count] { file += little(value, 4) }
      file += packet
    }
    return file
  }

  private static func little(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// `struct mon_bin_hdr`, 64 bytes, and the data.
  private var packet: [UInt8] {
    let kinds: [Character: Int] = ["Z": 0, "I": 1, "C": 2, "B": 3]
    let isIn = address[0].hasSuffix("i")
    let rest = setup == nil ? fields[5...] : fields[10...]
    let hex = rest.dropFirst(2).joined()
    let data = stride(from: 0, to: hex.count, by: 2).compactMap {
      UInt8(hex.dropFirst($0).prefix(2), radix: 16)
    }
    let flag = rest.count > 1 && rest.dropFirst().first != "=" ? rest.last?.utf8.first ?? 0 : 0
    let time = Int(fields[1]) ?? 0
    let tag = UInt64(fields[0], radix: 16) ?? 0
    let status = setup == nil ? Int(fields[4].split(separator: ":")[0]) ?? 0 : -115
    var bytes = Self.little(Int(bitPattern: UInt(tag)), 8)
    bytes += [fields[2].utf8.first ?? 0, UInt8(kinds[address[0].first ?? "C"] ?? 2)]
    bytes += [UInt8(address[3]) ?? 0, UInt8(address[2]) ?? 0]
    bytes[10] |= isIn ? 0x80 : 0
    bytes += Self.little(Int(address[1]) ?? 0, 2) + [setup == nil ? 0x2D : 0, flag]
    bytes += Self.little(time / 1_000_000, 8) + Self.little(time % 1_000_000, 4)
    bytes += Self.little(status, 4) + Self.little(Int(rest.first ?? "0") ?? 0, 4)
    bytes += Self.little(data.count, 4)
    if let setup {
      bytes += [UInt8(setup[0]), UInt8(setup[1])] + setup[2...].flatMap { Self.little($0, 2) }
    } else {
      bytes += Self.little(0, 8)
    }
    return bytes + Self.little(0, 16) + data
  }
}
