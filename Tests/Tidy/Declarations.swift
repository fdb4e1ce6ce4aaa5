/// A declaration of a type, a member or a function, outside of functions.
public struct Declaration: Sendable {
  /// The keyword it was declared with: `struct`, `func`, `case` …
  public var keyword: Substring
  /// The name; `init` and `subscript` are their own.
  public var name: Substring
  /// The type or extension it stands in; nil at the top of the file.
  public var type: Substring?
  /// The line of the keyword, from 1.
  public var line: Int
  /// Nothing outside its file can name it.
  public var isPrivate: Bool
}

/// A function, initializer or computed property with a body.
public struct Body: Sendable {
  /// The name it was declared under.
  public var name: Substring
  /// The line of its keyword and that of its closing brace, from 1.
  public var lines: ClosedRange<Int>
}

/// Finds what a file declares and which names it uses, by its tokens alone: no types are resolved.
struct Declarations {
  private enum Scope: Equatable {
    case type(keyword: Substring, name: Substring)
    case body(name: Substring, line: Int)
    case block
  }

  private let tokens: [Token]
  private var index = 0
  private var scopes: [Scope] = []
  private var pending: (scope: Scope, parentheses: Int)?
  private var parentheses = 0
  private var isPrivate = false

  private(set) var declared: [Declaration] = []
  private(set) var bodies: [Body] = []
  /// Places of tokens that declare a name or label an argument.
  private var silent: Set<Int> = []
  /// Names of parameters and local values.
  private var local: Set<Substring> = []
  private(set) var imported: Set<Substring> = []
  /// Names of types declared or extended here.
  private(set) var types: Set<Substring> = []

  init(of tokens: [Token]) {
    self.tokens = tokens
    while index < tokens.count {
      take()
      index += 1
    }
  }

  /// The names used behind a dot, and those that stand alone: not the ones being declared, labels, or
  /// values of a function's own.
  func used() -> (dotted: Set<Substring>, bare: Set<Substring>) {
    var dotted: Set<Substring> = []
    var bare: Set<Substring> = []
    for (place, token) in tokens.enumerated() where token.isWord && !silent.contains(place) {
      if place > 0, tokens[place - 1].text == "." {
        dotted.insert(token.text)
      } else if !local.contains(token.text) {
        bare.insert(token.text)
      }
    }
    return (dotted, bare)
  }

  private var enclosing: Substring? {
    guard case .type(keyword: _, let name)? = scopes.last else { return nil }
    return name
  }

  private var isInFunction: Bool {
    switch scopes.last {
    case .body, .block: true
    case .type, nil: false
    }
  }

  private mutating func take() {
    let token = tokens[index]
    switch token.text {
    case "(", "[": parentheses += 1
    case ")", "]": parentheses -= 1
    case "{": open()
    case "}": close(at: token.line)
    default: if token.isWord { word(token) }
    }
  }

  private mutating func open() {
    if let begun = pending, begun.parentheses == parentheses {
      scopes.append(begun.scope)
      pending = nil
    } else {
      scopes.append(.block)
      closureParameters()
    }
  }

  private mutating func close(at line: Int) {
    if let begun = pending, begun.parentheses >= parentheses { pending = nil }
    if case .body(let name, let start)? = scopes.popLast() {
      bodies.append(Body(name: name, lines: start...line))
    }
  }

  /// `{ a, b in` and `{ (a: Int, b) -> Int in`.
  private mutating func closureParameters() {
    var names: [Substring] = []
    var ahead = index + 1
    while ahead < tokens.count, ahead < index + 24, tokens[ahead].line == tokens[index].line {
      let token = tokens[ahead]
      // Not the label of an argument.
      if token.text == "in", tokens[ahead + 1].text != ":" {
        local.formUnion(names)
        return
      }
      if token.text == "{" || token.text == "}" { return }
      if token.isWord { names.append(token.text) }
      ahead += 1
    }
  }

  private mutating func word(_ token: Token) {
    let previous = index > 0 ? tokens[index - 1].text : ""
    if token.isQuoted || previous == "." { return }
    switch token.text {
    case "private", "fileprivate": isPrivate = true
    case "import": importModule()
    case "struct", "enum", "actor", "protocol", "class", "extension": type(token)
    case "func", "typealias", "associatedtype": named(token)
    case "init", "subscript", "deinit": unnamed(token)
    case "let", "var": variable(token)
    case "case": cases(token)
    case "for": loop()
    default: label(previous)
    }
  }

