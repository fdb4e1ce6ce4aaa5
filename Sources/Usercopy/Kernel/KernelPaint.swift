/// How a byte of a copy is shown.
public enum ByteMark: String, Sendable, Hashable, CaseIterable {
  /// Moved, or inside what the check allows.
  case allowed
  /// The bytes for which the copy was refused.
  case denied
  /// Moved although they were not the caller's: padding, freed, another's.
  case leaky
  /// Asked for, but never moved: the copy ended early, or the user's end of it is what was refused.
  case unmoved
  /// Filled with zeros because the bytes that belong there did not come.
  case cleared
}

/// A run of bytes shown the same way.
public struct MarkRun: Sendable, Hashable {
  /// The bytes.
  public var range: ByteRange
  /// How they are shown.
  public var mark: ByteMark

  /// A run of bytes with one mark.
  public init(range: ByteRange, mark: ByteMark) {
    self.range = range
    self.mark = mark
  }
}

extension Kernel {
  /// The bytes a copy asked for, marked by its verdict, in address order without gaps.
  ///
  /// A range that wraps is cut at the top of the address space.
  public func marks(_ outcome: CopyOutcome) -> [MarkRun] {
    let whole = outcome.range
    guard whole.length > 0 else { return [] }
    // What lay in the pages before the one that was refused has been copied.
    let before = outcome.verdict == .allow ? 0 : min(outcome.copied, whole.length)
    // About the kernel's bytes nothing was decided; a check that never ends decides nothing.
    if outcome.refuser?.looksAtUser == true || outcome.verdict == .hang {
      return movedMarks(outcome, whole, before) + unmovedMarks(outcome, from: before)
    }
    guard outcome.verdict == .allow else {
      let rest = ByteRange(start: whole.start &+ before, length: whole.length - before)
      return movedMarks(outcome, whole, before) + deniedMarks(outcome, rest)
    }
    // Clearing copies nothing; what it was to clear is cleared but for what is left over.
    let done =
      outcome.attempt.entry.clears
      ? whole.length - outcome.leftOver
      : outcome.copied
    let moved = outcome.isCheckOnly ? whole.length : min(done, whole.length)
    return merged(movedMarks(outcome, whole, moved) + unmovedMarks(outcome, from: moved))
  }

  /// The first `moved` bytes of a copy.
  private func movedMarks(
    _ outcome: CopyOutcome, _ whole: ByteRange, _ moved: UInt64
  ) -> [MarkRun] {
    let range = ByteRange(start: whole.start, length: moved)
    return stories(range, of: outcome.attempt, limit: .max).map { run in
      let isMoved = !outcome.isCheckOnly || run.kind.isThere
      return MarkRun(
        range: ByteRange(start: run.start, length: run.length),
        mark: run.story.isClean ? .allowed : isMoved ? .leaky : .unmoved)
    }
  }

  /// The bytes of a copy from the offset `moved` on, of which some may have been cleared.
  private func unmovedMarks(_ outcome: CopyOutcome, from moved: UInt64) -> [MarkRun] {
    let whole = outcome.range
    let room = min(whole.length, end(of: whole) - min(whole.start, end(of: whole)))
    guard moved < room else { return [] }
    // A copy may clear several parts: what user memory did not give, and what a shorter structure leaves.
    let cleared = outcome.sideEffects.map { effect in
      switch effect {
      case .zeroedKernel(let length): 0..<length
      case .zeroedTail(let from, let length): from..<from + length
      }
    }.sorted { $0.lowerBound < $1.lowerBound }
    var marks: [MarkRun] = []
    var position = moved
    func add(upTo end: UInt64, _ kind: ByteMark) {
      guard position < end else { return }
      marks.append(mark(whole.start + position, whole.start + end, kind))
      position = end
    }
    for part in cleared {
      let part = part.clamped(to: moved..<room)
      add(upTo: part.lowerBound, .unmoved)
      add(upTo: part.upperBound, .cleared)
    }
    add(upTo: room, .unmoved)
    return marks
  }

  /// How many bytes an outcome leaks or harms.
  public func leakedBytes(_ outcome: CopyOutcome) -> UInt64 {
    effect(outcome).toll
  }

  /// How many bytes an attempt hands over before one is not its own, `limit` at most.
  public func ownBytes(of attempt: CopyAttempt, upTo limit: UInt64) -> UInt64 {
    stories(ByteRange(start: attempt.kernel, length: limit), of: attempt)
      .first { !$0.story.isClean }.map { $0.start &- attempt.kernel } ?? limit
  }

