/// A Linux release, `major.minor`.
public struct KernelVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var major: Int
  public var minor: Int

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

  public static func < (a: KernelVersion, b: KernelVersion) -> Bool {
    (a.major, a.minor) < (b.major, b.minor)
  }

  public var description: String { "\(major).\(minor)" }
}
