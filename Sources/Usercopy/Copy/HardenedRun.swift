import KernelHistory

/// A copy being judged by hardened usercopy; leaves the outcome behind.
///
/// The kernel is handed to each step rather than kept: copying one costs more than a check.
struct HardenedRun {
  let word: WordSize
  let rules: HardenedRules
  var outcome: CopyOutcome
  /// Bytes, as far as the routine that runs takes them.
  var length: UInt64
  /// Whether trace steps, log lines and warnings are kept.
  let recording: Bool
  /// Functions whose code the trace has shown.
  private var entered: Set<String> = []
  /// The checks of the stack found the range wholly inside it.
  var isInsideStack = false

  init(word: WordSize, rules: HardenedRules, attempt: CopyAttempt, era: String, recording: Bool) {
    self.word = word
    self.rules = rules
    self.recording = recording
    length = attempt.length
    outcome = CopyOutcome(attempt: attempt, era: era)
    outcome.hasWindows = rules.hasWindows
  }

  var attempt: CopyAttempt { outcome.attempt }
  var pointer: Address { outcome.attempt.kernel }
}

/// What one check makes of a range.
enum HardenedAnswer: Equatable {
  /// Nothing to say: the next check is asked.
  case next
  /// The rest of the group has nothing to say either.
  case leaveGroup
  /// The range may be copied.
  case agree
  case refuse
  /// The task never came back.
  case lost
}

extension HardenedRun {
  /// `__check_object_size()`: the table's checks in order.
  mutating func checkObject(_ kernel: Kernel) -> HardenedAnswer {
    var left: HardenedCheck.Group?
    for check in rules.checks {
      if check.group == left { continue }
      if isInsideStack, check.group != .stack { return .agree }
      switch ask(check, kernel) {
      case .next: continue
      case .leaveGroup: left = check.group
      case .agree: return .agree
      case .refuse: return .refuse
      case .lost: return .lost
      }
    }
    return .agree
  }

  private mutating func ask(_ check: HardenedCheck, _ kernel: Kernel) -> HardenedAnswer {
    switch check {
    case .zeroLength: zeroLength()
    case .wrappedAddress: wrappedAddress()
    case .nullAddress: nullAddress()
    case .stackOutline: stackOutline(kernel)
    case .stackFrames: stackFrames(kernel)
    case .stackDepth: stackDepth(kernel)
    case .kmap: kmapPage(kernel)
    case .vmalloc: vmallocArea(kernel)
    case .slabObject: slabObject(kernel)
    case .pageAlloc: pageAlloc(kernel)
    case .pageSpan: pageSpan(kernel)
    case .kernelText: kernelText(kernel)
    }
  }

  /// `usercopy_abort()`: reports what the range was found to be and ends the task.
  mutating func abort(
    _ function: String, _ what: @autoclosure () -> Offender, offset: UInt64, size: UInt64? = nil
  ) -> HardenedAnswer {
    outcome.verdict = .deny
    outcome.refuser = .hardenedUsercopy
    outcome.refusedIn = function
    outcome.consequence = .oops
    outcome.bugAt = rules.bugAt
    if recording { outcome.log.append(report(what(), offset: offset, size: size ?? length)) }
    return .refuse
  }

  /// The text of a report.
  func report(_ what: Offender, offset: UInt64, size: UInt64) -> String {
    let out = attempt.direction != .fromUser
    let (verb, way) = out ? ("exposure", "from") : ("overwrite", "to")
    switch rules.wording {
    case .offsets:
      let quoted = what.detail.map { " '\($0)'" } ?? ""
      return
        "usercopy: Kernel memory \(verb) attempt detected \(way) \(what.object.rawValue)\(quoted) "
        + "(offset \(offset), size \(size))!"
    case .pointers:
      return "usercopy: kernel memory \(verb) attempt detected \(way) "
        + "\(KernelFormat.pointer(pointer, word)) (\(what.bracketed)) (\(length) bytes)"
    }
  }

  /// `usercopy_warn()`: the copy goes on; the kernel says so once per boot.
  mutating func warn(_ what: @autoclosure () -> Offender, offset: UInt64) {
    outcome.usedUpWarning = true
    guard recording else { return }
    let text = report(what(), offset: offset, size: length).dropFirst("usercopy: ".count)
    outcome.warnings.append("Bad or missing usercopy whitelist? " + text)
  }

  mutating func note(_ function: String, _ kind: TraceStep.Kind) {
    guard recording else { return }
    enter(function)
    if case .call(let callee, _) = kind { entered.insert(callee) }
    outcome.trace.append(TraceStep(function, kind))
  }

  /// Records the call of a function met for the first time, from where the checks are made.
  private mutating func enter(_ function: String) {
    let entry = attempt.entry == .checkOnly ? nil : attempt.entry.rawValue
    if entered.isEmpty, let entry { entered.insert(entry) }
    guard entered.insert(function).inserted,
      let last = outcome.trace.last?.function ?? entry
    else { return }
    let root = "__check_object_size"
    let caller = entered.contains(root) && function != root ? root : last
    outcome.trace.append(TraceStep(caller, .call(function, [])))
  }

  /// Records a condition and hands its truth on.
  @discardableResult
  mutating func check(
    _ function: String, _ text: @autoclosure () -> String,
    _ lhs: TraceValue?, _ rhs: TraceValue?, _ result: Bool
  ) -> Bool {
    if recording { note(function, .check(text(), lhs: lhs, rhs: rhs, result: result)) }
    return result
  }
}
