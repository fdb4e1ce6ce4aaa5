/// What varies between the versions of Linux's hardened usercopy.
public struct HardenedRules: Sendable, Hashable {
  public init() {}
}
