import KernelHistory
import Foundation
import Support
import Testing
import Usercopy

struct EraTests {
  @Test func erasAreInOrderAndNamedOnce() {
    let dated = Era.compared
    #expect(Set(Era.all.map(\.id)).count == Era.all.count)
    #expect(Set(Era.all.map(\.shortName)).count == Era.all.count)
    #expect(zip(dated, dated.dropFirst()).allSatisfy { $0.release <= $1.release })
    #expect(Era.all.allSatisfy { Era.named($0.id) == $0 && !$0.blindSpots.isEmpty })
    #expect(dated.allSatisfy { $0.family != .proposal } && dated.count >= 11)
    #expect(Set(dated.map(\.family)) == [.pax, .rfc, .linux])
  }

  /// What a name says is what the era is.
  @Test func namesFollowTheFamily() {
    for era in Era.all {
      switch era.family {
      case .linux:
        #expect(era.id == "linux-\(era.release)" && era.shortName == "v\(era.release)")
        #expect(Era.linux(era.release) == era && Era.newestLinux(in: era.release) == era)
      case .rfc: #expect(era.id.hasPrefix("rfc-") && era.release == .of2011)
      case .pax: #expect(era.id.hasPrefix("pax"))
      case .proposal: #expect(era.shortName.count <= 8 && era.shortName != "v\(era.release)")
      }
      #expect((era.family == .proposal) == (era.provenance == .proposed), "\(era.id)")
    }
  }

  /// Rules nobody merged are judged by where they are in force, and change nothing elsewhere.
  @Test func aProposalStandsBesideTheOthersOnlyWhereItIsInForce() {
    let proposal = Era.proposal(
      id: "linux-x", shortName: "x", title: "Linux 6.12, objects unchecked", date: "never",
      of: KernelVersion(6, 12)
    ) { $0.checks.removeAll { $0 == .slabObject } }
    var kernel = Kernel(configuration: Configuration(release: KernelVersion(6, 12)))
    kernel.addTask("task")
    let copy = Scenes.check(kernel.kmalloc(64, label: "one") ?? 0, 65)
    #expect(kernel.judge(copy, under: .linux6_12).verdict == .deny)
    #expect(kernel.judge(copy, under: proposal).verdict == .allow)
    #expect(Era.compared(with: .linux5_10) == Era.compared)
    #expect(Era.compared(with: proposal) == Era.compared + [proposal])
    #expect(Era.newestLinux(in: nil) == Era.linux7_2)
    #expect(Era.newestLinux(in: KernelVersion(7, 3)) == Era.linux7_2)
    #expect(Era.newestLinux(in: KernelVersion(4, 7)) == nil)
    #expect(Era.oldestLinux(since: KernelVersion(5, 18)) == Era.linux6_1)
  }

  /// Two eras of one name with other rules are two.
  @Test func erasAreEqualByWhatTheyAre() {
    func proposal(_ change: (inout HardenedRules) -> Void) -> Era {
      Era.proposal(
        id: "x", shortName: "x", title: "X", date: "never", of: KernelVersion(6, 1), change)
    }
    #expect(proposal { _ in } == proposal { _ in })
    #expect(proposal { _ in } != proposal { $0.checks.removeAll { $0 == .slabObject } })
  }

