import JSON
import Text
import Usercopy

/// A value of the file with where it stands, for messages.
struct SnapshotNode {
  let value: JSONValue
  let path: String

  func fail(_ reason: SnapshotError.Reason) -> SnapshotError {
    SnapshotError(path: path, reason: reason)
  }

  /// The member of that name; nil where it is absent or null.
  subscript(key: String) -> SnapshotNode? {
    guard let member = value[key], !member.isNull else { return nil }
    return SnapshotNode(value: member, path: path.isEmpty ? key : "\(path).\(key)")
  }

  func needed(_ key: String) throws(SnapshotError) -> SnapshotNode {
    guard let member = self[key] else {
      throw SnapshotError(path: path.isEmpty ? key : "\(path).\(key)", reason: .missing)
    }
    return member
  }

  func object() throws(SnapshotError) -> JSONObject {
    guard let object = value.object else { throw fail(.expected(.object)) }
    return object
  }

  /// The elements of a list with their places.
  func list(atMost limit: Int) throws(SnapshotError) -> [SnapshotNode] {
    guard let elements = value.array else { throw fail(.expected(.list)) }
    guard elements.count <= limit else { throw fail(.tooMuch(limit: UInt64(limit))) }
    return elements.enumerated().map { SnapshotNode(value: $1, path: "\(path)[\($0)]") }
  }

  func text() throws(SnapshotError) -> String {
    guard let text = value.string else { throw fail(.expected(.text)) }
    guard text.utf8.count <= SnapshotReader.textLimit else {
      throw fail(.tooMuch(limit: UInt64(SnapshotReader.textLimit)))
    }
    return text
  }

  func number(atMost limit: UInt64) throws(SnapshotError) -> UInt64 {
    guard let number = value.uint64 else { throw fail(.expected(.number)) }
    guard number <= limit else { throw fail(.tooMuch(limit: limit)) }
    return number
  }

  func int(atMost limit: Int) throws(SnapshotError) -> Int {
    Int(try number(atMost: UInt64(limit)))
  }

  func truth() throws(SnapshotError) -> Bool {
    if let truth = value.bool { return truth }
    // Bit fields come as numbers.
    guard let number = value.uint64, number <= 1 else { throw fail(.expected(.truth)) }
    return number == 1
  }

  /// A 64-bit value: `"0x…"`, or a number.
  func address() throws(SnapshotError) -> Address {
    if let number = value.uint64 { return number }
    guard let text = value.string, text.hasPrefix("0x"), text.utf8.count <= 18,
      let address = UInt64(text.dropFirst(2), radix: 16)
    else { throw fail(.expected(.address)) }
    return address
  }

  /// Memory: lower-case or upper-case hexadecimal without blanks.
  func bytes(atMost limit: Int) throws(SnapshotError) -> [UInt8] {
    guard let text = value.string else { throw fail(.expected(.bytes)) }
    guard text.utf8.count / 2 <= limit else { throw fail(.tooMuch(limit: UInt64(limit))) }
    guard let bytes = HexBytes.decode(text) else { throw fail(.expected(.bytes)) }
    return bytes
  }
}

/// Memory as the format writes it.
enum HexBytes {
  /// The value of each hexadecimal digit by its code; 255 for others.
  private static let digits: [UInt8] = (0..<256).map { (code: Int) -> UInt8 in
    switch code {
    case 0x30...0x39: UInt8(code - 0x30)
    case 0x61...0x66: UInt8(code - 0x61 + 10)
    case 0x41...0x46: UInt8(code - 0x41 + 10)
    default: 255
    }
  }

  /// The bytes of digits without blanks; nil for anything else.
  static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { source -> [UInt8]? in
      guard source.count % 2 == 0 else { return nil }
      var isGood = true
      let bytes = digits.withUnsafeBufferPointer { table in
        [UInt8](unsafeUninitializedCapacity: source.count / 2) { target, count in
          for index in 0..<source.count / 2 {
            let high = table[Int(source[2 * index])]
            let low = table[Int(source[2 * index + 1])]
            isGood = isGood && high | low < 16
            target[index] = high << 4 | (low & 15)
          }
          count = source.count / 2
        }
      }
      return isGood ? bytes : nil
    }
  }
}
