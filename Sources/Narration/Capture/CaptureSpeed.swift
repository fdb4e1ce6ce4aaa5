import KernelLog
import USB

/// The speed of a captured device, with what it rests on.
struct CaptureSpeed {
  var speed: UsbSpeed
  var basis: Basis
  /// What tells it, to stand behind "concluded from"; empty where nothing does.
  var evidence: String

  /// Weighs what a session shows: the port's status, else sizes of packets and what hosts ask devices of one speed only.
  ///
  /// - Parameters:
  ///   - session: all that went to and from the device.
  ///   - device: its device descriptor, as far as seen.
  ///   - endpoints: the endpoint descriptors of its configurations.
  init(_ session: CaptureSession, device: [UInt8], endpoints: [[UInt8]]) {
    if let speed = session.portSpeed {
      self.init(speed, .known, "the port's status")
      return
    }
    func sizes(_ type: UInt8) -> [Int] {
      endpoints.filter { $0[3] & 3 == type }.map { (Int($0[4]) | Int($0[5]) << 8) & 0x7FF }
    }
    let bulk = sizes(2)
    let periodic = sizes(1) + sizes(3)
    if device.count >= 8, device[7] == 9, device[3] >= 3 {
      self.init(.super, .concluded, "its packet size on endpoint 0, an exponent")
    } else if bulk.contains(1024) {
      self.init(.super, .concluded, "bulk packets of 1024 bytes")
    } else if bulk.contains(512) {
      self.init(.high, .concluded, "bulk packets of 512 bytes")
    } else if Self.asksQualifier(session) {
      self.init(.full, .concluded, "the host's question for a device qualifier")
    } else if bulk.contains(where: { $0 > 0 }) {
      self.init(.full, .concluded, "bulk packets of less than 512 bytes")
    } else if sizes(3).contains(where: { $0 > 64 }) || sizes(1).contains(where: { $0 > 1023 }) {
      self.init(.high, .concluded, "packets larger than full speed has")
    } else {
      self.init(session, device, periodic: periodic, hasIsochronous: !sizes(1).isEmpty)
    }
  }

  private init(_ speed: UsbSpeed, _ basis: Basis, _ evidence: String) {
    self.speed = speed
    self.basis = basis
    self.evidence = evidence
  }

  private init(
    _ session: CaptureSession, _ device: [UInt8], periodic: [Int], hasIsochronous: Bool
  ) {
    guard device.count >= 8 else {
      self.init(.high, .assumed, "")
      return
    }
    let moved = session.exchanges.filter { $0.endpoint > 0 }
    if device[7] == 8 {
      let large = periodic.contains { $0 > 8 } || hasIsochronous
      let isFast = moved.contains { $0.kind != .interrupt || ($0.actual ?? 0) > 8 }
      if large || isFast {
        self.init(.full, .concluded, "more than 8 bytes in a packet, and 8 on endpoint 0")
      } else {
        self.init(.low, periodic.isEmpty ? .assumed : .concluded, "packets of at most 8 bytes")
      }
    } else if device[7] < 64 || device[3] < 2 {
      self.init(.full, .concluded, "its device descriptor")
    } else if !periodic.isEmpty, moved.allSatisfy({ $0.kind != .bulk }) {
      self.init(.full, .assumed, "")
    } else {
      self.init(.high, .assumed, "")
    }
  }

  /// Hosts ask for it to learn whether a device that runs at full speed could run faster.
  private static func asksQualifier(_ session: CaptureSession) -> Bool {
    session.exchanges.contains { exchange in
      guard let setup = exchange.setup else { return false }
      return setup.bmRequestType == 0x80 && setup.bRequest == 6 && setup.wValue >> 8 == 6
    }
  }

  /// A sentence about it.
  var words: String {
    switch basis {
    case .known: "The capture shows a \(speed.name) device."
    case .concluded: "A \(speed.name) device, concluded from \(evidence)."
    case .assumed: "The capture does not show the speed; \(speed.name) is assumed."
    }
  }
}