  private mutating func importModule() {
    guard scopes.isEmpty, index + 1 < tokens.count else { return }
    index += 1
    imported.insert(tokens[index].text)
    silent.insert(index)
  }

  private mutating func declare(_ keyword: Token, at place: Int) {
    silent.insert(place)
    declared.append(
      Declaration(
        keyword: keyword.text, name: tokens[place].text, type: enclosing, line: keyword.line,
        isPrivate: isPrivate))
  }

  private mutating func type(_ token: Token) {
    guard index + 1 < tokens.count, tokens[index + 1].isWord,
      !["func", "var", "let", "subscript"].contains(tokens[index + 1].text)
    else { return }
    index += 1
    if token.text != "extension" { declare(token, at: index) }
    while index + 2 < tokens.count, tokens[index + 1].text == ".", tokens[index + 2].isWord {
      index += 2
    }
    isPrivate = false
    types.insert(tokens[index].text)
    pending = (.type(keyword: token.text, name: tokens[index].text), parentheses)
  }

  private mutating func named(_ token: Token) {
    guard index + 1 < tokens.count else { return }
    index += 1
    let name = tokens[index]
    if !isInFunction, name.isWord {
      declare(token, at: index)
    } else if name.isWord {
      local.insert(name.text)
    }
    isPrivate = false
    pending = token.text == "func" ? (.body(name: name.text, line: token.line), parentheses) : nil
  }

  private mutating func unnamed(_ token: Token) {
    guard !isInFunction else { return }
    isPrivate = false
    pending = (.body(name: token.text, line: token.line), parentheses)
  }

  /// `let a`, `var a, b`, `let (a, b)`, and in functions every form that binds a name.
  private mutating func variable(_ token: Token) {
    var ahead = index + 1
    var places: [Int] = []
    if ahead < tokens.count, tokens[ahead].text == "(" { ahead += 1 }
    while ahead < tokens.count, tokens[ahead].isWord {
      places.append(ahead)
      guard ahead + 1 < tokens.count, tokens[ahead + 1].text == "," else { break }
      ahead += 2
    }
    guard let first = places.first else { return }
    if isInFunction || parentheses > 0 {
      for place in places { local.insert(tokens[place].text) }
    } else {
      for place in places { declare(token, at: place) }
      pending = (.body(name: tokens[first].text, line: token.line), parentheses)
    }
    isPrivate = false
    index = places.last ?? index
  }

  private mutating func cases(_ token: Token) {
    guard case .type(keyword: "enum", name: _)? = scopes.last else { return }
    var ahead = index + 1
    while ahead < tokens.count, tokens[ahead].isWord {
      declare(token, at: ahead)
      index = ahead
      ahead += 1
      var depth = 0
      while ahead < tokens.count {
        let text = tokens[ahead].text
        if text == "(" { depth += 1 }
        if text == ")" { depth -= 1 }
        if depth == 0, text == "," || text == "}" || text != ")" && tokens[ahead].isWord { break }
        if depth > 0, tokens[ahead].isWord, tokens[ahead + 1].text == ":" { silent.insert(ahead) }
        ahead += 1
      }
      guard ahead + 1 < tokens.count, tokens[ahead].text == "," else { break }
      ahead += 1
    }
  }

  private mutating func loop() {
    var ahead = index + 1
    while ahead < tokens.count, tokens[ahead].text != "in", tokens[ahead].line == tokens[index].line
    {
      if tokens[ahead].isWord, tokens[ahead - 1].text != "." { local.insert(tokens[ahead].text) }
      ahead += 1
    }
  }

  /// `(label: `, `, label name: `: neither is a use; the names are a function's own.
  private mutating func label(_ previous: Substring) {
    guard previous == "(" || previous == ",", index + 2 < tokens.count else { return }
    if tokens[index + 1].text == ":" {
      silent.insert(index)
      local.insert(tokens[index].text)
    } else if tokens[index + 1].isWord, tokens[index + 2].text == ":" {
      silent.formUnion([index, index + 1])
      local.insert(tokens[index + 1].text)
    }
  }
}
