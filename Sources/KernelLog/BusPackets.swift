import USB

/// Puts the packets of a USB 2.0 bus analyser (link types 288 and 293 to 295) together: token, data and handshake to
/// transactions, transactions of endpoint 0 to control transfers. Each other transaction that moved data or stalled is
/// an URB of its own: how the host cut its transfers cannot be seen on the wire.
struct BusPackets {
  /// LINKTYPE_USB_2_0 and the same for one speed.
  static let linkTypes: Set<UInt32> = [288, 293, 294, 295]

  private struct Token {
    var pid: UInt8
    var address: UInt8
    var endpoint: UInt8
    var time: UInt64
  }

  private struct Control {
    var setup: SetupPacket
    var data: [UInt8] = []
    var tag: UInt64
  }

  private var token: Token?
  private var data: [UInt8]?
  private var controls: [UInt8: Control] = [:]
  private var tag: UInt64 = 0

  /// Takes a packet: its PID, then what belongs to it, checksums included.
  mutating func take(_ packet: [UInt8], time: UInt64, _ use: (UsbTransfer) -> Void) {
    guard let first = packet.first, first & 0x0F == ~first >> 4 & 0x0F else { return }
    switch first & 0x0F {
    case 0x1, 0x9, 0xD:  // OUT, IN, SETUP
      finish(use)
      guard packet.count >= 3 else { return }
      token = Token(
        pid: first & 0x0F, address: packet[1] & 0x7F,
        endpoint: packet[1] >> 7 | (packet[2] & 7) << 1, time: time)
    case 0x3, 0xB, 0x7, 0xF:  // DATA0, DATA1, DATA2, MDATA
      if packet.count >= 3, token != nil { data = Array(packet[1..<(packet.count - 2)]) }
    case 0x2, 0x6: handshake(status: 0, use)  // ACK, NYET
    case 0xE: handshake(status: -32, use)  // STALL
    case 0xA: (token, data) = (nil, nil)  // NAK: nothing moved
    default: finish(use)
    }
  }

  /// Ends a transaction that no handshake ends: isochronous data, or the file's end.
  mutating func finish(_ use: (UsbTransfer) -> Void) {
    if let token, let data, token.endpoint != 0, token.pid != 0xD {
      emit(token, .isochronous, data, status: 0, use)
    }
    (token, data) = (nil, nil)
  }

  private mutating func handshake(status: Int32, _ use: (UsbTransfer) -> Void) {
    defer { (token, data) = (nil, nil) }
    guard let token else { return }
    if token.endpoint == 0 { return control(token, status: status, use) }
    guard data != nil || status != 0 else { return }
    emit(token, .bulk, data ?? [], status: status, use)
  }

  private mutating func control(_ token: Token, status: Int32, _ use: (UsbTransfer) -> Void) {
    let bytes = data ?? []
    if token.pid == 0xD {
      guard status == 0, bytes.count >= 8 else { return }
      let setup = SetupPacket(
        bytes[0], bytes[1], value: UInt16(bytes[2]) | UInt16(bytes[3]) << 8,
        index: UInt16(bytes[4]) | UInt16(bytes[5]) << 8,
        length: UInt16(bytes[6]) | UInt16(bytes[7]) << 8)
      tag += 1
      controls[token.address] = Control(setup: setup, tag: tag)
      var sent = event(token, .submission, .control, isIn: setup.isIn, tag: tag)
      sent.setup = .packet(setup)
      sent.length = Int32(setup.wLength)
      return use(sent)
    }
    guard var control = controls[token.address] else { return }
    let isData = control.setup.isIn == (token.pid == 0x9) && control.setup.wLength > 0
    if isData, status == 0 {
      control.data += bytes
      controls[token.address] = control
      return
    }
    // The status stage, or a stall of any stage.
    controls[token.address] = nil
    var done = event(token, .completion, .control, isIn: control.setup.isIn, tag: control.tag)
    done.status = status
    done.length = Int32(clamping: control.data.count)
    done.payload = control.data.isEmpty ? .none : .bytes(control.data)
    use(done)
  }

  private mutating func emit(
    _ token: Token, _ kind: TransferType, _ bytes: [UInt8], status: Int32,
    _ use: (UsbTransfer) -> Void
  ) {
    tag += 1
    let isIn = token.pid == 0x9
    let payload: UsbTransfer.Payload = bytes.isEmpty ? .none : .bytes(bytes)
    var sent = event(token, .submission, kind, isIn: isIn, tag: tag)
    sent.length = Int32(clamping: bytes.count)
    sent.status = -115
    if !isIn { sent.payload = payload }
    use(sent)
    var done = event(token, .completion, kind, isIn: isIn, tag: tag)
    done.status = status
    done.length = status == 0 ? sent.length : 0
    if isIn { done.payload = payload }
    use(done)
  }

  private func event(
    _ token: Token, _ event: UsbTransfer.Event, _ kind: TransferType, isIn: Bool, tag: UInt64
  ) -> UsbTransfer {
    UsbTransfer(
      tag: tag, timestamp: token.time, event: event, kind: kind, isIn: isIn, bus: 1,
      device: token.address, endpoint: token.endpoint)
  }
}
