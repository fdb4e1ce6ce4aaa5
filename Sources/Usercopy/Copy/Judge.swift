/// An era's rules over one machine, for a copy whose start and length are varied.
///
/// Rulings are those of ``Kernel/judge(_:under:recording:)``; the machine and the rules are taken once for all of
/// them, and no outcome is handed out.
public struct Judge: Sendable {
  /// What is said of a copy.
  public struct Ruling: Sendable, Hashable {
    /// What becomes of it.
    public let verdict: Verdict
    /// Bytes an allowed copy hands over.
    public let handedOver: UInt64
    /// It fills bytes of the kernel's buffer with zeros, which may harm others.
    public let clears: Bool

    init(_ outcome: CopyOutcome) {
      (verdict, handedOver) = (outcome.verdict, outcome.handedOver)
      clears = !outcome.sideEffects.isEmpty
    }
  }

  private let kernel: Kernel
  private let era: Era
  private var attempt: CopyAttempt
  /// The walk through the code of the RFC or of PaX, which keeps the machine; nil under other rules.
  private var rfc: RFCRun?
  private var pax: PaXRun?

  /// A judge of copies that differ from `attempt` in start and length.
  public init(_ kernel: Kernel, under era: Era, varying attempt: CopyAttempt) {
    (self.kernel, self.era, self.attempt) = (kernel, era, attempt)
    guard !attempt.entry.goesInParts else { return }
    switch era.rules {
    case .rfc(let rules):
      rfc = RFCRun(
        kernel: kernel, rules: rules, attempt: attempt, era: era.id, recording: false)
    case .pax(let rules):
      pax = PaXRun(
        kernel: kernel, rules: rules, attempt: attempt, era: era.id, recording: false)
    case .hardened: break
    }
  }

  /// What becomes of the copy of `length` bytes from or to `start`.
  public mutating func ruling(start: Address, length: UInt64) -> Ruling {
    (attempt.kernel, attempt.length) = (start, length)
    return rfc?.ruling(attempt) ?? pax?.ruling(attempt)
      ?? Ruling(kernel.judge(attempt, under: era, recording: false))
  }

  /// The longest copy from a start, at most `limit` bytes, whose ruling is wanted; 0 where none is.
  ///
  /// Lengths are found by halving: of a longer copy no rule asks less, but for those that a rule names.
  public func longest(
    from start: Address, upTo limit: UInt64, _ isWanted: (Ruling, _ length: UInt64) -> Bool
  ) -> UInt64 {
    guard limit > 0 else { return 0 }
    var judge = self
    let lengths = SolvedMap(
      starts: start...start, longest: limit, borders: [], named: namedLengths(upTo: limit)
    ) { start, length in isWanted(judge.ruling(start: start, length: length), length) }
    return lengths.longest(from: start) { $0 } ?? 0
  }

  /// Lengths up to a longest that a rule may treat unlike their neighbours: constants that are switched
  /// over, sizes of values, and where a length is cut to 32 bits.
  public func namedLengths(upTo longest: UInt64) -> [UInt64] {
    var named: [UInt64] = []
    if attempt.entry == .copyStructFromUser, let known = attempt.objectSize, known > 0 {
      named += [known - 1, known, known &+ 1].filter { (1...longest).contains($0) }
    }
    if attempt.isConstant || attempt.entry.valueSizes != nil { named += 2...17 }
    for power in [31, 32, 33] as [UInt64] where longest >= 1 << power {
      named += [(1 << power) - 1, 1 << power, (1 << power) + 1]
    }
    return named
  }
}
