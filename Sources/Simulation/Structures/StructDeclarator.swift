/// The members that one declaration makes: `unsigned int a:1, b:3`, `char *name[4]`, `int (*probe)(void)`.
enum StructDeclarator {
  /// - Parameters:
  ///   - words: its tokens, the semicolon left out.
  ///   - line: where it stands.
  static func members(
    _ words: [String], line: Int
  ) throws(StructProblem) -> [StructDeclaration.Member] {
    var attributes = StructAttributes()
    let parts = split(strip(words, &attributes))
    var base: [String] = []
    var result: [StructDeclaration.Member] = []
    for (index, part) in parts.enumerated() {
      var (type, name, suffix) = self.parts(part, hasBase: index > 0)
      if index == 0 {
        base = type.filter { $0 != "*" }
      } else {
        type = base + type
      }
      var member = try made(type, name, suffix, of: words, line)
      member.align = attributes.align
      member.isPacked = attributes.isPacked
      result.append(member)
    }
    return result
  }

  private static func made(
    _ type: [String], _ name: String?, _ suffix: [String], of words: [String], _ line: Int
  ) throws(StructProblem) -> StructDeclaration.Member {
    let spelling = type.joined(separator: " ")
    if let colon = suffix.firstIndex(of: ":") {
      let size = CType(spelling)
      guard colon + 1 < suffix.count, let bits = Number.unsigned(suffix[colon + 1]), bits <= 64,
        bits > 0 || name == nil
      else { throw StructProblem(.badWidth(name ?? ""), line: line) }
      if case .bytes(let bytes) = size.element, bits > bytes * 8 {
        throw StructProblem(.badWidth(name ?? ""), line: line)
      }
      return StructDeclaration.Member(name: name ?? "", type: spelling, bits: bits)
    }
    guard let name, !type.isEmpty else {
      throw StructProblem(.noName(words.joined(separator: " ")), line: line)
    }
    return StructDeclaration.Member(name: name, type: spelling + suffix.joined())
  }

  /// Type, name, and what follows the name.
  private static func parts(
    _ words: [String], hasBase: Bool
  ) -> (type: [String], name: String?, suffix: [String]) {
    // A pointer to a function or an array: `(*name)`.
    if let open = words.firstIndex(of: "("), words.indices.contains(open + 1),
      words[open + 1] == "*"
    {
      let name = words[(open + 2)...].first { StructTokens.isWord($0) }
      let close = words[open...].firstIndex(of: ")") ?? words.endIndex
      let inner = words[open..<close]
      let bounds = inner.firstIndex(of: "[").map { Array(inner[$0...]) } ?? []
      return (Array(words[..<open]) + ["*"], name, bounds)
    }
    let end = words.firstIndex { $0 == "[" || $0 == ":" } ?? words.endIndex
    let head = words[..<end]
    let suffix = Array(words[end...])
    guard let name = head.last, StructTokens.isWord(name), hasBase || head.count > 1 else {
      return (Array(head), nil, suffix)
    }
    // `unsigned :3` and `u32 :0` have no name.
    if suffix.first == ":", case .bytes = CType(head.joined(separator: " ")).element {
      return (Array(head), nil, suffix)
    }
    return (Array(head.dropLast()), name, suffix)
  }

  /// Declarators parted by commas outside parentheses and brackets.
  private static func split(_ words: [String]) -> [[String]] {
    var parts: [[String]] = [[]]
    var depth = 0
    for word in words {
      if word == "(" || word == "[" { depth += 1 }
      if word == ")" || word == "]" { depth -= 1 }
      if word == ",", depth == 0 {
        parts.append([])
      } else {
        parts[parts.count - 1].append(word)
      }
    }
    return parts
  }

  /// The words without attributes, which are read.
  private static func strip(_ words: [String], _ attributes: inout StructAttributes) -> [String] {
    var kept: [String] = []
    var index = 0
    while index < words.count {
      guard StructAttributes.names.contains(words[index]) else {
        kept.append(words[index])
        index += 1
        continue
      }
      var attribute = [words[index]]
      index += 1
      var depth = 0
      while index < words.count, words[index] == "(" || depth > 0 {
        depth += words[index] == "(" ? 1 : words[index] == ")" ? -1 : 0
        attribute.append(words[index])
        index += 1
        if depth == 0 { break }
      }
      attributes.read(attribute)
    }
    return kept
  }
}
