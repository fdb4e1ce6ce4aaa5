@testable import Conformance
import JSON
import Scenario
import Simulation
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
      let changed = Self.changed(line, key, "?")
      #expect(VectorFile.replay(changed).mismatches.contains { $0.place == key })
    }
  }

  /// The line with another text for a key.
  static func changed(_ line: JSONValue, _ key: String, _ text: String) -> JSONValue {
    let members = line.object?.members ?? []
    return .object(
      JSONObject(members.map { ($0.key, $0.key == key ? JSONValue.string(text) : $0.value) }))
  }

  @Test func everyTestOfTheListIsAScenario() throws {
    let names = Set(try PackedVectors.values("lkdtm").compactMap { $0["test"]?.string })
    #expect(names.allSatisfy { KernelTest(named: $0) != nil })
    let derived = try PackedVectors.values("lkdtm-verdicts").compactMap { $0["test"]?.string }
    #expect(derived.compactMap(KernelTest.init(named:)).map(\.name) == derived)
    #expect(derived.count == KernelTest.parts.count)
    for name in ["USERCOPY_", "USERCOPY_STACK", "STACK_BEYOND", "USERCOPY_FIRST_COPY", ""] {
      #expect(KernelTest(named: name) == nil)
    }
  }

  @Test func everyEraComesOutAsDerived() throws {
    let results = try PackedVectors.lines("lkdtm-verdicts").map { VectorFile.replay($0) }
    #expect(results.count == 10)
    #expect(results.allSatisfy { $0.group == "lkdtm-verdicts" })
    let failed = results.filter { !$0.passed }
    #expect(failed.isEmpty, "\(failed.flatMap(\.mismatches).prefix(3))")
  }

  @Test(arguments: [
    "rfc1-fp", "rfc1-nofp", "pax2011", "pax3.14", "4.8", "4.16-strict", "4.16-fallback", "5.19+",
  ])
  func aChangedVerdictIsNoticed(column: String) throws {
    for line in try PackedVectors.values("lkdtm-verdicts") {
      for wrong in ["reject", "kill", "BUG", "WARN_ONCE", "pass", "nonsense"]
      where line[column]?.string?.hasPrefix(wrong) == false {
        // Refers to the column before, or speaks of two kernels.
        guard let text = line[column]?.string, !text.hasPrefix("same") else { continue }
        let changed = Self.changed(line, column, wrong)
        #expect(
          VectorFile.replay(changed).mismatches.contains { $0.place.hasPrefix(column) },
          "\(line["test"]?.string ?? "") \(column) \(wrong)")
      }
    }
  }

  /// What the derived table leaves out: eras between its columns, PAGESPAN beside 4.8.
  @Test func erasBetweenTheColumnsAgreeWithTheirNeighbours() throws {
    for line in try PackedVectors.values("lkdtm-verdicts") {
      let test = try #require(line["test"]?.string.flatMap(KernelTest.init(named:)))
      func end(_ era: Era, pageSpan: Bool = false) throws -> Simulation.Expectation.Outcome {
        let configuration = Configuration(pageSpan: pageSpan, release: era.release)
        let bad = try test.run(under: era, configuration: configuration).bad
        return Simulation.Expectation.Outcome(bad)
      }
      #expect(try end(.rfcV2) == end(.rfcV1) && end(.rfcV3) == end(.rfcV1))
      #expect(try end(.linux5_10) == end(.linux4_16))
      if test.name == "USERCOPY_FOLIO" {
        for era in [Era.linux4_8, .linux4_16, .linux5_10] {
          #expect(try end(era, pageSpan: true) == .oops)
        }
      }
    }
  }
}
