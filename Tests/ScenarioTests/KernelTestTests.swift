import KernelHistory
import Scenario
import Simulation
import Testing
import Usercopy

/// The kernel's own usercopy tests as scenarios.
struct KernelTestTests {
  static let ids = Lessons.all.filter { $0.part == .kernelTests }.map(\.id)

  /// The machine before each copy of a test on a kernel built so, and the copy.
  static func copies(_ id: String, _ configuration: Configuration, _ era: Era) throws
    -> [(kernel: Kernel, attempt: CopyAttempt)]
  {
    var script = try LessonFiles.script(id)
    script.configuration = configuration
    return Playback(script, under: era).steps.compactMap { step in
      guard case .copy(let copy) = step.script.action,
        let attempt = try? step.before.attempt(copy)
      else { return nil }
      return (step.before.kernel, attempt)
    }
  }

  @Test func theyStandBehindTheCourse() {
    #expect(Self.ids.count == 10)
    let parts = Lessons.all.map(\.part)
    #expect(parts == parts.sorted { $0 == .course && $1 == .kernelTests })
    #expect(Lessons.all.prefix { $0.part == .course }.count == Lessons.all.count - 10)
    #expect(Lessons.find("lkdtm-folio")?.part == .kernelTests)
    let chapters = Set(Lessons.all.suffix(10).map(\.chapter))
    #expect(chapters.count == 1)
    #expect(chapters.isDisjoint(with: Lessons.all.prefix { $0.part == .course }.map(\.chapter)))
  }

  /// A good copy and a bad one, each with what every era makes of it.
  @Test(arguments: ids) func everyEraIsAskedForBothCopies(id: String) throws {
    let script = try LessonFiles.script(id)
    let copies = script.steps.filter { if case .copy = $0.action { true } else { false } }
    #expect(copies.count == 2)
    for step in copies {
      let eras = try #require(step.expect?.eras)
      #expect(Set(eras.keys) == Set(Era.compared.map(\.id)))
      #expect(!eras.values.contains(.allow) && !eras.values.contains(.deny), "too wide a word")
    }
  }

  /// The oldest era that sees a mistake.
  @Test(arguments: [
    ("lkdtm-slab-size-to", true, "pax"), ("lkdtm-stack-frame-to", true, "rfc-v1"),
    ("lkdtm-stack-frame-to", false, "linux-6.1"), ("lkdtm-folio", true, "linux-6.1"),
    ("lkdtm-kernel", true, "pax-3.14"), ("lkdtm-vmalloc", true, nil),
  ])
  func theFirstEraThatCatchesACopy(id: String, frames: Bool, era: String?) throws {
    let configuration = Configuration(
      framePointer: frames, vmapStack: true, release: KernelVersion(6, 1))
    let copies = try Self.copies(id, configuration, .linux6_1)
    let caught = copies.map { $0.kernel.firstCatcher($0.attempt)?.id }
    #expect(caught == [nil, era])
  }

  /// A trace changes nothing but itself and the texts.
  @Test(arguments: ids) func recordingDoesNotChangeTheVerdict(id: String) throws {
    for era in Era.all {
      for frames in [true, false] {
        let configuration = Configuration(framePointer: frames, release: era.release)
        for (kernel, attempt) in try Self.copies(id, configuration, era) {
          var loud = kernel.judge(attempt, under: era)
          let quiet = kernel.judge(attempt, under: era, recording: false)
          #expect(!loud.trace.isEmpty && quiet.trace.isEmpty && quiet.log.isEmpty)
          loud.trace = []
          loud.log = []
          loud.warnings = []
          loud.gates = []
          #expect(loud == quiet, "\(era.id)")
        }
      }
    }
  }
}
