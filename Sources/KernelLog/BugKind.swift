/// The kind of bug a report most likely shows.
public enum BugKind: String, Sendable, Equatable, CaseIterable {
  /// The copy would have carried bytes behind the object to user space.
  case overread = "overread"
  /// The copy would have overwritten bytes behind the object.
  case overwrite = "overwrite"
  /// The copy starts outside the object.
  case wrongOffset = "wrong-offset"
  /// A whole page was to be copied where a small object is: the page is not what its user takes it for.
  case mistakenPage = "mistaken-page"
  /// A negative number or an error number was used as a size.
  case signedness = "signedness"
  /// A number was read from freed memory.
  case useAfterFree = "use-after-free"
  /// The memory named had been freed, or never was allocated.
  case freedMemory = "freed-memory"
  /// The bytes are the object's own, but its cache does not allow copying them.
  case missingWhitelist = "missing-whitelist"
  /// The copy leaves a stack frame or the stack.
  case stackFrame = "stack-frame"
  /// The copy leaves the pages or the mapping that were allocated.
  case pageSpan = "page-span"
  /// The kernel pointer is NULL or next to it.
  case nullPointer = "null-pointer"
  /// Address and size together pass the end of the address space.
  case wrappedPointer = "wrapped-pointer"
  /// The copy touches the kernel's own code or constants.
  case kernelText = "kernel-text"
  /// A wording known from bugs in the check itself rather than in its caller.
  case knownFalsePositive = "known-false-positive"
  /// Nothing points to one of the others.
  case undetermined = "undetermined"
}

/// One explanation of a report.
public struct BugCause: Sendable, Equatable {
  /// The kind of bug.
  public var kind: BugKind
  /// What the explanation rests on.
  public var basis: Basis
  /// It holds only if the object has at least so many bytes.
  public var needsLeast: UInt64?
  /// It holds only if the object has fewer bytes than this.
  public var needsLess: UInt64?

  init(_ kind: BugKind, _ basis: Basis, least: UInt64? = nil, less: UInt64? = nil) {
    self.kind = kind
    self.basis = basis
    needsLeast = least
    needsLess = less
  }
}
