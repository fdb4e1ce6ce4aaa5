import Scenario
import Simulation
import Usercopy

/// One of the kernel's own usercopy tests (LKDTM): its scenario makes a good copy, which must work,
/// and then a bad one, which must not.
struct KernelTest {
  /// Such as `USERCOPY_SLAB_SIZE_TO`.
  let name: String
  private let lesson: Lessons.Entry

  /// The test of that name; kernels before 5.19 say `HEAP` for `SLAB`.
  init?(named name: String) {
    let prefix = "USERCOPY_"
    guard name.hasPrefix(prefix) else { return nil }
    let plain = name.dropFirst(prefix.count)
    let modern = plain.hasPrefix("HEAP_") ? "SLAB_" + plain.dropFirst(5) : String(plain)
    let id = "lkdtm-" + modern.lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
    guard let lesson = Lessons.find(id), lesson.part == .kernelTests else { return nil }
    self.name = prefix + modern
    self.lesson = lesson
  }

  /// Why a scenario gives no answer.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Plays the scenario on a kernel built and booted as told; what became of its two copies.
  ///
  /// - Parameter warnedBefore: the once-per-boot warning was used up by an earlier test.
  func run(under era: Era, configuration: Configuration, warnedBefore: Bool = false)
    throws(Failure) -> (good: CopyOutcome, bad: CopyOutcome)
  {
    var script: Script
    do throws(Diagnostic) { script = try Lessons.script(lesson) } catch {
      throw Failure(description: error.description)
    }
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
