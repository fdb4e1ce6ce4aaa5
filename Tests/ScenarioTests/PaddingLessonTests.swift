import Narration
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

  /// The lesson tells the leak, and the one behind it, booted with init_on_alloc=1, that there is none.
  @Test(arguments: [
    ("struct-padding", "not caught: 4 of padding of object 'info'"), ("init-on-alloc", nil),
  ])
  func bothAreSaid(lesson: String, told: String?) throws {
    let playback = try Playback(LessonFiles.script(lesson))
    let text = Transcript(playback).text
    #expect(text.contains("not caught") == (told != nil))
    if let told { #expect(text.contains(told), "\(text)") }
    let eras = try #require(text.split(separator: "\n").last { $0.contains("in every era") })
    #expect(eras.contains("linux-6.1 \(told == nil ? "allow" : "leaks")"), "\(eras)")
    let reports = playback.steps.flatMap(\.events).compactMap { event -> CopyReport? in
      if case .copied(let report) = event { report } else { nil }
    }
    #expect(reports.map(\.effect.own) == [told == nil ? 16 : 12])
    #expect(reports.map(\.effect.leaked) == [told == nil ? 0 : 4])
  }
}
