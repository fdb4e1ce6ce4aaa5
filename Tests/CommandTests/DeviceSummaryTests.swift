import Foundation
import Testing

/// What a capture's summary says of each device.
@Suite struct DeviceSummaryTests {
  static func device(_ input: String) throws -> [String: Any] {
    let run = try Program.run("capture", "-", "--format", "json", input: Array(input.utf8))
    #expect(run.status == 0, "\(run.errors)")
    let devices = (run.json as? [String: Any])?["devices"] as? [[String: Any]]
    return try #require(devices?.first)
  }

  static func request(_ device: [String: Any], _ name: String) throws -> [String: Any] {
    let requests = device["requests"] as? [[String: Any]] ?? []
    return try #require(requests.first { $0["name"] as? String == name }, "\(name)")
  }

  static func file(_ name: String, _ more: String...) throws -> Program.Outcome {
    try Program.start(
      Program.path, ["capture", ExpectedCaseTests.path(name)] + more, input: [], environment: [:])
  }

  @Test func identityRequestsAndErrors() throws {
    let run = try Self.file("full-speed-8.pcapng", "--device", "1:22", "--format", "json")
    let devices = try #require((run.json as? [String: Any])?["devices"] as? [[String: Any]])
    #expect(devices.count == 1)
    let device = try #require(devices.first)
    #expect(device["id"] as? String == "7793:5911" && device["hub"] as? Bool == false)
    let speed = device["speed"] as? [String: Any]
    #expect(speed?["name"] as? String == "full-speed" && speed?["basis"] as? String == "concluded")
    let qualifier = try Self.request(device, "GET_DESCRIPTOR device qualifier")
    #expect(qualifier["stalled"] as? Int == 3 && qualifier["answered"] as? Int == 0)
    let text = try Self.file("full-speed-8.pcapng", "--device", "1:22").text
    #expect(text.contains("GET_DESCRIPTOR device qualifier: 3 stalled (EPIPE)"))
    #expect(text.contains("stalled with EPIPE (-32)") && text.contains("\n1 device"))
  }

  /// Hubs are summarised, their requests by name; a scenario is not made of one whose beginning is missing.
  @Test func hubsAreSummarised() throws {
    let run = try Self.file("full-speed-8.pcapng", "--device", "1:1")
    #expect(run.status == 0 && run.text.contains("It is a hub"))
    #expect(run.text.contains("GET_STATUS port: ") && run.text.contains("SET_FEATURE port: "))
    let saved = try Self.file("full-speed-8.pcapng", "--device", "1:1", "--save", "x.yaml")
    #expect(saved.status == 2 && saved.errors.contains("is a hub"))
    let none = try Self.file("full-speed-8.pcapng", "--device", "1:99")
    #expect(none.status == 2 && none.errors.contains("1:22"))
  }

  /// A disk: an INQUIRY that fails, a read that is answered.
  @Test func commandsOfDisks() throws {
    // A wrapper has 31 bytes; usbmon prints words of four.
    func wrapper(_ command: String) -> String {
      let head = "555342430100000024000000" + "80000a"
      let digits = Array(head + command + String(repeating: "0", count: 32 - command.count))
      return stride(from: 0, to: digits.count, by: 8)
        .map { String(digits[$0..<min($0 + 8, digits.count)]) }.joined(separator: " ")
    }
    let text = """
      ff 10 S Bo:1:005:2 -115 31 = \(wrapper("120000002400"))
      ff 20 C Bo:1:005:2 0 31 >
      fe 30 S Bi:1:005:1 -115 13 <
      fe 40 C Bi:1:005:1 0 13 = 55534253 01000000 00000000 01
      fd 50 S Bo:1:005:2 -115 31 = \(wrapper("28000000080000000800"))
      fd 60 C Bo:1:005:2 0 31 >
      fc 70 S Bi:1:005:1 -115 13 <
      fc 80 C Bi:1:005:1 0 13 = 55534253 01000000 00000000 00
      """
    let device = try Self.device(text)
    let commands = device["scsi"] as? [[String: Any]] ?? []
    #expect(commands.map { $0["name"] as? String } == ["INQUIRY", "READ(10)"])
    #expect(commands.map { $0["failed"] as? Int } == [1, 0])
    let words = try Program.run("capture", "-", input: Array(text.utf8)).text
    #expect(words.contains("INQUIRY: 1, 1 failed"))
    #expect(words.contains("READ(10) 8 from block 2048"))
  }

  /// A keyboard whose report descriptor was captured: its reports are told as keys.
  @Test func reportsOfAKeyboard() throws {
    let descriptor =
      "05010906a101050719e029e715002501750195088102950175088101950575010508190129059102"
      + "95017503910195067508150025650507190029658100c0"
    let text = """
      ff 10 S Ci:1:004:0 s 81 06 2200 0000 003f 63 <
      ff 20 C Ci:1:004:0 0 63 = \(descriptor)
      fe 30 S Ii:1:004:1 -115:8 8 <
      fe 40 C Ii:1:004:1 0:8 8 = 02000b00 00000000
      fe 50 S Ii:1:004:1 -115:8 8 <
      fe 60 C Ii:1:004:1 0:8 8 = 00000000 00000000
      fe 70 S Ii:1:004:1 -115:8 8 <
      fe 80 C Ii:1:004:1 -71:8 0
      """
    let device = try Self.device(text)
    let hid = try #require((device["hid"] as? [[String: Any]])?.first)
    #expect(hid["applications"] as? [String] == ["keyboard"] && hid["reports"] as? Int == 2)
    #expect(hid["first"] as? [String] == ["Left Shift, h", "all 0"])
    let words = try Program.run("capture", "-", input: Array(text.utf8)).text
    #expect(words.contains("1 failed with EPROTO"))
    #expect(words.contains("(Left Shift, h) (all 0)"))
  }

  /// Counts hold all packets of a capture of any length.
  @Test func everyPacketIsCounted() throws {
    var text = ""
    for number in 0..<100_500 {
      text += "ff\(number % 7) \(number * 10) S Bi:1:005:1 -115 512 <\n"
      let status = number % 1000 == 999 ? "-75 0" : "0 3 = 010203"
      text += "ff\(number % 7) \(number * 10 + 5) C Bi:1:005:1 \(status)\n"
    }
    let device = try Self.device(text)
    let endpoint = try #require((device["endpoints"] as? [[String: Any]])?.first)
    #expect(device["urbs"] as? Int == 100_500 && endpoint["urbs"] as? Int == 100_500)
    #expect(endpoint["bytes"] as? Int == 3 * 100_400 && endpoint["failed"] as? Int == 100)
    #expect(endpoint["pending"] as? Int == 0)
    let words = try Program.run("capture", "-", input: Array(text.utf8)).text
    #expect(words.hasPrefix("The last 500 URBs are counted"))
    #expect(words.contains("100500 URBs, 301200 bytes, 100 failed with EOVERFLOW"))
  }
}
