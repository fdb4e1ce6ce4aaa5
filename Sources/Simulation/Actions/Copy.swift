import Usercopy

extension Action.Copy {
  static let fields = [
    Field("entry", .word(EntryPoint.self), usual: "copy_to_user", "function that copies"),
    Field("from", .place, "kernel side, where it is read"),
    Field("to", .place, "kernel side, where it is written"),
    Field("offset", .signed, usual: "0", "bytes from that place to the start of the copy"),
    Field("length", .unsigned, required: true, "bytes to copy"),
    Field("user", .place, usual: World.userBuffer, "user side"),
    Field("constant", .truth, usual: "false", "the length is a compile-time constant"),
    Field(
      "object-size", .unsigned,
      "what the compiler knows of the object's size; of copy_struct_from_user its ksize"),
    Field(
      "direction",
      .word([CopyDirection.toUser.rawValue, CopyDirection.fromUser.rawValue]),
      "direction of a bare check"),
  ]

  /// The fields that name the kernel side.
  static let sides = ["from", "to"]

  init(_ values: FieldValues) throws(FieldProblem) {
    let entry = values.word("entry", as: EntryPoint.self) ?? .copyToUser
    let direction = values.word("direction", as: CopyDirection.self)
    guard values.has("from") != values.has("to") else { throw .needsOnly(Self.sides) }
    let key = values.has("from") ? "from" : "to"
    let reads = (direction ?? entry.direction) == .toUser
    guard reads == (key == "from") else {
      throw .wrongSide(key, entry: entry.rawValue, reads: reads)
    }
    self.init(
      entry: entry, direction: direction, place: try values.needed(key, values.place(key)),
      offset: values.signed("offset") ?? 0,
      length: try values.needed("length", values.number("length")), user: values.place("user"),
      isConstant: values.truth("constant") ?? false, objectSize: values.number("object-size"))
  }

  var values: FieldValues {
    let reads = (direction ?? entry.direction) == .toUser
    return FieldValues([
      "entry": .text(entry.rawValue), reads ? "from" : "to": .place(place),
      "direction": direction.map { .text($0.rawValue) },
      "offset": offset == 0 ? nil : .signed(offset), "length": .number(length),
      "user": user.map { .place($0) }, "constant": isConstant ? .truth(true) : nil,
      "object-size": objectSize.map { .number($0) },
    ])
  }
}
