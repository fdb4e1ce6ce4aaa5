extension Era {
  /// "[RFC v1] implement SL*B and stack usercopy runtime checks", 3 July 2011.
  public static let rfcV1 = Era(
    id: "rfc-v1", title: "RFC v1", date: "July 2011", family: .rfc, provenance: .proven,
    rules: .rfc(RFCRules(wording: .rfcV1)),
    blindSpots: [
      "freed objects", "padding inside an object", "the tail of a SLUB slab",
      "vmalloc, module and text memory", "stacks of other tasks", "put_user and get_user",
      "saved registers inside a frame",
    ])
}
