public import USB

extension ControllerEndpoint {
  /// The 32 bytes of `struct usb_raw_ep_info`.
  public var info: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: RawLayout.epInfoSize)
    for (index, byte) in name.utf8.prefix(15).enumerated() { bytes[index] = byte }
    let capabilities: [Bool] = [false, false, bulk, interrupt, directionIn, directionOut]
    var bits: UInt32 = 0
    for (bit, set) in capabilities.enumerated() where set { bits |= 1 << UInt32(bit) }
    for index in 0..<4 {
      bytes[16 + index] = UInt8(truncatingIfNeeded: address >> (8 * UInt32(index)))
      bytes[20 + index] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(index)))
    }
    bytes[24] = maxPacketLimit.lowByte
    bytes[25] = maxPacketLimit.highByte
    bytes[26] = maxStreams.lowByte
    bytes[27] = maxStreams.highByte
    return bytes
  }
}
