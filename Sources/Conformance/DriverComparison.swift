import GadgetWorld
import JSON
import RawGadget
import USB
import UsbHost

extension DriverReplay {
  /// An URB: how it was submitted and how it came back.
  private struct MonitoredURB {
    var text: String
    /// True when it failed because the device had gone.
    var isLeftOver = false
  }

  /// URBs of the device, endpoint by endpoint.
  private static func sequences(_ transfers: [UsbTransfer]) -> [String: [MonitoredURB]] {
    let left = leaving(transfers)
    var sequences: [String: [MonitoredURB]] = [:]
    var pending: [UInt64: (key: String, index: Int)] = [:]
    // Device 1 is the root hub, whose work depends on the host's pace alone.
    for (number, transfer) in transfers.enumerated() where transfer.device != 1 {
      let key = key(transfer)
      let body = UsbmonText.body(transfer)
      if transfer.event == .submission {
        pending[transfer.tag] = (key, sequences[key, default: []].count)
        sequences[key, default: []].append(MonitoredURB(text: body))
      } else if let place = pending.removeValue(forKey: transfer.tag) {
        sequences[place.key]?[place.index].text += " | " + body
        sequences[place.key]?[place.index].isLeftOver = left.map { number >= $0 } ?? false
      }
    }
    return sequences
  }

  /// How URBs end once a device is gone: as errors of the bus, then as unlinked by the host.
  private static let goneStatuses: Set<Int32> = [
    Int32(Errno.EPROTO.negated), Int32(Errno.ESHUTDOWN.negated), Int32(Errno.ENOENT.negated),
  ]

  /// From which transfer on the device is gone: it answers none any more, and the first says so on the bus, or the
  /// port does. Nil when it never left.
  private static func leaving(_ transfers: [UsbTransfer]) -> Int? {
    let alive = transfers.lastIndex {
      $0.device != 1 && $0.event == .completion && !goneStatuses.contains($0.status ?? 0)
    }
    return transfers.indices.dropFirst((alive ?? -1) + 1).first { index in
      let transfer = transfers[index]
      let isSilent =
        transfer.device != 1 && transfer.event == .completion
        && transfer.status == Int32(Errno.EPROTO.negated)
      return isSilent || transfer.tellsOfLeaving
    }
  }

  /// `control`, or type, direction and number of an endpoint as manifests have them.
  private static func key(_ transfer: UsbTransfer) -> String {
    guard transfer.kind != .control else { return "control" }
    let letter = String(UnicodeScalar(transfer.kind.letter))
    return "\(letter)\(transfer.isIn ? "i" : "o") ep\(transfer.endpoint)"
  }

  mutating func compareTransfers() {
    guard !recording.transfers.isEmpty else { return }
    let expected = Self.sequences(recording.transfers)
    let got = Self.sequences(seen)
    for key in Set(expected.keys).union(got.keys).sorted() {
      let limit = key == "control" ? unstable.control : unstable.endpoints[key]
      compare(key, expected[key] ?? [], got[key] ?? [], limit: limit)
    }
  }

  private mutating func compare(
    _ key: String, _ expected: [MonitoredURB], _ got: [MonitoredURB], limit: Int?
  ) {
    // How often a driver asks a device that is gone before the host sees it is a race; that it gets no answer is none.
    let end = key == "control" ? nil : expected.firstIndex(where: \.isLeftOver)
    if let end, let answered = got.dropFirst(end).first(where: { !$0.isLeftOver }), limit == nil {
      mismatches.append(
        Mismatch(
          place: "usbmon \(key) URB \(end)", expected: expected[end].text, got: answered.text))
      return
    }
    let count = min(limit ?? .max, end ?? .max, max(expected.count, got.count))
    for index in 0..<count {
      let wanted = expected.indices.contains(index) ? expected[index].text : "(none)"
      let found = got.indices.contains(index) ? got[index].text : "(none)"
      // The last one compared may have come back otherwise already.
      guard wanted != found else { continue }
      mismatches.append(
        Mismatch(place: "usbmon \(key) URB \(index)", expected: wanted, got: found))
      return
    }
  }

