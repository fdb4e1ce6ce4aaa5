public import KernelHistory

/// How an era's rules came to be known here.
public enum Provenance: String, Sendable, Hashable, CaseIterable {
  /// Kernels of that age were run and their answers recorded.
  case recorded
  /// Compared case by case with the code of the day, compiled.
  case proven
  /// Of a release between two eras: follows from the dated changes, each with its commit; not run itself.
  case dated
  /// Of rules nobody merged: they are what is proposed, and no kernel has them.
  case proposed
}

/// The rules one age judged copies by: checks in order, a reaction, and what they cannot see.
public struct Era: Sendable, Hashable, Identifiable {
  /// The family of code that runs the checks.
  public enum Rules: Sendable, Hashable {
    /// Checks at the entry points of copies.
    case rfc(RFCRules)
    /// `check_object_size()` of PaX.
    case pax(PaXRules)
    /// `__check_object_size()`.
    case hardened(HardenedRules)
  }

  /// Whose rules they are.
  public enum Family: String, Sendable, Hashable, CaseIterable {
    /// Patches of PaX.
    case pax
    /// The series of July 2011.
    case rfc
    /// Releases of Linux.
    case linux
    /// Rules nobody merged: judged by where they are asked for by name, compared with nothing else.
    case proposal
  }

  // Eras are handed about with every world; what is known of one stands in one place.
  private final class Facts: Sendable {
    let id, shortName, title, date: String
    let family: Family
    let provenance: Provenance
    let rules: Rules
    let blindSpots: [String]
    let release: KernelVersion

    init(
      id: String, shortName: String, title: String, date: String, family: Family,
      provenance: Provenance, rules: Rules, blindSpots: [String], release: KernelVersion
    ) {
      (self.id, self.shortName, self.title, self.date) = (id, shortName, title, date)
      (self.family, self.provenance, self.rules) = (family, provenance, rules)
      (self.blindSpots, self.release) = (blindSpots, release)
    }
  }

  private let facts: Facts

  /// Name on the command line and in scenarios, such as `rfc-v1`.
  public var id: String { facts.id }
  /// Name where there is little room, such as `v6.1`; it is understood in commands too.
  public var shortName: String { facts.shortName }
  /// Name in sentences.
  public var title: String { facts.title }
  /// When it was current, such as `July 2011`.
  public var date: String { facts.date }
  /// Whose rules they are.
  public var family: Family { facts.family }
  /// How its rules came to be known here.
  public var provenance: Provenance { facts.provenance }
  /// The rules.
  public var rules: Rules { facts.rules }
  /// What the era lets pass by design, a phrase each.
  public var blindSpots: [String] { facts.blindSpots }
  /// The release whose kernel the rules belong to: allocators and layouts follow it.
  public var release: KernelVersion { facts.release }

  /// An era from its parts; its short name is its name where none is given.
  public init(
    id: String, shortName: String? = nil, title: String, date: String, family: Family,
    provenance: Provenance, rules: Rules, blindSpots: [String], release: KernelVersion = .of2011
  ) {
    facts = Facts(
      id: id, shortName: shortName ?? id, title: title, date: date, family: family,
      provenance: provenance, rules: rules, blindSpots: blindSpots, release: release)
  }

  /// The same in all that is known of them.
  public static func == (a: Era, b: Era) -> Bool {
    a.facts === b.facts
      || a.id == b.id && a.shortName == b.shortName && a.title == b.title && a.date == b.date
        && a.family == b.family && a.provenance == b.provenance && a.rules == b.rules
        && a.blindSpots == b.blindSpots && a.release == b.release
  }

  /// By the name, which no two eras of a kind share.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Every era, oldest first.
  public static let all: [Era] = [.pax, .rfcV1, .rfcV2, .rfcV3, .pax314] + linux + proposals

  /// The eras a copy is compared under: all but proposals.
  public static let compared: [Era] = all.filter { $0.family != .proposal }

  /// The eras a copy is compared under where `era` is in force: it is among them whatever it is.
  public static func compared(with era: Era) -> [Era] {
    compared.contains { $0.id == era.id } ? compared : compared + [era]
  }

  /// The era of that name.
  public static func named(_ id: String) -> Era? { all.first { $0.id == id } }
}
