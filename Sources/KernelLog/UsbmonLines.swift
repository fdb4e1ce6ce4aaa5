import USB

/// Reads usbmon text piece by piece.
struct UsbmonLines {
  /// Longest line, bytes: an event with all its data in hexadecimal is shorter.
  private static let longest = 1 << 16

  private var rest: [UInt8] = []
  private var number = 0
  /// Whether the line at hand is longer than any event's.
  private var isTooLong = false
  /// Lines that are no events.
  private(set) var bad = Capture.BadLines()
  /// Whether a line has the form of the older text interface.
  private(set) var hasOldForm = false

  /// Takes the file's next bytes and hands on the events of whole lines.
  mutating func take(
    _ piece: ArraySlice<UInt8>, isLast: Bool, _ use: (UsbTransfer) -> Void
  ) {
    var piece = piece
    while let end = piece.firstIndex(of: 0x0A) {
      if rest.isEmpty, !isTooLong {
        line(piece[..<end], use)
      } else {
        rest += piece[..<end].prefix(Self.longest)
        line(rest[...], use)
        rest = []
      }
      piece = piece[(end + 1)...]
    }
    rest += piece.prefix(Self.longest)
    if rest.count > Self.longest {
      isTooLong = true
      rest = []
    }
    if isLast, !rest.isEmpty || isTooLong { line(rest[...], use) }
  }

  /// A line without what mails, comments and editors put in front of it, and without NULs.
  private func plain(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line.contains(0) ? line.filter { $0 != 0 }[...] : line
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    let rest = line.drop { Self.marks.contains($0) }
    return rest
  }

  /// Blanks, and the marks of quotations and comments.
  private static let marks: [UInt8] = [0x20, 0x09] + Array(">|*#/;".utf8)

  private mutating func line(_ line: ArraySlice<UInt8>, _ use: (UsbTransfer) -> Void) {
    number += 1
    let line = plain(line)
    if isTooLong {
      isTooLong = false
      bad.add(number, field: 1)
    } else if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
      do {
        use(try UsbmonText.transfer(line))
      } catch {
        bad.add(number, field: error.field)
        hasOldForm = hasOldForm || Self.isOldForm(line)
      }
    }
  }

  /// `Ci:001:00`: type and direction, device, endpoint, without the bus.
  private static func isOldForm(_ line: ArraySlice<UInt8>) -> Bool {
    let fields = line.split(separator: 0x20, maxSplits: 4)
    guard fields.count > 3 else { return false }
    let parts = fields[3].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0].count == 2
      && parts.dropFirst().allSatisfy { !$0.isEmpty && $0.allSatisfy(Digits.isDecimal) }
  }
}

extension Capture {
  /// Lines of a text that are no events and were left out.
  public struct BadLines: Sendable, Equatable {
    /// How many.
    public private(set) var count = 0
    /// Number of the first, from 1.
    public private(set) var first = 0
    /// The field of that line, from 1, that does not fit.
    public private(set) var field = 0

    /// None.
    public init() {}

    mutating func add(_ number: Int, field: Int) {
      count += 1
      guard count == 1 else { return }
      first = number
      self.field = field
    }
  }
}
