import JSON
public import KernelLog
import Text
import USB

/// What a capture shows of a device: what it is, and what became of all that was asked of it.
public struct DeviceSummary: Sendable {
  /// Counts of all its URBs.
  public let tally: Capture.Tally
  /// Whether it was asked for ports.
  public let isHub: Bool
  private let descriptors: CapturedDescriptors
  private let speed: CaptureSpeed
  private let exchanges: [Capture.Exchange]

  /// The summary of a device; its session in the capture tells the speed.
  init(_ device: Capture.Device, _ session: CaptureSession?) {
    tally = device.tally
    exchanges = device.exchanges
    descriptors = CapturedDescriptors(device.exchanges)
    let own = session ?? CaptureSession(bus: device.bus)
    isHub = own.isHub || descriptors.classes.contains(UsbClass.hub.rawValue)
    speed = CaptureSpeed(own, device: descriptors.device, endpoints: descriptors.endpoints)
  }

  /// The summaries of a capture's devices, in their order.
  public static func all(_ capture: Capture) -> [DeviceSummary] {
    let sessions = CaptureSession.all(capture)
    return capture.devices.map { device in
      let session = sessions.first {
        $0.bus == device.bus
          && ($0.addresses.contains(device.address)
            || device.address == 0 && $0.addresses.isEmpty && !$0.exchanges.isEmpty)
      }
      return DeviceSummary(device, session)
    }
  }

  // MARK: what it is

  /// Identity, strings, interfaces and speed, each with what it rests on.
  public var statements: [Statement] {
    var said: [Statement] = []
    if let identity = descriptors.identity {
      let release = descriptors.release.map { ", release \($0)" } ?? ""
      said.append(
        Statement(
          .known,
          "The device is \(identity)\(release), class \(UsbClass.name(descriptors.device[4]))."
        ))
    } else {
      said.append(Statement(.known, "Its device descriptor is not in the capture."))
    }
    if !descriptors.named.isEmpty {
      let words = descriptors.named.map { "\($0.role) '\($0.text)'" }
      said.append(Statement(.known, "Strings: \(words.joined(separator: ", "))."))
    }
    if !descriptors.interfaces.isEmpty {
      said.append(
        Statement(
          .known, "Interfaces: \(descriptors.interfaces.map(\.words).joined(separator: "; ")).")
      )
    }
    if isHub { said.append(Statement(.concluded, "It is a hub: ports are asked for.")) }
    said.append(Statement(speed.basis, speed.words))
    return said
  }

  // MARK: what was asked

  /// A line for each kind of request, each kind of command and the reports of HID.
  public var talk: [String] {
    var lines = requests.map { "\($0.name): \(Self.outcome($0.count))" }
    lines += commands.map { command in
      "\(command.name): \(command.count.given)"
        + (command.count.failed > 0 ? ", \(command.count.failed) failed" : "")
    }
    if let blocks { lines.append("Blocks: \(blocks)") }
    lines += reports.map(\.words)
    return lines
  }

  private typealias Named<Count> = (name: String, code: Capture.Tally.Request?, count: Count)

  /// Requests in the order of their first one, then those counted together.
  private var requests: [Named<Capture.Tally.Count>] {
    var order: [Capture.Tally.Request] = []
    for exchange in exchanges where exchange.kind == .control && exchange.endpoint == 0 {
      guard let setup = exchange.setup else { continue }
      let request = Capture.Tally.Request(setup)
      if !order.contains(request) { order.append(request) }
      if order.count >= 256 { break }
    }
    let rest = tally.requests.keys.filter { !order.contains($0) }.sorted {
      ($0.bmRequestType, $0.bRequest, $0.descriptor ?? 0)
        < ($1.bmRequestType, $1.bRequest, $1.descriptor ?? 0)
    }
    var named: [Named<Capture.Tally.Count>] = (order + rest).compactMap { request in
      tally.requests[request].map { (descriptors.name(request, isHub: isHub), request, $0) }
    }
    if tally.otherRequests.urbs > 0 {
      named.append(("requests that were not captured", nil, tally.otherRequests))
    }
    return named
  }

  /// `3 answered, 2 stalled (EPIPE), 1 failed with EPROTO, 1 without an answer`.
  static func outcome(_ count: Capture.Tally.Count) -> String {
    var parts: [String] = []
    if count.answered > 0 { parts.append("\(count.answered) answered") }
    if count.stalled > 0 { parts.append("\(count.stalled) stalled (EPIPE)") }
    for (status, number) in count.failures.sorted(by: { $0.key > $1.key })
    where status != -Errno.EPIPE.rawValue {
      parts.append("\(number) failed with \(errno(status))")
    }
    if count.pending > 0 { parts.append("\(count.pending) without an answer") }
    return parts.joined(separator: ", ")
  }

