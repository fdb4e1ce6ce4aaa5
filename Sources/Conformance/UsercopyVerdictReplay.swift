import JSON
import KernelHistory
import Simulation
import Usercopy

/// Checks derived verdicts of the kernel's own usercopy tests (`lkdtm-verdicts.jsonl`): a line a
/// test, a column an era.
public enum UsercopyVerdictReplay {
  /// Whether a line gives verdicts of such a test by era.
  static func recognises(_ line: JSONValue) -> Bool {
    line["policy"] == nil && line["result"] == nil
      && line["test"]?.string.flatMap(KernelTest.init(named:)) != nil
  }

  static func replay(_ line: JSONValue) -> VectorResult {
    let test = line["test"]?.string ?? "?"
    return VectorResult(
      id: "lkdtm-verdicts/\(test)", group: "lkdtm-verdicts", policy: "eras",
      mismatches: check(line))
  }

  /// A column: the eras it speaks of, and how the kernels are built.
  private struct Column {
    var key: String
    var eras: [Era]
    /// Frame pointers kept; nil when the column speaks of both.
    var frames: Bool?
    var fallback = false
  }

  private static let columns = [
    Column(key: "rfc1-fp", eras: [.rfcV1], frames: true),
    Column(key: "rfc1-nofp", eras: [.rfcV1], frames: false),
    Column(key: "pax2011", eras: [.pax]), Column(key: "pax3.14", eras: [.pax314]),
    Column(key: "4.8", eras: [.linux4_8]), Column(key: "4.16-strict", eras: [.linux4_16]),
    Column(key: "4.16-fallback", eras: [.linux4_16], fallback: true),
    Column(
      key: "5.19+",
      eras: [KernelVersion(5, 19)].compactMap(Era.linux) + [.linux6_1, .linux6_12, .linux7_2]),
  ]

  static func check(_ line: JSONValue) -> [Mismatch] {
    guard let test = line["test"]?.string.flatMap(KernelTest.init(named:)) else {
      return [Mismatch(place: "line", expected: "a usercopy test", got: line.text)]
    }
    var found: [Mismatch] = []
    var before = ""
    for column in columns {
      guard var text = line[column.key]?.string else {
        found.append(Mismatch(place: column.key, expected: "a verdict", got: "nothing"))
        continue
      }
      if text.hasPrefix("same") { text = before }
      before = text
      guard let wanted = DerivedVerdict(text) else {
        found.append(Mismatch(place: column.key, expected: "a known verdict", got: text))
        continue
      }
      for era in column.eras { found += check(test, era, column, wanted, text) }
    }
    return found
  }

  /// Runs the test under one era, on every kernel build the verdict speaks of.
  private static func check(
    _ test: KernelTest, _ era: Era, _ column: Column, _ wanted: DerivedVerdict, _ text: String
  ) -> [Mismatch] {
    var found: [Mismatch] = []
    for frames in column.frames.map({ [$0] }) ?? [true, false] {
      for span in wanted.dependsOnPageSpan ? [false, true] : [false] {
        let configuration = Configuration(
          framePointer: frames, usercopyFallback: column.fallback, pageSpan: span,
          release: era.release)
        let place = "\(column.key) \(era.id)\(frames ? " fp" : "")\(span ? " pagespan" : "")"
        do throws(KernelTest.Failure) {
          let (good, bad) = try test.run(under: era, configuration: configuration)
          let outcome = Expectation.Outcome(bad)
          if !wanted.allows(outcome, frames: frames, pageSpan: span) {
            found.append(Mismatch(place: place, expected: text, got: outcome.rawValue))
          }
          let end = Expectation.Outcome(good)
          if end != (wanted.goodCopyToo ? outcome : .whole) {
            found.append(
              Mismatch(place: place + " good copy", expected: text, got: end.rawValue))
          }
        } catch {
          found.append(Mismatch(place: place, expected: text, got: error.description))
        }
      }
    }
    return found
  }
}

/// What a table of derived verdicts says in words, such as `BUG if arch frame walk, else pass`.
struct DerivedVerdict {
  private var outcome: Expectation.Outcome
  private var needsFrames: Bool
  private var isShort: Bool
  let dependsOnPageSpan: Bool
  /// The good copy comes to the same end.
  let goodCopyToo: Bool

  init?(_ text: String) {
    let outcomes: [(String, Expectation.Outcome)] = [
      ("reject", .return), ("kill", .sigkill), ("BUG", .oops), ("WARN_ONCE", .warn),
      ("pass", .allow),
    ]
    guard let (_, outcome) = outcomes.first(where: { text.hasPrefix($0.0) }) else { return nil }
    self.outcome = outcome
    needsFrames = text.contains("FP only") || text.contains("if arch frame walk, else pass")
    isShort = text.contains("returns short")
    dependsOnPageSpan = text.contains("unless PAGESPAN")
    goodCopyToo = text.contains("good copy too")
  }

  /// Whether it says so of a kernel with or without frame pointers and the page-span option.
  ///
  /// A plain `pass` speaks of the check alone: what it let through may still have come back short.
  func allows(_ got: Expectation.Outcome, frames: Bool, pageSpan: Bool) -> Bool {
    var wanted = outcome
    if dependsOnPageSpan, pageSpan { wanted = .oops }
    if needsFrames, !frames { wanted = .allow }
    if wanted == .allow { return got == .short || (got == .whole && !isShort) }
    return got == wanted
  }
}
