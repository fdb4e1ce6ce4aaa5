import KernelHistory
import Scenario
import Simulation
import Testing
import Usercopy

/// The kernel's own usercopy tests: one lesson of ten parts, each a good copy and a bad one.
struct KernelTestTests {
  static let ids = Lessons.all.filter { $0.part == .kernelTests }.map(\.id)

  /// The machine before each copy on a kernel built so, and the copy.
  static func copies(_ configuration: Configuration, _ era: Era) throws
    -> [(kernel: Kernel, attempt: CopyAttempt)]
  {
    var script = try LessonFiles.script("lkdtm")
    script.configuration = configuration
    return Playback(script, under: era).steps.compactMap { step in
      guard case .copy(let copy) = step.script.action,
        let attempt = try? step.before.attempt(copy)
      else { return nil }
      return (step.before.kernel, attempt)
    }
  }

  @Test func theyStandBehindTheCourse() {
    #expect(Self.ids == ["lkdtm"] && Lessons.all.last?.id == "lkdtm")
    // Names of lessons stay: those of the parts find the whole.
    #expect(Lessons.find("lkdtm-slab-size-to")?.id == "lkdtm" && Lessons.find("lkdtmx") == nil)
    #expect(!Lessons.all.dropLast().map(\.chapter).contains(Lessons.all.last?.chapter ?? ""))
  }

  /// Ten good copies and ten bad ones, each with what every era makes of it.
  @Test func everyEraIsAskedForBothCopies() throws {
    let script = try LessonFiles.script("lkdtm")
    let copies = script.steps.filter { if case .copy = $0.action { true } else { false } }
    #expect(copies.count == 20)
    for step in copies {
      let eras = try #require(step.expect?.eras)
      #expect(Set(eras.keys) == Set(Era.compared.map(\.id)))
      #expect(!eras.values.contains(.allow) && !eras.values.contains(.deny), "too wide a word")
    }
  }

  /// The oldest era that sees a mistake, part by part.
  @Test(arguments: [true, false]) func theFirstEraThatCatchesACopy(frames: Bool) throws {
    let configuration = Configuration(
      framePointer: frames, vmapStack: true, release: KernelVersion(6, 1))
    let copies = try Self.copies(configuration, .linux6_1)
    let caught = copies.map { $0.kernel.firstCatcher($0.attempt)?.id }
    let frame = frames ? "rfc-v1" : "linux-6.1"
    // Without its flag PaX refuses the good copies of the cache as well.
    let good: [String?] = [nil, nil, "pax", "pax", nil, nil, nil, nil, nil, nil]
    let bad: [String?] = [
      "pax", "pax", "pax", "pax", frame, frame, "rfc-v1", nil, "linux-6.1", "pax-3.14",
    ]
    #expect(caught == zip(good, bad).flatMap { [$0, $1] })
  }

  /// A trace changes nothing but itself and the texts.
  @Test func recordingDoesNotChangeTheVerdict() throws {
    for era in Era.all {
      for frames in [true, false] {
        let configuration = Configuration(framePointer: frames, release: era.release)
        for (kernel, attempt) in try Self.copies(configuration, era) {
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
