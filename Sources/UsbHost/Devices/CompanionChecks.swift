import USB

/// What `usb_parse_ss_endpoint_companion()` finds wrong behind an endpoint of USB 3.
struct CompanionChecks {
  let endpoint: UsbEndpoint
  /// Configuration, interface and setting in the kernel's words.
  let place: String

  private var words: String { "in \(place) ep \(endpoint.address)" }

  /// Lines of the kernel log.
  ///
  /// - Parameter bytes: everything behind the endpoint's own descriptor.
  func log(_ bytes: [UInt8]) -> [String] {
    guard bytes.count >= 6 else {
      return [
        "invalid SuperSpeed endpoint companion descriptor of length \(bytes.count), skipping"
      ]
    }
    guard bytes[1] == 0x30 else {
      // The kernel's own sentence has one space too many here.
      let parts = place.split(separator: " ", maxSplits: 2)
      let spaced = parts.count == 3 ? "\(parts[0]) \(parts[1])  \(parts[2])" : place
      return [
        "No SuperSpeed endpoint companion for \(spaced) ep \(endpoint.address): "
          + "using minimum values"
      ]
    }
    let interval = UInt16(low: bytes[4], high: bytes[5])
    return burst(Int(bytes[2])) + attributes(Int(bytes[3]))
      + bytesPerInterval(Int(interval), burst: Int(bytes[2]), mult: Int(bytes[3] & 3))
  }

  private func burst(_ burst: Int) -> [String] {
    if endpoint.type == .control, burst != 0 {
      return ["Control endpoint with bMaxBurst = \(burst) \(words): setting to zero"]
    }
    return burst > 15 ? ["Endpoint with bMaxBurst = \(burst) \(words): setting to 15"] : []
  }

  private func attributes(_ attributes: Int) -> [String] {
    switch endpoint.type {
    case .control where attributes != 0, .interrupt where attributes != 0:
      // An interrupt endpoint is called a bulk one here.
      let kind = endpoint.type == .control ? "Control" : "Bulk"
      return ["\(kind) endpoint with bmAttributes = \(attributes) \(words): setting to zero"]
    case .bulk where attributes > 16:
      return ["Bulk endpoint with more than 65536 streams \(words): setting to max"]
    case .isochronous where attributes & 0x80 == 0 && attributes & 3 == 3:
      return ["Isoc endpoint has Mult of 4 \(words): setting to 3"]
    default: return []
    }
  }

  private func bytesPerInterval(_ given: Int, burst: Int, mult: Int) -> [String] {
    let packet = Int(endpoint.maxPacket & 0x7ff)
    let most: Int =
      switch endpoint.type {
      case .isochronous: (burst + 1) * (mult + 1) * packet
      case .interrupt: packet * (burst + 1)
      default: 999_999
      }
    let tooLittle =
      endpoint.type == .interrupt && endpoint.address & 0x80 != 0 && given < packet
    guard given > most || tooLittle else { return [] }
    let kind = endpoint.type == .isochronous ? "Isoc" : "Int"
    return ["\(kind) endpoint with wBytesPerInterval of \(given) \(words): setting to \(most)"]
  }
}