  /// Every check there is is one of some era.
  @Test func everyCheckIsMadeByAnEra() {
    let rules = Era.all.compactMap { era -> HardenedRules? in
      if case .hardened(let rules) = era.rules { rules } else { nil }
    }
    let unmade = HardenedCheck.allCases.filter { check in
      !rules.contains { $0.checks.contains(check) }
    }
    for check in unmade { Issue.record("no era makes \(check)") }
    for rules in rules { #expect(Set(rules.checks).count == rules.checks.count) }
  }

  /// Every era is recorded or proven; releases between them follow from the changes.
  @Test func everyEraIsRecordedOrProven() {
    #expect(
      Era.all.filter { $0.provenance == .recorded }.map(\.id) == [
        "linux-5.10", "linux-6.1", "linux-6.12", "linux-7.2",
      ])
    #expect(
      Era.all.filter { $0.provenance == .proven }.map(\.id) == [
        "pax", "rfc-v1", "rfc-v2", "rfc-v3", "pax-3.14", "linux-4.8", "linux-4.16",
      ])
  }

  static let tables: [(Int, Int, String)] = [
    (4, 8, "zero wrapped null slab span outline frames text"),
    (4, 16, "zero wrapped null slab span outline frames text"),
    (4, 19, "zero wrapped null outline frames slab span text"),
    (5, 10, "zero wrapped null outline frames slab span text"),
    (5, 17, "zero wrapped null outline frames slab span text"),
    (5, 18, "zero wrapped null outline frames depth slab span text"),
    (5, 19, "zero wrapped null outline frames depth kmap vmalloc slab page text"),
    (6, 1, "zero wrapped null outline frames depth kmap vmalloc slab page text"),
    (7, 2, "zero wrapped null outline frames depth kmap vmalloc slab page text"),
  ]

  @Test(arguments: tables) func theTableOfEachRelease(major: Int, minor: Int, order: String) {
    let short: [HardenedCheck: String] = [
      .zeroLength: "zero", .wrappedAddress: "wrapped", .nullAddress: "null",
      .stackOutline: "outline", .stackFrames: "frames", .stackDepth: "depth", .kmap: "kmap",
      .vmalloc: "vmalloc", .slabObject: "slab", .pageAlloc: "page", .pageSpan: "span",
      .kernelText: "text",
    ]
    let rules = HardenedRules.linux(KernelVersion(major, minor))
    #expect(rules.checks.compactMap { short[$0] }.joined(separator: " ") == order)
  }

  @Test func whatVariesByRelease() {
    func rules(_ major: Int, _ minor: Int) -> HardenedRules {
      .linux(KernelVersion(major, minor))
    }
    #expect(rules(4, 15).wording == .pointers && rules(4, 16).wording == .offsets)
    #expect(!rules(4, 15).hasWindows && rules(4, 16).hasWindows)
    #expect(rules(5, 15).hasFallback && !rules(5, 16).hasFallback)
    #expect(!rules(4, 18).hasBootSwitch && rules(4, 19).hasBootSwitch)
    #expect(rules(5, 2).wrapCountsEnd && !rules(5, 3).wrapCountsEnd)
    #expect(!rules(4, 14).wrapCountsEnd && !rules(4, 19).wrapCountsEnd)
    #expect(rules(5, 3).longestCopy == .max && rules(5, 4).longestCopy == 0x7fff_ffff)
    #expect(!rules(6, 0).vmallocNeedsFaults && rules(6, 1).vmallocNeedsFaults)
    #expect(!rules(6, 3).vmallocNeedsFaults && rules(6, 4).vmallocNeedsFaults)
    #expect(rules(6, 6) == rules(6, 12))
  }

  @Test func policiesFindTheirRules() {
    #expect(Era.policy("linux-6.1-slab-fp") == .linux6_1)
    #expect(Era.policy("linux-5.10-slub-orc") == .linux5_10)
    #expect(Era.policy("linux-6.6")?.id == "linux-6.6")
    #expect(Era.policy("linux-6.6")?.provenance == .dated)
    #expect(Era.policy("pax") == .pax && Era.policy("rfc-v3") == .rfcV3)
    for text in ["linux-4.7", "linux-", "linux-x.y", "linux", "windows", "linux-6", ""] {
      #expect(Era.policy(text) == nil, "\(text)")
    }
  }

  @Test func versionsAreRead() {
    #expect(KernelVersion("6.1.192") == KernelVersion(6, 1))
    #expect(KernelVersion("5.10.0-32-amd64") == KernelVersion(5, 10))
    #expect(KernelVersion("4.19-rc1") == KernelVersion(4, 19))
    #expect(
      KernelVersion(5, 10) > KernelVersion(5, 9) && KernelVersion(6, 0) > KernelVersion(5, 99))
    for text in ["", "6", "6.", ".1", "-1.2", "99999.1"] { #expect(KernelVersion(text) == nil) }
  }

  /// SLUB's left red zone is younger than 2011's checks: they are not asked about it.
  @Test func olderErasKnowNoLeftRedZone() {
    for debug in [SlabDebug.redZone, []] {
      var kernel = Kernel(
        configuration: Configuration(slabDebug: debug, release: KernelVersion(6, 1)))
      kernel.addTask("task")
      let object = kernel.kmalloc(64, label: "one") ?? 0
      let asked = kernel.erasThatKnow(object).map(\.id)
      #expect(asked.contains("rfc-v1") == debug.isEmpty)
      #expect(asked.contains("pax-3.14") == debug.isEmpty)
      #expect(asked.contains("linux-4.8"))
      #expect(kernel.firstCatcher(Scenes.check(object, 64)) == nil)
      #expect(
        kernel.firstCatcher(Scenes.check(object, 65))?.id == (debug.isEmpty ? "pax" : "linux-4.8"))
      #expect(kernel.erasThatKnow(kernel.currentStack.base) == Era.compared)
    }
  }

  /// Objects of an allocator are compared under the eras whose kernels had it.
  @Test func erasKnowTheAllocatorsOfTheirTime() {
    for (allocator, last) in [
      (Allocator.slub, "linux-7.2"), (.slab, "linux-6.1"), (.slob, "linux-6.1"),
    ] {
      var kernel = Kernel(configuration: Configuration(allocator: allocator))
      kernel.addTask("task")
      let object = kernel.kmalloc(64, label: "one") ?? 0
      let asked = kernel.erasThatKnow(object).map(\.id)
      #expect(asked.last == last, "\(allocator)")
      #expect(asked.contains("pax") && asked.contains("pax-3.14"))
      #expect(asked.contains("rfc-v1"))
    }
  }

  /// On x86-64 the `_inatomic` forms have been checked since 4.8, on x86-32 the way out, elsewhere since 4.13.
  @Test func inatomicFormsAreCheckedWhereTheirRoutineIs() {
    for architecture in Architecture.allCases {
      for (era, isLater) in [(Era.linux4_8, false), (.linux4_16, true)] {
        var kernel = Kernel(configuration: Configuration(architecture: architecture))
        kernel.addTask("task")
        let object = kernel.kmalloc(64, label: "one") ?? 0
        func isCaught(_ entry: EntryPoint) -> Bool {
          let attempt = CopyAttempt(entry: entry, kernel: object, user: 0x1000, length: 65)
          return kernel.judge(attempt, under: era).isCaught
        }
        let (is64, is32) = (architecture == .x86_64, architecture == .x86_32)
        for entry in [EntryPoint.copyToUserInatomic, .probeKernelWrite] {
          #expect(isCaught(entry) == (isLater || is64 || is32), "\(architecture) \(entry)")
        }
        for entry in [EntryPoint.copyFromUserInatomic, .probeKernelRead] {
          #expect(isCaught(entry) == (isLater || is64), "\(architecture) \(entry)")
        }
      }
    }
  }

  /// The step that decides is the last condition of the trace, and it names where it was refused.
  @Test func theTraceEndsWithTheDecidingCondition() {
    for era in Scenes.hardened {
      var kernel = Kernel(configuration: Configuration(release: era.release))
      kernel.addTask("task")
      let object = kernel.kmalloc(1024, label: "one") ?? 0
      let outcome = kernel.judge(Scenes.check(object + 16, 1024), under: era)
      let last = outcome.trace.last { if case .check = $0.kind { true } else { false } }
      #expect(last?.function == outcome.refusedIn && outcome.refusedIn == "__check_heap_object")
      guard case .hardened(let rules) = era.rules else { continue }
      // Where there is a fallback, which is on by default, the object's own bounds are asked last.
      let wanted: TraceStep.Kind = .check(
        rules.hasWindows && !rules.hasFallback
          ? "n <= s->useroffset - offset + s->usersize" : "n <= object_size - offset",
        lhs: .quantity(1024), rhs: .quantity(1008), result: false)
      #expect(last?.kind == wanted, "\(era.id)")
    }
  }
}

