import USB

/// Turns the packets of one interface of a capture file into events, by its link type.
struct PacketDecoder {
  /// Whose packets they are.
  private enum Form {
    case usbmon(headerSize: Int)
    case usbpcap(UsbPcapHeader)
    case bus(BusPackets)
  }

  private var form: Form

  /// The decoder of a link type; nil for packets of anything else.
  init?(link: UInt32) {
    if let size = UsbmonHeader.linkTypes[link] {
      form = .usbmon(headerSize: size)
    } else if link == 249 {
      form = .usbpcap(UsbPcapHeader())
    } else if BusPackets.linkTypes.contains(link) {
      form = .bus(BusPackets())
    } else {
      return nil
    }
  }

  /// Hands on the events that a packet completes.
  ///
  /// - Parameters:
  ///   - reader: the file.
  ///   - packet: where the packet is.
  ///   - time: when the file says that it was captured, microseconds.
  ///   - isCut: the capturing program kept only the packet's start.
  ///   - use: takes the events.
  mutating func decode(
    _ reader: ByteReader, packet: Range<Int>, time: UInt64, isCut: Bool,
    _ use: (UsbTransfer) -> Void
  ) throws(KernelLogError) {
    switch form {
    case .usbmon(let size):
      use(try UsbmonHeader.transfer(reader, packet: packet, size: size, isCut: isCut))
    case .usbpcap(var header):
      let transfer = try header.transfer(reader, packet: packet, time: time)
      form = .usbpcap(header)
      if let transfer { use(transfer) }
    case .bus(var packets):
      packets.take(Array(reader.slice(packet)), time: time, use)
      form = .bus(packets)
    }
  }

  /// Hands on what was not complete when the file ended.
  mutating func finish(_ use: (UsbTransfer) -> Void) {
    if case .bus(var packets) = form {
      packets.finish(use)
      form = .bus(packets)
    }
  }
}
