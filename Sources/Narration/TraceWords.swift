import Text
public import Usercopy

/// One line of a check, ready to be drawn.
public struct TraceLine: Sendable, Hashable {
  /// How the line counts.
  public enum Mark: Sendable, Hashable {
    case call
    case value
    case passed
    /// The comparison that decided against the copy.
    case decided
    case leave
    /// A function that let the copy pass.
    case agreed
    /// A function that did not.
    case refused
  }

  /// What the line is to the verdict.
  public var mark: Mark
  /// Nesting, 0 for the entry point.
  public var depth: Int
  /// The condition or call in words.
  public var text: String
  /// Whether a condition held, `yes` or `no`; empty for other lines.
  public var answer = ""
  /// What was compared or computed.
  public var values: String

  /// Answer and values: `yes  150 <= 8`, comparisons one below the other.
  public var result: String {
    guard !answer.isEmpty, !values.isEmpty else { return answer + values }
    return (answer == "no" ? "no   " : "yes  ") + values
  }
}

/// Traces in words.
public enum TraceWords {
  /// The lines of an outcome's trace, the deciding one marked.
  public static func lines(_ outcome: CopyOutcome) -> [TraceLine] {
    let deciding = decidingStep(outcome)
    var running: [String] = []
    return outcome.trace.enumerated().map { index, step in
      if let known = running.lastIndex(of: step.function) {
        running.removeSubrange((known + 1)...)
      } else {
        running.append(step.function)
      }
      let depth = running.count - 1
      var line = self.line(step, depth: depth)
      if index == deciding { line.mark = .decided }
      if let old = oldFrame(outcome.trace, index) {
        line.text = "oldframe, frame ="
        line.values = "\(old), \(line.values)"
      }
      return line
    }
  }

  /// What `oldframe` becomes in a step of the walk that only tells of `frame`: the frame before.
  private static func oldFrame(_ trace: [TraceStep], _ index: Int) -> String? {
    guard case .assign("frame", _, _) = trace[index].kind else { return nil }
    for step in trace[..<index].reversed() {
      switch step.kind {
      case .assign("oldframe", _, _): return nil
      case .assign("frame", let value, _): return ValueWords.value(value)
      default: continue
      }
    }
    return nil
  }

  /// Index of the comparison that decided against the copy; nil when it was allowed.
  public static func decidingStep(_ outcome: CopyOutcome) -> Int? {
    guard outcome.verdict != .allow else { return nil }
    let refusal = outcome.trace.firstIndex { step in
      if case .leave(.truth(false)) = step.kind { true } else { false }
    }
    let end = refusal ?? outcome.trace.endIndex
    return outcome.trace[..<end].lastIndex { step in
      switch step.kind {
      // The fallback only asks whether a broken bound matters; the bound decides.
      case .check(let text, _, _, _): text != "usercopy_fallback"
      case .bug, .loop: true
      default: false
      }
    }
  }

  /// Conditions that are not shown: each let the check go on.
  public static func agreed(_ count: Int) -> String {
    count == 1 ? "1 more agreed" : "\(count) more agreed"
  }

  private static func line(_ step: TraceStep, depth: Int) -> TraceLine {
    switch step.kind {
    case .check(let text, let lhs, let rhs, let result):
      TraceLine(
        mark: .passed, depth: depth, text: text, answer: result ? "yes" : "no",
        values: comparison(text, lhs, rhs))
    case .assign(let name, let value, let truncated):
      TraceLine(
        mark: .value, depth: depth, text: "\(name) =",
        values: ValueWords.value(value)
          + (truncated.map { " cut from \(ValueWords.quantity($0))" } ?? ""))
    case .call(let callee, let arguments):
      TraceLine(
        mark: .call, depth: depth, text: "\(callee)()",
        values: arguments.map { "\($0.name) \(ValueWords.value($0.value))" }
          .joined(separator: ", "))
    case .leave(let value):
      TraceLine(
        mark: value == .truth(false) ? .refused : value == .truth(true) ? .agreed : .leave,
        depth: depth, text: "\(step.function) returns",
        values: ValueWords.value(value))
    case .loop(let frame):
      TraceLine(
        mark: .passed, depth: depth, text: "the same frame again",
        values: ValueWords.value(.address(frame)))
    case .bug(let condition):
      TraceLine(mark: .passed, depth: depth, text: "BUG_ON(\(condition))", values: "")
    }
  }

  /// `150 <= 8`, the operator taken from the condition's own text.
  private static func comparison(_ text: String, _ lhs: TraceValue?, _ rhs: TraceValue?) -> String {
    guard let lhs else { return "" }
    guard let rhs else { return ValueWords.value(lhs) }
    let words = text.split(separator: " ").map(String.init)
    let sign = words.first { ["<=", ">=", "<", ">", "==", "!="].contains($0) }
    let (left, right) = pair(lhs, rhs)
    let between = sign.map { " \($0)" } ?? (text.hasPrefix("!") ? " ==" : ",")
    return "\(left)\(between) \(right)"
  }

  /// Both values; of two addresses as many digits as tell them apart.
  private static func pair(_ lhs: TraceValue, _ rhs: TraceValue) -> (String, String) {
    guard case .address(let left) = lhs, case .address(let right) = rhs else {
      return (ValueWords.value(lhs), ValueWords.value(rhs))
    }
    let areSmall = (ValueWords.isSmall(left), ValueWords.isSmall(right))
    guard areSmall == (false, false) else {
      return (
        beside(right, left, isSmall: areSmall.0), beside(left, right, isSmall: areSmall.1)
      )
    }
    var digits = 4
    while digits < 16, left >> UInt64(4 * digits) != right >> UInt64(4 * digits) { digits += 4 }
    func cut(_ address: Address) -> String {
      (digits < 16 ? "…" : "") + String(address.hex(width: digits).suffix(digits))
    }
    return (cut(left), cut(right))
  }

  /// An address beside a small number: whole where its last digits alone would compare in another way.
  private static func beside(_ other: Address, _ address: Address, isSmall: Bool) -> String {
    let last = address & 0xffff
    let misleads = (last < other) != (address < other) || last == other
    return isSmall || !misleads ? ValueWords.value(.address(address)) : "0x" + address.hex()
  }
}
