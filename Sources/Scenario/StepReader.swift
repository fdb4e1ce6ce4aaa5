import Simulation
import Text
import Usercopy
import Yams

/// Reads one step: an action, what it should do, and what is said.
enum StepReader {
  /// Actions by the word a step starts with.
  static let actions = Shapes.actions.names

  static func read(_ node: Node, file: String) throws(Diagnostic) -> ScriptStep {
    let fields = try Fields(
      node, file: file, subject: "a step", known: Shapes.step.names)
    let named = actions.filter { fields.has($0) }
    guard named.count == 1, let name = named.first, let value = fields[name] else {
      let found =
        named.isEmpty
        ? "a step needs one action: \(actions.joined(separator: ", "))"
        : "a step has one action, this one has \(named.joined(separator: " and "))"
      throw Fields.diagnostic(file, node.mark, found)
    }
    var marks: [String: SourceMark] = [:]
    let action = try action(name, value, fields, &marks)
    var step = ScriptStep(
      action: action, origin: try fields.choice("origin", of: ScriptStep.Origin.self) ?? .lesson,
      say: try fields.string("say") ?? "", notes: try fields.string("notes") ?? "",
      line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    step.marks = marks
    if let expect = fields["expect"] {
      step.expect = try ExpectationReader.read(expect, file: file)
    }
    return step
  }

  private static func action(
    _ name: String, _ node: Node, _ step: Fields, _ marks: inout [String: SourceMark]
  ) throws(Diagnostic) -> Action {
    let file = step.file
    func fields(_ shape: Shape) throws(Diagnostic) -> Fields {
      try Fields(node, file: file, subject: "'\(name)'", known: shape.names)
    }
    marks["name"] = node.mark.map { SourceMark(line: $0.line, column: $0.column) }
    switch name {
    case "alloc": return try alloc(fields(Shapes.alloc), &marks)
    case "free": return .free(try step.requiredString(name))
    case "call": return try call(fields(Shapes.call))
    case "return": return .return
    case "vmalloc":
      let area = try fields(Shapes.vmalloc)
      return .vmalloc(
        name: try area.requiredString("as"), size: try area.requiredUnsigned("size"))
    case "pages":
      let pages = try fields(Shapes.pages)
      return .pages(
        name: try pages.requiredString("as"), order: try pages.int("order", in: 0...10) ?? 0,
        compound: try pages.bool("compound") ?? false)
    case "user": return try user(fields(Shapes.user))
    case "image": return try image(fields(Shapes.image))
    case "task":
      let task = try fields(Shapes.task)
      return .task(
        name: try task.requiredString("name"), stack: try task.unsigned("stack") ?? 8192)
    case "run": return .run(task: try step.requiredString(name))
    case "write":
      let write = try fields(Shapes.write)
      note("to", write, "place", &marks)
      return .write(
        place: try place("to", write), offset: try write.signed("offset") ?? 0,
        bytes: try content(write, size: nil))
    case "copy":
      return try copy(fields(Shapes.copy), &marks)
    case "era":
      let id = try step.requiredString(name)
      guard Era.named(id) != nil else {
        let known = Era.all.map(\.id)
        throw step.fail(
          name, "unknown era '\(id)'", Nearest.word(to: id, among: known), known: known)
      }
      return .era(id)
    case "note": return .note
    default: return try GadgetReader.action(name, node, step)
    }
  }

  private static func note(
    _ key: String, _ fields: Fields, _ subject: String, _ marks: inout [String: SourceMark]
  ) {
    if let mark = fields.place(key) {
      marks[subject] = SourceMark(line: mark.line, column: mark.column)
    }
  }

  private static func alloc(_ fields: Fields, _ marks: inout [String: SourceMark])
    throws(Diagnostic) -> Action
  {
    let cache = try fields.string("cache")
    let size = try fields.unsigned("size")
    guard cache != nil || size != nil else {
      throw Fields.diagnostic(
        fields.file, fields.mark, "'alloc' needs 'cache' or 'size' (for kmalloc)")
    }
    note(cache == nil ? "size" : "cache", fields, "cache", &marks)
    note("as", fields, "name", &marks)
    return .alloc(
      Action.Alloc(
        cache: cache, size: size, name: try fields.requiredString("as"),
        bytes: try content(fields, size: size), slot: try fields.int("at", in: 0...65_535)))
  }

  private static func call(_ fields: Fields) throws(Diagnostic) -> Action {
    var locals: [LocalRequest] = []
    if let node = fields["locals"] {
      guard case .mapping(let mapping) = node else {
        throw fields.fail("locals", "'locals' must be names with sizes, such as {buf: 64}")
      }
      for (key, value) in mapping {
        guard let name = key.string, let text = value.scalar?.string,
          let size = Number.unsigned(text), size <= 16_384
        else {
          throw Fields.diagnostic(
            fields.file, value.mark, "a local needs a size in bytes, at most 16384")
        }
        locals.append(LocalRequest(name: name, size: size))
      }
    }
    let saved = try fields.list("saved").compactMap { $0.scalar?.string }
    return .call(
      Action.Call(
        function: try fields.requiredString("function"), locals: locals, savedRegisters: saved))
  }

  private static func user(_ fields: Fields) throws(Diagnostic) -> Action {
    let length = try fields.requiredUnsigned("length")
    return .user(
      Action.UserBuffer(
        name: try fields.requiredString("as"), length: length,
        protection: try fields.bool("read-only") ?? false ? .readOnly : .readWrite,
        bytes: try content(fields, size: length)))
  }

  private static func image(_ fields: Fields) throws(Diagnostic) -> Action {
    _ = try fields.required("section")
    let size = try fields.requiredUnsigned("size")
    return .image(
      Action.Image(
        name: try fields.requiredString("as"),
        section: try fields.choice("section", of: ImageSection.self) ?? .rodata, size: size,
        offset: try fields.unsigned("offset"), bytes: try content(fields, size: size)))
  }

  private static func copy(_ fields: Fields, _ marks: inout [String: SourceMark])
    throws(Diagnostic) -> Action
  {
    let entry = try fields.choice("entry", of: EntryPoint.self) ?? .copyToUser
    let direction = try direction(fields)
    let key = fields.has("from") ? "from" : "to"
    guard fields.has("from") != fields.has("to") else {
      throw Fields.diagnostic(
        fields.file, fields.mark,
        "'copy' needs the kernel side once: 'from' when it is read, 'to' when it is written")
    }
    let reads = (direction ?? entry.direction) == .toUser
    guard reads == (key == "from") else {
      throw fields.fail(
        key,
        "\(entry.rawValue) \(reads ? "reads" : "writes") the kernel side; name it with "
          + "'\(reads ? "from" : "to")'")
    }
    note(key, fields, "place", &marks)
    return .copy(
      Action.Copy(
        entry: entry, direction: direction, place: try place(key, fields),
        offset: try fields.signed("offset") ?? 0, length: try fields.requiredUnsigned("length"),
        user: fields.has("user") ? try place("user", fields) : nil,
        isConstant: try fields.bool("constant") ?? false,
        objectSize: try fields.unsigned("object-size")))
  }

  static func direction(_ fields: Fields) throws(Diagnostic) -> CopyDirection? {
    guard let text = try fields.string("direction") else { return nil }
    guard let direction = CopyDirection(rawValue: text), direction != .userToUser else {
      throw fields.fail("direction", "'direction' must be to_user or from_user")
    }
    return direction
  }

  static func place(_ key: String, _ fields: Fields) throws(Diagnostic) -> Place {
    let text = try fields.requiredString(key)
    if let address = text.hasPrefix("0x") ? Number.unsigned(text) : nil {
      return .address(address)
    }
    return Place.Spot(rawValue: text).map { .spot($0) } ?? .named(text)
  }

  /// `bytes: text` or `fill: 0x41` over `size` bytes.
  private static func content(_ fields: Fields, size: UInt64?) throws(Diagnostic) -> [UInt8] {
    if let text = try fields.string("bytes") { return Array(text.utf8) }
    guard let fill = try fields.unsigned("fill") else { return [] }
    guard fill <= 255 else { throw fields.fail("fill", "'fill' must be a byte, 0 to 255") }
    guard let size, size <= World.sizeLimit else {
      throw fields.fail("fill", "'fill' needs a size to fill")
    }
    return [UInt8](repeating: UInt8(fill), count: Int(size))
  }
}
