import Timeline

extension Kernel {
  /// Judges a copy by an era's rules without making it.
  public func judge(_ attempt: CopyAttempt, under era: Era, recording: Bool = true) -> CopyOutcome {
    if attempt.entry == .copyStructFromUser {
      return judgeStruct(attempt, under: era, recording: recording)
    }
    if attempt.entry.isBare || attempt.entry.movesAccess {
      return judgeAccess(attempt, under: era, recording: recording)
    }
    return attempt.entry.goesByPages && !neverFaults
      ? judgeByPages(attempt, under: era, recording: recording)
      : judgeAtOnce(attempt, under: era, recording: recording)
  }

  /// Judges a copy whose routine is entered once.
  func judgeAtOnce(_ attempt: CopyAttempt, under era: Era, recording: Bool) -> CopyOutcome {
    switch era.rules {
    case .rfc(let rules):
      var run = RFCRun(
        kernel: self, rules: rules, attempt: attempt, era: era.id, recording: recording)
      run.judge()
      return run.outcome
    case .pax(let rules):
      var run = PaXRun(
        kernel: self, rules: rules, attempt: attempt, era: era.id, recording: recording)
      run.enter()
      return run.outcome
    case .hardened(let rules):
      var run = HardenedRun(
        word: configuration.wordSize, rules: rules, attempt: attempt, era: era.id,
        recording: recording)
      run.enter(self)
      return run.outcome
    }
  }

  /// Makes a copy: judges it, moves the bytes it may move, and writes the log.
  public mutating func copy(_ attempt: CopyAttempt, under era: Era) -> CopyOutcome {
    let outcome = judge(attempt, under: era)
    apply(outcome)
    return outcome
  }

  /// Does to memory and log what an outcome says was done.
  public mutating func apply(_ outcome: CopyOutcome) {
    log.append(contentsOf: outcome.warnings)
    log.append(contentsOf: outcome.log)
    if outcome.usedUpWarning { warnedOnce = true }
    move(outcome)
    moveAccess(outcome)
    let meant = intent(of: outcome.attempt)
    for effect in outcome.sideEffects {
      switch effect {
      case .zeroedKernel(let length): zero(length, at: outcome.attempt.kernel, for: meant)
      case .zeroedTail(let from, let length):
        zero(length, at: outcome.attempt.kernel &+ from, for: meant)
      }
    }
  }

  private mutating func move(_ outcome: CopyOutcome) {
    let attempt = outcome.attempt
    if outcome.verdict == .allow, attempt.entry.clears {
      return zero(outcome.effectiveLength - outcome.leftOver, at: attempt.user, for: nil)
    }
    guard !outcome.isCheckOnly, outcome.copied > 0 else { return }
    let meant = intent(of: attempt)
    let count = bounded(outcome.copied)
    switch attempt.direction {
    case .toUser, .userToUser:
      memory.write(memory.read(attempt.kernel, count: count), at: attempt.user)
      // A probe writes where it means to; any other copy means user memory.
      sign(attempt.user, length: UInt64(count), for: attempt.entry.probes ? nil : meant)
    case .fromUser:
      memory.write(memory.read(attempt.user, count: count), at: attempt.kernel)
      sign(attempt.kernel, length: UInt64(count), for: meant)
    }
  }

  private mutating func zero(_ length: UInt64, at address: Address, for meant: Holder?) {
    let there = memory.accessible(from: address, upTo: length, writing: true)
    memory.write(repeatElement(0, count: bounded(there)), at: address)
    sign(address, length: UInt64(bounded(there)), for: meant)
  }

  /// A copy of gigabytes is judged in full, but no more than this is really moved.
  private func bounded(_ length: UInt64) -> Int { Int(min(length, 16 << 20)) }

  /// Bytes from `address` on, at most `limit`, that the kernel can write before one faults.
  func writable(from address: Address, upTo limit: UInt64) -> UInt64 {
    neverFaults ? limit : memory.accessible(from: address, upTo: limit, writing: true)
  }

  /// What `strncpy_from_user()` moves and hands back: the string with its NUL, `count` bytes of a longer one, or
  /// what lies in front of a fault and -EFAULT.
  func stringCopy(_ attempt: CopyAttempt, _ count: UInt64) -> StringCopy {
    var copy: StringCopy
    if let length = attempt.stringLength {
      copy = StringCopy(moved: min(length == .max ? length : length + 1, count))
      copy.result = Int64(clamping: min(length, count))
    } else {
      // No string of a scenario is longer than this.
      let limit = min(count, 1 << 20)
      let there = memory.accessible(from: attempt.user, upTo: limit, writing: false)
      let end = memory.read(attempt.user, count: Int(there)).firstIndex(of: 0).map(UInt64.init)
      let isFault = there < limit && !neverFaults
      copy = StringCopy(moved: end.map { $0 + 1 } ?? (isFault ? there : count))
      copy.result = end.map(Int64.init) ?? (isFault ? -14 : Int64(clamping: count))
    }
    let room = writable(from: attempt.kernel, upTo: copy.moved)
    copy.isOops = room < copy.moved
    copy.moved = min(copy.moved, room)
    return copy
  }

  /// The frame of the checking function while `entry` runs (`__builtin_frame_address(0)`).
  func checkFrame(of entry: EntryPoint) -> Address {
    if let forcedFrames { return forcedFrames.own }
    let word = configuration.wordSize.bytes
    guard let routine = routineFrame(of: entry) else { return innermost.pointer &- 2 * word }
    return routine &- 6 * word
  }

  /// The frame pointer saved at `frame`; frames of the copy routines lie below the caller's.
  func savedFramePointer(at frame: Address, of entry: EntryPoint) -> Address {
    if let forcedFrames {
      return frame == forcedFrames.own
        ? forcedFrames.caller : memory.word(at: frame, size: configuration.wordSize)
    }
    let routine = routineFrame(of: entry)
    if frame == checkFrame(of: entry) { return routine ?? innermost.frame }
    if frame == routine { return innermost.frame }
    return memory.word(at: frame, size: configuration.wordSize)
  }

  /// The frame an out-of-line copy routine pushes below its caller's; inline routines push none.
  private func routineFrame(of entry: EntryPoint) -> Address? {
    guard configuration.architecture == .x86_32, entry == .copyToUser || entry == .copyFromUser
    else { return nil }
    return innermost.pointer &- 2 * configuration.wordSize.bytes
  }

  /// Stack pointer and frame pointer of the function that runs.
  private var innermost: (pointer: Address, frame: Address) {
    guard stacks.indices.contains(current) else { return (0, 0) }
    return (stacks[current].stackPointer, stacks[current].frames.last?.framePointer ?? 0)
  }
}
