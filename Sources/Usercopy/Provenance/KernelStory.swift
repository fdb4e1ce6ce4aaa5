/// What a copy does to each byte: the one place where own, stale, leaked and harmed are told apart.
extension Kernel {
  /// What a copy means: the holder that it names, else the one that has its first byte.
  public func intent(of attempt: CopyAttempt) -> Holder? {
    attempt.intent ?? holder(at: attempt.kernel)
  }

  /// The bytes of a range as the copy of an attempt meets them, in address order without gaps.
  ///
  /// At most `limit` runs are returned; the rest of a longer range is left out.
  public func stories(
    _ range: ByteRange, of attempt: CopyAttempt, limit: Int = 4096
  ) -> [StoryRun] {
    let meant = Meaning(self, attempt)
    var result: [StoryRun] = []
    for run in classify(range, limit: limit) {
      var position = run.start
      while position < run.end, result.count < limit {
        let piece = story(at: position, of: run, meant)
        if let last = result.last, last.story == piece.story, last.kind == piece.kind,
          last.label == piece.label, last.author == piece.author, last.field == piece.field,
          last.isPadding == piece.isPadding
        {
          result[result.count - 1].length += piece.length
        } else {
          result.append(piece)
        }
        position = piece.end
      }
    }
    return result
  }

  /// What a copy counts as its own.
  private struct Meaning {
    var holder: Holder?
    /// The run of its first byte, for memory that nothing in particular has.
    var first: ByteRun
    /// Values go out, so that it matters who wrote them.
    var readsValues: Bool

    init(_ kernel: Kernel, _ attempt: CopyAttempt) {
      holder = attempt.intent ?? kernel.holder(at: attempt.kernel)
      first = kernel.run(at: attempt.kernel)
      readsValues = attempt.direction == .toUser
    }
  }

  private func story(at position: Address, of run: ByteRun, _ meant: Meaning) -> StoryRun {
    let length = run.end - position
    var piece = StoryRun(
      start: position, length: length, story: place(run, meant), kind: run.kind,
      label: run.label, author: .nobody)
    guard [.own, .slack, .freed].contains(piece.story), let holder = run.holder else {
      return piece
    }
    if piece.story == .own { split(&piece, holder) }
    let (author, known) = origins.author(at: position, limit: piece.length)
    guard meant.readsValues else { return piece }
    piece.length = known
    if case .freelist = author {
      (piece.story, piece.author) = (.allocator, author)
      return piece
    }
    guard piece.story != .freed else { return piece }
    piece.author = author
    if piece.story == .own, !author.serves(holder) {
      piece.story =
        switch author {
        case .nobody: .fresh
        case .freelist: .allocator
        case .owner, .initialised, .cleared, .poison, .redZone, .canary, .kernel: .unwritten
        }
    }
    return piece
  }

  /// Cuts a piece where a member of its holder's structure ends.
  private func split(_ piece: inout StoryRun, _ holder: Holder) {
    guard let layout = holder.layout, piece.start >= holder.start,
      piece.start - holder.start < layout.size
    else { return }
    let offset = piece.start - holder.start
    let part = layout.part(at: offset)
    piece.field = part.field?.name
    piece.isPadding = part.field == nil
    piece.length = min(piece.length, part.end - offset)
  }

  /// The story of a run's bytes by where they lie, whoever wrote them.
  private func place(_ run: ByteRun, _ meant: Meaning) -> ByteStory {
    if run.kind == .user { return .own }
    if let own = meant.holder, run.holder == own {
      switch run.kind {
      // What another task keeps on its stack is not the running one's, whoever names it.
      case .local: return currentStack.contains(run.start) ? .own : .otherLocal
      case .object, .page, .vmalloc, .user: return .own
      case .slack, .padding: return .slack
      case .freed: return .freed
      case .unknown: return .unknown
      case .redZone, .metadata, .never, .management, .tail: return .allocator
      case .savedRegister, .canary, .savedFramePointer, .returnAddress, .deadStack, .threadInfo,
        .stackEnd,
        .userRegisters, .guardPage, .unmapped, .kernelText:
        return .kernelData
      }
    }
    switch run.kind {
    case .object: return .otherObject
    case .local: return .otherLocal
    case .page, .vmalloc:
      // Memory that nothing in particular has is the copy's own as far as it is one with its first
      // byte.
      if run.holder == nil, meant.holder == nil, run.sameOwner(as: meant.first) { return .own }
      return run.holder == nil ? .nobody : .otherObject
    case .slack, .padding: return .slack
    case .freed, .deadStack: return .freed
    case .unknown: return .unknown
    case .redZone, .metadata, .never, .management, .tail: return .allocator
    case .savedRegister, .canary, .savedFramePointer, .returnAddress, .threadInfo, .stackEnd,
      .userRegisters, .kernelText:
      return .kernelData
    case .guardPage, .unmapped, .user: return .nobody
    }
  }
}

extension Author {
  /// Whether a value by this author is one that the holder may be said to have given.
  func serves(_ holder: Holder) -> Bool {
    switch self {
    case .owner(let writer), .initialised(let writer): writer == holder
    case .cleared: true
    case .nobody, .poison, .freelist, .redZone, .canary, .kernel: false
    }
  }
}
