import Narration
import RawGadget
import Scenario
import Simulation
import Testing
import USB

/// The same steps on v1 of the driver and on mainline.
struct DriverComparisonTests {
  private func lesson() throws -> DriverComparison {
    try DriverComparison(try LessonFiles.script("gadget-first-version"))
  }

  private func row(_ both: DriverComparison, _ name: String, _ detail: String) throws
    -> DriverComparison.Row
  {
    try #require(
      both.rows.first {
        CallWords.name($0.call) == name && CallWords.detail($0.call).contains(detail)
      })
  }

  @Test func theLessonShowsEveryTraitThatDiffers() throws {
    let both = try lesson()
    let shown = Set(both.rows.flatMap(\.traits))
    #expect(shown == Set(DriverPolicy.v1_2019.traits(apartFrom: .linux6_1)))
    for row in both.rows {
      #expect(row.traits.isEmpty == (row.difference == .none), "step \(row.step)")
    }
  }

  @Test func eachTraitAloneExplainsItsStep() throws {
    let both = try lesson()
    let expected: [(String, String, DriverTrait)] = [
      ("open", "O_NONBLOCK", .nonblockingOpen), ("INIT", "speed 4", .unknownSpeed),
      ("EPS_INFO", "", .calls), ("EP0_WRITE", "ep 30", .endpointCount),
      ("EP_ENABLE", "0x81", .zeroPacketSize), ("EP0_READ", "8192", .transferLimit),
      ("EP0_WRITE", "ep 0,", .interruptedTransfer), ("INIT", "a-name", .initArgument),
    ]
    for (name, detail, trait) in expected {
      #expect(try row(both, name, detail).traits == [trait], "\(name) \(detail)")
    }
    #expect(
      both.rows.filter { CallWords.name($0.call) == "RUN" }.map(\.traits) == [[], [.registerError]])
    #expect(both.rows.first { CallWords.name($0.call) == "INIT" }?.traits == [.badPointer])
  }

  @Test func answersAreWhatEitherDriverGivesAlone() throws {
    let both = try lesson()
    for (driver, side) in [
      (both.first, \DriverComparison.Row.first), (both.second, \DriverComparison.Row.second),
    ] {
      var script = try LessonFiles.script("gadget-first-version")
      script.driver = driver
      let calls = try Playback(script).steps.last?.before.gadget?.calls ?? []
      let results = both.rows.map { $0[keyPath: side] }.filter { $0 != .impossible }
      #expect(results.count == calls.count)
      for (call, answer) in zip(calls, results) {
        #expect(GadgetWords.state(call) == DriverWords.answer(answer), "\(driver.name) \(call)")
      }
    }
  }

  @Test func aDriverDoesNotDifferFromItself() throws {
    for id in LessonFiles.ids where id.hasPrefix("gadget") {
      let script = try LessonFiles.script(id)
      let both = try DriverComparison(script, first: .linux6_1, second: .linux6_1)
      #expect(both.rows.allSatisfy { $0.difference == .none }, "\(id)")
    }
  }

  @Test func everyTraitIsPutIntoWords() {
    for trait in DriverTrait.allCases {
      #expect(!DriverWords.title(trait).isEmpty && !DriverWords.source(trait).isEmpty)
    }
    #expect(Set(DriverTrait.allCases.map(DriverWords.sentence)).count == DriverTrait.allCases.count)
  }
}
