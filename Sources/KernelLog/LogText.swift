/// A piece of a log as the kernel wrote it: transport encodings, quoting and line wrapping undone.
///
/// Blanks of every kind become a space, a line end with the quoting marks that follow it becomes
/// one newline byte; `origin` leads every byte back to where it was found.
struct LogText {
  static let lineBreak: UInt8 = 0x0A
  static let blank: UInt8 = 0x20

  private(set) var bytes: [UInt8] = []
  private(set) var origin: [Int] = []
  /// Where reading stopped in the raw bytes.
  private(set) var end: Int

  /// Reads raw bytes `range`, at most `lines` lines of them.
  init(_ raw: UnsafeRawBufferPointer, range: Range<Int>, lines: Int) {
    end = range.upperBound
    bytes.reserveCapacity(range.count)
    origin.reserveCapacity(range.count)
    let reader = RawReader(raw: raw, limit: range.upperBound)
    var position = range.lowerBound
    var breaks = 0
    while position < range.upperBound {
      let run = reader.plainRun(from: position)
      if run > 0 {
        bytes.append(contentsOf: raw[position..<(position + run)])
        origin.append(contentsOf: position..<(position + run))
        position += run
        continue
      }
      let piece = reader.piece(at: position)
      if piece.value == Self.lineBreak {
        breaks += 1
        if breaks >= lines {
          end = position
          break
        }
        append(Self.lineBreak, from: position)
        position = skipQuoting(reader, from: piece.next, breaks: &breaks)
        continue
      }
      if let value = piece.value { append(value, from: position) }
      position = piece.next
    }
  }

  private mutating func append(_ byte: UInt8, from position: Int) {
    bytes.append(byte)
    origin.append(position)
  }

  /// Marks a mailer, a comment or a diff puts at the start of a continued line.
  private func skipQuoting(
    _ reader: RawReader, from start: Int, breaks: inout Int
  ) -> Int {
    var position = start
    while position < reader.limit {
      let piece = reader.piece(at: position)
      switch piece.value {
      case nil, UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "*"),
        UInt8(ascii: "#"), UInt8(ascii: "+"), Self.blank:
        position = piece.next
      case Self.lineBreak where breaks < 3:
        breaks += 1
        position = piece.next
      default:
        return position
      }
    }
    return position
  }
}