/// The table of the documentation, read back.
struct DocumentedTableTests {
  static func rows() throws -> [[String]] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Usercopy/Usercopy.docc/HowTheChecksWork.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test func theTableSaysWhatTheRulesSay() throws {
    let rows = try Self.rows()
    let found = difference(rows.map { $0[0] }, Era.all.map { "`\($0.id)`" })
    #expect(found == nil, "a row an era, in their order")
    for (row, era) in zip(rows, Era.all) where row[0] == "`\(era.id)`" {
      #expect(row[14] == era.provenance.rawValue && era.provenance != .dated)
      let made: [Bool]
      let consequence: Consequence
      switch era.rules {
      case .rfc(let rules):
        consequence = .returnCount
        made =
          [rules.helperSkipsZero, true, false, true, true, false, true, false]
          + [false, false, false, false]
      case .pax(let rules):
        consequence = .sigkill
        made =
          [true, true, true, true, true, false, true, false, false, false, false]
          + [rules.functions.text != nil]
      case .hardened(let rules):
        consequence = .oops
        let has = { rules.checks.contains($0) }
        made = [
          has(.zeroLength), has(.wrappedAddress), has(.nullAddress),
          has(.stackOutline), has(.stackFrames), has(.stackDepth), has(.slabObject),
          rules.hasWindows, has(.vmalloc), has(.pageAlloc), has(.pageSpan), has(.kernelText),
        ]
      }
      #expect(row[1...12].map { $0 != "–" && $0 != "slab" } == made, "\(era.id)")
      let words: [Consequence: String] = [
        .sigkill: "SIGKILL", .returnCount: "returns", .oops: "oops",
      ]
      #expect(row[13] == words[consequence])
    }
  }
}
