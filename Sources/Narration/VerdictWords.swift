public import Simulation
public import Usercopy

/// Verdicts in words.
public enum VerdictWords {
  /// The whole sentence: `DENIED by slab_access_ok · returns 150 not copied`.
  public static func sentence(_ outcome: CopyOutcome) -> String {
    switch outcome.verdict {
    case .allow: allowed(outcome)
    case .deny: "DENIED by \(refuser(outcome)) · \(reaction(outcome))"
    case .bug: "BUG in \(outcome.bugAt ?? "the allocator") · the task dies in an oops"
    case .hang: "HANG · the frame walk meets a frame twice and never ends"
    }
  }

  /// The verdict in a word, for letters that a whole room reads: `DENIED`, `LEAKS`.
  public static func large(_ report: CopyReport) -> String {
    switch report.outcome.verdict {
    case .allow:
      if !report.leaks.isEmpty { return report.effect.leaked > 0 ? "LEAKS" : "HARMS" }
      if report.outcome.movedNothing { return "FAULTS" }
      return report.outcome.isCutShort ? "SHORT" : "ALLOWED"
    case .deny: return "DENIED"
    case .bug: return "BUG"
    case .hang: return "HANG"
    }
  }

  /// What a copy asks for, without what becomes of it: `copy_to_user of 150 bytes from request+56`.
  public static func asked(_ report: CopyReport) -> String {
    let attempt = report.outcome.attempt
    let way = attempt.direction == .toUser ? "from" : "into"
    return "\(attempt.entry.rawValue) of \(ValueWords.bytes(attempt.length)) \(way) "
      + "\(report.place)\(ValueWords.offset(report.offset))"
  }

  /// The verdict alone, for narrow screens: `DENIED by slab_access_ok`.
  public static func brief(_ outcome: CopyOutcome) -> String {
    switch outcome.verdict {
    case .allow: "ALLOWED"
    case .deny: "DENIED by \(refuser(outcome))"
    case .bug: "BUG in \(outcome.bugAt ?? "the allocator")"
    case .hang: "HANG in the frame walk"
    }
  }

  /// The verdict and what it did not stop, the longest form first:
  /// `ALLOWED · not caught: 12 of object 'secret'`, `ALLOWED · not caught: 12 bytes not its own`.
  public static func leaking(_ report: CopyReport) -> [String] {
    let outcome = report.outcome
    let bytes = ValueWords.bytes(report.effect.toll)
    let words = leak(report) ?? "leaky"
    let whole = "\(brief(outcome)) · \(words)"
    return (outcome.verdict == .allow ? [] : ["\(sentence(outcome)) · \(words)"])
      + [whole, "\(brief(outcome)) · not caught: \(bytes) not its own"]
  }

  private static func allowed(_ outcome: CopyOutcome) -> String {
    if outcome.isCheckOnly { return "ALLOWED · check only, nothing copied" }
    if outcome.attempt.entry.movesAccess {
      let isOpen = outcome.attempt.entry == .userAccessBegin
      return "ALLOWED · user memory is \(isOpen ? "open" : "closed")"
    }
    let warned = outcome.warnings.isEmpty ? "" : " · warned"
    if outcome.attempt.entry.clears {
      let done = outcome.effectiveLength - outcome.leftOver
      return "ALLOWED · \(ValueWords.bytes(done)) cleared\(warned)"
    }
    if outcome.movedNothing { return "ALLOWED · \(fault(outcome))\(warned)" }
    if outcome.isCutShort {
      return "ALLOWED · \(ValueWords.bytes(outcome.copied)) copied, "
        + "\(ValueWords.quantity(outcome.leftOver)) left over\(warned)"
    }
    let filled = outcome.filled > 0 ? ", \(ValueWords.quantity(outcome.filled)) set to zero" : ""
    return "ALLOWED · \(ValueWords.bytes(outcome.copied)) copied\(filled)\(warned)"
  }

  /// Why a literal build of the patch would not have got this far; nil where it would.
  public static func unbuilt(_ outcome: CopyOutcome) -> String? {
    if outcome.undefinedByPatch {
      return "as mailed this does not build: the function without checks is defined for x86-64 only"
    }
    return outcome.isMisspelt
      ? "as mailed this does not build: '#undef copy_to_user_uncheched' is misspelt" : nil
  }

  /// What a refusal does.
  public static func reaction(_ outcome: CopyOutcome) -> String {
    switch outcome.consequence {
    case .none: return "nothing happens"
    case .oops: return "the task dies in an oops"
    case .livelock: return "the processor never comes back"
    case .sigkill: return "the task is killed (SIGKILL)"
    case .returnCount:
      if let left = outcome.notCopied {
        let count = "\(ValueWords.quantity(left)) not copied"
        // An int cannot hold every count.
        guard let returned = outcome.returned?.value, returned < 0 else {
          return "returns \(count)"
        }
        return "returns \(returned), \(count)"
      }
      return "returns \(outcome.returned?.value ?? 0)"
    }
  }

  /// Who refused, by the name of the function.
  public static func refuser(_ outcome: CopyOutcome) -> String {
    switch outcome.refuser {
    case .slab?: "slab_access_ok"
    case .stack?: "stack_access_ok"
    case .hardenedUsercopy?: outcome.refusedIn ?? "hardened usercopy"
    case .paxUsercopy?: outcome.refusedIn ?? "PaX"
    case .accessOK?: "access_ok"
    case .objectSize?, .compileTimeObjectSize?: "the compile-time object size"
    case .lengthOverIntMax?: "the length limit (INT_MAX)"
    case .trailingBytes?: outcome.refusedIn ?? "check_zeroed_user"
    case .smap?: "SMAP"
    case .allocatorBugOn?: "the allocator's BUG_ON"
    case nil:
      switch outcome.verdict {
      case .bug: "the allocator's BUG_ON"
      case .hang: "the endless frame walk"
      case .allow, .deny: "nobody"
      }
    }
  }

