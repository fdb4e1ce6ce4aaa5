import Text

/// The field of a usbmon line, from 1, that does not fit.
public struct BadField: Error, Equatable, Sendable {
  /// Its place in the line.
  public var field: Int

  /// The field of that number.
  public init(_ field: Int) { self.field = field }
}

/// The text form of usbmon, `1u` and `0u`, as the kernel's drivers/usb/mon/mon_text.c prints it.
public enum UsbmonText {
  /// A line that could not be read.
  public struct BadLine: Sendable, Equatable {
    /// Line number, from 1.
    public var number: Int
    /// What does not fit.
    public var error: BadField
  }

  /// What a file gave: its events in order, and the lines that are none (empty lines are skipped).
  public struct Contents: Sendable, Equatable {
    /// Events in order.
    public var transfers: [UsbTransfer] = []
    /// Lines that are none.
    public var badLines: [BadLine] = []
  }

  /// Reads a whole file.
  public static func read(_ bytes: [UInt8]) -> Contents {
    var contents = Contents()
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
      do {
        contents.transfers.append(try transfer(line))
      } catch {
        contents.badLines.append(BadLine(number: number, error: error))
      }
    }
    return contents
  }

  /// Reads one line without its line end. Throws the field that does not fit.
  public static func transfer(_ line: ArraySlice<UInt8>) throws(BadField) -> UsbTransfer {
    var fields = Fields(line)
    let tag = try fields.number(radix: 16, as: UInt64.self)
    let timestamp = try fields.number(as: UInt64.self)
    let event = try fields.letter(UsbTransfer.Event.init)
    var transfer = try fields.address(tag: tag, timestamp: timestamp, event: event)
    try fields.status(of: &transfer)
    if transfer.kind == .isochronous { try fields.isoDescriptors(of: &transfer) }
    transfer.length = try fields.number(as: Int32.self)
    transfer.payload = try fields.payload()
    if !fields.isAtEnd { throw BadField(fields.count + 1) }
    return transfer
  }

  /// The line of an event, without line end.
  public static func line(_ transfer: UsbTransfer) -> String {
    transfer.tag.hex() + " \(transfer.timestamp) " + body(transfer)
  }

  /// The line without the URB's address and the time.
  public static func body(_ transfer: UsbTransfer) -> String {
    var text = letter(transfer.event.rawValue) + " "
    text += letter(transfer.kind.letter) + (transfer.isIn ? "i" : "o")
    text += ":\(transfer.bus):\(padded(String(transfer.device), 3)):\(transfer.endpoint)"
    text += statusText(transfer)
    if transfer.kind == .isochronous {
      text += " \(transfer.isoCount ?? 0)"
      for iso in transfer.isoDescriptors.prefix(5) {
        text += " \(iso.status):\(iso.offset):\(iso.length)"
      }
    }
    text += " \(transfer.length)"
    switch transfer.payload {
    case .none: break
    case .missing(let flag): text += " \(letter(flag))"
    case .bytes(let bytes):
      text += " ="
      for (index, byte) in bytes.enumerated() {
        if index % 4 == 0 { text += " " }
        text += byte.hex(width: 2)
      }
    }
    return text
  }

  private static func statusText(_ transfer: UsbTransfer) -> String {
    switch transfer.setup {
    case .packet(let setup):
      return " s \(setup.bmRequestType.hex(width: 2)) \(setup.bRequest.hex(width: 2))"
        + " \(setup.wValue.hex(width: 4)) \(setup.wIndex.hex(width: 4))"
        + " \(setup.wLength.hex(width: 4))"
    case .missing(let flag): return " \(letter(flag)) __ __ ____ ____ ____"
    case nil: break
    }
    var text = " \(transfer.status ?? 0)"
    if let interval = transfer.interval { text += ":\(interval)" }
    if let frame = transfer.startFrame { text += ":\(frame)" }
    if let count = transfer.errorCount { text += ":\(count)" }
    return text
  }

  /// A flag as a letter; binary captures may hold bytes that are none.
  private static func letter(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? String(UnicodeScalar(byte)) : "?"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}

/// Reads the fields of one line one after the other.
private struct Fields {
  private let fields: [ArraySlice<UInt8>]
  /// Fields read so far.
  private(set) var count = 0

