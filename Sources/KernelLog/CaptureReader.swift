import USB

/// Reads a capture that arrives in pieces, in memory that does not grow with it: pcap, pcapng, or
/// usbmon text.
public struct CaptureReader: ~Copyable {
  private enum Form {
    case unknown([UInt8])
    case pcap(PcapReader)
    case pcapng(PcapngReader)
    case text(UsbmonLines)
  }

  /// Bytes that tell the form.
  private static let sample = 64

  private var form = Form.unknown([])
  private var builder = CaptureBuilder()

  /// Makes a reader at the start of a capture.
  public init() {}

  /// Takes the next piece. Errors name the byte offset that is wrong.
  public mutating func read(_ piece: ArraySlice<UInt8>) throws(KernelLogError) {
    try take(piece, isLast: false)
  }

  /// Ends the capture. A text without a single event throws `unknownFormat`, or what form it has.
  public mutating func finish() throws(KernelLogError) -> Capture {
    try take([], isLast: true)
    var capture = builder.finish()
    switch form {
    case .pcap(let reader): capture.cutOffset = reader.cut
    case .pcapng(let reader): capture.cutOffset = reader.cut
    case .text, .unknown: break
    }
    if case .text(let lines) = form {
      guard !capture.devices.isEmpty else {
        throw lines.hasOldForm ? .oldUsbmonText : .unknownFormat
      }
      capture.badLines = lines.bad
    }
    return capture
  }

  private mutating func take(
    _ piece: ArraySlice<UInt8>, isLast: Bool
  ) throws(KernelLogError) {
    var piece = piece
    if case .unknown(let held) = form {
      let start = held + piece
      guard isLast || start.count >= Self.sample else {
        form = .unknown(start)
        return
      }
      // However much came at once: the same bytes are judged alike.
      form = try Self.form(Array(start.prefix(Self.sample)))
      piece = start[...]
    }
    switch form {
    case .unknown: break
    case .pcap(var reader):
      // Moved out and back, so that its buffer is not copied.
      form = .unknown([])
      try reader.take(piece, isLast: isLast) { builder.add($0) }
      form = .pcap(reader)
    case .pcapng(var reader):
      form = .unknown([])
      try reader.take(piece, isLast: isLast) { builder.add($0) }
      form = .pcapng(reader)
    case .text(var reader):
      form = .unknown([])
      reader.take(piece, isLast: isLast) { builder.add($0) }
      form = .text(reader)
    }
  }

  private static func form(_ start: [UInt8]) throws(KernelLogError) -> Form {
    if CaptureFile.isCapture(start) {
      if start.starts(with: CaptureFile.pcapng) { return .pcapng(PcapngReader()) }
      return .pcap(CaptureFile.pcap(start))
    }
    let packed: [[UInt8]] = [
      [0x1F, 0x8B], [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x28, 0xB5, 0x2F, 0xFD], [0x42, 0x5A, 0x68],
      [0x50, 0x4B, 3, 4],
    ]
    if packed.contains(where: { start.starts(with: $0) }) { throw .packed }
    if start.starts(with: "version https://git-lfs".utf8) { throw .pointer }
    if isRawUsbmon(start) { throw .rawUsbmon }
    // Text has none but by accident; what begins like this may have no end.
    let strange = start.count { $0 < 0x20 && !(0x09...0x0D).contains($0) }
    if strange > 1 + start.count / 16 { throw .unknownFormat }
    return .text(UsbmonLines())
  }

  /// What `/dev/usbmonN` gives: usbmon's header without a file around it.
  private static func isRawUsbmon(_ start: [UInt8]) -> Bool {
    guard start.count >= 48, UsbTransfer.Event(rawValue: start[8]) != nil, start[9] < 4,
      start[11] < 128
    else { return false }
    return start[..<48].contains(0)
  }
}
