import Scenario
import Simulation
import Usercopy

/// One of the kernel's own usercopy tests (LKDTM): its part of the lesson makes a good copy, which must work,
/// and then a bad one, which must not.
struct KernelTest {
  /// Such as `USERCOPY_SLAB_SIZE_TO`.
  let name: String
  /// Which part of the lesson it is, from 0.
  private let part: Int

  /// The parts of the lesson, in its order, without the prefix.
  static let parts = [
    "SLAB_SIZE_TO", "SLAB_SIZE_FROM", "SLAB_WHITELIST_TO", "SLAB_WHITELIST_FROM",
    "STACK_FRAME_TO", "STACK_FRAME_FROM", "STACK_BEYOND", "VMALLOC", "FOLIO", "KERNEL",
  ]

  /// The test of that name; kernels before 5.19 say `HEAP` for `SLAB`.
  init?(named name: String) {
    let prefix = "USERCOPY_"
    guard name.hasPrefix(prefix) else { return nil }
    let plain = name.dropFirst(prefix.count)
    let modern = plain.hasPrefix("HEAP_") ? "SLAB_" + plain.dropFirst(5) : String(plain)
    guard let part = Self.parts.firstIndex(of: modern) else { return nil }
    self.name = prefix + modern
    self.part = part
  }

  /// Why a scenario gives no answer.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// The steps of a part of the lesson; it ends with its second copy.
  static func steps(of part: Int, in lesson: [ScriptStep]) -> [ScriptStep] {
    var copies = 0
    return lesson.filter { step in
      defer { if case .copy = step.action { copies += 1 } }
      return copies / 2 == part
    }
  }

  /// Plays its part alone on a kernel built and booted as told; what became of its two copies.
  ///
  /// - Parameter warnedBefore: the once-per-boot warning was used up by an earlier test.
  func run(under era: Era, configuration: Configuration, warnedBefore: Bool = false)
    throws(Failure) -> (good: CopyOutcome, bad: CopyOutcome)
  {
    guard let lesson = Lessons.all.first(where: { $0.part == .kernelTests }) else {
      throw Failure(description: "no lesson has the kernel's tests")
    }
    var script: Script
    do throws(Diagnostic) { script = try Lessons.script(lesson) } catch {
      throw Failure(description: error.description)
    }
    script.steps = Self.steps(of: part, in: script.steps)
    script.configuration = configuration
    script.warnedOnce = warnedBefore
    let events = Playback(script, under: era).steps.flatMap(\.events)
    for case .refused(let error) in events { throw Failure(description: "\(error)") }
    let outcomes = events.compactMap { event -> CopyOutcome? in
      if case .copied(let report) = event { report.outcome } else { nil }
    }
    guard outcomes.count == 2, let good = outcomes.first, let bad = outcomes.last else {
      throw Failure(description: "\(outcomes.count) copies instead of a good and a bad one")
    }
    return (good, bad)
  }
}