  /// The symbol of a negative errno, or the number.
  static func errno(_ status: Int32) -> String { Errno(negated: Int(status))?.name ?? "\(status)" }

  private var commands: [Named<Capture.Tally.Commands>] {
    tally.commands.sorted { $0.key < $1.key }.map { code, count in
      (ScsiCommand.name(code) ?? "SCSI command 0x" + code.hex(width: 2), nil, count)
    }
  }

  /// The first reads and writes with their blocks.
  private var blocks: String? {
    var words: [String] = []
    var more = 0
    for exchange in exchanges where exchange.kind == .bulk && !exchange.isIn {
      guard let command = ScsiCommand(wrapper: exchange.data), let blocks = command.blocks else {
        continue
      }
      if words.count < 4 {
        words.append("\(command.name) \(blocks.count) from block \(blocks.first)")
      } else {
        more += 1
      }
    }
    guard !words.isEmpty else { return nil }
    return words.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
  }

  // MARK: reports of HID

  private struct Reports {
    var interface: UInt8
    var applications: [String]
    var count: Int
    var first: [String]

    var words: String {
      let more = count > first.count ? ", and \(count - first.count) more" : ""
      let said = first.isEmpty ? "" : ": " + first.map { "(\($0))" }.joined(separator: " ") + more
      return
        "HID reports of interface \(interface), \(applications.joined(separator: " and ")): \(count)"
        + said
    }
  }

  /// Input reports of each interface whose report descriptor was captured whole.
  private var reports: [Reports] {
    descriptors.hidReports.sorted { $0.key < $1.key }.compactMap { interface, bytes in
      guard let reader = HIDReportReader(descriptor: bytes) else { return nil }
      let own = descriptors.interfaces.first { $0.number == interface }?.endpoints ?? []
      var found = Reports(
        interface: interface, applications: reader.applications, count: 0, first: [])
      var last = ""
      for exchange in exchanges
      where exchange.kind == .interrupt && exchange.isIn && exchange.status == 0
        && !exchange.data.isEmpty && (own.isEmpty || own.contains(exchange.endpoint | 0x80))
      {
        guard let words = reader.words(input: exchange.data) else { continue }
        found.count += 1
        if words != last, found.first.count < 8 { found.first.append(words) }
        last = words
      }
      return found.count > 0 ? found : nil
    }
  }

  // MARK: JSON

  /// The members of the device's JSON object that this adds: urbs, id, class, strings, interfaces, speed, hub, requests,
  /// scsi, hid.
  var members: [(String, JSONValue)] {
    let texts = descriptors.named.map { ($0.role, JSONValue.string($0.text)) }
    return [
      ("urbs", JSONValue(tally.urbs)), ("id", JSONValue(descriptors.identity)),
      (
        "class",
        descriptors.device.count > 4 ? .string(UsbClass.name(descriptors.device[4])) : .null
      ),
      ("strings", JSONValue(texts)), ("interfaces", .array(descriptors.interfaces.map(\.json))),
      (
        "speed",
        JSONValue([
          ("name", .string(speed.speed.name)), ("basis", .string(speed.basis.rawValue)),
          ("evidence", .string(speed.evidence)),
        ])
      ),
      ("hub", .bool(isHub)), ("requests", .array(requests.map(Self.json))),
      (
        "scsi",
        .array(
          commands.map { command in
            JSONValue([
              ("name", .string(command.name)), ("given", JSONValue(command.count.given)),
              ("failed", JSONValue(command.count.failed)),
            ])
          })
      ),
      (
        "hid",
        .array(
          reports.map { reports in
            JSONValue([
              ("interface", JSONValue(UInt64(reports.interface))),
              ("applications", JSONValue(reports.applications)),
              ("reports", JSONValue(reports.count)),
              ("first", JSONValue(reports.first)),
            ])
          })
      ),
    ]
  }

  private static func json(_ request: Named<Capture.Tally.Count>) -> JSONValue {
    let count = request.count
    let failures = count.failures.sorted { $0.key > $1.key }.filter {
      $0.key != -Errno.EPIPE.rawValue
    }
    return JSONValue([
      ("name", .string(request.name)),
      ("bmRequestType", JSONValue(request.code.map { UInt64($0.bmRequestType) })),
      ("bRequest", JSONValue(request.code.map { UInt64($0.bRequest) })),
      ("answered", JSONValue(count.answered)), ("stalled", JSONValue(count.stalled)),
      ("failed", JSONValue(failures.map { (errno($0.key), JSONValue($0.value)) })),
      ("pending", JSONValue(count.pending)), ("bytes", .unsigned(count.bytes)),
    ])
  }
}