  mutating func compareLog() {
    guard let log = recording.log else { return }
    let isRace = hasLeftOvers
    func kept(_ lines: [String]) -> [String] {
      let lines = lines.map(GadgetLog.normalized)
      return (isRace ? Self.withoutLeftOvers(lines) : lines).filter {
        !unstable.logLines.contains($0)
      }
    }
    // A log is kept with or without the escapes the kernel's own file has for what is not ASCII: it shows itself.
    let isEscaped = log.contains { $0.contains("\\x") }
    var expected = kept(log)
    var got = kept(isEscaped ? Array(world.log) : world.log.map(Self.withoutEscapes))
    if unstable.hasLogRepeats {
      expected = Self.withoutRepeats(expected)
      got = Self.withoutRepeats(got)
    }
    let differing = zip(expected, got).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard expected != got else { return }
    let index = differing ?? min(expected.count, got.count)
    mismatches.append(
      Mismatch(
        place: "host log line \(index + 1)",
        expected: expected.indices.contains(index) ? expected[index] : "(end)",
        got: got.indices.contains(index) ? got[index] : "(end)"))
  }

  /// A line as it was printed, with bytes for escapes such as `\xc2`.
  private static func withoutEscapes(_ line: String) -> String {
    let bytes = Array(line.utf8)
    var plain: [UInt8] = []
    var at = 0
    while at < bytes.count {
      let end = at + 4
      if end <= bytes.count, bytes[at..<at + 2].elementsEqual("\\x".utf8),
        let byte = UInt8(String(decoding: bytes[at + 2..<end], as: UTF8.self), radix: 16)
      {
        plain.append(byte)
        at = end
      } else {
        plain.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }

  /// Whether a driver asked the device for data while it left, in the recording or here.
  private var hasLeftOvers: Bool {
    [recording.transfers, seen].contains { transfers in
      Self.sequences(transfers).contains {
        $0.key != "control" && $0.value.contains(where: \.isLeftOver)
      }
    }
  }

  /// Without what drivers say, around the last disconnect, of URBs of a device that is gone: it is the same race.
  private static func withoutLeftOvers(_ lines: [String]) -> [String] {
    func isLeftOver(_ line: String) -> Bool {
      let word = line.split(separator: " ").last.flatMap { Int32($0) }
      return word.map { goneStatuses.contains($0) || $0 == Int32(Errno.ENODEV.negated) } ?? false
    }
    guard let last = lines.lastIndex(where: { $0.contains(": USB disconnect, ") }) else {
      return lines
    }
    let start = lines[..<last].lastIndex { !isLeftOver($0) }.map { $0 + 1 } ?? 0
    return lines[..<start] + lines[start...].filter { !isLeftOver($0) }
  }

  /// Lines that only say again what the line before said are left out.
  private static func withoutRepeats(_ lines: [String]) -> [String] {
    lines.enumerated().filter { $0.offset == 0 || lines[$0.offset - 1] != $0.element }
      .map(\.element)
  }

  mutating func compareNodes() {
    guard let manifest = recording.manifest else { return }
    let nodes = Set(manifest["nodes"]?.array?.compactMap(\.string) ?? [])
    if nodes != seenNodes {
      mismatches.append(
        Mismatch(place: "nodes", expected: "\(nodes.sorted())", got: "\(seenNodes.sorted())"))
    }
    var drivers: Set<String> = []
    for (key, value) in manifest["drivers_bound"]?.object?.members ?? [] {
      guard key.hasPrefix("usb "), let number = key.split(separator: ".").last else { continue }
      drivers.insert("\(number) \(value.string ?? "")")
    }
    let bound = seenDrivers.filter { !$0.hasSuffix(" usbfs") }
    if drivers != bound {
      mismatches.append(
        Mismatch(place: "drivers", expected: "\(drivers.sorted())", got: "\(bound.sorted())"))
    }
  }
}
