import KernelHistory
public import KernelLog
public import Simulation
import Usercopy

/// What the copy of a report comes to under the other eras.
public enum ReportVerdicts {
  /// All that the verdicts depend on: reports that agree in it are answered alike.
  public struct Question: Hashable {
    private var wording: Wording
    private var direction: KernelLog.CopyDirection?
    private var words: [String?]
    private var numbers: [UInt64?]
    private var eras: [String]
    private var machine: Machine?
    private var isComplete: Bool
    private var pages: CacheFacts?

    /// The question a report asks.
    public init(_ report: Report) {
      wording = report.wording
      direction = report.direction
      words = [report.object, report.cache, report.detail, report.address]
      numbers = [report.offset, report.size]
      eras = ReportScene.eras(report)
      machine = report.aftermath.machine
      isComplete = report.complete
      pages = report.pages
    }
  }

  /// The verdicts of every era on a report's scene, and how far they depend on what the report does not tell.
  ///
  /// - Parameters:
  ///   - report: the report.
  ///   - script: its scene.
  public static func statements(_ report: Report, _ script: Script) -> [Statement] {
    guard let last = script.steps.last, case .copy(let copy) = last.action,
      let playback = try? Playback(script), let before = playback.steps.last?.before,
      let verdicts = try? before.comparison(copy)
    else { return [] }
    let eras = VerdictWords.eras(verdicts, on: before.kernel)
    if report.pages?.window != nil, report.offset != nil {
      return [Statement(.known, "The same copy on the kernel's own cache in every era: \(eras).")]
    }
    let assessment = Assessment(report)
    guard let bounds = assessment.bounds, bounds.exact == nil,
      let object = script.caches.first?.objectSize,
      let size = report.size
    else { return [Statement(basis(report), "The same copy in every era: \(eras).")] }
    let end = (report.offset ?? 0).addingReportingOverflow(size)
    if !end.overflow, end.partialValue <= object {
      return fitting(eras, end.partialValue, bounds)
    }
    return [
      Statement(
        .assumed,
        "The same copy in every era, if the object has \(ValueWords.bytes(object)) (assumed): \(eras)."
      )
    ]
  }

  private static func basis(_ report: Report) -> Basis {
    report.known == .processStack || report.offset == nil ? .assumed : .concluded
  }

  private static func fitting(_ eras: String, _ end: UInt64, _ bounds: ObjectSize) -> [Statement] {
    if bounds.least >= end {
      return [
        Statement(.concluded, "The same copy in every era, from a cache without a window: \(eras).")
      ]
    }
    return [
      Statement(
        .assumed,
        "The same copy in every era, if the object has at least \(ValueWords.bytes(end)) and its cache no window "
          + "(assumed): \(eras)."),
      Statement(
        .assumed,
        "If it has fewer (assumed), every era that looks at slab objects refuses the copy."),
    ]
  }
}
