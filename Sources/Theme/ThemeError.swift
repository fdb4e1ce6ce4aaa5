/// Where something is in a file.
public struct Place: Hashable, Sendable, CustomStringConvertible {
  /// The file's name as the caller gave it.
  public let file: String
  /// The line and the column, from 1.
  public let line, column: Int

  /// `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}

/// Why a theme cannot be used.
public enum ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is not YAML; the message is the parser's.
  case syntax(Place, message: String)
  /// The text is longer than a theme can be, in bytes.
  case tooLong(Place, length: Int, limit: Int)
  /// More aliases than a theme can need; nested ones could stand for a text without end.
  case tooManyAliases(Place, limit: Int)
  /// A mapping was expected.
  case notAMapping(Place, what: String)
  /// One of base00…base0F is missing.
  case missingSlot(Place, Slot)
  /// A value of the palette that is no colour.
  case badColour(Place, key: String, value: String)
  /// A variant that is neither dark nor light.
  case badVariant(Place, value: String)
  /// No role has this name.
  case unknownRole(Place, name: String, suggestion: String?)
  /// The value of a role is neither a slot nor a colour nor an attribute.
  case badStyle(Place, role: String, part: String, suggestion: String?)
  /// There is no theme of this name among those that come with the program.
  case unknownTheme(name: String, suggestion: String?)

  /// One line for people: the place, what is wrong and what to do.
  public var description: String {
    switch self {
    case .syntax(let place, let message): "\(place): \(message)"
    case .tooLong(let place, let length, let limit):
      "\(place): \(length) bytes are too many for a theme; \(limit) are allowed"
    case .tooManyAliases(let place, let limit):
      "\(place): a theme may have \(limit) aliases (*name); write the values out"
    case .notAMapping(let place, let what):
      "\(place): \(what) must be a mapping of names to values, one 'name: value' a line"
    case .missingSlot(let place, let slot):
      "\(place): \(slot) is missing; a base16 scheme has base00 to base0F, each like \"#1a2b3c\""
    case .badColour(let place, let key, let value):
      "\(place): '\(value)' is no colour for \(key); write six hexadecimal digits like \"#1a2b3c\""
    case .badVariant(let place, let value):
      "\(place): '\(value)' is no variant; write dark or light"
    case .unknownRole(let place, let name, let suggestion):
      "\(place): there is no role '\(name)'" + ThemeError.hint(suggestion)
    case .badStyle(let place, let role, let part, let suggestion):
      "\(place): '\(part)' is no style for \(role); write a slot (base0D), a colour (\"#1a2b3c\"), "
        + "a name (bright-blue, default), then +bold, +reverse or +underline"
        + ThemeError.hint(suggestion)
    case .unknownTheme(let name, let suggestion):
      "there is no theme '\(name)'" + ThemeError.hint(suggestion)
    }
  }

  private static func hint(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean '\($0)'?" } ?? ""
  }
}
