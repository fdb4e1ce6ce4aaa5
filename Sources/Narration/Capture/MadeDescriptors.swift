import KernelLog
import USB

/// Descriptors made for a device whose own are not in the capture: its endpoints are those seen, the rest is neutral.
struct MadeDescriptors {
  let device: [UInt8]
  let configuration: [UInt8]

  /// Descriptors for the traffic of a session.
  ///
  /// - Parameters:
  ///   - session: all that went to and from the device.
  ///   - speed: its speed.
  init(_ session: CaptureSession, _ speed: UsbSpeed) {
    let packet: UInt8 =
      switch speed {
      case .low: 8
      case .super: 9
      default: 64
      }
    device = [
      18, 1, 0, speed == .super ? 3 : 2, 0, 0, 0, packet, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    ]
    // Interfaces that were asked by number exist; all endpoints are put into the first.
    let asked = session.exchanges.compactMap(\.setup).filter {
      $0.bmRequestType & 0x1F == 1 && $0.wIndex & 0xFF < 16
    }
    let count = 1 + (asked.map { UInt8($0.wIndex & 0xFF) }.max() ?? 0)
    var bytes: [UInt8] = []
    let endpoints = Self.endpoints(session, speed)
    for number in 0..<count {
      let isFirst = number == 0
      bytes += [9, 4, number, 0, isFirst ? UInt8(endpoints.count) : 0, 0xFF, 0, 0, 0]
      guard isFirst else { continue }
      for endpoint in endpoints {
        bytes += endpoint
        if speed == .super { bytes += [6, 0x30, 0, 0, 0, 0] }
      }
    }
    let total = UInt16(bytes.count + 9)
    let value = session.exchanges.compactMap(\.setup).last {
      $0.bmRequestType == 0 && $0.bRequest == 9 && $0.wValue & 0xFF != 0
    }
    configuration =
      [
        9, 2, UInt8(total & 0xFF), UInt8(total >> 8), count, UInt8((value?.wValue ?? 1) & 0xFF), 0,
        0x80, 50,
      ] + bytes
  }

  /// A string in the place of one that was not captured.
  static func string(_ index: UInt8) -> [UInt8] {
    if index == 0 { return [4, 3, 9, 4] }
    let text = Array("not captured".utf16)
    return [UInt8(2 + 2 * text.count), 3] + text.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  /// Endpoints that data went over, as descriptors, in the order of their first URB.
  static func endpoints(_ session: CaptureSession, _ speed: UsbSpeed) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for exchange in session.exchanges where exchange.endpoint > 0 {
      let address = exchange.endpoint | (exchange.isIn ? 0x80 : 0)
      guard exchange.kind == .bulk || exchange.kind == .interrupt,
        !found.contains(where: { $0[2] == address })
      else { continue }
      let isBulk = exchange.kind == .bulk
      let packet: UInt16 =
        switch speed {
        case .low: 8
        case .full: 64
        case .super: 1024
        default: isBulk ? 512 : 64
        }
      found.append([
        7, 5, address, isBulk ? 2 : 3, UInt8(packet & 0xFF), UInt8(packet >> 8), isBulk ? 0 : 8,
      ])
    }
    return found
  }
}
