public import KernelHistory

/// The eras of Linux itself, a row each. Their rules are those of the release.
///
/// To add an era: a row here and in ``linux`` (or, for rules nobody merged, in ``proposals``), its row
/// in the table of the documentation, and a lesson.
extension Era {
  /// Hardened usercopy as merged: whole slab objects, stack frames, kernel text; the task dies.
  public static let linux4_8 = mainline(4, 8, "October 2016", .proven)
  /// Slab objects get a window that may be copied; reports name object and offset.
  public static let linux4_16 = mainline(4, 16, "April 2018", .proven)
  /// The stack is looked at first; lengths are limited; the fallback is a boot parameter.
  public static let linux5_10 = mainline(5, 10, "December 2020", .recorded)
  /// Adds vmalloc areas, large folios and the depth of the stack; page spans are gone.
  public static let linux6_1 = mainline(6, 1, "December 2022", .recorded)
  /// The rules of 6.1 on a kernel without SLAB and SLOB.
  public static let linux6_12 = mainline(6, 12, "November 2024", .recorded)
  /// The rules of 6.1 still; what they are fed changed: kmalloc alignment, bucket sets.
  public static let linux7_2 = mainline(7, 2, "2026", .recorded)

  /// The eras of Linux, oldest first.
  static let linux: [Era] = [linux4_8, linux4_16, linux5_10, linux6_1, linux6_12, linux7_2]

  private static func mainline(
    _ major: Int, _ minor: Int, _ date: String, _ provenance: Provenance
  ) -> Era {
    Era(KernelVersion(major, minor), date: date, provenance: provenance)
  }

  /// The rules of a release of Linux: `linux-6.1`, `v6.1` for short.
  private init(_ release: KernelVersion, date: String, provenance: Provenance) {
    let rules = HardenedRules.linux(release)
    self.init(
      id: "linux-\(release)", shortName: "v\(release)", title: "Linux \(release)", date: date,
      family: .linux, provenance: provenance, rules: .hardened(rules),
      blindSpots: rules.blindSpots, release: release)
  }

  /// The rules of any release of Linux from 4.8 on; nil for older ones.
  ///
  /// A release between two eras of ``all`` has the rules of its own day, by `KernelHistory`, and
  /// is known by the dates of the changes.
  public static func linux(_ version: KernelVersion) -> Era? {
    guard UsercopyChange.merged.holds(in: version) else { return nil }
    return linux.first { $0.release == version }
      ?? Era(version, date: "between eras", provenance: .dated)
  }

  /// The newest era of Linux whose rules were in force in a release; the newest of all for nil.
  public static func newestLinux(in release: KernelVersion?) -> Era? {
    linux.last { era in release.map { era.release <= $0 } ?? true }
  }

  /// The oldest era of Linux whose kernels have what came with a release.
  public static func oldestLinux(since release: KernelVersion) -> Era? {
    linux.first { $0.release >= release }
  }

  /// The era a recording's policy belongs to: an era's name, or `linux-VERSION` with a build's
  /// variant behind it, such as `linux-6.1-slab-fp`.
  public static func policy(_ text: String) -> Era? {
    if let known = named(text) { return known }
    let parts = text.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, parts[0] == "linux", let version = KernelVersion(parts[1]) else {
      return nil
    }
    return linux(version)
  }
}
