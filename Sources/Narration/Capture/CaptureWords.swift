public import KernelLog
import Text
import USB

/// A bus capture in words.
public enum CaptureWords {
  /// Each device, its control requests with their answers, and its other endpoints in sums.
  public static func text(_ capture: Capture) -> String {
    var lines: [String] = []
    for device in capture.devices {
      let count = device.exchanges.count
      lines.append(
        "Device \(device.bus):\(device.address), \(count) \(count == 1 ? "URB" : "URBs")")
      lines += device.controls.map { "  " + control($0) }
      lines += endpoints(device).map { "  " + $0.words }
    }
    let count = capture.devices.count
    lines.append("\(count) \(count == 1 ? "device" : "devices")")
    lines += leftOut(capture)
    return lines.joined(separator: "\n")
  }

  /// What of the file is not shown.
  private static func leftOut(_ capture: Capture) -> [String] {
    var lines: [String] = []
    let bad = capture.badLines
    if bad.count > 0 {
      let more = bad.count > 1 ? " and \(bad.count - 1) more" : ""
      lines.append(
        "Left out: line \(bad.first)\(more), no usbmon event (field \(bad.field) does not fit)")
    }
    if let cut = capture.cutOffset {
      lines.append("The file ends inside a packet at byte \(cut): what followed is missing")
    }
    if capture.omitted > 0 { lines.append("Left out: \(capture.omitted) more URBs") }
    return lines
  }

  private static func control(_ exchange: Capture.Exchange) -> String {
    let name = exchange.setup.map(request) ?? "a request that was not captured"
    guard let status = exchange.status else { return name + ": never answered" }
    let moved = "\(exchange.actual ?? 0) of \(exchange.requested ?? 0) bytes"
    guard status == 0 else { return name + ": status \(status), \(moved)" }
    guard !exchange.data.isEmpty else { return name + ": " + moved }
    let cut = exchange.isDataCut ? " ..." : ""
    return name + ": \(moved): " + exchange.data.prefix(32).hex
      + (exchange.data.count > 32 ? " ..." : cut)
  }

  /// A setup packet: the standard request's name, then its fields.
  static func request(_ setup: SetupPacket) -> String {
    let definer =
      switch setup.definer {
      case .standard: "standard"
      case .class: "class"
      case .vendor: "vendor"
      case .reserved: "reserved"
      }
    let first = StandardRequest(setup)?.name ?? "\(definer) request \(setup.bRequest)"
    return
      "\(first) type \(setup.bmRequestType.hex(width: 2)) value \(setup.wValue.hex(width: 4)) index "
      + "\(setup.wIndex.hex(width: 4)) length \(setup.wLength)"
  }

  /// All that went over one endpoint that is not endpoint 0.
  struct Endpoint {
    var kind: TransferType
    var number: UInt8
    var isIn: Bool
    var count = 0
    var bytes: UInt64 = 0
    var failed = 0
    var pending = 0

    var kindName: String {
      switch kind {
      case .control: "control"
      case .isochronous: "isochronous"
      case .interrupt: "interrupt"
      case .bulk: "bulk"
      }
    }

    var words: String {
      "endpoint \(number) \(isIn ? "in" : "out"), \(kindName): \(count) "
        + "\(count == 1 ? "URB" : "URBs"), \(bytes) bytes"
        + (failed > 0 ? ", \(failed) failed" : "")
        + (pending > 0 ? ", \(pending) without an answer" : "")
    }

    mutating func add(_ exchange: Capture.Exchange) {
      count += 1
      bytes &+= UInt64(max(0, exchange.actual ?? 0))
      if exchange.status == nil { pending += 1 } else if exchange.status != 0 { failed += 1 }
    }
  }

  static func endpoints(_ device: Capture.Device) -> [Endpoint] {
    var found: [Endpoint] = []
    for exchange in device.transfers {
      let index = found.firstIndex {
        $0.number == exchange.endpoint && $0.isIn == exchange.isIn && $0.kind == exchange.kind
      }
      if index == nil {
        found.append(Endpoint(kind: exchange.kind, number: exchange.endpoint, isIn: exchange.isIn))
      }
      found[index ?? found.count - 1].add(exchange)
    }
    return found
  }
}
