import Conformance
import Testing
import Usercopy

/// The kernel's own tests, as recorded on thirteen configurations.
struct LKDTMTests {
  @Test func everyRecordedRunComesOutAsRecorded() throws {
    let lines = try PackedVectors.lines("lkdtm")
    #expect(lines.count == 142)
    let failed = lines.map { VectorFile.replay($0) }.filter { !$0.passed || $0.group != "lkdtm" }
    #expect(failed.isEmpty, "\(failed.prefix(3))")
  }

  /// A replay that compared nothing would pass everything.
  @Test(arguments: ["result", "usercopy", "warning", "oops_at"])
  func aChangedRunIsNoticed(key: String) throws {
    for line in try PackedVectors.values("lkdtm") {
      guard let members = line.object?.members else { continue }
      let changed = JSONObject(
        members.map { ($0.key, $0.key == key ? JSONValue.string("?") : $0.value) })
      #expect(VectorFile.replay(.object(changed)).mismatches.contains { $0.place == key })
    }
  }

  /// Derived verdicts, an era a column: test, then rfc-v1 with and without frame pointers, PaX
  /// 2011 and 3.14, 4.8, 4.16 strict and with the fallback, 5.19 and later.
  static let derived: [(LKDTM, String)] = [
    (.slabSizeTo, "reject reject kill kill BUG BUG BUG BUG"),
    (.slabSizeFrom, "reject reject kill kill BUG BUG BUG BUG"),
    (.slabWhitelistTo, "pass pass kill kill pass BUG warn BUG"),
    (.slabWhitelistFrom, "pass pass kill kill pass BUG warn BUG"),
    (.stackFrameTo, "reject pass kill kill BUG BUG BUG BUG"),
    (.stackFrameFrom, "reject pass kill kill BUG BUG BUG BUG"),
    (.stackBeyond, "reject reject kill kill BUG BUG BUG BUG"),
    (.vmalloc, "pass* pass* pass* pass* pass* pass* pass* pass*"),
    (.folio, "pass pass pass pass pass pass pass BUG"),
    (.kernel, "pass pass pass kill BUG BUG BUG BUG"),
  ]

  @Test(arguments: derived) func everyEraComesOutAsDerived(test: LKDTM, row: String) throws {
    func result(_ era: Era, frames: Bool = true, fallback: Bool = false) -> String {
      let configuration = Configuration(
        framePointer: frames, usercopyFallback: fallback, release: era.release)
      return LKDTM.Result(test.run(under: era, configuration: configuration).bad).rawValue
    }
    let got = [
      result(.rfcV1), result(.rfcV1, frames: false), result(.pax), result(.pax314),
      result(.linux4_8), result(.linux4_16), result(.linux4_16, fallback: true),
      result(.linux6_1, frames: false),
    ]
    #expect(got.joined(separator: " ") == row)
    #expect(result(.linux6_1) == result(.linux7_2))
    #expect(result(.linux6_12) == result(.linux6_1))
    #expect(result(.rfcV2) == result(.rfcV1))
    #expect(result(.rfcV3) == result(.rfcV1))
  }

  /// PaX refuses the good copy too where the cache was not made for user copies.
  @Test func goodCopiesWork() {
    for era in Era.all {
      for test in LKDTM.allCases {
        let configuration = Configuration(release: era.release)
        let good = test.run(under: era, configuration: configuration).good
        let isPax = era.id.hasPrefix("pax")
        let killed = isPax && (test == .slabWhitelistTo || test == .slabWhitelistFrom)
        #expect(LKDTM.Result(good) == (killed ? .killed : .passed), "\(era.id) \(test)")
      }
    }
  }

  @Test func pageSpanRefusesTheFolioBefore519() {
    for (era, wanted) in [(Era.linux4_8, LKDTM.Result.bug), (.linux5_10, .bug), (.linux6_1, .bug)] {
      let configuration = Configuration(pageSpan: true, release: era.release)
      let bad = LKDTM.folio.run(under: era, configuration: configuration).bad
      #expect(LKDTM.Result(bad) == wanted)
    }
  }
}
