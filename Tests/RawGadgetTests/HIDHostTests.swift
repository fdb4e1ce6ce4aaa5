import GadgetWorld
import RawGadget
import Testing
import USB
import UsbHost

/// What usbhid does with a device beyond polling it: reports out, multipliers, errors of the bus.
@Suite struct HIDHostTests {
  private static let keyboard: [UInt8] = [
    5, 1, 9, 6, 0xa1, 1, 5, 7, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0, 0x25, 1, 0x75, 1, 0x95, 8, 0x81, 2,
    0x95, 1, 0x75, 8, 0x81, 1, 0x95, 3, 0x75, 1, 5, 8, 0x19, 1, 0x29, 3, 0x91, 2, 0x95, 5, 0x75, 1,
    0x91, 1, 0x95, 6, 0x75, 8, 0x15, 0, 0x25, 0x65, 5, 7, 0x19, 0, 0x29, 0x65, 0x81, 0, 0xc0,
  ]

  /// A mouse whose feature report has two multipliers of two bits around a value of four bits.
  private static let wheel: [UInt8] = [
    5, 1, 9, 2, 0xa1, 1, 9, 0x38, 0x15, 0x81, 0x25, 0x7f, 0x75, 8, 0x95, 1, 0x81, 6,
    9, 0x48, 0x15, 0, 0x25, 1, 0x35, 1, 0x45, 4, 0x75, 2, 0x95, 1, 0xb1, 2,
    9, 0x30, 0x25, 15, 0x75, 4, 0xb1, 2, 9, 0x48, 0x25, 1, 0x75, 2, 0xb1, 2, 0xc0,
  ]

  static func bench(
    _ report: [UInt8], isBoot: Bool = true, endpoints: [UInt8] = [0x81],
    _ change: (inout Bench.HIDAnswers) -> Void = { _ in }
  ) -> Bench {
    var hid = Bench.HIDAnswers(reportDescriptor: report)
    change(&hid)
    let configuration: [UInt8] =
      [9, 2, 0, 0, 1, 1, 0, 0x80, 50]
      + [9, 4, 0, 0, UInt8(endpoints.count), 3, isBoot ? 1 : 0, isBoot ? 1 : 0, 0]
      + [9, 0x21, 0x11, 1, 0, 1, 0x22, UInt8(report.count), 0]
      + endpoints.flatMap { [7, 5, $0, 3, 8, 0, 4] }
    return Bench(configuration: configuration, hid: hid)
  }

  /// A keyboard that halts its OUT endpoint is warned of in the words of `hid_irq_out()`.
  @Test func aReportThatIsRefusedIsWarnedOf() {
    let bench = Self.bench(Self.keyboard, endpoints: [0x81, 0x02]) { $0.halted = [1] }
    #expect(bench.world.log.contains("usb 1-1: output irq status -32 received"))
  }

  /// On the control pipe a refusal means that there is no such report.
  @Test func aRefusedControlReportIsNoError() {
    let bench = Self.bench(Self.keyboard) { $0.refusesSet = true }
    #expect(bench.requests.contains { $0[0] == 0x21 && $0[1] == 9 })
    #expect(!bench.world.log.contains { $0.contains("status") })
  }