  /// The same in few columns.
  public static func briefRefuser(_ outcome: CopyOutcome) -> String {
    switch outcome.refuser {
    case .objectSize?, .compileTimeObjectSize?: "the compile-time size"
    case .lengthOverIntMax?: "a length over INT_MAX"
    case .slab?, .stack?, .hardenedUsercopy?, .paxUsercopy?, .accessOK?, .trailingBytes?, .smap?,
      .allocatorBugOn?, nil:
      refuser(outcome)
    }
  }

  /// One or two words for the era strip.
  public static func short(_ outcome: CopyOutcome) -> String {
    switch outcome.verdict {
    case .allow:
      if outcome.usedUpWarning || !outcome.warnings.isEmpty {
        "warn"
      } else {
        outcome.movedNothing ? "faults" : outcome.isCutShort ? "short" : "allow"
      }
    case .bug: "BUG_ON"
    case .hang: "hang"
    case .deny:
      switch outcome.consequence {
      case .sigkill: "SIGKILL"
      case .oops: "BUG"
      default: "deny"
      }
    }
  }

  /// One or two words when it is known what the copy did to bytes that were not its own: `leaks`, `harms`.
  public static func short(_ outcome: CopyOutcome, _ effect: CopyEffect) -> String {
    effect.toll == 0 ? short(outcome) : effect.leaked > 0 ? "leaks" : "harms"
  }

  /// The same copy under each era: `pax SIGKILL, rfc-v1 deny, …`. A refusal that harms says both.
  public static func eras(_ verdicts: [CopyOutcome], on kernel: Kernel) -> String {
    verdicts.map { outcome in
      let effect = kernel.effect(outcome)
      let word = short(outcome, effect)
      let isBoth = outcome.verdict != .allow && effect.toll > 0
      return "\(outcome.era) \(isBoth ? "\(short(outcome)) but \(word)" : word)"
    }.joined(separator: ", ")
  }

  /// What bytes are that moved although they were not the object's own: read ones leak, written ones are
  /// another object's, corrupted.
  public static func leaky(_ direction: CopyDirection) -> String {
    direction == .fromUser ? "harmed" : "leaky"
  }

  /// What came of a copy that faulted, the longest form first.
  public static func faulted(_ outcome: CopyOutcome) -> [String] {
    guard !outcome.movedNothing else {
      return ["FAULTED · \(fault(outcome))", "FAULTED · nothing copied"]
    }
    let copied = ValueWords.bytes(outcome.copied)
    let left = ValueWords.quantity(outcome.leftOver)
    return [
      "SHORT · the check passes, but only \(copied) are copied, \(left) left over",
      "SHORT · \(copied) copied, \(left) left over", "SHORT · \(copied) copied",
    ]
  }

  private static func fault(_ outcome: CopyOutcome) -> String {
    "the check passes, but no byte is copied, \(ValueWords.quantity(outcome.leftOver)) left over"
  }

  /// What a copy handed out, wrote over or cleared that was not its own; nil for nothing.
  public static func leak(_ report: CopyReport) -> String? {
    guard !report.leaks.isEmpty else { return nil }
    var kinds: [(words: String, bytes: UInt64)] = []
    for run in report.leaks {
      let words = whose(run)
      if let known = kinds.firstIndex(where: { $0.words == words }) {
        kinds[known].bytes &+= run.length
      } else {
        kinds.append((words, run.length))
      }
    }
    let list = kinds.prefix(4).map { "\(ValueWords.quantity($0.bytes)) of \($0.words)" }
    return "not caught: " + list.joined(separator: ", ") + (kinds.count > 4 ? ", …" : "")
  }

  /// Whose bytes a run is: `object 'secret'`, `local variable 'sin' never written, left by 'typed' of login`.
  private static func whose(_ run: StoryRun) -> String {
    let place = run.label.isEmpty ? run.kind.words : "\(run.kind.words) '\(run.label)'"
    let part = run.isPadding ? "padding of \(place)" : place
    switch (run.story, run.author) {
    case (.unwritten, .owner(let holder)), (.unwritten, .initialised(let holder)):
      let of = holder.function.isEmpty ? "" : " of \(holder.function)"
      return "\(part) never written, left by '\(holder.name)'\(of)"
    case (.unwritten, .poison): return "\(part) never written, poison"
    case (.unwritten, _): return "\(part) never written"
    case (.allocator, .freelist(let isEncoded)):
      return "the \(isEncoded ? "encoded " : "")freelist pointer in \(place)"
    default: return part
    }
  }

  /// How many of the bytes asked for lay inside the bounds: `8 of 150 bytes were inside`.
  public static func arithmetic(_ report: CopyReport) -> String? {
    // A bad user pointer is refused whatever lies at the kernel's end.
    guard report.outcome.verdict == .deny, report.outcome.refuser?.looksAtUser != true,
      report.outcome.range.length > 0
    else { return nil }
    let inside = report.marks.filter { $0.mark == .allowed }.reduce(UInt64(0)) {
      $0 &+ $1.range.length
    }
    let all = report.outcome.range.length
    return "\(ValueWords.quantity(inside)) of \(ValueWords.bytes(all)) lay inside the bounds"
  }
}
