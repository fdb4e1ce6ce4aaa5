import Narration
import Scenario
import Simulation
import Testing
import Usercopy

/// How many of a refused copy's bytes count as inside: by window, area and compound page too.
struct MarkTests {
  static func inside(_ setUp: String, _ copy: String, era: String, _ more: String = "")
    throws -> UInt64
  {
    let text = """
      title: a
      kernel: {era: \(era), usercopy-fallback: false\(more)}
      caches: [{name: c, object-size: 64, useroffset: 16, usersize: 32, flags: [SLAB_USERCOPY]}]
      steps:
      - \(setUp)
      - copy: \(copy)
      """
    let playback = try Playback(ScenarioReader.read(text, file: "f", id: "f"))
    let reports = playback.steps.flatMap(\.events).compactMap { event -> CopyReport? in
      if case .copied(let report) = event { report } else { nil }
    }
    let report = try #require(reports.first)
    #expect(report.outcome.verdict == .deny)
    #expect(report.marks.reduce(0) { $0 + $1.range.length } == report.outcome.range.length)
    return report.marks.filter { $0.mark == .allowed }.reduce(0) { $0 + $1.range.length }
  }

  @Test func aWindowBoundsWhatIsInside() throws {
    let object = "alloc: {cache: c, as: x}"
    #expect(try Self.inside(object, "{from: x, length: 64}", era: "linux-6.1") == 32)
    #expect(try Self.inside(object, "{from: x, offset: 15, length: 4}", era: "linux-6.1") == 3)
    #expect(try Self.inside(object, "{from: x, offset: 40, length: 9}", era: "linux-5.10") == 8)
    #expect(try Self.inside(object, "{from: x, offset: 48, length: 1}", era: "linux-4.16") == 0)
    #expect(try Self.inside(object, "{from: x, length: 65}", era: "linux-4.8") == 64)
    #expect(try Self.inside(object, "{from: x, length: 65}", era: "rfc-v1") == 64)
  }

  @Test func areasAndCompoundPagesBoundIt() throws {
    let area = "vmalloc: {as: x, size: 4096}"
    #expect(try Self.inside(area, "{from: x, offset: 96, length: 9000}", era: "linux-6.1") == 8096)
    let folio = "pages: {as: x, order: 1, compound: true}"
    #expect(
      try Self.inside(folio, "{from: x, offset: 4096, length: 5000}", era: "linux-6.1") == 4096)
    #expect(try Self.inside("note: {}", "{from: kernel-text, length: 64}", era: "linux-6.1") == 0)
  }

  /// A real kernel's stack lies in a vmalloc area that has a guard page behind it.
  @Test func aStackEndsBeforeItsGuardPage() throws {
    let steps = try Playback(LessonFiles.script("real-stack")).steps
    let refused = steps.flatMap(\.events).compactMap { event -> CopyReport? in
      if case .copied(let report) = event, report.outcome.verdict == .deny { report } else { nil }
    }
    let marks = try #require(refused.last).marks
    #expect(marks.map(\.mark) == [.allowed, .denied])
    #expect(marks.map(\.range.length) == [8, 8])
  }

  /// Where nothing there bounds it, what the check lets a copy have that starts there.
  @Test func theLongestCopyThatPassesBoundsTheRest() throws {
    let window = "kmap: {as: x}"
    #expect(
      try Self.inside(
        window, "{from: x, offset: 8, length: 4096}", era: "linux-6.1", ", arch: x86_32")
        == 4088)
    let pair = "pages: {as: x, order: 1}"
    #expect(
      try Self.inside(
        pair, "{from: x, offset: 96, length: 8000}", era: "linux-5.10", ", page-span: true")
        == 4000)
    let below = "{from: stack-start, offset: -8, length: 16}"
    #expect(try Self.inside("note: {}", below, era: "rfc-v1") == 8)
    #expect(try Self.inside("note: {}", "{from: null, length: 16}", era: "linux-6.1") == 0)
  }
}
