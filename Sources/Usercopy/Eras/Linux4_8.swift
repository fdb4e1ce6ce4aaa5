extension Era {
  /// Hardened usercopy as merged: whole slab objects, stack frames, kernel text; the task dies.
  public static let linux4_8 = Era(
    id: "linux-4.8", title: "Linux 4.8", date: "October 2016", provenance: .derived,
    rules: .hardened(.linux(KernelVersion(4, 8))),
    blindSpots: BlindSpot.all(of: .linux(KernelVersion(4, 8))),
    release: KernelVersion(4, 8))
}
