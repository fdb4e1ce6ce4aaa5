extension Era {
  /// Adds vmalloc areas, large folios and the depth of the stack; page spans are gone.
  public static let linux6_1 = Era(
    id: "linux-6.1", title: "Linux 6.1", date: "December 2022", provenance: .recorded,
    rules: .hardened(.linux(KernelVersion(6, 1))),
    blindSpots: BlindSpot.all(of: .linux(KernelVersion(6, 1))),
    release: KernelVersion(6, 1))
}
