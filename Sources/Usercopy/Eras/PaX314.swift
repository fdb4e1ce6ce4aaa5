import KernelHistory

extension Era {
  /// `PAX_USERCOPY` of 19 June 2014 (grsecurity 3.0 for 3.14.8): the heap with its flag, then the stack, then
  /// kernel text.
  public static let pax314 = Era(
    id: "pax-3.14", title: "PaX USERCOPY 3.14", date: "June 2014", family: .pax,
    provenance: .proven, rules: .pax(.june2014),
    blindSpots: [
      "freed objects and slots never handed out", "padding inside an object",
      "the tail of a SLUB slab", "copies whose length is a constant", "put_user and get_user",
      "x86-32 __copy_from_user_inatomic", "strncpy_from_user", "vmalloc areas and module memory",
      "stacks of other tasks", "frames, where frame pointers are not kept", "ports other than x86",
    ],
    release: KernelVersion(3, 14))
}
