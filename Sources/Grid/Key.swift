/// A key of the keyboard with what was held down.
public struct Key: Hashable, Sendable {
  /// Which key.
  public enum Code: Hashable, Sendable {
    /// A key that writes a scalar; with ``Modifiers/control`` it is in lower case.
    case character(Unicode.Scalar)
    /// Arrows.
    case up, down, left, right
    /// Keys that go further.
    case home, end, pageUp, pageDown
    /// Tab, and shift-tab, which terminals send as a key of its own.
    case tab, backTab
    /// Return, escape and the keys that delete or insert.
    case enter, escape, backspace, delete, insert
    /// F1 and so on.
    case function(Int)
  }

  /// What was held down.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// Modifiers of raw bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Shift; for characters it is part of the character.
    public static let shift = Modifiers(rawValue: 1)
    /// Alt, also called Meta.
    public static let alt = Modifiers(rawValue: 2)
    /// Control.
    public static let control = Modifiers(rawValue: 4)
  }

  /// Which key.
  public let code: Code
  /// What was held down.
  public let modifiers: Modifiers

  /// A key in the one form a terminal can tell: shift makes a letter upper case and Tab ``Code/backTab``, and
  /// control with I, M or `[` is Tab, Return or Escape.
  public init(_ code: Code, _ modifiers: Modifiers = []) {
    switch code {
    case .character(let scalar):
      (self.code, self.modifiers) = Key.plain(scalar, modifiers)
    case .tab where modifiers.contains(.shift), .backTab:
      self.code = .backTab
      self.modifiers = modifiers.subtracting(.shift)
    default:
      self.code = code
      self.modifiers = modifiers
    }
  }

  private static func plain(
    _ scalar: Unicode.Scalar, _ modifiers: Modifiers
  ) -> (Code, Modifiers) {
    var rest = modifiers
    var scalar = scalar
    if rest.contains(.control) {
      scalar = lowered(scalar)
      rest.remove(.shift)
      let bare = rest.subtracting(.control)
      switch scalar {
      case "i": return (.tab, bare)
      case "m": return (.enter, bare)
      case "[": return (.escape, bare)
      case "@": return (.character(" "), rest)
      default: return (.character(scalar), rest)
      }
    }
    if rest.contains(.shift), scalar != " " {
      let upper = scalar.properties.uppercaseMapping.unicodeScalars
      if upper.count == 1, let first = upper.first { scalar = first }
      rest.remove(.shift)
    }
    return (.character(scalar), rest)
  }

  private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first ?? scalar : scalar
  }

  /// Whether the key closes whatever is open over the panes: Escape or Ctrl-C.
  public var closes: Bool {
    code == .escape || code == .character("c") && modifiers == .control
  }

  /// The scalar the key types, nil for others and when Alt or Control is held.
  public var typed: Unicode.Scalar? {
    guard case .character(let scalar) = code, modifiers.isEmpty else { return nil }
    return scalar
  }
}

/// What the mouse did, in cells.
public struct Mouse: Hashable, Sendable {
  /// A button.
  public enum Button: Hashable, Sendable {
    /// The buttons of an ordinary mouse.
    case left, middle, right
  }

  /// What happened.
  public enum Action: Hashable, Sendable {
    /// A button went down.
    case press(Button)
    /// A button went up.
    case release(Button)
    /// The mouse moved with a button down.
    case drag(Button)
    /// The wheel turned one notch.
    case wheelUp, wheelDown
  }

  /// What happened.
  public let action: Action
  /// Where, from 0.
  public let position: Position
  /// What was held down.
  public let modifiers: Key.Modifiers

  /// A mouse event.
  public init(_ action: Action, at position: Position, modifiers: Key.Modifiers = []) {
    self.action = action
    self.position = position
    self.modifiers = modifiers
  }
}
