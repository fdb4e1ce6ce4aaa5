/// The kernel's own usercopy tests (drivers/misc/lkdtm/usercopy.c): each makes a good copy, which
/// must work, and then a bad one, which must not.
public enum LKDTM: String, Sendable, Hashable, CaseIterable {
  case slabSizeTo = "USERCOPY_SLAB_SIZE_TO"
  case slabSizeFrom = "USERCOPY_SLAB_SIZE_FROM"
  case slabWhitelistTo = "USERCOPY_SLAB_WHITELIST_TO"
  case slabWhitelistFrom = "USERCOPY_SLAB_WHITELIST_FROM"
  case stackFrameTo = "USERCOPY_STACK_FRAME_TO"
  case stackFrameFrom = "USERCOPY_STACK_FRAME_FROM"
  case stackBeyond = "USERCOPY_STACK_BEYOND"
  case vmalloc = "USERCOPY_VMALLOC"
  case folio = "USERCOPY_FOLIO"
  case kernel = "USERCOPY_KERNEL"

  /// The test of that name; kernels before 5.19 say `HEAP` for `SLAB`.
  public init?(named name: String) {
    let modern =
      name.hasPrefix("USERCOPY_HEAP_") ? "USERCOPY_SLAB_" + name.dropFirst(14) : name
    guard let test = LKDTM(rawValue: modern) else { return nil }
    self = test
  }

  /// What the bad copy does, one sentence.
  public var about: String {
    switch self {
    case .slabSizeTo: "Reads 1024 bytes from 16 bytes into a kmalloc object of 1024."
    case .slabSizeFrom: "Writes 1024 bytes from 16 bytes into a kmalloc object of 1024."
    case .slabWhitelistTo: "Reads 64 bytes from one byte in front of an object's window."
    case .slabWhitelistFrom: "Writes 64 bytes from one byte in front of an object's window."
    case .stackFrameTo: "Reads a local variable of a function that has returned."
    case .stackFrameFrom: "Writes to a local variable of a function that has returned."
    case .stackBeyond: "Reads 32 bytes from 8 bytes in front of the end of the stack."
    case .vmalloc: "Reads a page from the middle of a vmalloc area of one page."
    case .folio: "Reads a page from the middle of the last page of a folio."
    case .kernel: "Reads a page of the kernel's code."
    }
  }

  /// A kernel laid out as the test lays it out, and the two copies it makes.
  public struct Scene: Sendable {
    public var kernel: Kernel
    public var good: CopyAttempt
    public var bad: CopyAttempt
  }

  /// What became of the bad copy.
  public enum Result: String, Sendable, Hashable {
    /// The caller got the count back and went on.
    case rejected = "reject"
    /// SIGKILL.
    case killed = "kill"
    /// A BUG killed the task.
    case bug = "BUG"
    /// A warning; the copy was made.
    case warned = "warn"
    case passed = "pass"
    /// No check objected, but the copy met memory that is not there and came back short.
    case short = "pass*"
  }

  /// Runs the test: what became of the good copy and of the bad one.
  public func run(under era: Era, configuration: Configuration, warnedBefore: Bool = false)
    -> (good: CopyOutcome, bad: CopyOutcome)
  {
    var scene = scene(configuration)
    scene.kernel.setWarnedOnce(warnedBefore)
    let good = scene.kernel.copy(scene.good, under: era)
    return (good, scene.kernel.copy(scene.bad, under: era))
  }
}

extension LKDTM.Result {
  /// Reads an outcome as the test's author would.
  public init(_ outcome: CopyOutcome) {
    switch (outcome.verdict, outcome.consequence) {
    case (.allow, _) where outcome.usedUpWarning: self = .warned
    case (.allow, _): self = outcome.notCopied == 0 ? .passed : .short
    case (_, .sigkill): self = .killed
    case (_, .returnCount), (_, .none): self = .rejected
    default: self = .bug
    }
  }
}
