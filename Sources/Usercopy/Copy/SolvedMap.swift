/// How copies come out by start and length, for all starts of a range and all lengths up to a longest one.
///
/// For one start the outcome changes at a few lengths. From start to start such a length stays, or it
/// shrinks by a byte where what ends there stays. So runs of starts are kept, not starts. Lengths are
/// found by halving: of a longer copy no rule asks less, so between two lengths that come out alike all do,
/// but for those that a rule names.
public struct SolvedMap<Answer: Hashable & Sendable>: Sendable {
  /// The outcomes of one start, each with the first length that it holds for, from 1 up.
  private struct Ladder {
    var steps: [(from: UInt64, answer: Answer)]
  }

  /// A run of starts whose ladders have the same steps.
  private struct Run: Sendable {
    var first, last: Address
    /// The steps at the first start, and whether each begins a byte earlier from start to start.
    var steps: [(from: UInt64, slides: Bool, answer: Answer)]

    /// The step that a length is on, for a start of the run.
    func step(_ start: Address, _ length: UInt64) -> Int {
      let distance = start - first
      return (steps.lastIndex { $0.from - ($0.slides ? distance : 0) <= length }) ?? 0
    }
  }

  private var runs: [Run] = []
  private let longest: UInt64
  /// Lengths that a rule may name by themselves.
  private let named: [UInt64]

  /// Solves a map.
  ///
  /// - Parameters:
  ///   - starts: the first and the last start.
  ///   - longest: the longest length, at least 1.
  ///   - borders: where something begins or ends that a rule compares with, in order.
  ///   - named: lengths that a rule may treat unlike their neighbours.
  ///   - answer: how a copy comes out.
  public init(
    starts: ClosedRange<Address>, longest: UInt64, borders: [Address], named: [UInt64],
    answer: (Address, UInt64) -> Answer
  ) {
    self.longest = max(1, longest)
    self.named = named.filter { $0 > 1 && $0 < longest }.sorted()
    var first = starts.lowerBound
    for border in borders where border > starts.lowerBound && border <= starts.upperBound {
      solve(first, ladder(first, answer), border - 1, nil, answer)
      first = border
    }
    solve(first, ladder(first, answer), starts.upperBound, nil, answer)
  }

  /// The one answer of all copies of a cell; nil where they differ, or where none lies on the map.
  public func answer(_ starts: ClosedRange<Address>, _ lengths: ClosedRange<UInt64>) -> Answer? {
    var found: Answer?
    var index = runs.partitioningIndex { $0.last >= starts.lowerBound }
    while index < runs.count, runs[index].first <= starts.upperBound {
      let run = runs[index]
      let (low, high) = (max(run.first, starts.lowerBound), min(run.last, starts.upperBound))
      // The step's borders are straight lines: what holds at the corners holds between them.
      let step = run.step(low, lengths.lowerBound)
      let isWhole = [
        (low, lengths.upperBound), (high, lengths.lowerBound), (high, lengths.upperBound),
      ].allSatisfy {
        run.step($0, $1) == step
      }
      if isWhole {
        let answer = run.steps[step].answer
        if let found, found != answer { return nil }
        found = answer
      } else {
        guard let only = onlyAnswer(run, low, high, lengths), found == nil || found == only else {
          return nil
        }
        found = only
      }
      index += 1
    }
    return found
  }

  /// Every answer that some copy of the map has.
  public var answers: Set<Answer> { Set(runs.lazy.flatMap { $0.steps.lazy.map(\.answer) }) }

  /// The longest length at a start whose answer is wanted; nil where none is.
  public func longest(from start: Address, _ isWanted: (Answer) -> Bool) -> UInt64? {
    guard let run = runs.first(where: { $0.first <= start && start <= $0.last }) else { return nil }
    let distance = start - run.first
    var end = longest
    for step in run.steps.reversed() {
      if isWanted(step.answer) { return end }
      end = step.from - (step.slides ? distance : 0) - 1
    }
    return nil
  }

  /// Several steps of a run may have one answer, a step between them that holds for no length of the cell.
  private func onlyAnswer(
    _ run: Run, _ low: Address, _ high: Address, _ lengths: ClosedRange<UInt64>
  ) -> Answer? {
    var steps: Set<Int> = []
    for start in [low, high] {
      steps.formUnion(run.step(start, lengths.lowerBound)...run.step(start, lengths.upperBound))
    }
    let (first, last) = (steps.min() ?? 0, steps.max() ?? 0)
    let answers = Set(run.steps[first...last].map(\.answer))
    return answers.count == 1 ? answers.first : nil
  }

  // MARK: Solving

  /// Adds the runs from `first` to `last`; a run is one where both ends and the middle agree.
  private mutating func solve(
    _ first: Address, _ low: Ladder, _ last: Address, _ known: Ladder?,
    _ answer: (Address, UInt64) -> Answer
  ) {
    guard first < last else { return add(first, last, low, low) }
    let high = known ?? ladder(last, answer)
    let middle = first + (last - first) / 2
    guard middle > first else {
      if !fits(low, high, last - first) {
        add(first, first, low, low)
        return add(last, last, high, high)
      }
      return add(first, last, low, high)
    }
    let between = ladder(middle, answer)
    if fits(low, high, last - first), fits(low, between, middle - first),
      fits(between, high, last - middle)
    {
      return add(first, last, low, high)
    }
    solve(first, low, middle, between, answer)
    solve(middle + 1, ladder(middle + 1, answer), last, high, answer)
  }

  /// Whether two ladders have the same steps, each begun at the same length or `distance` bytes earlier.
  private func fits(_ a: Ladder, _ b: Ladder, _ distance: UInt64) -> Bool {
    a.steps.count == b.steps.count
      && zip(a.steps, b.steps).allSatisfy { a, b in
        a.answer == b.answer && (a.from == b.from || a.from == b.from &+ distance)
      }
  }

  private mutating func add(_ first: Address, _ last: Address, _ low: Ladder, _ high: Ladder) {
    let steps = zip(low.steps, high.steps).map { low, high in
      (from: low.from, slides: low.from != high.from, answer: low.answer)
    }
    runs.append(Run(first: first, last: last, steps: steps))
  }

  private func ladder(_ start: Address, _ answer: (Address, UInt64) -> Answer) -> Ladder {
    let first = answer(start, 1)
    var ladder = Ladder(steps: [(1, first)])
    var low = (length: UInt64(1), answer: first)
    for length in named + (longest > 1 ? [longest] : []) {
      let high = (length: length, answer: answer(start, length))
      climb(start, low, high, answer, &ladder)
      low = high
    }
    return ladder
  }

  /// Finds the steps between two lengths.
  private func climb(
    _ start: Address, _ low: (length: UInt64, answer: Answer),
    _ high: (length: UInt64, answer: Answer), _ answer: (Address, UInt64) -> Answer,
    _ ladder: inout Ladder
  ) {
    guard low.answer != high.answer else { return }
    guard high.length - low.length > 1 else {
      return ladder.steps.append((high.length, high.answer))
    }
    let length = low.length + (high.length - low.length) / 2
    let middle = (length: length, answer: answer(start, length))
    climb(start, low, middle, answer, &ladder)
    climb(start, middle, high, answer, &ladder)
  }
}

extension Array {
  /// The first index whose element fulfils a condition that all later ones fulfil too.
  fileprivate func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
