import Testing
import USB

/// The report-descriptor parser against what Linux 6.1 printed and did.
struct HIDParserTests {
  private static let keyboard = bytes(
    "05010906a101050719e029e71500250175019508810295017508810195057501050819012905910295017503910195067508150025650507190029658100c0"
  )

  private static func bytes(_ text: String) -> [UInt8] {
    stride(from: 0, to: text.count, by: 2).compactMap {
      UInt8(text.dropFirst($0).prefix(2), radix: 16)
    }
  }

  private static func lines(_ text: String) -> [String] {
    HIDParser.open(bytes(text)).messages.map(\.line)
  }

  @Test func aKeyboardHasAReportInAndAReportOut() throws {
    let outcome = HIDParser.open(Self.keyboard)
    let descriptor = try #require(outcome.descriptor)
    #expect(outcome.messages == [])
    #expect(descriptor.reports.map(\.bytes) == [8, 1])
    #expect(descriptor.reports.map(\.fields.count) == [2, 1])
    #expect(descriptor.typeName == "Keyboard")
    #expect(descriptor.inputDevices.map(\.hasConsoleKeys) == [true])
    #expect(descriptor.numLockReport?.report.id == 0)
    #expect(!descriptor.isForHiddev)
  }

  @Test func whatIsRefusedIsRefusedInTheKernelsWords() {
    let cases: [(String, [String])] = [
      (
        "050c0901a1018501150025017501950109e98102950781030600ff0901a100090275089501910209c0c0",
        ["unbalanced collection at end of report description"]
      ),
      ("c0", ["collection stack underflow", "item 0 0 0 12 parsing failed"]),
      (
        "05010906a1010507190029651500256576000295068100c0",
        ["invalid report_size 512", "item 0 2 1 7 parsing failed"]
      ),
      (
        "05010906a101850005071900296515002565750895068100c0",
        ["report_id 0 is invalid", "item 0 1 1 8 parsing failed"]
      ),
      ("fe020011", ["item fetching failed at offset 0/4"]),
      ("fe01001105", ["unexpected long global item"]),
      ("b4", ["global environment stack underflow", "item 0 0 1 11 parsing failed"]),
      (
        "a4a4a4a4a4", ["global environment stack overflow", "item 0 0 1 10 parsing failed"]
      ),
      ("a101150125007508950109018102c0", ["item 0 1 0 8 parsing failed"]),
      ("a901a901", ["nested delimiters", "item 0 1 2 10 parsing failed"]),
      ("a900", ["bogus close delimiter", "item 0 1 2 10 parsing failed"]),
      ("a901", ["unbalanced delimiter at end of report description"]),
      ("c405", ["unknown global tag 0xc", "item 0 0 1 12 parsing failed"]),
    ]
    for (descriptor, expected) in cases {
      let outcome = HIDParser.open(Self.bytes(descriptor))
      #expect(outcome.messages.map(\.line) == expected, "\(descriptor)")
      #expect(outcome.descriptor == nil)
    }
  }

