import Text

/// Why a text names no key.
public enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No key has this name; the second is the nearest that one has.
  case unknown(name: String, suggestion: String?)
  /// A quotation that does not end.
  case unclosedQuotation(String)

  /// One line for people.
  public var description: String {
    switch self {
    case .unknown(let name, let suggestion?):
      "there is no key '\(name)'; did you mean '\(suggestion)'?"
    case .unknown(let name, nil):
      "there is no key '\(name)'; keys are written n, N, C-r, A-x, S-Left, Tab, Enter, Esc, F1"
    case .unclosedQuotation(let text):
      "the quotation \(text) has no closing quotation mark"
    }
  }
}

extension Key: CustomStringConvertible {
  /// The key's name: `n`, `N`, `C-r`, `A-x`, `S-Left`, `Tab`, `S-Tab`, `Space`, `F5`.
  public var description: String {
    var result = ""
    if modifiers.contains(.control) { result += "C-" }
    if modifiers.contains(.alt) { result += "A-" }
    if modifiers.contains(.shift) || code == .backTab { result += "S-" }
    switch code {
    case .character(" "): return result + "Space"
    case .character(let scalar): return result + String(Character(scalar))
    case .function(let number): return result + "F\(number)"
    case .backTab: return result + "Tab"
    default:
      return result + (Key.names.first { $0.code == code }?.name ?? "")
    }
  }

  /// A key by its name; names of more than one letter may be in any case, `M-` is the same as `A-`.
  public init(parsing name: some StringProtocol) throws(KeyError) {
    var modifiers: Modifiers = []
    var rest = Substring(name)
    while rest.unicodeScalars.count > 2, rest.dropFirst().first == "-" {
      switch rest.first {
      case "C", "c": modifiers.insert(.control)
      case "A", "a", "M", "m": modifiers.insert(.alt)
      case "S", "s": modifiers.insert(.shift)
      default: throw Key.unknown(name)
      }
      rest = rest.dropFirst(2)
    }
    guard let code = Key.code(named: rest) else { throw Key.unknown(name) }
    self.init(code, modifiers)
  }

  /// Keys in a row, parted by blanks: `n n Tab`. Text in quotation marks types its scalars: `: "free a" Enter`.
  public static func sequence(parsing text: String) throws(KeyError) -> [Key] {
    var keys: [Key] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == "\"", rest.dropFirst().first.map({ !$0.isWhitespace }) == true {
        guard let end = rest.dropFirst().firstIndex(of: "\"") else {
          throw .unclosedQuotation(String(rest))
        }
        for scalar in rest[..<end].dropFirst().unicodeScalars {
          keys.append(Key(.character(scalar)))
        }
        rest = rest[end...].dropFirst()
      } else {
        let name = rest.prefix { !$0.isWhitespace }
        keys.append(try Key(parsing: name))
        rest = rest[name.endIndex...]
      }
    }
    return keys
  }

  private static func code(named name: Substring) -> Code? {
    let scalars = name.unicodeScalars
    if scalars.count == 1, let scalar = scalars.first {
      return scalar.value < 0x20 || scalar.value == 0x7F ? nil : .character(scalar)
    }
    let lower = name.lowercased()
    if lower == "space" { return .character(" ") }
    if let found = names.first(where: { $0.name.lowercased() == lower }) { return found.code }
    if let found = others.first(where: { $0.name == lower }) { return found.code }
    if lower.first == "f", let number = Int(lower.dropFirst()), (1...63).contains(number) {
      return .function(number)
    }
    return nil
  }

  private static let names: [(name: String, code: Code)] = [
    ("Up", .up), ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home),
    ("End", .end), ("PageUp", .pageUp), ("PageDown", .pageDown), ("Tab", .tab),
    ("Enter", .enter), ("Esc", .escape), ("Backspace", .backspace), ("Delete", .delete),
    ("Insert", .insert),
  ]

  private static let others: [(name: String, code: Code)] = [
    ("escape", .escape), ("return", .enter), ("pgup", .pageUp), ("pgdn", .pageDown),
    ("del", .delete), ("ins", .insert), ("bs", .backspace), ("backtab", .backTab),
  ]

  private static func unknown(_ name: some StringProtocol) -> KeyError {
    let known = names.map(\.name) + ["Space"]
    return .unknown(name: String(name), suggestion: Nearest.word(to: String(name), among: known))
  }
}
