extension Era {
  /// `PAX_USERCOPY` of 1 July 2011 (grsecurity 2.2.2 for 2.6.32.42): the code that RFC v1 carries forward.
  public static let pax = Era(
    id: "pax", title: "PaX USERCOPY", date: "July 2011", family: .pax, provenance: .proven,
    rules: .pax(.july2011),
    blindSpots: [
      "freed objects and slots never handed out", "padding inside an object",
      "the tail of a SLUB slab", "copies whose length is a constant", "put_user and get_user",
      "the _inatomic forms, but for x86-32 __copy_to_user_inatomic", "strncpy_from_user",
      "vmalloc areas and module memory", "kernel text", "stacks of other tasks",
      "addresses without a page, wrapped ranges among them", "ports other than x86",
    ])
}
