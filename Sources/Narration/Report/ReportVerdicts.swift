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
    else {
      let condition = condition(report, assessment)
      return [
        Statement(
          condition == nil ? .concluded : .assumed,
          "The same copy in every era\(condition.map { ", \($0) (assumed)" } ?? ""): \(eras).")
      ]
    }
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

  /// What is taken to be so where the report does not tell where the copy starts; nil where it does.
  private static func condition(_ report: Report, _ assessment: Assessment) -> String? {
    if report.known == .processStack {
      if report.stackDistance != nil { return "if the stack is laid out as drawn" }
      let isInside = report.size.flatMap(assessment.liesInStack) == true
      return isInside
        ? "if it crosses a frame's border as drawn" : "if it runs over the stack's end"
    }
    if report.known == .wrappedAddress, let end = report.size {
      return end >> 63 != 0 ? "if its length is -1" : "if it starts as drawn"
    }
    guard report.offset == nil else { return nil }
    if assessment.offset != nil { return "if objects are aligned to their size" }
    return assessment.leastOffset.map { "if it starts \(ValueWords.bytes($0)) in" }
      ?? "if it starts where the object does"
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
