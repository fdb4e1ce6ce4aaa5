import Narration
import Simulation
import Text
import Usercopy
import Yams

/// Reads local variables and C structures out of a mapping.
enum StructureReader {
  /// `{ buf: 64, info: { init: zero, fields: [ … ] } }`.
  static func locals(
    _ key: String, _ most: UInt64, _ fields: Fields
  ) throws(Diagnostic) -> [Action.Local] {
    guard case .mapping(let mapping)? = fields[key] else {
      throw fields.fail(key, "'\(key)' must be names with sizes, such as {buf: 64}")
    }
    var locals: [Action.Local] = []
    for (name, value) in mapping {
      guard let name = name.string else {
        throw Fields.diagnostic(fields.file, value.mark, "a local's name must be a word")
      }
      locals.append(try local(name, value, most, fields.file))
    }
    return locals
  }

  private static func local(
    _ name: String, _ node: Node, _ most: UInt64, _ file: String
  ) throws(Diagnostic) -> Action.Local {
    if case .mapping = node {
      let known = StructureFields.local(most: most)
      let fields = try Fields(
        node, file: file, subject: "local '\(name)'", known: known.map(\.name))
      let values = try FieldReader.values(known, fields)
      do throws(FieldProblem) { return try StructureFields.local(name, values) } catch {
        throw FieldReader.diagnostic(error, fields)
      }
    }
    guard let text = node.scalar?.string, let size = Number.unsigned(text), size <= most else {
      throw Fields.diagnostic(file, node.mark, "a local needs a size in bytes, at most \(most)")
    }
    return Action.Local(name: name, size: size)
  }

  /// `[{ name: id, type: u32 }, { name: tag, size: 6 }]`.
  static func members(_ key: String, _ fields: Fields) throws(Diagnostic) -> StructDeclaration {
    let known = StructureFields.member
    var members: [StructDeclaration.Member] = []
    for node in try fields.list(key) {
      let one = try Fields(
        node, file: fields.file, subject: "a member", known: known.map(\.name))
      let values = try FieldReader.values(known, one)
      do throws(FieldProblem) {
        let member = try StructureFields.member(values)
        _ = try StructureFields.structure([member], of: "name")
        members.append(member)
      } catch {
        throw FieldReader.diagnostic(error, one)
      }
    }
    guard !members.isEmpty else { throw fields.fail(key, "'\(key)' needs at least one member") }
    do throws(FieldProblem) { return try StructureFields.structure(members, of: key) } catch {
      throw FieldReader.diagnostic(error, fields)
    }
  }

  /// C text, or what `pahole` prints.
  static func text(_ key: String, _ fields: Fields) throws(Diagnostic) -> StructDeclaration {
    let text = try fields.requiredString(key)
    do throws(FieldProblem) { return try StructureFields.structure(text, of: key) } catch {
      throw FieldReader.diagnostic(error, fields)
    }
  }

  /// What is wrong with a structure, on the line of the file it stands on.
  static func diagnostic(
    _ problem: StructProblem, _ key: String, _ fields: Fields
  ) -> Diagnostic {
    let mark = fields.place(key)
    let message = StructProblemWords.line(problem)
    guard problem.line > 0, let scalar = fields[key]?.scalar else {
      return Fields.diagnostic(fields.file, mark, message)
    }
    // A block begins on the line behind its sign.
    let isBlock = scalar.style == .literal || scalar.style == .folded
    return Diagnostic(
      file: fields.file, line: (mark?.line ?? 0) + problem.line - (isBlock ? 0 : 1),
      column: isBlock || problem.line > 1 ? 1 : mark?.column ?? 0, message: message)
  }
}
