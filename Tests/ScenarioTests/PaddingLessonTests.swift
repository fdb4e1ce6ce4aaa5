import Simulation
import Testing
import Usercopy

/// The lesson on padding with and without what the kernel does against it.
struct PaddingLessonTests {
  @Test(arguments: [(false, false, UInt64(4)), (true, false, 0), (false, true, 0)])
  func paddingLeaksUnlessTheAllocatorClears(
    _ onAlloc: Bool, _ onFree: Bool, _ leaked: UInt64
  ) throws {
    var script = try LessonFiles.script("struct-padding")
    script.configuration.initOnAlloc = onAlloc
    script.configuration.initOnFree = onFree
    let events = try Playback(script).steps.flatMap(\.events)
    let reports = events.compactMap { event -> CopyReport? in
      if case .copied(let report) = event { report } else { nil }
    }
    #expect(reports.map(\.effect.leaked) == [leaked])
    #expect(reports.allSatisfy { $0.outcome.verdict == .allow })
    let padding = reports.flatMap(\.effect.moved).filter(\.isPadding)
    #expect(padding.reduce(0) { $0 + $1.length } == 4)
  }
}
