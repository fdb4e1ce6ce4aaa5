import Usercopy

extension Action.UserBuffer {
  static let fields =
    [
      Field("as", .name(.fresh), required: true, "its name"),
      Field("length", .unsigned, required: true, "bytes"),
      Field("read-only", .truth, usual: "false", "the program may not write it"),
    ] + ContentFields.fields

  init(_ values: FieldValues) throws(FieldProblem) {
    let length = try values.needed("length", values.number("length"))
    self.init(
      name: try values.needed("as", values.text("as")), length: length,
      protection: values.truth("read-only") == true ? .readOnly : .readWrite,
      bytes: try ContentFields.bytes(values, size: length))
  }

  var values: FieldValues {
    var values = FieldValues([
      "as": .text(name), "length": .number(length),
      "read-only": protection == .readOnly ? .truth(true) : nil,
    ])
    if !bytes.isEmpty { ContentFields.set(bytes, size: length, in: &values) }
    return values
  }
}

extension Action.Image {
  static let fields =
    [
      Field("as", .name(.fresh), required: true, "its name"),
      Field("section", .word(ImageSection.self), required: true, "section of the kernel image"),
      Field("size", .unsigned, required: true, "bytes"),
      Field("offset", .unsigned, "bytes from the section's start; behind the others if left out"),
    ] + ContentFields.fields

  init(_ values: FieldValues) throws(FieldProblem) {
    let size = try values.needed("size", values.number("size"))
    self.init(
      name: try values.needed("as", values.text("as")),
      section: try values.needed("section", values.word("section", as: ImageSection.self)),
      size: size, offset: values.number("offset"),
      bytes: try ContentFields.bytes(values, size: size))
  }

  var values: FieldValues {
    var values = FieldValues([
      "as": .text(name), "section": .text(section.rawValue), "size": .number(size),
      "offset": offset.map { .number($0) },
    ])
    if !bytes.isEmpty { ContentFields.set(bytes, size: size, in: &values) }
    return values
  }
}

extension Action.Module {
  static let fields =
    [
      Field("as", .name(.fresh), required: true, "its name"),
      Field("section", .word(ModuleSection.self), required: true, "part of the module"),
      Field("size", .unsigned, required: true, "bytes"),
    ] + ContentFields.fields

  init(_ values: FieldValues) throws(FieldProblem) {
    let size = try values.needed("size", values.number("size"))
    self.init(
      name: try values.needed("as", values.text("as")),
      section: try values.needed("section", values.word("section", as: ModuleSection.self)),
      size: size, bytes: try ContentFields.bytes(values, size: size))
  }

  var values: FieldValues {
    var values = FieldValues([
      "as": .text(name), "section": .text(section.rawValue), "size": .number(size),
    ])
    if !bytes.isEmpty { ContentFields.set(bytes, size: size, in: &values) }
    return values
  }
}

/// Actions that are a name and a number or two.
enum AreaFields {
  static let vmalloc = [
    Field("as", .name(.fresh), required: true, "its name"),
    Field("size", .unsigned, required: true, "bytes"),
  ]

  static func vmalloc(_ values: FieldValues) throws(FieldProblem) -> Action {
    .vmalloc(
      name: try values.needed("as", values.text("as")),
      size: try values.needed("size", values.number("size")))
  }

  static let kmap = [
    Field("as", .name(.fresh), required: true, "its name"),
    Field("local", .truth, usual: "false", "by kmap_local_page(), not by kmap()"),
  ]

  static func kmap(_ values: FieldValues) throws(FieldProblem) -> Action {
    .kmap(
      name: try values.needed("as", values.text("as")), isLocal: values.truth("local") ?? false)
  }

  static let pages = [
    Field("as", .name(.fresh), required: true, "their name"),
    Field("order", .number(0...10), usual: "0", "2 to the power of it pages"),
    Field("compound", .truth, usual: "false", "they are one compound page"),
  ]

  static func pages(_ values: FieldValues) throws(FieldProblem) -> Action {
    .pages(
      name: try values.needed("as", values.text("as")),
      order: values.number("order", as: Int.self) ?? 0,
      compound: values.truth("compound") ?? false)
  }

  /// Bytes of a kernel stack where nothing is said.
  static let stack: UInt64 = 8192

  static let task = [
    Field("name", .name(.fresh), required: true, "its name"),
    Field("stack", .unsigned, usual: String(stack), "bytes of its kernel stack"),
  ]

  static func task(_ values: FieldValues) throws(FieldProblem) -> Action {
    .task(
      name: try values.needed("name", values.text("name")),
      stack: values.number("stack") ?? stack)
  }

  static let write =
    [
      Field("to", .place, required: true, "where"),
      Field("offset", .signed, usual: "0", "bytes from there"),
    ] + ContentFields.fields.filter { $0.name != "fill" }

  static func write(_ values: FieldValues) throws(FieldProblem) -> Action {
    .write(
      place: try values.needed("to", values.place("to")), offset: values.signed("offset") ?? 0,
      bytes: try ContentFields.bytes(values, size: nil))
  }

  static func written(_ place: Place, _ offset: Int64, _ bytes: [UInt8]) -> FieldValues {
    var values = FieldValues([
      "to": .place(place), "offset": offset == 0 ? nil : .signed(offset),
    ])
    ContentFields.set(bytes, size: nil, in: &values)
    return values
  }
}
