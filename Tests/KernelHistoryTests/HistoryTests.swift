import KernelHistory
import Testing

@Suite struct HistoryTests {
  static let rows: [(name: String, row: HistoryRow)] =
    UsercopyChange.allCases.map { ("\($0)", $0.row) }
    + CallerChange.allCases.map { ("\($0)", $0.row) }
    + AllocatorChange.allCases.map { ("\($0)", $0.row) }
    + MachineChange.allCases.map { ("\($0)", $0.row) }

  @Test func everyRowSaysSomethingAndWhen() {
    for (name, row) in Self.rows {
      #expect(!row.what.isEmpty, "\(name)")
      #expect(row.since != nil || row.last != nil, "\(name)")
      if let since = row.since, let last = row.last { #expect(since <= last, "\(name)") }
      #expect(row.commit?.count ?? 12 == 12, "\(name)")
      #expect(
        row.commit?.allSatisfy { $0.isHexDigit && !$0.isUppercase } ?? true, "\(name)")
    }
    #expect(Set(Self.rows.map(\.row.what)).count == Self.rows.count)
  }

  @Test func aRowHoldsFromItsFirstReleaseToItsLast() {
    for (name, row) in Self.rows {
      for major in 2...8 {
        for minor in 0...20 {
          let release = KernelVersion(major, minor)
          let isBetween =
            (row.since.map { !(release < $0) } ?? true)
            && (row.last.map { !($0 < release) } ?? true)
          #expect(
            row.holds(in: release) == (isBetween || row.carriedTo.contains(release)), "\(name)")
        }
      }
      // What was carried to older releases came later on its own.
      for release in row.carriedTo { #expect(row.since.map { release < $0 } == true, "\(name)") }
    }
  }

  @Test(
    arguments: [
      (UsercopyChange.fallback, "4.16", "5.15"), (.fallbackByDefault, "4.16", "5.15"),
      (.pageSpan, "4.8", "5.18"), (.windows, "4.16", nil), (.pointers, "4.8", "4.15"),
    ] as [(UsercopyChange, String, String?)])
  func theYearsOfTheChecks(change: UsercopyChange, since: String, last: String?) {
    #expect(change.since?.description == since && change.last?.description == last)
  }

  @Test func whatReportsCanNameComesAndGoes() {
    #expect(ReportedObject.slabObject.change?.last == KernelVersion(6, 7))
    #expect(ReportedObject.vmalloc.change?.since == KernelVersion(5, 19))
    #expect(ReportedObject.spansPages.change?.last == KernelVersion(5, 18))
    #expect(ReportedObject.processStack.change == nil)
    #expect(ReportedObject.allCases.filter(\.namesCache).count == 4)
  }

  @Test func versionsHaveOneBefore() {
    #expect(KernelVersion(4, 20).previous == KernelVersion(4, 19))
    #expect(KernelVersion(5, 0).previous == nil)
  }
}

/// Lines of the assertion, as the sources of the releases have it.
@Suite struct AssertionLineTests {
  @Test(arguments: [
    (4, 8, 75), (4, 10, 75), (4, 11, 78), (4, 12, 72), (4, 15, 72), (4, 17, 100), (4, 18, 100),
    (4, 19, 102), (5, 1, 102), (5, 2, 98), (5, 3, 98), (5, 4, 99), (5, 5, 99), (5, 6, 99),
    (5, 10, 99), (5, 16, 99), (5, 17, 100), (5, 18, 100), (5, 19, 101), (6, 1, 101), (6, 2, 102),
    (6, 8, 102), (6, 12, 102), (6, 16, 102),
  ])
  func theLineOfARelease(major: Int, minor: Int, line: Int) {
    let row = AssertionLine.mainline(.usercopy, KernelVersion(major, minor))
    #expect(row?.text == "mm/usercopy.c:\(line)")
  }

  @Test func noReleaseHasTwoLines() {
    for file in AssertionLine.File.allCases {
      for major in 3...8 {
        for minor in 0...20 {
          let release = KernelVersion(major, minor)
          let rows = AssertionLine.all.filter { row in
            guard row.file == file, case .mainline(let first, let last) = row.origin else {
              return false
            }
            return first <= release && (last.map { release <= $0 } ?? true)
          }
          #expect(rows.count <= 1, "\(file.rawValue) of \(release)")
        }
      }
    }
    #expect(AssertionLine.mainline(.usercopy, KernelVersion(4, 7)) == nil)
    #expect(AssertionLine.mainline(.usercopy, KernelVersion(4, 16)) == nil)
    #expect(AssertionLine.mainline(.slab, KernelVersion(5, 11)) == nil)
  }

  @Test func patchesHaveLinesOfTheirOwn() {
    #expect(AssertionLine.patch(.slab, "rfc-v1")?.text == "mm/slab.c:3870")
    #expect(AssertionLine.patch(.slab, "rfc-v3")?.text == "mm/slab.c:3869")
    #expect(AssertionLine.patch(.usercopy, "rfc-v1") == nil)
  }
}
