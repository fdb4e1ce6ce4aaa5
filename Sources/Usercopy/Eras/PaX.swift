extension Era {
  /// PAX_USERCOPY as the RFC describes it beside itself, 2011.
  public static let pax = Era(
    id: "pax", title: "PaX USERCOPY", date: "July 2011", family: .pax, provenance: .derived,
    rules: .rfc(
      RFCRules(consequence: .sigkill, needsUsercopyFlag: true, coversSLOB: true, wording: .pax)),
    blindSpots: [
      "freed objects", "padding inside an object", "vmalloc, module and text memory",
      "stacks of other tasks",
    ])
}
