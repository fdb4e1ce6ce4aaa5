import USB

/// The binary header of a usbmon event: 48 bytes (link type 189, LINKTYPE_USB_LINUX) or 64 (220,
/// LINKTYPE_USB_LINUX_MMAPPED), as in the kernel's Documentation/usb/usbmon.rst, in the byte order
/// of the machine that captured.
enum UsbmonHeader {
  static let linkTypes: [UInt32: Int] = [189: 48, 220: 64]

  /// The event in `packet` of a file, whose header is `size` bytes long. `isCut` says that the
  /// capturing program kept only the packet's start.
  static func transfer(
    _ reader: ByteReader, packet: Range<Int>, size: Int, isCut: Bool = false
  ) throws(KernelLogError) -> UsbTransfer {
    let start = packet.lowerBound
    guard packet.count >= size else {
      throw .truncated(offset: start, needed: size, available: packet.count)
    }
    var transfer = try identity(reader, start)
    let status = try reader.number(at: start + 28, as: Int32.self)
    transfer.length = try reader.number(at: start + 32, as: Int32.self)
    let isSubmission = transfer.event == .submission
    if transfer.kind == .control, isSubmission {
      transfer.setup = try setup(reader, start)
    } else {
      transfer.status = status
    }
    var data = start + size
    if size == 64 {
      try timing(reader, start, &transfer)
      data = try isoDescriptors(reader, start, packet, isCut, &transfer)
    }
    if transfer.kind == .isochronous {
      if !isSubmission { transfer.errorCount = try reader.number(at: start + 40, as: Int32.self) }
      transfer.isoCount = try reader.number(at: start + 44, as: Int32.self)
    }
    transfer.payload = try payload(reader, start, data..<max(data, packet.upperBound), transfer)
    return transfer
  }

  private static func identity(
    _ reader: ByteReader, _ start: Int
  ) throws(KernelLogError) -> UsbTransfer {
    let type = try reader.byte(at: start + 8)
    guard let event = UsbTransfer.Event(rawValue: type) else {
      throw .badValue(offset: start + 8, value: UInt64(type))
    }
    let kinds: [TransferType] = [.isochronous, .interrupt, .control, .bulk]
    let kind = try reader.byte(at: start + 9)
    guard Int(kind) < kinds.count else {
      throw .badValue(offset: start + 9, value: UInt64(kind))
    }
    let seconds = try reader.number(at: start + 16, as: UInt64.self)
    let microseconds = try reader.number(at: start + 24, as: UInt32.self)
    let endpoint = try reader.byte(at: start + 10)
    return UsbTransfer(
      tag: try reader.number(at: start, as: UInt64.self),
      timestamp: seconds &* 1_000_000 &+ UInt64(microseconds), event: event,
      kind: kinds[Int(kind)], isIn: endpoint & 0x80 != 0,
      bus: try reader.number(at: start + 12, as: UInt16.self),
      device: try reader.byte(at: start + 11), endpoint: endpoint & 0x0F)
  }

  /// The setup packet's words are in bus order, little-endian, whatever the machine.
  private static func setup(
    _ reader: ByteReader, _ start: Int
  ) throws(KernelLogError) -> UsbTransfer.Setup {
    let flag = try reader.byte(at: start + 14)
    guard flag == 0 else { return .missing(flag) }
    var wire = reader
    wire.isBigEndian = false
    return .packet(
      SetupPacket(
        try wire.byte(at: start + 40), try wire.byte(at: start + 41),
        value: try wire.number(at: start + 42, as: UInt16.self),
        index: try wire.number(at: start + 44, as: UInt16.self),
        length: try wire.number(at: start + 46, as: UInt16.self)))
  }

  private static func timing(
    _ reader: ByteReader, _ start: Int, _ transfer: inout UsbTransfer
  ) throws(KernelLogError) {
    guard transfer.kind == .interrupt || transfer.kind == .isochronous else { return }
    transfer.interval = try reader.number(at: start + 48, as: Int32.self)
    if transfer.kind == .isochronous {
      transfer.startFrame = try reader.number(at: start + 52, as: Int32.self)
    }
  }

  /// Descriptors of 16 bytes stand between the header and the data.
  private static func isoDescriptors(
    _ reader: ByteReader, _ start: Int, _ packet: Range<Int>, _ isCut: Bool,
    _ transfer: inout UsbTransfer
  ) throws(KernelLogError) -> Int {
    let first = start + 64
    guard transfer.kind == .isochronous else { return first }
    let stated = try reader.number(at: start + 60, as: UInt32.self)
    let room = max(0, packet.upperBound - first) / 16
    guard isCut || Int(stated) <= room else {
      throw .badLength(offset: start + 60, value: UInt64(stated))
    }
    let count = min(Int(stated), room)
    for index in 0..<count {
      let place = first + 16 * index
      transfer.isoDescriptors.append(
        IsoDescriptor(
          status: try reader.number(at: place, as: Int32.self),
          offset: try reader.number(at: place + 4, as: UInt32.self),
          length: try reader.number(at: place + 8, as: UInt32.self)))
    }
    return first + 16 * count
  }

  private static func payload(
    _ reader: ByteReader, _ start: Int, _ rest: Range<Int>, _ transfer: UsbTransfer
  ) throws(KernelLogError) -> UsbTransfer.Payload {
    if transfer.length == 0 { return .none }
    let flag = try reader.byte(at: start + 15)
    if flag != 0 { return .missing(flag) }
    let captured = try reader.number(at: start + 36, as: UInt32.self)
    let described = UInt32(16 * transfer.isoDescriptors.count)
    let count = captured >= described ? captured - described : 0
    return .bytes(Array(reader.slice(rest).prefix(Int(count))))
  }
}
