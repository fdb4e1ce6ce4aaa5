import Text

/// What something holds when it is made: text, one byte all over, or bytes in hexadecimal.
enum ContentFields {
  static let fields = [
    Field("bytes", .content, "its content as text"),
    Field("fill", .byte, "one byte that fills it"),
    Field("data", .hex, "its content in hexadecimal"),
  ]

  /// - Parameter size: bytes there are to fill; nil where nothing says so.
  static func bytes(_ values: FieldValues, size: UInt64?) throws(FieldProblem) -> [UInt8] {
    let given = ["bytes", "fill", "data"].filter(values.has)
    if given.count > 1 { throw .both(given[0], given[1]) }
    if let bytes = values.bytes("bytes") ?? values.bytes("data") { return bytes }
    guard let fill = values.number("fill") else { return [] }
    guard let size, size <= World.sizeLimit else { throw .fillsNothing("fill") }
    return [UInt8](repeating: UInt8(clamping: fill), count: Int(size))
  }

  /// Bytes as one byte where they are `size` equal ones, for `fill` fills all there is; else as text
  /// where they are that.
  static func set(_ bytes: [UInt8], size: UInt64?, in values: inout FieldValues) {
    if let first = bytes.first, bytes.count > 1, UInt64(bytes.count) == size,
      bytes.allSatisfy({ $0 == first })
    {
      values["fill"] = .number(UInt64(first))
    } else if String(validating: bytes, as: UTF8.self) != nil {
      values["bytes"] = .bytes(bytes)
    } else {
      values["data"] = .bytes(bytes)
    }
  }
}
