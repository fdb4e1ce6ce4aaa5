import Foundation
import Text

/// File names from the command line on their way to a message.
enum FileName {
  /// The bytes of a path and a 0, as the command line has them.
  ///
  /// Swift puts U+FFFD in the place of bytes that are no UTF-8; an argument that reads like the path then gives the
  /// bytes its user meant.
  static func bytes(_ path: String) -> [CChar] {
    guard path.unicodeScalars.contains("\u{FFFD}") else { return Array(path.utf8CString) }
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let bytes = Array(UnsafeBufferPointer(start: argument, count: strlen(argument)))
      if String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self) == path {
        return bytes + [0]
      }
      // What stands behind an option's '='.
      guard let equals = bytes.firstIndex(of: CChar(UInt8(ascii: "="))) else { continue }
      let value = Array(bytes[(equals + 1)...])
      if String(decoding: value.map(UInt8.init(bitPattern:)), as: UTF8.self) == path {
        return value + [0]
      }
    }
    return Array(path.utf8CString)
  }

  /// The name, without what a terminal would obey, and its middle left out when very long.
  static func shown(_ path: String) -> String {
    let limit = 240
    guard path.unicodeScalars.count > limit else { return Printable.text(path) }
    let scalars = path.unicodeScalars
    return Printable.text(String(scalars.prefix(limit / 2))) + "..."
      + Printable.text(String(scalars.suffix(limit / 2)))
  }
}
