import JSON
import RawGadget
import Text
import USB

/// Bytes as recordings write them: hexadecimal, or length, pattern and hash.
enum GadgetBytes {
  /// Bytes in hexadecimal; none where the text is not.
  static func parse(_ text: String) -> [UInt8] { (try? Hexadecimal.bytes(text)) ?? [] }

  /// Byte i is i mod 251, or mod 63.
  static func pattern(_ length: Int, modulo: Int = 251) -> [UInt8] {
    (0..<max(0, min(length, 1 << 24))).map { UInt8($0 % modulo) }
  }

  /// The bytes a call sent.
  static func payload(_ data: JSONValue?, length: Int) -> [UInt8] {
    if let text = data?.string { return parse(text) }
    let modulo = data?["pattern"]?.string == "mod63" ? 63 : 251
    return pattern(data?["length"]?.int ?? length, modulo: modulo)
  }

  /// Bytes that a call sent and that were not written down: a recording keeps the first ``kept``.
  static func missing(_ arg: JSONValue) -> Int {
    guard let text = arg["data"]?.string, text.utf8.count == 2 * kept else { return 0 }
    return max(0, min(arg["length"]?.int ?? 0, 1 << 24) - kept)
  }

  private static let kept = 4096

  /// The 32-bit FNV-1a hash.
  static func hash(_ bytes: [UInt8]) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }

  /// Whether bytes are what a recording describes.
  static func matches(_ expected: JSONValue, _ bytes: [UInt8]) -> Bool {
    if let text = expected.string { return parse(text) == bytes }
    let digits = expected["fnv1a32"]?.string.flatMap { UInt32($0, radix: 16) }
    return expected["length"]?.int == bytes.count && digits == hash(bytes)
  }
}

/// Compares what calls copied out with what was recorded.
enum GadgetOutput {
  static func differences(
    _ out: JSONValue, _ request: String, _ result: CallResult
  ) -> [(String, String, String)] {
    switch RawIoctl.named(request)?.layout {
    case .event: event(out, result)
    case .endpoints: endpoints(out, result)
    case .sent, .received: transfer(out, result)
    // Nothing comes back, which is compared as well.
    case .nothing, .number, .names, .descriptor, .unknown, nil: transfer(out, result)
    }
  }

  private static func event(
    _ out: JSONValue, _ result: CallResult
  ) -> [(String, String, String)] {
    let bytes = result.written
    func word(_ at: Int) -> Int {
      (0..<4).reduce(0) {
        $0 | Int(bytes.indices.contains(at + $1) ? bytes[at + $1] : 0) << (8 * $1)
      }
    }
    var found: [(String, String, String)] = []
    let type = RawEventType(rawValue: UInt32(truncatingIfNeeded: word(0)))
    let data = Array(bytes.dropFirst(RawLayout.headerSize))
    let numbers = ["type_value": word(0), "length": word(4), "copied": data.count]
    for key in ["type_value", "length", "copied"] {
      if let expected = out[key]?.int, expected != numbers[key] {
        found.append(("out.\(key)", "\(expected)", "\(numbers[key] ?? 0)"))
      }
    }
    if let name = out["type"]?.string, name != type?.name {
      found.append(("out.type", name, type?.name ?? "none"))
    }
    if let expected = out["data"], !GadgetBytes.matches(expected, data) {
      found.append(("out.data", "\(expected)", data.hex))
    }
    return found
  }

  private static func transfer(
    _ out: JSONValue, _ result: CallResult
  ) -> [(String, String, String)] {
    var found: [(String, String, String)] = []
    if let length = out["length"]?.int, length != result.data.count {
      found.append(("out.length", "\(length)", "\(result.data.count)"))
    }
    if let data = out["data"], !GadgetBytes.matches(data, result.data) {
      found.append(("out.data", "\(data)", result.data.prefix(64).hex))
    }
    return found
  }

  private static func endpoints(
    _ out: JSONValue, _ result: CallResult
  ) -> [(String, String, String)] {
    var found: [(String, String, String)] = []
    let size = RawLayout.epInfoSize
    if let count = out["count"]?.int {
      let named = stride(from: 0, to: result.written.count, by: size).filter {
        result.written[$0] != 0
      }.count
      if named != count { found.append(("out.count", "\(count)", "\(named)")) }
      let told = max(0, min(count, result.written.count / size))
      let rest = result.written.dropFirst(told * size).allSatisfy { $0 == 0 }
      if let zero = out["rest_zero"]?.bool, zero != rest {
        found.append(("out.rest_zero", "\(zero)", "\(rest)"))
      }
    }
    return found
  }
}

/// The kernel log as recordings keep it: numbers that count on from boot are letters.
enum GadgetLog {
  static func normalized(_ line: String) -> String {
    var line = letters(line, after: "hidraw", "N")
    line = letters(line, after: "/input/input", "N")
    line = letters(line, after: "process ", "N")
    line = letters(line, after: "Process ", "N")
    guard line.contains("input: ") || line.hasPrefix("hid-generic") else { return line }
    // 0003:VVVV:PPPP.NNNN
    var bytes = Array(line.utf8)
    var at = 0
    while at + 19 <= bytes.count {
      let part = bytes[at..<at + 19]
      let start = part.startIndex
      if Array(part.prefix(5)) == Array("0003:".utf8), part[start + 9] == UInt8(ascii: ":"),
        part[start + 14] == UInt8(ascii: ".")
      {
        bytes.replaceSubrange(at + 15..<at + 19, with: Array("NNNN".utf8))
        at += 19
      } else {
        at += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func letters(_ line: String, after word: String, _ letter: String) -> String {
    let bytes = Array(line.utf8)
    let key = Array(word.utf8)
    var result: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at...].starts(with: key) {
        result += key
        at += key.count
        var digits = at
        while digits < bytes.count, (0x30...0x39).contains(bytes[digits]) { digits += 1 }
        if digits > at { result += Array(letter.utf8) }
        at = digits
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
