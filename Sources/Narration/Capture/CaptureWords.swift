public import KernelLog
import Text
import USB

/// A bus capture in words.
public enum CaptureWords {
  /// Each device: what it is, what became of each kind of request, its control requests with their answers, and its other
  /// endpoints in sums. What of the file is not shown stands first.
  ///
  /// - Parameters:
  ///   - capture: the capture.
  ///   - isWanted: which devices to tell of.
  public static func text(
    _ capture: Capture, where isWanted: (Capture.Device) -> Bool = { _ in true }
  ) -> String {
    var lines = leftOut(capture)
    let told = zip(capture.devices, DeviceSummary.all(capture)).filter { isWanted($0.0) }
    for (device, summary) in told {
      let count = summary.tally.urbs
      lines.append(
        "Device \(device.bus):\(device.address), \(count) \(count == 1 ? "URB" : "URBs")")
      lines += summary.statements.map { "  " + $0.line }
      lines += summary.talk.map { "  " + $0 }
      lines += endpoints(summary.tally).map { "  " + $0.words }
      let controls = device.controls
      if !controls.isEmpty { lines.append("  Requests in order:") }
      lines += controls.map { "    " + control($0) }
    }
    let count = told.count
    lines.append("\(count) \(count == 1 ? "device" : "devices")")
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
    if capture.omitted > 0 {
      lines.append(
        "The last \(capture.omitted) URBs are counted, but their requests are not listed one by one"
      )
    }
    return lines
  }

  private static func control(_ exchange: Capture.Exchange) -> String {
    let name = exchange.setup.map(request) ?? "a request that was not captured"
    guard let status = exchange.status else { return name + ": never answered" }
    let moved = "\(exchange.actual ?? 0) of \(exchange.requested ?? 0) bytes"
    guard status == 0 else {
      let verb = status == -Errno.EPIPE.rawValue ? "stalled" : "failed"
      return name + ": \(verb) with \(DeviceSummary.errno(status)) (\(status)), \(moved)"
    }
    guard !exchange.data.isEmpty else { return name + ": " + moved }
    let cut = exchange.isDataCut ? " ..." : ""
    return name + ": \(moved): " + exchange.data.prefix(32).hex
      + (exchange.data.count > 32 ? " ..." : cut)
  }

  /// A setup packet: the standard request's name, then its fields.
  static func request(_ setup: SetupPacket) -> String {
    let first = StandardRequest(setup)?.name ?? "\(definer(setup)) request \(setup.bRequest)"
    return
      "\(first) type \(setup.bmRequestType.hex(width: 2)) value \(setup.wValue.hex(width: 4)) index "
      + "\(setup.wIndex.hex(width: 4)) length \(setup.wLength)"
  }

  /// Who defines a request, in a word.
  static func definer(_ setup: SetupPacket) -> String {
    switch setup.definer {
    case .standard: "standard"
    case .class: "class"
    case .vendor: "vendor"
    case .reserved: "reserved"
    }
  }

  /// A type of endpoint in a word.
  static func kind(_ type: TransferType) -> String {
    switch type {
    case .control: "control"
    case .isochronous: "isochronous"
    case .interrupt: "interrupt"
    case .bulk: "bulk"
    }
  }

  /// All that went over one endpoint that is not endpoint 0.
  struct Endpoint {
    var pipe: Capture.Tally.Pipe
    var count: Capture.Tally.Count

    var words: String {
      let failures = count.failures.sorted { $0.key > $1.key }.map {
        $0.key == -Errno.EPIPE.rawValue
          ? "\($0.value) stalled (EPIPE)" : "\($0.value) failed with \(DeviceSummary.errno($0.key))"
      }
      let sums = [
        "\(count.urbs) \(count.urbs == 1 ? "URB" : "URBs")",
        "\(count.bytes) \(count.bytes == 1 ? "byte" : "bytes")",
      ]
      let pending = count.pending > 0 ? ["\(count.pending) without an answer"] : []
      return
        "endpoint \(pipe.number) \(pipe.isIn ? "in" : "out"), \(CaptureWords.kind(pipe.kind)): "
        + (sums + failures + pending).joined(separator: ", ")
    }
  }

  /// The endpoints by number, OUT before IN.
  static func endpoints(_ tally: Capture.Tally) -> [Endpoint] {
    tally.pipes.map { Endpoint(pipe: $0.key, count: $0.value) }.sorted { left, right in
      let (left, right) = (left.pipe, right.pipe)
      return (left.number, left.isIn ? 1 : 0, left.kind.rawValue)
        < (right.number, right.isIn ? 1 : 0, right.kind.rawValue)
    }
  }
}
