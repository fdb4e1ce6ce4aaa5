public import Simulation

/// Why a text or a list of members is no C structure, in words.
public enum StructProblemWords {
  /// One line, with what to do about it.
  public static func line(_ problem: StructProblem) -> String {
    switch problem.kind {
    case .noStructure: "a structure begins with 'struct name {'"
    case .unfinished: "the structure ends in the middle; a ';' or '}' is missing"
    case .textBehind(let text): "'\(text)' stands behind the structure; give one structure"
    case .noName(let text): "'\(text)' declares no member; it needs a type and a name"
    case .nameTwice(let name): "there are two members '\(name)'"
    case .unknownType("", let member): "member '\(member)' needs a 'type' or a 'size'"
    case .unknownType(let type, let member):
      "the size of '\(type)' is not known; give that of '\(member)' in bytes, "
        + "in text as pahole does: /* offset size */"
    case .unknownBound(let type, let member):
      "the bound in '\(type)' is no number; give the size of '\(member)' in bytes"
    case .badWidth(let name): "'\(name)' has more bits than its type, or no width"
    case .badAlignment(let name): "the alignment of '\(name)' must be a power of two up to 4096"
    case .tooLarge(let name, let limit): "'\(name)' is too large; at most \(limit) bytes"
    case .tooMany(let limit): "a structure has at most \(limit) members here"
    case .tooDeep(let limit): "structures are nested more than \(limit) deep"
    }
  }
}
