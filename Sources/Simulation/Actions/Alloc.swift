extension Action.Alloc {
  static let fields =
    [
      Field("cache", .name(.cache), "cache to take it from; none for kmalloc"),
      Field(
        "size", .unsigned, "bytes asked for; the cache's object or the structure's size if left out"
      ),
      Field("as", .name(.fresh), required: true, "its name"),
      Field("zero", .truth, usual: "false", "with __GFP_ZERO, as kzalloc() does"),
    ] + StructureFields.fields + ContentFields.fields + [
      Field("at", .number(0...65_535), "slot to take if it is free")
    ]

  /// The fields that say what to take.
  static let sources = ["cache", "size", "fields", "layout"]

  init(_ values: FieldValues) throws(FieldProblem) {
    let (cache, size) = (values.text("cache"), values.number("size"))
    let structure = try StructureFields.structure(values)
    guard cache != nil || size != nil || structure != nil else {
      throw .needsOneOf(Self.sources)
    }
    self.init(
      cache: cache, size: size, name: try values.needed("as", values.text("as")),
      bytes: try ContentFields.bytes(values, size: size),
      slot: values.number("at", as: Int.self), isZeroed: values.truth("zero") ?? false,
      structure: structure)
  }

  var values: FieldValues {
    var values = FieldValues([
      "cache": cache.map { .text($0) }, "size": size.map { .number($0) }, "as": .text(name),
      "zero": isZeroed ? .truth(true) : nil,
    ])
    StructureFields.set(structure, in: &values)
    if !bytes.isEmpty { ContentFields.set(bytes, size: size, in: &values) }
    values["at"] = slot.map { .number($0) }
    return values
  }
}
