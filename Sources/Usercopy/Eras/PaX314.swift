import KernelHistory

extension Era {
  /// PAX_USERCOPY of June 2014 (3.14.8): the heap with its flag, then the stack, then kernel text.
  public static let pax314 = Era(
    id: "pax-3.14", title: "PaX USERCOPY 3.14", date: "June 2014", family: .pax,
    provenance: .derived,
    rules: .hardened(.pax314), blindSpots: HardenedRules.pax314.blindSpots,
    release: KernelVersion(3, 14))
}

extension HardenedRules {
  /// Checks in PaX's order; a refusal logs and ends the thread group with SIGKILL.
  public static let pax314 = HardenedRules(
    checks: [.zeroLength, .nullAddress, .slabObject, .stackOutline, .stackFrames, .kernelText],
    consequence: .sigkill, wording: .pax,
    traits: [
      .mayEndAtTop, .wrapTestedWithStack, .needsUsercopyFlag, .coversSLOB, .bouncesMemReads,
      .bouncesKmemReads,
    ])
}
