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

  public init(
    id: String, title: String, date: String, provenance: Provenance, rules: Rules,
    blindSpots: [String]
  ) {
    self.id = id
    self.title = title
    self.date = date
    self.provenance = provenance
    self.rules = rules
    self.blindSpots = blindSpots
  }

  public static func == (a: Era, b: Era) -> Bool { a.id == b.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Every era, oldest first.
  public static let all: [Era] = [.pax, .rfcV1]

  /// The era of that name.
  public static func named(_ id: String) -> Era? { all.first { $0.id == id } }
}
