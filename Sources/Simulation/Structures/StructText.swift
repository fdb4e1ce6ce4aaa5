/// A C structure read from text: a declaration as code has it, or what `pahole` prints, with the offset and
/// size of each member in a comment behind it.
struct StructText {
  private var tokens: StructTokens
  private var lines: [String: Int] = [:]
  private var members = 0
  private static let depthLimit = 16

  /// Reads one structure or union.
  static func read(_ text: String) throws(StructProblem) -> StructDeclaration {
    var reader = StructText(tokens: StructTokens(text))
    var declaration = try reader.whole()
    declaration.text = text
    try declaration.check { reader.lines[$0.name] ?? 0 }
    return declaration
  }

  private init(tokens: StructTokens) { self.tokens = tokens }

  private func problem(_ kind: StructProblem.Kind) -> StructProblem {
    StructProblem(kind, line: tokens.line)
  }

  private mutating func whole() throws(StructProblem) -> StructDeclaration {
    _ = tokens.takeComments()
    if tokens.peek == "typedef" { tokens.advance() }
    guard let word = tokens.peek, word == "struct" || word == "union" else {
      throw problem(.noStructure)
    }
    tokens.advance()
    var attributes = tokens.takeAttributes()
    while let next = tokens.peek, next != "{" {
      guard StructTokens.isWord(next) else { throw problem(.noStructure) }
      tokens.advance()
    }
    guard tokens.take("{") else { throw problem(.noStructure) }
    var declaration = StructDeclaration(unchecked: [])
    declaration.isUnion = word == "union"
    declaration.members = try body(depth: 1)
    declaration.size = tokens.wholeSize
    attributes.add(tokens.takeAttributes())
    while let next = tokens.peek, next != ";" {
      guard StructTokens.isWord(next) else { throw problem(.textBehind(next)) }
      if StructAttributes.names.contains(next) {
        attributes.add(tokens.takeAttributes())
      } else {
        tokens.advance()
      }
    }
    _ = tokens.take(";")
    _ = tokens.takeComments()
    declaration.size = declaration.size ?? tokens.wholeSize
    if let next = tokens.peek { throw problem(.textBehind(next)) }
    declaration.isPacked = attributes.isPacked
    declaration.align = attributes.align ?? 1
    return declaration
  }

  /// The members up to the closing brace, which is taken too.
  private mutating func body(depth: Int) throws(StructProblem) -> [StructDeclaration.Member] {
    guard depth <= Self.depthLimit else { throw problem(.tooDeep(limit: Self.depthLimit)) }
    var result: [StructDeclaration.Member] = []
    while true {
      _ = tokens.takeComments()
      guard let next = tokens.peek else { throw problem(.unfinished) }
      if next == "}" {
        tokens.advance()
        return result
      }
      if next == ";" {
        tokens.advance()
        continue
      }
      result += try declaration(depth)
      guard members <= StructDeclaration.memberLimit else {
        throw problem(.tooMany(limit: StructDeclaration.memberLimit))
      }
    }
  }

  private mutating func declaration(
    _ depth: Int
  ) throws(StructProblem) -> [StructDeclaration.Member] {
    let line = tokens.line
    var made: [StructDeclaration.Member]
    if tokens.beginsBody {
      made = [try inner(depth)]
    } else {
      let words = try untilSemicolon()
      made = try StructDeclarator.members(words, line: line)
    }
    members += made.count
    for member in made { lines[member.name] = line }
    if let place = tokens.takePlace(), made.count == 1 {
      made[0].offset = place.offset
      made[0].firstBit = place.firstBit ?? 0
      if made[0].size == nil { made[0].size = place.size }
    }
    return made
  }

  /// `struct { … } name;` inside another.
  private mutating func inner(_ depth: Int) throws(StructProblem) -> StructDeclaration.Member {
    var member = StructDeclaration.Member(name: "", type: "")
    member.isUnion = tokens.peek == "union"
    while tokens.peek != "{" { tokens.advance() }
    tokens.advance()
    member.parts = try body(depth: depth + 1)
    var attributes = StructAttributes()
    var words: [String] = []
    while let next = tokens.peek, next != ";" {
      guard next != "{", next != "}" else { throw problem(.unfinished) }
      if StructAttributes.names.contains(next) {
        attributes.add(tokens.takeAttributes())
      } else {
        words.append(next)
        tokens.advance()
      }
    }
    guard tokens.take(";") else { throw problem(.unfinished) }
    member.name = words.first.map { StructTokens.isWord($0) ? $0 : "" } ?? ""
    member.isPacked = attributes.isPacked
    member.align = attributes.align
    // An array of structures is one member of that many bytes.
    if words.count > 1, words[1] == "[" { member = Self.array(member, words) }
    return member
  }

  /// `struct { … } name[4];`: the first element is drawn by name, the others are its repetition.
  private static func array(
    _ member: StructDeclaration.Member, _ words: [String]
  ) -> StructDeclaration.Member {
    var whole = member
    guard let count = CType("x" + words.dropFirst().joined()).count, count > 1,
      count <= UInt64(StructDeclaration.memberLimit)
    else { return member }
    var element = member
    whole.parts = (0..<count).map { index in
      element.name = "[\(index)]"
      element.parts = member.parts.map { part in
        var part = part
        part.offset = nil
        return part
      }
      return element
    }
    whole.isUnion = false
    return whole
  }

  private mutating func untilSemicolon() throws(StructProblem) -> [String] {
    var words: [String] = []
    while let next = tokens.peek {
      tokens.advance()
      if next == ";" { return words }
      guard next != "{", next != "}" else { break }
      words.append(next)
      if words.count > 256 { break }
    }
    throw problem(.unfinished)
  }
}
