extension Era {
  /// The rules of 6.1 still; what they are fed changed: kmalloc alignment, bucket sets.
  public static let linux7_2 = Era(
    id: "linux-7.2", title: "Linux 7.2", date: "2026", provenance: .recorded,
    rules: .hardened(.linux(KernelVersion(7, 2))),
    blindSpots: BlindSpot.all(of: .linux(KernelVersion(7, 2))),
    release: KernelVersion(7, 2))
}