  /// Caps Lock and Num Lock, one after the other while the first report is still on its way: one is
  /// sent at a time, in their order.
  @Test func reportsAreSentOneAtATime() throws {
    var bench = Self.bench(Self.keyboard, endpoints: [0x81, 0x02])
    let before = bench.world.events.count
    for key: UInt8 in [0x39, 0, 0x53, 0] {
      _ = bench.transfer(.epWrite, handle: 0, [0, 0, key, 0, 0, 0, 0, 0], thread: 1)
      bench.world.advance(by: 50_000)
    }
    func out() -> [UsbTransfer] {
      bench.world.events.dropFirst(before).compactMap {
        if case .monitored(let seen) = $0.kind, seen.endpoint == 2 { seen } else { nil }
      }
    }
    #expect(out().map(\.event) == [])
    // Nobody has read the report that puts Num Lock out, so none of the others was begun.
    var read: [[UInt8]] = []
    for _ in 0..<3 {
      let begun = bench.transfer(.epRead, handle: 1, [0], thread: 2)
      bench.world.advance(by: 20_000)
      if let done = begun ?? bench.world.takeResult(of: 2) { read.append(done.data) }
    }
    #expect(read == [[0], [2], [3]])
    #expect(
      out().map(\.event) == [.completion, .submission, .completion, .submission, .completion])
  }

  /// A report of several fields is asked for; while the driver probes the answer is not taken in, so that
  /// all but the multipliers is 0 and a short answer is no matter.
  @Test(arguments: [[UInt8]([0b0001_0100]), [], nil])
  func multipliersAreSetAmongZeros(_ answer: [UInt8]?) throws {
    let bench = Self.bench(Self.wheel, isBoot: false) { $0.feature = answer }
    #expect(bench.requests.contains { $0[0] == 0xa1 && $0[1] == 1 && $0[3] == 3 })
    #expect(bench.hid?.set == [[0b0100_0001]])
    #expect(!bench.world.log.contains { $0.contains("too short") })
  }

  /// A report that holds one multiplier and nothing else is written without being asked for.
  @Test func aMultiplierAloneIsNotAskedFor() {
    let alone: [UInt8] = [
      5, 1, 9, 2, 0xa1, 1, 9, 0x38, 0x15, 0x81, 0x25, 0x7f, 0x75, 8, 0x95, 1, 0x81, 6,
      9, 0x48, 0x15, 0, 0x25, 1, 0x35, 1, 0x45, 4, 0xb1, 2, 0xc0,
    ]
    let bench = Self.bench(alone, isBoot: false) { $0.feature = [0] }
    #expect(!bench.requests.contains { $0[0] == 0xa1 && $0[1] == 1 && $0[3] == 3 })
    #expect(bench.hid?.set == [[1]])
  }

  /// Where a multiplier is refused the report is read once more, to put it back.
  @Test func aRefusedMultiplierIsPutBack() {
    let bench = Self.bench(Self.wheel, isBoot: false) {
      $0.feature = [0]
      $0.refusesSet = true
    }
    #expect(bench.requests.filter { $0[0] & 0x7f == 0x21 }.map { $0[1] } == [10, 1, 9, 1])
  }

  /// An endpoint that is gone gives errors of the bus: polls after 13, 26, 52, 104 … ms, a reset after a
  /// second, and from then on as if none had been.
  @Test func errorsOfTheBusAreRetriedAndThenThePortIsReset() {
    var bench = Self.bench(Self.keyboard)
    bench.ioctl(.epDisable, .value(0))
    let before = bench.world.events.count
    bench.world.advance(by: 250_000)
    let polls = bench.world.events.dropFirst(before).count {
      if case .monitored(let seen) = $0.kind { seen.event == .submission } else { false }
    }
    #expect((4...5).contains(polls))
    bench.world.advance(by: 650_000)
    #expect(!bench.world.log.contains { $0.contains("reset high-speed") })
    bench.serve(for: 700_000)
    #expect(bench.world.log.count { $0.contains("reset high-speed") } == 1)
    bench.serve(for: 800_000)
    #expect(bench.world.log.count { $0.contains("reset high-speed") } == 1)
    bench.serve(for: 900_000)
    #expect(bench.world.log.count { $0.contains("reset high-speed") } == 2)
  }

  /// An error half a second after retrying would have ended is the first of a new row.
  @Test func anErrorMuchLaterIsNew() {
    var bench = Self.bench(Self.keyboard)
    let endpoint: [UInt8] = [7, 5, 0x81, 3, 8, 0, 4]
    bench.ioctl(.epDisable, .value(0))
    bench.world.advance(by: 30_000)
    let handle = bench.enable(endpoint)?.ret ?? -1
    bench.world.advance(by: 2_000_000)
    bench.ioctl(.epDisable, .value(UInt64(handle)))
    bench.world.advance(by: 800_000)
    #expect(!bench.world.log.contains { $0.contains("reset high-speed") })
  }

  /// A stall is a stall whatever came before it: the halt is cleared, the port is not reset.
  @Test func aHaltAfterAnErrorIsCleared() {
    var bench = Self.bench(Self.keyboard)
    bench.ioctl(.epDisable, .value(0))
    bench.world.advance(by: 30_000)
    let handle = UInt64(bench.enable([7, 5, 0x81, 3, 8, 0, 4])?.ret ?? 0)
    bench.ioctl(.epSetHalt, .value(handle))
    bench.serve(for: 500_000)
    #expect(!bench.world.log.contains { $0.contains("reset high-speed") })
  }

  /// A usage range up to the last number never ends: the kernel counts on from 0 until its table is full.
  @Test func aRangeWithoutEndIsRefused() {
    let bytes: [UInt8] = [5, 7, 0x1b, 0xf0, 0xff, 0xff, 0xff, 0x2b, 0xff, 0xff, 0xff, 0xff]
    #expect(
      HIDParser.open(bytes).messages.map(\.line)
        == ["usage index exceeded", "item 0 4 2 2 parsing failed"])
    #expect(HIDParser.scan(bytes).map(\.line) == ["usage index exceeded"])
  }

  /// A range cut to no room at all is refused.
  @Test func aRangeWithoutRoomIsRefused() {
    let bytes: [UInt8] = [5, 7, 0x1b, 0x01, 0xd0, 0xff, 0xff, 0x29, 1]
    #expect(
      HIDParser.open(bytes).messages.map(\.line) == [
        "ignoring exceeding usage max", "no more usage index available",
        "item 0 1 2 2 parsing failed",
      ])
  }

  /// A value with a sign is kept within its bits: 3 in two bits is 1.
  @Test func aMultiplierBeyondItsBits() {
    let wheel: [UInt8] = [
      5, 1, 9, 2, 0xa1, 1, 9, 0x38, 0x15, 0x81, 0x25, 0x7f, 0x75, 8, 0x95, 1, 0x81, 6,
      9, 0x48, 0x15, 0xff, 0x25, 3, 0x35, 1, 0x45, 4, 0x75, 2, 0xb1, 2, 0xc0,
    ]
    #expect(Self.bench(wheel, isBoot: false).hid?.set == [[1]])
    // 32 bits with a sign come out as none.
    let wide = wheel.enumerated().map { $0 == wheel.count - 4 ? 32 : $1 }
    #expect(wide[wheel.count - 5] == 0x75)
    #expect(Self.bench(wide, isBoot: false).hid?.set == [[0, 0, 0, 0]])
  }

  /// After a reset the report descriptor is asked for four times, and four times more by a driver that begins
  /// anew.
  @Test func aReportDescriptorThatHasShrunk() {
    var bench = Self.bench(Self.keyboard)
    bench.hid?.reportDescriptor = [5, 1, 9]
    bench.host(.open)
    bench.forget()
    bench.host(.reset)
    bench.serve(for: 3_000_000)
    #expect(bench.requests.count { $0[0] == 0x81 && $0[1] == 6 && $0[3] == 0x22 } == 8)
  }

  /// Four answers, none of them whole: each stays as far as a later one does not reach.
  @Test func answersThatShrinkLeaveWhatWasThere() {
    let bench = Self.bench(Self.keyboard) {
      let whole = $0.reportDescriptor
      $0.firstAnswers = [Array(whole.dropLast()), Array(whole.prefix(9)), [], [5, 1]]
    }
    // All but the last byte, the end of the collection, which is a zero now.
    #expect(bench.world.log.contains { $0.hasSuffix("unknown main item tag 0x0") })
    #expect(
      bench.world.log.contains {
        $0.hasSuffix("unbalanced collection at end of report description")
      })
  }

  /// Codes beyond the last key are warned of report by report, though the devices take turns.
  @Test func codesAreWarnedOfInTheReportsOrder() {
    func button(_ report: UInt8, _ number: UInt8) -> [UInt8] {
      [0x85, report, 5, 9, 0x0a, number, 2, 0x15, 0, 0x25, 1, 0x75, 1, 0x95, 1, 0x81, 2]
    }
    let mouse: [UInt8] = [5, 1, 9, 2, 0xa1, 1]
    let keypad: [UInt8] = [5, 1, 9, 7, 0xa1, 1]
    let report =
      mouse + button(1, 1) + [0xc0] + keypad + button(2, 2) + [0xc0] + mouse + button(3, 3) + [0xc0]
    let bench = Self.bench(report, isBoot: false)
    let codes = bench.world.log.compactMap { line in
      line.split(separator: "code ").last.map { $0.split(separator: " ")[0] }
    }
    #expect(codes.filter { ["784", "785", "786", "769"].contains($0) } == ["784", "769", "786"])
  }

  private static func capsLock(_ led: [UInt8], index: Int = 0) -> Bench {
    let key: [UInt8] = [5, 7, 9, 0x39, 0x15, 0, 0x25, 1, 0x75, 8, 0x95, 1, 0x81, 2]
    let report = [5, 1, 9, 6, 0xa1, 1] + key + [5, 8] + led + [0xc0]
    var bench = bench(report, isBoot: false)
    bench.forget()
    _ = bench.transfer(.epWrite, handle: 0, led.contains(0x81) ? [1, 0] : [1], thread: 1)
    bench.serve(for: 300_000)
    return bench
  }

  /// What the console makes of an odd LED: one in an input report has no field to be switched in, one beyond the
  /// values of its field and one of a bit with a sign keep their value; the report is sent all the same.
  @Test(
    arguments: [
      ([9, 2, 0x81, 2], "event field not found", nil),
      ([0x95, 2, 9, 1, 9, 4, 9, 2, 0x91, 2], "offset (2) exceeds report_count (2)", [0, 0]),
      ([0x15, 0xff, 0x25, 0, 0x75, 1, 9, 2, 0x91, 2], "value 1 is out of range", [0]),
      ([0x15, 0xff, 0x25, 1, 0x75, 32, 9, 2, 0x91, 2], "value 1 is out of range", [0, 0, 0, 0]),
      ([0x15, 0xff, 0x25, 1, 0x75, 2, 9, 2, 0x91, 2], nil, [1]),
      ([0x75, 1, 9, 1, 9, 2, 0x95, 2, 0x91, 2], nil, [2]),
      // Num Lock's place is beyond the values, but that has not changed.
      ([9, 2, 9, 1, 0x95, 1, 0x91, 2], nil, [1]),
      // An input report comes first; the LED of the output report is then there already.
      ([9, 2, 0x81, 2, 9, 2, 0x91, 2], "event field not found", nil),
      // The second report's LED is there already: the first one's is switched.
      ([0x85, 1, 9, 2, 0x91, 2, 0x85, 2, 9, 2, 0x91, 2], nil, [1, 1]),
    ] as [([UInt8], String?, [UInt8]?)])
  func aLEDIsSwitchedWhereItStands(_ led: [UInt8], _ line: String?, _ sent: [UInt8]?) {
    let bench = Self.capsLock(led)
    #expect(bench.hid?.set == [sent].compactMap(\.self))
    let odd = bench.world.log.filter {
      $0.contains("field") || $0.contains("exceeds") || $0.contains("range")
    }
    #expect(odd.count == (line == nil ? 0 : 1))
    #expect(line.map { odd.first?.hasSuffix($0) ?? false } ?? true)
  }
}
