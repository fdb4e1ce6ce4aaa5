import Grid

/// The names curses gives to keys. Numbers differ from terminal to terminal, names do not.
enum KeyNames {
  static func key(_ name: String) -> Key? {
    if let (code, modifiers) = plain[name] { return Key(code, modifiers) }
    if name.hasPrefix("KEY_F("), let number = Int(name.dropFirst(6).dropLast()) {
      return function(number)
    }
    // kLFT5: the number is 1 + the modifiers, as in xterm's sequences.
    guard let digit = name.last?.wholeNumberValue else {
      return extended[name].map { Key($0, .shift) }
    }
    guard let code = extended[String(name.dropLast())] else { return nil }
    return Key(code, modifiers(digit))
  }

  /// Modifiers from the number terminals send: 1 + shift 1 + alt 2 + control 4.
  static func modifiers(_ number: Int) -> Key.Modifiers {
    guard number > 1, number <= 256 else { return [] }
    return Key.Modifiers(rawValue: UInt8(truncatingIfNeeded: (number - 1) & 7))
  }

  /// Descriptions number function keys with modifiers on from F13, twelve to a combination.
  private static func function(_ number: Int) -> Key? {
    guard number >= 1, number <= 63 else { return number == 0 ? Key(.function(10)) : nil }
    let combinations: [Key.Modifiers] = [
      [], .shift, .control, [.control, .shift], .alt, [.alt, .shift],
    ]
    return Key(.function((number - 1) % 12 + 1), combinations[(number - 1) / 12])
  }

  private static let extended: [String: Key.Code] = [
    "kUP": .up, "kDN": .down, "kLFT": .left, "kRIT": .right, "kHOM": .home, "kEND": .end,
    "kNXT": .pageDown, "kPRV": .pageUp, "kDC": .delete, "kIC": .insert,
  ]

  private static let plain: [String: (Key.Code, Key.Modifiers)] = [
    "KEY_UP": (.up, []), "KEY_DOWN": (.down, []), "KEY_LEFT": (.left, []),
    "KEY_RIGHT": (.right, []), "KEY_HOME": (.home, []), "KEY_END": (.end, []),
    "KEY_FIND": (.home, []), "KEY_SELECT": (.end, []), "KEY_LL": (.end, []),
    "KEY_PPAGE": (.pageUp, []), "KEY_NPAGE": (.pageDown, []), "KEY_BTAB": (.backTab, []),
    "KEY_ENTER": (.enter, []), "KEY_BACKSPACE": (.backspace, []), "KEY_DC": (.delete, []),
    "KEY_IC": (.insert, []), "KEY_A1": (.home, []), "KEY_A3": (.pageUp, []),
    "KEY_C1": (.end, []), "KEY_C3": (.pageDown, []), "KEY_SR": (.up, .shift),
    "KEY_SF": (.down, .shift), "KEY_SLEFT": (.left, .shift), "KEY_SRIGHT": (.right, .shift),
    "KEY_SHOME": (.home, .shift), "KEY_SEND": (.end, .shift), "KEY_SDC": (.delete, .shift),
    "KEY_SIC": (.insert, .shift), "KEY_SNEXT": (.pageDown, .shift),
    "KEY_SPREVIOUS": (.pageUp, .shift),
  ]
}
