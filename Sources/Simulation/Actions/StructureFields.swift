import Usercopy

/// How the structure of an object or local is declared: member by member, or as text.
public enum StructureFields {
  static let fields = [
    Field("fields", .members, "members of the structure in it, laid out by C's rules"),
    Field("layout", .structure, "the same as C text, or as pahole prints it"),
  ]

  /// The keys of one member in a file.
  public static let member = [
    Field("name", .text, required: true, "the member's name"),
    Field("type", .text, "its C type, such as u32, char[16] or void *"),
    Field("size", .number(0...StructDeclaration.sizeLimit), "bytes; those of the type if left out"),
    Field("align", .number(1...4096), "bytes it is aligned to; those of the type if left out"),
  ]

  /// The keys of a local in a file.
  public static func local(most: UInt64) -> [Field] {
    [
      Field("size", .number(0...most), "bytes; those of the structure if left out"),
      Field("init", .word(LocalInit.self), usual: "none", "how the function initialises it"),
    ] + fields
  }

  static func structure(_ values: FieldValues) throws(FieldProblem) -> StructDeclaration? {
    guard let members = values.structure("fields") else { return values.structure("layout") }
    guard !values.has("layout") else { throw .both("fields", "layout") }
    return members
  }

  /// The member of its own keys.
  public static func member(_ values: FieldValues) throws(FieldProblem)
    -> StructDeclaration.Member
  {
    StructDeclaration.Member(
      name: try values.needed("name", values.text("name")), type: values.text("type") ?? "",
      size: values.number("size"), align: values.number("align"))
  }

  /// The local of its own keys.
  public static func local(_ name: String, _ values: FieldValues) throws(FieldProblem)
    -> Action.Local
  {
    let structure = try structure(values)
    guard values.has("size") || structure != nil else { throw .missing("size") }
    return Action.Local(
      name: name, size: values.number("size"),
      initial: values.word("init", as: LocalInit.self) ?? .none, structure: structure)
  }

  /// The structure of members.
  public static func structure(
    _ members: [StructDeclaration.Member], of key: String
  ) throws(FieldProblem) -> StructDeclaration {
    guard members.count <= StructDeclaration.memberLimit else {
      throw .structure(key, StructProblem(.tooMany(limit: StructDeclaration.memberLimit)))
    }
    do throws(StructProblem) { return try StructDeclaration(members) } catch {
      throw .structure(key, error)
    }
  }

  /// The structure of a text.
  public static func structure(
    _ text: String, of key: String
  ) throws(FieldProblem) -> StructDeclaration {
    do throws(StructProblem) { return try StructText.read(text) } catch {
      throw .structure(key, error)
    }
  }

  static func set(_ structure: StructDeclaration?, in values: inout FieldValues) {
    guard let structure else { return }
    values[structure.text == nil ? "fields" : "layout"] = .structure(structure)
  }

  /// A member as its own keys.
  public static func values(_ member: StructDeclaration.Member) -> FieldValues {
    FieldValues([
      "name": .text(member.name), "type": member.type.isEmpty ? nil : .text(member.type),
      "size": member.size.map { .number($0) }, "align": member.align.map { .number($0) },
    ])
  }

  /// A local as its own keys; nil for one that is a size alone.
  public static func values(_ local: Action.Local) -> FieldValues? {
    if local.initial == .none, local.structure == nil, local.size != nil { return nil }
    var values = FieldValues([
      "size": local.size.map { .number($0) },
      "init": local.initial == .none ? nil : .text(local.initial.rawValue),
    ])
    set(local.structure, in: &values)
    return values
  }
}
