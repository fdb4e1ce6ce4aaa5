import GadgetWorld
import RawGadget
import Testing
import USB

/// Batteries of HID devices: the power-supply class asks how full they are (`hid-input.c` of Linux 6.1).
@Suite struct HIDBatteryTests {
  private static func application(_ page: UInt8, _ usage: UInt8, _ items: [UInt8]) -> [UInt8] {
    [5, page, 9, usage, 0xa1, 1] + items + [0xc0]
  }

  private static let axes: [UInt8] = [
    5, 1, 9, 0x30, 9, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 8, 0x95, 2, 0x81, 6,
  ]
  private static let strength: [UInt8] = [5, 6, 9, 0x20, 0x15, 0, 0x25, 0x64, 0x75, 8, 0x95, 1]
  private static let charge: [UInt8] = [
    5, 0x85, 9, 0x65, 0x15, 0, 0x25, 0x64, 0x75, 8, 0x95, 1, 0x81, 2, 9, 0x44, 0x25, 1, 0x81, 2,
  ]
  private static let key: [UInt8] = [5, 7, 9, 0x39, 0x15, 0, 0x25, 1, 0x75, 8, 0x95, 1, 0x81, 2]

  private static func asked(_ bench: Bench) -> [[UInt8]] {
    bench.requests.filter { $0[0] == 0xa1 }
  }

  /// For the light, for the capacity and for the status: three times, refused or not.
  @Test(arguments: [[UInt8]([1, 50]), nil])
  func theDeviceIsAskedThreeTimes(_ answer: [UInt8]?) {
    let numbered = Self.application(1, 2, [0x85, 1] + Self.axes + Self.strength + [0x81, 2])
    let bench = HIDHostTests.bench(numbered, isBoot: false) { $0.feature = answer }
    #expect(Self.asked(bench) == Array(repeating: [0xa1, 1, 1, 1, 0, 0, 4, 0], count: 3))
    let names = bench.world.log.filter { $0.contains("hid-generic") }
    #expect(names.count == 1 && names[0].contains("input,hidraw0"))
  }

  /// A feature report comes before an input report, and without a number there is a byte less.
  @Test func aFeatureReportIsAskedFor() {
    let both = Self.application(
      1, 2, Self.axes + Self.strength + [0x81, 2] + Self.strength + [0xb1, 2])
    let bench = HIDHostTests.bench(both, isBoot: false) { $0.feature = [50] }
    #expect(Self.asked(bench) == Array(repeating: [0xa1, 1, 0, 3, 0, 0, 3, 0], count: 3))
  }

  /// A battery makes no input device; without one nobody registers it.
  @Test func aBatteryAloneIsNoInput() {
    let alone = Self.application(1, 2, Self.strength + [0x81, 2])
    let bench = HIDHostTests.bench(alone, isBoot: false) { $0.feature = [50] }
    #expect(Self.asked(bench) == [])
    #expect(bench.world.log.contains { $0.hasSuffix("No inputs registered, leaving") })
  }

  @Test func aStylusIsNotAsked() {
    let pen = Self.application(
      0x0d, 2,
      [
        9, 0x20, 0xa1, 0, 9, 0x42, 0x15, 0, 0x25, 1, 0x75, 1, 0x95, 1, 0x81, 2, 9, 0x3b, 0x75, 7,
        0x81, 2, 0xc0,
      ])
    let bench = HIDHostTests.bench(pen, isBoot: false) { $0.feature = [50] }
    #expect(Self.asked(bench) == [])
    #expect(bench.world.log.contains { $0.contains("input,hidraw0") })
  }

  /// A keyboard that tells it is being charged is asked again, until it has told by itself how full it is: a
  /// number outside of its range tells nothing.
  @Test func whatReportsTellOfABattery() {
    var bench = HIDHostTests.bench(
      Self.application(1, 6, Self.key + Self.charge), isBoot: false
    ) { $0.feature = [0, 50, 0] }
    #expect(Self.asked(bench).count == 3)
    var counts: [Int] = []
    for report: [UInt8] in [[0, 200, 1], [0, 50, 1], [0, 50, 0]] {
      bench.forget()
      _ = bench.transfer(.epWrite, handle: 0, report, thread: 1)
      bench.serve(for: 300_000)
      counts.append(Self.asked(bench).count)
    }
    #expect(counts == [3, 0, 0])
  }

  @Test func aDigitizersBatteryOfZeroTellsNothing() throws {
    let pen = Self.application(0x0d, 2, [9, 0x3b, 0x15, 0, 0x25, 100, 0x75, 8, 0x95, 1, 0x81, 2])
    let descriptor = try #require(HIDParser.open(pen).descriptor)
    let battery = try #require(descriptor.battery)
    let news = [0, 100, 101].map { descriptor.reports[0].news(of: battery, [$0]) }
    #expect(news == [[], [.capacity], []])
  }
}