  init(_ line: ArraySlice<UInt8>) {
    fields = line.split { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
  }

  var isAtEnd: Bool { count >= fields.count }

  private mutating func next() throws(BadField) -> ArraySlice<UInt8> {
    guard count < fields.count else { throw BadField(count + 1) }
    count += 1
    return fields[count - 1]
  }

  private func number<N: FixedWidthInteger>(
    _ field: ArraySlice<UInt8>, _ radix: Int
  ) throws(BadField) -> N {
    let text = String(decoding: field, as: UTF8.self)
    guard field.count <= 20, field.first != UInt8(ascii: "+"), let number = N(text, radix: radix)
    else { throw BadField(count) }
    return number
  }

  mutating func number<N: FixedWidthInteger>(
    radix: Int = 10, as type: N.Type
  ) throws(BadField) -> N {
    try number(next(), radix)
  }

  mutating func letter<T>(_ make: (UInt8) -> T?) throws(BadField) -> T {
    let field = try next()
    guard field.count == 1, let byte = field.first, (0x21...0x7E).contains(byte),
      let value = make(byte)
    else { throw BadField(count) }
    return value
  }

  /// `Ci:1:002:0`.
  mutating func address(
    tag: UInt64, timestamp: UInt64, event: UsbTransfer.Event
  ) throws(BadField) -> UsbTransfer {
    let parts = try next().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].count == 2, let first = parts[0].first,
      let kind = TransferType(letter: first), let way = parts[0].last,
      way == UInt8(ascii: "i") || way == UInt8(ascii: "o")
    else { throw BadField(count) }
    return UsbTransfer(
      tag: tag, timestamp: timestamp, event: event, kind: kind, isIn: way == UInt8(ascii: "i"),
      bus: try number(parts[1], 10), device: try number(parts[2], 10),
      endpoint: try number(parts[3], 10))
  }

  mutating func status(of transfer: inout UsbTransfer) throws(BadField) {
    let field = try next()
    if transfer.kind == .control, field.count == 1, let flag = field.first,
      (0x21...0x7E).contains(flag),
      !(0x30...0x39).contains(flag)
    {
      transfer.setup = try setup(flag)
      return
    }
    let numbers = field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let isIso = transfer.kind == .isochronous
    let allowed = isIso ? 3...4 : transfer.kind == .interrupt ? 2...2 : 1...1
    guard allowed.contains(numbers.count) else { throw BadField(count) }
    transfer.status = try number(numbers[0], 10)
    if numbers.count > 1 { transfer.interval = try number(numbers[1], 10) }
    if numbers.count > 2 { transfer.startFrame = try number(numbers[2], 10) }
    if numbers.count > 3 { transfer.errorCount = try number(numbers[3], 10) }
  }

  private mutating func setup(_ flag: UInt8) throws(BadField) -> UsbTransfer.Setup {
    guard flag == UInt8(ascii: "s") else {
      for _ in 0..<5 {
        guard try next().allSatisfy({ $0 == UInt8(ascii: "_") })
        else { throw BadField(count) }
      }
      return .missing(flag)
    }
    return .packet(
      SetupPacket(
        try number(next(), 16), try number(next(), 16), value: try number(next(), 16),
        index: try number(next(), 16), length: try number(next(), 16)))
  }

  /// The number of packets and the first five of them.
  mutating func isoDescriptors(of transfer: inout UsbTransfer) throws(BadField) {
    let total: Int32 = try number(next(), 10)
    transfer.isoCount = total
    while count < fields.count, fields[count].contains(UInt8(ascii: ":")) {
      let parts = try next().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard parts.count == 3, transfer.isoDescriptors.count < 64
      else { throw BadField(count) }
      transfer.isoDescriptors.append(
        IsoDescriptor(
          status: try number(parts[0], 10), offset: try number(parts[1], 10),
          length: try number(parts[2], 10)))
    }
  }

  mutating func payload() throws(BadField) -> UsbTransfer.Payload {
    if isAtEnd { return .none }
    let flag = try letter { $0 }
    guard flag == UInt8(ascii: "=") else { return .missing(flag) }
    var bytes: [UInt8] = []
    while !isAtEnd {
      let word = Array(try next())
      guard word.count % 2 == 0 else { throw BadField(count) }
      for index in stride(from: 0, to: word.count, by: 2) {
        guard let high = Self.digit(word[index]), let low = Self.digit(word[index + 1])
        else { throw BadField(count) }
        bytes.append(high << 4 | low)
      }
    }
    return .bytes(bytes)
  }

  /// What a hexadecimal digit stands for.
  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
