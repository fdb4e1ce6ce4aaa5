extension Era {
  /// Slab objects get a window that may be copied; reports name object and offset.
  public static let linux4_16 = Era(
    id: "linux-4.16", title: "Linux 4.16", date: "April 2018", provenance: .derived,
    rules: .hardened(.linux(KernelVersion(4, 16))),
    blindSpots: BlindSpot.all(of: .linux(KernelVersion(4, 16))),
    release: KernelVersion(4, 16))
}
