extension Era {
  /// "[RFC v2] implement SL*B and stack usercopy runtime checks", 18 July 2011: one helper in
  /// front of both checks, x86 only, known and constant sizes skipped.
  public static let rfcV2 = Era(
    id: "rfc-v2", title: "RFC v2", date: "July 2011", family: .rfc, provenance: .proven,
    rules: .rfc(
      RFCRules(wording: .rfcV2, usesHelper: true)),
    blindSpots: rfcHelperBlindSpots)

  static let rfcHelperBlindSpots = [
    "freed objects", "padding inside an object", "the tail of a SLUB slab",
    "copies whose length is a constant", "copies from and to variables of known size",
    "x86-64 __copy_to_user, which has the user pointer checked", "the _inatomic forms",
    "strncpy_from_user", "vmalloc, module and text memory", "stacks of other tasks",
    "put_user and get_user", "saved registers inside a frame", "ports other than x86",
  ]
}
