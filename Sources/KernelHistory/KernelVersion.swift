/// A Linux release, `major.minor`.
public struct KernelVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first number, 6 of 6.1.
  public var major: Int
  /// The second number, 1 of 6.1.
  public var minor: Int

  /// The release of those two numbers.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `6.1`, `6.1.192` or `5.10.0-32-amd64`; nil when there is no `major.minor` in front.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Int(parts[0]),
      let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber }),
      (0...999).contains(major), (0...999).contains(minor)
    else { return nil }
    self.init(major, minor)
  }

  /// The release the 2011 patches were made for.
  public static let of2011 = KernelVersion(3, 0)

  /// Older comes first.
  public static func < (a: KernelVersion, b: KernelVersion) -> Bool {
    (a.major, a.minor) < (b.major, b.minor)
  }

  /// The release before, where the major number stays: 4.19 before 4.20.
  public var previous: KernelVersion? { minor > 0 ? KernelVersion(major, minor - 1) : nil }

  /// `6.1`.
  public var description: String { "\(major).\(minor)" }
}
