extension Kernel {
  /// The first era, oldest first, whose checks refuse a copy on this kernel; nil when none does.
  ///
  /// Copies that only fail for their user side count as not refused.
  public func firstCatcher(_ attempt: CopyAttempt) -> Era? {
    Era.all.first { judge(attempt, under: $0, recording: false).isCaught }
  }
}

extension CopyOutcome {
  /// A check of the kernel's side refused the copy, by whatever reaction.
  public var isCaught: Bool {
    switch verdict {
    case .deny: refuser != .accessOK
    case .bug: true
    case .allow, .hang: false
    }
  }
}
