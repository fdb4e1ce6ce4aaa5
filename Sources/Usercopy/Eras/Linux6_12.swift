extension Era {
  /// The rules of 6.1 on a kernel without SLAB and SLOB.
  public static let linux6_12 = Era(
    id: "linux-6.12", title: "Linux 6.12", date: "November 2024", provenance: .derived,
    rules: .hardened(.linux(KernelVersion(6, 12))),
    blindSpots: BlindSpot.all(of: .linux(KernelVersion(6, 12))),
    release: KernelVersion(6, 12))
}
