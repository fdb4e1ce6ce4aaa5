import Foundation
import Support
import Testing

/// Bus captures as scenarios: `capture --save` and what `run` makes of it.
struct CaptureTests {
  /// Recordings of usbmon by name, as packed for the tests of its readers.
  static let recordings: [(name: String, text: String)] = {
    let file = Program.root.appending(path: "Tests/KernelLogTests/Data/usbmon.txt.xz").path
    guard let packed = try? Program.shell("xz -dc '\(file)'") else { return [] }
    return packed.text.split(separator: "### ").map {
      let parts = $0.split(separator: "\n", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }()

  static func recording(_ name: String) throws -> String {
    try #require(recordings.first { $0.name.hasPrefix(name) }?.text, "\(name)")
  }

  /// The scenario a capture becomes.
  static func scenario(_ bytes: [UInt8], _ more: String...) throws -> String {
    let folder = try Folder()
    let path = folder.path("scenario.yaml")
    let made = try Program.start(
      Program.path, ["capture", "-", "--save", path] + more, input: bytes, environment: [:])
    #expect(made.status == 0, "\(made.errors)")
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  /// What the host asked while a scenario played.
  static func requests(playing scenario: String) throws -> [String] {
    let folder = try Folder()
    let path = folder.path("scenario.yaml")
    try Data(scenario.utf8).write(to: URL(filePath: path))
    let run = try Program.run("run", path)
    #expect(run.status == 0, "\(run.errors)")
    let mark = "  - host asks "
    return run.lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
  }

  @Test(arguments: 0..<8)
  func everyRecordingBecomesAScenarioThatPlays(share: Int) throws {
    #expect(Self.recordings.count > 100)
    let folder = try Folder()
    var paths: [String] = []
    for (name, text) in Self.recordings.enumerated().filter({ $0.offset % 8 == share }).map(\.1) {
      let scenario = try Self.scenario(Array(text.utf8))
      let steps = scenario.split(separator: "\n").filter { $0.hasPrefix("  - ") }
      #expect(steps.count > 4 && steps.count <= 400, "\(name)")
      paths.append(try folder.write("\(name).yaml", scenario.utf8))
    }
    let run = try Program.start(
      Program.path, ["run"] + paths, input: [], environment: [:])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.lines.filter { $0.hasPrefix("Source: ") }.count == paths.count)
  }

  @Test(arguments: [
    "enum-vendor-low", "enum-vendor-full", "enum-vendor-high", "enum-vendor-super",
    "enum-keyboard-low", "enum-keyboard-super", "enum-bcd0201-bos", "enum-no-strings",
    "enum-strings-stalled", "enum-printer-class", "enum-qualifier-answered", "enum-usb11-high",
    "enum-super-string-multiple-of-9-zero", "enum-high-string-64-bytes-zero",
    "keyboard-linux-6.1", "xfer-control-vendor", "xfer-high-in-1024", "xfer-super-out-1023",
    "xfer-setconfig-same", "events-host-reset-io-inflight", "bad-device-stall-all",
    "bad-device-mps0-63", "bad-config-stall", "bad-config-first-ignored",
  ])
  func theHostAsksWhatWasCaptured(name: String) throws {
    let text = try Self.recording(name)
    let captured = UsbmonLine.all(text).filter { $0.isControlRequest }.compactMap(\.words)
    #expect(captured.count > 2)
    #expect(
      try difference(Self.requests(playing: Self.scenario(Array(text.utf8))), captured) == nil)
  }

  @Test(arguments: ["keyboard-linux-6.1", "enum-vendor-super", "xfer-high-out-511"])
  func aConvertedCaptureGivesTheSameScenario(name: String) throws {
    let text = try Self.recording(name)
    let lines = UsbmonLine.all(text)
    #expect(
      try difference(Self.scenario(UsbmonLine.pcap(lines)), Self.scenario(Array(text.utf8))) == nil)
  }

  @Test func dataOfAnEndpointIsTheCapturedData() throws {
    let sent = try Self.scenario(Array(Self.recording("xfer-high-out-511").utf8))
    #expect(sent.contains("bulk: { endpoint: 0x02, data: \"00 01 02 03"))
    #expect(sent.contains("Only 32 were captured; the rest is zeros."))
    let keyboard = try Self.scenario(Array(Self.recording("keyboard-linux-6.1").utf8))
    #expect(keyboard.contains("request: EP_WRITE, thread: ep-85"))
    #expect(keyboard.contains("data: \"02 00 1b 00 00 00 00 00\""))
  }

  @Test func devicesAreChosenByAddress() throws {
    let text = Array(try Self.recording("keyboard-linux-6.1").utf8)
    #expect(
      try difference(Self.scenario(text, "--device", "2"), Self.scenario(text, "--device", "1:2"))
        == nil)
    for wrong in ["3", "2:2", "0", "x", "1:2:3", ""] {
      let run = try Program.run("capture", "-", "--save", "x", "--device", wrong, input: text)
      #expect(run.status == 2, "\(wrong)")
      #expect(run.errors.contains("--device"), "\(wrong)")
    }
    let hub = "ff 10 S Ci:1:001:0 s a3 00 0000 0001 0004 4 <\nff 20 C Ci:1:001:0 0 4 = 00010000\n"
    let none = try Program.run("capture", "-", "--save", "x", input: Array(hub.utf8))
    #expect(none.status == 2 && none.errors.contains("no device"))
  }

  @Test func longCapturesBecomeScenariosOfBoundedLength() throws {
    let text = try Self.recording("xfer-high-in-1024")
    let end = try #require(text.range(of: " Bi:")?.lowerBound)
    var lines = text[..<end].split(separator: "\n").dropLast().map(String.init)
    for number in 0..<3000 {
      let time = 4_000_000_000 + number * 10
      lines.append("ff \(time) S Bi:1:002:1 -115 1024 <")
      lines.append("ff \(time + 5) C Bi:1:002:1 0 1000 = 00010203")
    }
    let scenario = try Self.scenario(Array(lines.joined(separator: "\n").utf8))
    #expect(scenario.split(separator: "\n").filter { $0.hasPrefix("  - ") }.count <= 400)
    #expect(scenario.contains("The capture goes on with"))
    #expect(scenario.utf8.count < 1 << 20)
    #expect(try Self.requests(playing: scenario).count > 5)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func brokenCapturesAreReadOrRefused(seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
    let folder = try Folder()
    let signs = Array("0123456789abcdef -SC:".utf8)
    for _ in 0..<6 {
      var bytes = Array(Self.recordings[next(Self.recordings.count)].text.utf8)
      for _ in 0..<60 { bytes[next(bytes.count)] = signs[next(signs.count)] }
      let path = folder.path("scenario.yaml")
      let made = try Program.start(
        Program.path, ["capture", "-", "--save", path], input: bytes, environment: [:])
      #expect(made.status == 0 || made.status == 2, "\(made.errors)")
      if made.status == 0 { #expect(try Program.run("run", path).status == 0) }
    }
  }
}
