import GadgetWorld
import JSON
import RawGadget
import USB
import UsbHost

extension DriverReplay {
  /// URBs of the device, endpoint by endpoint: how each was submitted and how it came back.
  private static func sequences(_ transfers: [UsbTransfer]) -> [String: [String]] {
    var sequences: [String: [String]] = [:]
    var pending: [UInt64: (key: String, index: Int)] = [:]
    // Device 1 is the root hub, whose work depends on the host's pace alone.
    for transfer in transfers where transfer.device != 1 {
      let key = key(transfer)
      let body = UsbmonText.body(transfer)
      if transfer.event == .submission {
        pending[transfer.tag] = (key, sequences[key, default: []].count)
        sequences[key, default: []].append(body)
      } else if let place = pending.removeValue(forKey: transfer.tag) {
        sequences[place.key]?[place.index] += " | " + body
      }
    }
    return sequences
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
    _ key: String, _ expected: [String], _ got: [String], limit: Int?
  ) {
    let count = min(limit ?? .max, max(expected.count, got.count))
    for index in 0..<count {
      let wanted = expected.indices.contains(index) ? expected[index] : "(none)"
      let found = got.indices.contains(index) ? got[index] : "(none)"
      // The last one compared may have come back otherwise already.
      guard wanted != found else { continue }
      mismatches.append(
        Mismatch(place: "usbmon \(key) URB \(index)", expected: wanted, got: found))
      return
    }
  }

  mutating func compareLog() {
    guard let log = recording.log else { return }
    func kept(_ lines: [String]) -> [String] {
      lines.map(GadgetLog.normalized).filter { !unstable.logLines.contains($0) }
    }
    var expected = kept(log)
    var got = kept(world.log)
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
