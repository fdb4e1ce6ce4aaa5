import KernelHistory

extension Era {
  /// RFC v3, five patches of 21 July 2011: the direction in the report, length 0 in the helper,
  /// SLAB strict about offsets.
  public static let rfcV3 = Era(
    id: "rfc-v3", title: "RFC v3", date: "July 2011", family: .rfc, provenance: .proven,
    rules: .rfc(
      RFCRules(
        wording: .rfcV3, usesHelper: true,
        helperSkipsZero: true, slabOffsetBelowSize: true,
        slabBugAt: AssertionLine.patch(.slab, "rfc-v3")?.text)),
    blindSpots: rfcHelperBlindSpots)
}
