public import KernelHistory

/// Rules nobody merged, a row each.
///
/// To add one: its row in ``proposals``, what differs in the rules (a trait of ``HardenedTraits`` and
/// the check that asks for it, say), its row in the table of the documentation, and a lesson.
extension Era {
  /// The proposals there are; none at present.
  static let proposals: [Era] = []

  /// The rules of a release of Linux with what differs.
  ///
  /// - Parameters:
  ///   - id: its name in scenarios and on the command line.
  ///   - shortName: its name where there is little room, at most 8 letters.
  ///   - title: its name in sentences.
  ///   - date: when it was proposed.
  ///   - release: the release it would change.
  ///   - change: makes the rules of that release those proposed.
  public static func proposal(
    id: String, shortName: String, title: String, date: String, of release: KernelVersion,
    _ change: (inout HardenedRules) -> Void
  ) -> Era {
    var rules = HardenedRules.linux(release)
    change(&rules)
    return Era(
      id: id, shortName: shortName, title: title, date: date, family: .proposal,
      provenance: .proposed, rules: .hardened(rules), blindSpots: rules.blindSpots,
      release: release)
  }
}
