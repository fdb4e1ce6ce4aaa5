/// How an era's rules came to be known here.
public enum Provenance: String, Sendable, Hashable {
  /// Kernels of that age were run and their answers recorded.
  case recorded
  /// Compared case by case with the code of the day, compiled.
  case proven
  /// Read from source and mails, not run.
  case derived
}

/// The rules one age judged copies by: checks in order, a reaction, and what they cannot see.
public struct Era: Sendable, Hashable, Identifiable {
  /// The family of code that runs the checks.
  public enum Rules: Sendable, Hashable {
    case rfc(RFCRules)
    case hardened(HardenedRules)
  }

  /// Name on the command line and in scenarios, such as `rfc-v1`.
  public var id: String
  public var title: String
  /// When it was current, such as `July 2011`.
  public var date: String
  public var provenance: Provenance
  public var rules: Rules
  /// What the era lets pass by design, a phrase each.
  public var blindSpots: [String]
  /// The release whose kernel the rules belong to: allocators and layouts follow it.
  public var release: KernelVersion

  public init(
    id: String, title: String, date: String, provenance: Provenance, rules: Rules,
    blindSpots: [String], release: KernelVersion = .of2011
  ) {
    self.id = id
    self.title = title
    self.date = date
    self.provenance = provenance
    self.rules = rules
    self.blindSpots = blindSpots
    self.release = release
  }

  public static func == (a: Era, b: Era) -> Bool { a.id == b.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Every era, oldest first.
  public static let all: [Era] = [
    .pax, .rfcV1, .rfcV2, .rfcV3, .pax314, .linux4_8, .linux4_16, .linux5_10, .linux6_1, .linux6_12,
    .linux7_2,
  ]

  /// The era of that name.
  public static func named(_ id: String) -> Era? { all.first { $0.id == id } }

  /// The rules of any release of Linux from 4.8 on; nil for older ones.
  ///
  /// A release between two eras of ``all`` has the rules of its own day, by
  /// ``HardenedRules/history``, and counts as derived.
  public static func linux(_ version: KernelVersion) -> Era? {
    guard version >= KernelVersion(4, 8) else { return nil }
    if let known = all.first(where: { $0.id == "linux-\(version)" }) { return known }
    let rules = HardenedRules.linux(version)
    return Era(
      id: "linux-\(version)", title: "Linux \(version)", date: "between eras",
      provenance: .derived, rules: .hardened(rules),
      blindSpots: BlindSpot.all(of: rules), release: version)
  }

  /// The era a recording's policy belongs to: an era's name, or `linux-VERSION` with a build's
  /// variant behind it, such as `linux-6.1-slab-fp`.
  public static func policy(_ text: String) -> Era? {
    if let known = named(text) { return known }
    guard text.hasPrefix("linux-"), let version = KernelVersion(text.dropFirst(6)) else {
      return nil
    }
    return linux(version)
  }
}
