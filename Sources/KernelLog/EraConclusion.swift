public import KernelHistory

/// The age of the kernel that printed a report: one answer made of all that speaks for it.
public struct EraConclusion: Sendable, Equatable {
  /// The release the kernel printed about itself.
  public var release: String?
  /// The spans of mainline releases left, first and last; more than one where nothing decides between them.
  public var spans: [Span]
  /// A patch that was never merged ("rfc-v2", "pax"), where the report is its.
  public var patch: String?
  /// What that rests on.
  public var basis: Basis
  /// What agrees with it.
  public var agreeing: [EraGuess]
  /// What belongs to other releases than the kernel's own: its check was taken over from there.
  public var backported: [EraGuess]

  /// Releases from the first to the last.
  public struct Span: Sendable, Hashable {
    /// The first release.
    public var first: KernelVersion
    /// The last; nil: still.
    public var last: KernelVersion?

    func contains(_ other: Span) -> Bool { meets(other) == other }

    func meets(_ other: Span) -> Span? {
      let first = max(first, other.first)
      let last = [last, other.last].compactMap(\.self).min()
      if let last, last < first { return nil }
      return Span(first: first, last: last)
    }
  }

  /// Weighs what speaks for a report's age.
  public init(_ report: Report) {
    let guesses = report.eraGuesses
    let mainline = guesses.filter { $0.span != nil }
    patch = mainline.isEmpty ? guesses.first?.id : nil
    spans = []
    agreeing = patch == nil ? [] : guesses
    backported = []
    basis = .concluded
    if case .release(let text)? = guesses.first?.reason, let own = guesses.first?.span {
      release = text
      spans = [own]
      basis = .known
      agree(with: own, Array(mainline.dropFirst()))
    } else {
      combine(mainline)
    }
  }

  /// Splits what else speaks into what agrees with the kernel's own word and what does not.
  private mutating func agree(with own: Span, _ rest: [EraGuess]) {
    for guess in rest where !agreeing.contains(guess) {
      if guess.span?.meets(own) != nil {
        agreeing.append(guess)
      } else if !rest.contains(where: {
        $0.isAssertion == guess.isAssertion && $0.span?.meets(own) != nil
      }) {
        backported.append(guess)
      }
    }
  }

  /// The releases that all kinds of evidence allow; a kind that excludes the others is a backport's.
  private mutating func combine(_ mainline: [EraGuess]) {
    let assertions = mainline.filter(\.isAssertion)
    let words = mainline.filter { !$0.isAssertion }
    let wordSpans = words.compactMap(\.span)
    let lines = assertions.compactMap(\.span)
    let met = lines.flatMap { line in wordSpans.compactMap { line.meets($0) } }
    if lines.isEmpty || wordSpans.isEmpty {
      spans = lines + wordSpans
      agreeing = assertions + words
    } else if met.isEmpty {
      spans = wordSpans
      agreeing = words
      backported = assertions
    } else {
      spans = met
      agreeing = mainline.filter { guess in
        !guess.isAssertion || wordSpans.contains { guess.span?.meets($0) != nil }
      }
    }
    let all = spans
    spans = all.indices.filter { index in
      !all.indices.contains { other in
        other != index && all[other].contains(all[index])
          && (all[other] != all[index] || other < index)
      }
    }.map { all[$0] }
  }
}

extension EraGuess {
  /// The releases meant; nil for patches that were not merged.
  var span: EraConclusion.Span? { first.map { EraConclusion.Span(first: $0, last: last) } }

  var isAssertion: Bool {
    if case .bugLine = reason { true } else { false }
  }
}
