import Conformance
import Foundation
import Testing
import Usercopy

/// The kernel's own tests, as recorded on thirteen configurations.
struct LKDTMTests {
  static func configuration(_ letter: String, release: KernelVersion) -> Configuration {
    let slab = ["B", "BD", "D", "Dfb", "DP", "DPfb"].contains(letter)
    return Configuration(
      allocator: letter == "E" ? .slob : slab ? .slab : .slub,
      framePointer: !["C", "Coff", "F", "Ffb"].contains(letter),
      slabDebug: letter == "BD" ? [.redZone, .poison, .storeUser] : [],
      usercopyFallback: letter.hasSuffix("fb"), pageSpan: letter.hasPrefix("DP"),
      hardenedUsercopy: letter != "Coff", vmapStack: letter != "AN", release: release)
  }

  static func recorded(_ text: String) -> LKDTM.Result? {
    switch text {
    case "BUG": .bug
    case "WARN, copy done": .warned
    case "pass": .passed
    case "pass (check let it through; the copy itself came back short)": .short
    default: nil
    }
  }

  @Test func everyRecordedRunComesOutAsRecorded() throws {
    let lines = try PackedVectors.values("lkdtm")
    #expect(lines.count == 142)
    var warned: [String: Bool] = [:]
    for line in lines {
      let letter = try #require(line["config"]?.string)
      let version = try #require(KernelVersion(line["kernel"]?.string ?? ""))
      let test = try #require(LKDTM(named: line["test"]?.string ?? ""))
      let era = try #require(Era.linux(version))
      let wanted = try #require(Self.recorded(line["result"]?.string ?? ""))
      let rearmed = line["rearmed"]?.bool ?? true
      // Lines that were not re-armed follow each other after one re-arm.
      let before = rearmed ? false : warned[letter, default: false]
      let (good, bad) = test.run(
        under: era, configuration: Self.configuration(letter, release: version),
        warnedBefore: before)
      warned[letter] = before || bad.usedUpWarning
      #expect(LKDTM.Result(good) == .passed, "\(letter) \(test) good copy")
      #expect(LKDTM.Result(bad) == wanted, "\(letter) \(test): \(bad.log)")
      try compareMessages(line, bad, "\(letter) \(test)")
    }
  }

  /// Reports are equal up to offsets that depend on what the compiler made of the test.
  private func compareMessages(_ line: JSONValue, _ bad: CopyOutcome, _ what: String) throws {
    let loose = line["stack_objects"] != nil || line["test"]?.string == "USERCOPY_KERNEL"
    func shape(_ text: String) -> String {
      guard loose, let from = text.range(of: "(offset "), let to = text.range(of: ", size") else {
        return text
      }
      return text.replacingCharacters(in: from.upperBound..<to.lowerBound, with: "?")
    }
    let reports = (line["usercopy"]?.array ?? []).compactMap(\.string).map(shape)
    #expect(bad.log.filter { $0.hasPrefix("usercopy: ") }.map(shape) == reports, "\(what)")
    let warnings = (line["warning"]?.array ?? []).compactMap(\.string)
    #expect((bad.usedUpWarning ? bad.warnings : []) == warnings, "\(what)")
    if bad.verdict != .allow {
      #expect(bad.bugAt == line["oops_at"]?.string, "\(what)")
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
