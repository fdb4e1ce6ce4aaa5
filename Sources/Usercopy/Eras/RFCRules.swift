/// What varies between the 2011 patches that check at the copy's entry points.
public struct RFCRules: Sendable, Hashable {
  /// What a refusal does to the task.
  public var consequence: Consequence
  /// PaX: a cache needs `SLAB_USERCOPY`, tested before the bounds.
  public var needsUsercopyFlag: Bool
  /// Wording of the log lines.
  public var wording: Wording

  /// The log lines of each patch.
  public enum Wording: Sendable, Hashable {
    /// `slab_access_ok failed (addr %p, len %lu)` and the stack's twin.
    case rfcV1
    /// `PAX: kernel memory leak attempt detected from %p (%s) (%lu bytes)`.
    case pax
  }

  public init(consequence: Consequence, needsUsercopyFlag: Bool, wording: Wording) {
    self.consequence = consequence
    self.needsUsercopyFlag = needsUsercopyFlag
    self.wording = wording
  }
}