  private func deniedMarks(_ outcome: CopyOutcome, _ whole: ByteRange) -> [MarkRun] {
    let inside = bounds(outcome, whole)
    var marks: [MarkRun] = []
    guard whole.length > 0, whole.start < end(of: whole) else { return [] }
    let end = end(of: whole)
    let low = max(inside.lowerBound, whole.start)
    let high = min(inside.upperBound, end)
    if outcome.verdict == .deny, low < high {
      if whole.start < low {
        marks.append(mark(whole.start, low, .denied))
      }
      marks.append(mark(low, high, .allowed))
      if high < end { marks.append(mark(high, end, .denied)) }
    } else {
      marks.append(mark(whole.start, end, .denied))
    }
    return marks
  }

  /// Where a range ends, or the address space.
  private func end(of range: ByteRange) -> Address {
    let (sum, overflow) = range.start.addingReportingOverflow(range.length)
    return overflow ? configuration.wordSize.top : min(sum, configuration.wordSize.top)
  }

  private func mark(_ start: Address, _ end: Address, _ mark: ByteMark) -> MarkRun {
    MarkRun(range: ByteRange(start: start, length: end - start), mark: mark)
  }

  /// What the refusal counted against: the size the compiler knows, or what the machine has there.
  private func bounds(_ outcome: CopyOutcome, _ whole: ByteRange) -> Range<Address> {
    switch outcome.refuser {
    case .objectSize?, .compileTimeObjectSize?:
      let known = outcome.attempt.objectSize ?? 0
      return whole.start..<whole.start + min(known, Address.max - whole.start)
    case .slab, .stack, .hardenedUsercopy, .paxUsercopy, .accessOK, .lengthOverIntMax,
      .trailingBytes, .smap, .allocatorBugOn, nil:
      let inside = insideBounds(whole, hasWindows: outcome.hasWindows)
      guard inside.isEmpty else { return inside }
      return whole.start..<whole.start + min(longestAgreed(outcome), Address.max - whole.start)
    }
  }

  /// Where nothing that lies at a copy's start bounds it: how many bytes the check lets a copy have that starts
  /// there. A page of `kmap()`, single pages, and what lies before a stack or the kernel's text end a copy so.
  private func longestAgreed(_ outcome: CopyOutcome) -> UInt64 {
    guard outcome.verdict == .deny, outcome.copied == 0, let era = Era.named(outcome.era) else {
      return 0
    }
    return Judge(self, under: era, varying: outcome.attempt)
      .longest(from: outcome.attempt.kernel, upTo: outcome.range.length) { ruling, _ in
        ruling.verdict == .allow
      }
  }

  /// The bytes around a copy's start that a check would let it have: its object's window, its
  /// frame, its vmalloc area or its compound page.
  private func insideBounds(_ whole: ByteRange, hasWindows: Bool) -> Range<Address> {
    let first = run(at: whole.start)
    if let slab = first.slab, let object = first.object {
      let cache = caches[slabs[slab].cache]
      let start = objectAddress(slab: slab, index: object)
      guard hasWindows else { return start..<start &+ cache.checkedSize }
      return start &+ cache.useroffset..<start &+ cache.useroffset + cache.usersize
    }
    if let index = first.frame, let stack = stacks.first(where: { $0.contains(whole.start) }),
      stack.frames.indices.contains(index)
    {
      let frame = stack.frames[index]
      let end = frame.contentEnd(word: configuration.wordSize.bytes)
      guard whole.start < end else { return stackPart(whole) }
      return frame.stackPointer..<end
    }
    // A stack that lies in a vmalloc area of its own ends before the area's guard page.
    if currentStack.contains(whole.start) { return stackPart(whole) }
    if let area = area(at: whole.start) { return area.start..<area.start + area.length }
    if first.kind == .page, case .compound(let bytes) = pages.descriptor(at: whole.start).use {
      let head = pages.descriptor(at: whole.start).head
      return head..<head + bytes
    }
    return stackPart(whole)
  }

  /// The part of a range that sticks out of a stack which lies in it; else nothing.
  private func stackPart(_ whole: ByteRange) -> Range<Address> {
    let nothing = whole.start..<whole.start
    guard let stack = stacks.first(where: { $0.contains(whole.start) }) else { return nothing }
    return whole.length > stack.end - whole.start ? whole.start..<stack.end : nothing
  }

  private func merged(_ marks: [MarkRun]) -> [MarkRun] {
    marks.reduce(into: []) { result, next in
      if let last = result.last, last.mark == next.mark,
        last.range.start &+ last.range.length == next.range.start
      {
        result[result.count - 1].range.length += next.range.length
      } else {
        result.append(next)
      }
    }
  }
}
