import Conformance
import JSON
import Testing
import USB

/// Programs with the host's drivers behind them, recorded on a real kernel.
@Suite struct DriverReplayTests {
  static let names = [
    "printer", "own-acm", "own-ftdi", "own-pl2303", "serial-ch341",
    "own-cp210x-refusing", "own-disk-readonly", "own-disk-stall",
    "usbtmc", "own-hub", "input-tab-pegasus", "ethernet",
    "keyboard-kovalev", "own-oti6858", "gadget-usbtest", "sisusbvga-init-gfx-dev",
  ]

  /// A recording out of its packed file, whose parts each begin with a line `### name`.
  static func recording(_ name: String) throws -> DriverRecording {
    var parts: [String: [Substring]] = [:]
    var part = ""
    let text = String(decoding: try Fixtures.unpacked("\(name).driver"), as: UTF8.self)
    for line in text.split(separator: "\n") {
      if line.hasPrefix("### ") {
        part = String(line.dropFirst(4))
      } else {
        parts[part, default: []].append(line)
      }
    }
    func lines(_ name: String) throws -> [JSONValue] {
      try (parts[name] ?? []).map { try JSONValue(parsing: $0.utf8) }
    }
    var recording = DriverRecording(name: name, policy: "linux-6.1", calls: try lines("calls"))
    recording.actions = try lines("actions")
    recording.transfers =
      UsbmonText.read(Array((parts["usbmon"] ?? []).joined(separator: "\n").utf8)).transfers
    recording.log = (parts["log"] ?? []).map(String.init)
    recording.manifest = try lines("manifest").first
    return recording
  }

  @Test(arguments: names)
  func theHostAsksWhatItAsked(_ name: String) throws {
    let recording = try Self.recording(name)
    #expect(recording.calls.count > 50 && recording.transfers.count > 50)
    let found = DriverReplay.check(recording)
    #expect(found.isEmpty, "\(name): \(found.map { "\($0.place): \($0.expected) \($0.got)" })")
  }

  @Test func anotherAnswerOfTheDeviceIsNoticed() throws {
    var recording = try Self.recording("own-ftdi")
    let index = try #require(
      recording.transfers.firstIndex {
        $0.setup == .packet(SetupPacket(0x40, 3, value: 0x4138, index: 0, length: 0))
      })
    recording.transfers[index].setup = .packet(
      SetupPacket(0x40, 3, value: 0x4139, index: 0, length: 0))
    #expect(DriverReplay.check(recording).map(\.place).contains { $0.hasPrefix("usbmon control") })
  }

  @Test func anotherLineOfTheLogIsNoticed() throws {
    var recording = try Self.recording("printer")
    recording.log?.removeLast()
    #expect(DriverReplay.check(recording).map(\.place) == ["host log line 8"])
  }

  /// A log with escapes is compared as it stands.
  @Test func anEscapeOfTheLogIsNoticed() throws {
    var recording = try Self.recording("printer")
    recording.log = recording.log?.map {
      $0.replacing("USB disconnect", with: "\\x55SB disconnect")
    }
    #expect(DriverReplay.check(recording).map(\.place) == ["host log line 7"])
  }

  /// How often a device that has left is asked is a race; that it answers no more is none.
  @Test func anAnswerAfterTheDeviceLeftIsNoticed() throws {
    var recording = try Self.recording("sisusbvga-init-gfx-dev")
    let index = try #require(
      recording.transfers.lastIndex {
        $0.device != 1 && $0.event == .completion && $0.kind == .bulk && $0.status == 0
      })
    recording.transfers[index].status = -71
    #expect(DriverReplay.check(recording).map(\.place).contains { $0.hasPrefix("usbmon B") })
  }

  @Test func anotherResultOnTheHostIsNoticed() throws {
    var recording = try Self.recording("own-acm")
    let index = try #require(recording.actions.firstIndex { $0["action"]?.string == "mget a" })
    recording.actions[index] = try JSONValue(
      parsing: Array(#"{"t_ms":749,"action":"mget a","ret":0,"text":"0x26"}"#.utf8))
    #expect(DriverReplay.check(recording).map(\.place) == ["action 5 (mget a) value"])
  }

  @Test func aCallThatReturnsOtherwiseIsNoticed() throws {
    var recording = try Self.recording("usbtmc")
    let index = try #require(recording.calls.firstIndex { $0["ret"]?.int == 18 })
    recording.calls[index] = try JSONValue(
      parsing: Array(
        #"{"n":11,"thread":"main","t_ms":252,"phase":"exit","request":"USB_RAW_IOCTL_EP0_WRITE","ret":17}"#
          .utf8))
    #expect(DriverReplay.check(recording).first?.place.hasSuffix("EP0_WRITE ret") == true)
  }
}