  @Test func unknownMainItemsArePassedOver() {
    let garbage =
      "03203d5a7794b1ceeb0825425f7c99b6d3f00d2a4764819ebbd8f5122f4c6986a3c0ddfa1734516e8ba8c5e2ff1c39567390adcae704213e5b7895b2cfec09"
    #expect(
      Self.lines(garbage) == [
        "unknown main item tag 0x0", "reserved main item tag 0xd", "unknown main item tag 0x5",
        "unknown main item tag 0x7", "unknown main item tag 0x2",
        "item fetching failed at offset 62/63",
      ])
  }

  @Test func theFirstLookGoesOnAfterAnError() {
    let twice = Self.bytes("05017600028500b4")
    #expect(
      HIDParser.scan(twice).map(\.line) == [
        "invalid report_size 512", "report_id 0 is invalid", "global environment stack underflow",
      ])
  }

  @Test func eachApplicationIsAnInputDevice() throws {
    let text =
      "05010906a101850105071900296515002565750895068100c005010902a1018502050919012903150025017501950381027505950181010501"
      + "093009311581257f750895028106c0050c0901a1018503150025017501950109e98102950781 03c0"
      .replacing(" ", with: "")
    let descriptor = try #require(HIDParser.open(Self.bytes(text)).descriptor)
    let devices = descriptor.inputDevices
    #expect(devices.map { $0.name(of: "Pad") } == ["Pad Keyboard", "Pad Mouse"])
    #expect(devices.map { $0.name(of: "A Mouse") } == ["A Mouse Keyboard", "A Mouse"])
    #expect(devices.map(\.hasConsoleKeys) == [true, false])
    #expect(descriptor.longest(.input) == 7)
  }

  @Test func keysGoDownOnceAndTooManyAreNone() throws {
    let descriptor = try #require(HIDParser.open(Self.keyboard).descriptor)
    let report = try #require(descriptor.report(.input, of: [0, 0, 0x53]))
    var keys = HIDKeys()
    let numLock = HIDUsage(.keyboard, 0x53)
    #expect(
      keys.take(report, [1, 0, 0x53, 0, 0, 0, 0, 0]) == [numLock, HIDUsage(.keyboard, 0xe0)])
    #expect(keys.take(report, [1, 0, 0x53, 0x53, 0, 0, 0, 0]) == [])
    #expect(keys.take(report, [0, 0, 1, 1, 1, 1, 1, 1]) == [])
    #expect(!keys.isEmpty)
    #expect(keys.take(report, [0, 0, 0, 0, 0, 0, 0, 0]) == [])
    #expect(keys.isEmpty)
    #expect(
      descriptor.reports[1].bytes(on: descriptor.lights.filter { $0.led == .capsLockLED }) == [2])
  }

  @Test func vendorsApplicationsGetANodeOfTheirOwn() throws {
    let text = "0600ff0901a1010902150026ff00750895089102c0"
    let descriptor = try #require(HIDParser.open(Self.bytes(text)).descriptor)
    #expect(descriptor.isForHiddev)
    #expect(descriptor.inputDevices.isEmpty)
    #expect(descriptor.typeName == "Device")
  }

  @Test func aUsageRangeIsCutWhereTheKernelHasNoMoreRoom() throws {
    let bytes = Self.bytes("050719012affff75089501150025018102")
    let outcome = HIDParser.open(bytes)
    #expect(outcome.messages == [.usageMaximumCut])
    #expect(outcome.descriptor?.reports.first?.fields.first?.usages.count == 12288)
    #expect(HIDParser.scan(bytes) == [])
  }

  @Test func buttonsBeyondTheLastKeyAreTold() throws {
    let text = "05010902a101050919011afa012afb01150025017501950281 02c0".replacing(" ", with: "")
    let descriptor = try #require(HIDParser.open(Self.bytes(text)).descriptor)
    #expect(
      descriptor.inputDevices.first?.codesBeyondKeys.map(\.code) == [0x110 + 0x1f9, 0x110 + 0x1fa])
  }

  private static func inputs(_ text: String) throws -> HIDInputDevice? {
    try #require(HIDParser.open(bytes(text.replacing(" ", with: ""))).descriptor).inputDevices.first
  }

  /// A digitizer, unlike a pen, is none of the input layer's applications.
  @Test func aDigitizerIsForHiddev() throws {
    for (usage, isForInput) in [("01", false), ("02", true), ("06", true), ("07", false)] {
      let text = "050d09" + usage + "a1010942150025017501950181 02c0".replacing(" ", with: "")
      let descriptor = try #require(HIDParser.open(Self.bytes(text)).descriptor)
      #expect(descriptor.isForInput == isForInput)
      #expect(descriptor.isForHiddev == !isForInput)
    }
  }

  /// Keys of 0x100 and more are none of the console's, but for the dots of braille.
  @Test(arguments: [
    ("0a8e00", false), ("0ad800", false), ("09e9", true), ("0abd01", false),
    // Buttons 241 and 242 of a consumer control: one below braille's first dot, and that dot.
    ("050909f1", false), ("050909f2", true), ("05090afb00", true), ("05090afc00", false),
  ])
  func whatAConsoleListensFor(_ usage: String, _ isConsole: Bool) throws {
    let device = try Self.inputs("050c0901a101" + usage + "15002501750195018102c0")
    #expect(device?.hasConsoleKeys == isConsole)
  }

  /// A volume that moves by steps stands for two keys of the console, which count when there are keys at all.
  @Test func aVolumeByStepsIsTwoKeys() throws {
    let volume = "050c0901a101 09e0 15812 57f7508950181"
    let button = "0509 0901 15002501 75019501 8102c0"
    #expect(try Self.inputs(volume + "06c0")?.hasConsoleKeys == false)
    #expect(try Self.inputs(volume + "06" + button)?.hasConsoleKeys == true)
    #expect(try Self.inputs(volume + "02" + button)?.hasConsoleKeys == false)
  }

  /// In an array of programmable buttons the numbers begin at 0x290, from the 31st on at 0x2c0.
  @Test func programmableButtonsHaveNumbersOfTheirOwn() throws {
    let array = "0903a104 0509 095f 15002501 75019501 8102 095e 8102 c0c0"
    #expect(try Self.inputs("050c0901a101" + array)?.codesBeyondKeys.map(\.code) == [0x300])
    #expect(try Self.inputs("05010906a101" + array)?.codesBeyondKeys.map(\.code) == [])
  }
}
