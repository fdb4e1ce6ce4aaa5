extension Era {
  /// The stack is looked at first; lengths are limited; the fallback is a boot parameter.
  public static let linux5_10 = Era(
    id: "linux-5.10", title: "Linux 5.10", date: "December 2020", provenance: .recorded,
    rules: .hardened(.linux(KernelVersion(5, 10))),
    blindSpots: BlindSpot.all(of: .linux(KernelVersion(5, 10))),
    release: KernelVersion(5, 10))
}
