public import KernelHistory

/// What varies between the 2011 patches that check at the copy's entry points.
public struct RFCRules: Sendable, Hashable {
  /// Wording of the log lines.
  public var wording: Wording
  /// The checks sit behind one helper, `kernel_access_ok()`, that skips known and constant sizes.
  public var usesHelper: Bool
  /// Length 0 is let through by the helper, not by `slab_access_ok()`.
  public var helperSkipsZero: Bool
  /// SLAB: an offset at the object's end fails by the first comparison.
  public var slabOffsetBelowSize: Bool
  /// Source line of SLAB's `BUG_ON`, from the patch's hunk header.
  public var slabBugAt: String?

  /// The log lines of each patch.
  public enum Wording: Sendable, Hashable {
    /// `slab_access_ok failed (addr %p, len %lu)` and the stack's twin.
    case rfcV1
    /// `slab_access_ok failed, ptr = %p, length = %lu` and its twins.
    case rfcV2
    /// `kernel memory leak attempt detected from %p (%lu bytes)`.
    case rfcV3
  }

  /// Rules from their parts; what is not given is as in RFC v1.
  public init(
    wording: Wording, usesHelper: Bool = false, helperSkipsZero: Bool = false,
    slabOffsetBelowSize: Bool = false,
    slabBugAt: String? = AssertionLine.patch(.slab, "rfc-v1")?.text
  ) {
    self.wording = wording
    self.usesHelper = usesHelper
    self.helperSkipsZero = helperSkipsZero
    self.slabOffsetBelowSize = slabOffsetBelowSize
    self.slabBugAt = slabBugAt
  }
}
