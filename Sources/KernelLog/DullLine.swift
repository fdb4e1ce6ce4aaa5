/// Tells by a line's bytes that it holds nothing an aftermath is read for: most lines of a log, at a small part of the
/// price of reading them.
enum DullLine {
  /// Whether a line that stands in no trace holds no function, no file, none of the words kernels print about a task and a
  /// machine, and nothing that stands for other characters. In doubt it does not.
  static func isDull(_ line: UnsafeRawBufferPointer.SubSequence) -> Bool {
    // In front of the line the byte counts as a blank: " :" and ":" at the start are the same.
    var before = LogText.blank
    for byte in line {
      switch byte {
      case UInt8(ascii: ":"): if leads(before) { return false }
      case UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "="), UInt8(ascii: "&"),
        UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "<"), UInt8(ascii: ">"),
        UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "^"):
        return false
      case 0x20..<0x7F, 0x09, 0x0D: break
      default: return false
      }
      before = byte
    }
    return true
  }

  /// Whether the byte in front of a colon may end "Comm:", "Tainted:", "Trace:", "name:", "linked in:", "CPU:", "RIP:",
  /// "epc:", "TPC:", "TSTATE:", "IASQ:", "IAOQ[0]:", "Breaking-Event-Address:", the name of a source file, or stand in
  /// "pc :".
  private static func leads(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "m"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "U"),
      UInt8(ascii: "P"), UInt8(ascii: "c"), UInt8(ascii: "C"), UInt8(ascii: "E"),
      UInt8(ascii: "]"), UInt8(ascii: "s"), UInt8(ascii: "h"), UInt8(ascii: "S"), UInt8(ascii: "n"),
      UInt8(ascii: "Q"), LogText.blank:
      true
    default: false
    }
  }
}
