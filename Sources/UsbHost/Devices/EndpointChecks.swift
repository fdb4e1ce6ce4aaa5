import USB

/// What `usb_parse_endpoint()` corrects in an endpoint descriptor.
struct EndpointChecks {
  let speed: UsbSpeed
  /// Configuration, interface and setting in the kernel's words.
  let place: String
  let address: String
  private(set) var log: [String] = []

  init(speed: UsbSpeed, place: String, address: String) {
    self.speed = speed
    self.place = place
    self.address = address
  }

  /// Corrects interval, type and packet size; an endpoint without packets is kept as it is.
  mutating func correct(_ endpoint: inout UsbEndpoint, alternate: Int) {
    let original = endpoint.type
    correctInterval(&endpoint)
    if speed == .low, original == .bulk {
      log.append("\(place) endpoint \(address) is Bulk; changing to Interrupt")
      endpoint.attributes = 3
      endpoint.interval = 1
      if endpoint.maxPacket & 0x7ff > 8 { endpoint.maxPacket = 8 }
    }
    var size = endpoint.maxPacket
    if size == 0, !(original == .isochronous && alternate == 0) {
      log.append("\(place) endpoint \(address) has invalid wMaxPacketSize 0")
    }
    var multiple: UInt16 = 0
    if speed == .high, original == .interrupt || original == .isochronous {
      multiple = size & 0x1800
      size &= ~multiple
    }
    let most = largestPacket(endpoint.type)
    if size > most {
      log.append(
        "\(place) endpoint \(address) has invalid maxpacket \(size), setting to \(most)")
      size = most
      endpoint.maxPacket = multiple | size
    }
    if speed == .high, original == .bulk, size != 512 {
      log.append("\(place) bulk endpoint \(address) has invalid maxpacket \(size)")
    }
  }

  private mutating func correctInterval(_ endpoint: inout UsbEndpoint) {
    let given = endpoint.interval
    var least: UInt8 = 0
    var most: UInt8 = 255
    var fallback = 0
    switch endpoint.type {
    case .interrupt:
      least = 1
      if speed >= .high {
        most = 16
        let eighths = Int(given) * 8
        fallback = eighths == 0 ? 7 : Int.bitWidth - eighths.leadingZeroBitCount
      } else {
        fallback = 10
      }
    case .isochronous:
      least = 1
      most = 16
      fallback = speed == .high ? 7 : 4
    default: return
    }
    guard given < least || given > most else { return }
    log.append(
      "\(place) endpoint \(address) has an invalid bInterval \(given), changing to \(fallback)")
    endpoint.interval = UInt8(clamping: fallback)
  }

  private func largestPacket(_ type: TransferType) -> UInt16 {
    let sizes: [UInt16] =
      switch speed {
      case .low: [8, 0, 0, 8]
      case .full: [64, 1023, 64, 64]
      case .super, .superPlus: [512, 1024, 1024, 1024]
      default: [64, 1024, 1024, 1024]
      }
    return sizes[Int(type.rawValue)]
  }
}
