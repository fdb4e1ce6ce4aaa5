import Grid

/// Makes inputs of what a terminal sends.
///
/// Curses knows the keys in the terminal's description; everything else terminals send today (xterm's
/// modified keys, the SGR mouse, bracketed paste) is read here, so it works whatever TERM says. `more` gives
/// the next token if it comes within the milliseconds asked for.
struct Keyboard {
  typealias More = (_ milliseconds: Int32) -> Token?

  /// What a sequence may be long, in scalars.
  static let longestSequence = 64
  /// Milliseconds the rest of a sequence may take.
  static let patience: Int32 = 25

  private var held: Mouse.Button?

  /// The input that starts with `token`, nil when it is none. The start of a paste is reported; ``Paste``
  /// reads the rest.
  mutating func input(_ token: Token, more: More) -> Input? {
    guard case .scalar(let value) = token else {
      if case .named(let name) = token { return KeyNames.key(name).map { .key($0) } }
      return nil
    }
    return value == 0x1B ? escape(more) : Keyboard.key(value).map { .key($0) }
  }

  /// The key of a scalar; control characters are keys with names or letters with control.
  static func key(_ value: UInt32) -> Key? {
    switch value {
    case 0: Key(.character(" "), .control)
    case 9: Key(.tab)
    case 10, 13: Key(.enter)
    case 8, 0x7F: Key(.backspace)
    case 0x1B: Key(.escape)
    case 1...26: Unicode.Scalar(value + 0x60).map { Key(.character($0), .control) }
    case 28...31: Unicode.Scalar(value + 0x40).map { Key(.character($0), .control) }
    case 0x80...0x9F: nil
    default: Unicode.Scalar(value).map { Key(.character($0)) }
    }
  }

  private mutating func escape(_ more: More) -> Input? {
    var escapes = 1
    var next = more(0)
    while case .scalar(0x1B)? = next, escapes < Keyboard.longestSequence {
      escapes += 1
      next = more(0)
    }
    let input: Input?
    switch next {
    case nil, .scalar(0x1B): return .key(Key(.escape))
    case .scalar(0x5B): input = sequence(more)
    case .scalar(0x5D): input = Background.report(more)
    case .scalar(0x4F): input = keypad(more)
    case .scalar(let value): input = Keyboard.key(value).map { .key(Keyboard.alt($0)) }
    case .named(let name): input = KeyNames.key(name).map { .key(Keyboard.alt($0)) }
    }
    guard escapes > 1, case .key(let key)? = input else { return input }
    return .key(Keyboard.alt(key))
  }

  private static func alt(_ key: Key) -> Key { Key(key.code, key.modifiers.union(.alt)) }

  /// SS3: keys of the keypad and F1 to F4.
  private func keypad(_ more: More) -> Input? {
    guard case .scalar(let value)? = more(Keyboard.patience) else {
      return .key(Key(.character("O"), .alt))
    }
    if let code = Keyboard.finals[value] { return .key(Key(code)) }
    if value == 0x4D { return .key(Key(.enter)) }
    // The keypad's digits and signs, shifted by 0x40.
    guard (0x6A...0x79).contains(value) else { return nil }
    return Keyboard.key(value - 0x40).map { .key($0) }
  }

  /// CSI: parameters and a final byte.
  private mutating func sequence(_ more: More) -> Input? {
    var parameters: [UInt32] = []
    while parameters.count < Keyboard.longestSequence {
      guard let token = more(Keyboard.patience) else {
        return parameters.isEmpty ? .key(Key(.character("["), .alt)) : nil
      }
      guard case .scalar(let value) = token else { return nil }
      if (0x40...0x7E).contains(value) { return finished(parameters, final: value, more) }
      guard (0x20...0x3F).contains(value) else { return nil }
      parameters.append(value)
    }
    return nil
  }

  private mutating func finished(_ parameters: [UInt32], final: UInt32, _ more: More) -> Input? {
    if parameters.first == 0x3C { return mouse(parameters.dropFirst(), final: final) }
    let numbers = Keyboard.numbers(parameters[...])
    let modifiers = KeyNames.modifiers(numbers.count > 1 ? numbers[1] : 1)
    if final == 0x7E { return tilde(numbers, modifiers, more) }
    if final == 0x75, let value = numbers.first {
      return Keyboard.key(UInt32(clamping: value)).map { Keyboard.adding(modifiers, to: $0) }
    }
    return Keyboard.finals[final].map { .key(Key($0, modifiers)) }
  }

  private func tilde(_ numbers: [Int], _ modifiers: Key.Modifiers, _ more: More) -> Input? {
    guard let number = numbers.first else { return nil }
    if number == 200 { return .paste("") }
    if number == 27, numbers.count > 2 {
      return Keyboard.key(UInt32(clamping: numbers[2])).map { Keyboard.adding(modifiers, to: $0) }
    }
    return Keyboard.tildes[number].map { .key(Key($0, modifiers)) }
  }

  private static func adding(_ modifiers: Key.Modifiers, to key: Key) -> Input {
    .key(Key(key.code, key.modifiers.union(modifiers)))
  }

  /// Decimal numbers between semicolons; nothing counts as 0, colons part sub-parameters, which are left out.
  private static func numbers(_ bytes: ArraySlice<UInt32>) -> [Int] {
    bytes.split(separator: 0x3B, omittingEmptySubsequences: false).map { part in
      part.prefix { $0 != 0x3A }.reduce(0) { sum, byte in
        (0x30...0x39).contains(byte) ? min(sum * 10 + Int(byte) - 0x30, 1 << 24) : sum
      }
    }
  }

  /// SGR mouse reports: buttons and modifiers, column, row; the final byte tells presses from releases.
  private mutating func mouse(_ parameters: ArraySlice<UInt32>, final: UInt32) -> Input? {
    let numbers = Keyboard.numbers(parameters)
    guard numbers.count == 3, final == 0x4D || final == 0x6D else { return nil }
    let bits = numbers[0]
    var modifiers: Key.Modifiers = []
    if bits & 4 != 0 { modifiers.insert(.shift) }
    if bits & 8 != 0 { modifiers.insert(.alt) }
    if bits & 16 != 0 { modifiers.insert(.control) }
    let position = Position(x: max(numbers[1] - 1, 0), y: max(numbers[2] - 1, 0))
    let buttons: [Mouse.Button?] = [.left, .middle, .right, nil]
    let button = buttons[bits & 3]
    let action: Mouse.Action
    if bits & 64 != 0 {
      guard final == 0x4D, bits & 3 < 2 else { return nil }
      action = bits & 1 == 0 ? .wheelUp : .wheelDown
    } else if bits & 32 != 0 {
      guard let button else { return nil }
      action = .drag(button)
    } else if final == 0x6D {
      guard let button = button ?? held else { return nil }
      held = nil
      action = .release(button)
    } else {
      guard let button else { return nil }
      held = button
      action = .press(button)
    }
    return .mouse(Mouse(action, at: position, modifiers: modifiers))
  }

  private static let finals: [UInt32: Key.Code] = [
    0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home,
    0x50: .function(1), 0x51: .function(2), 0x52: .function(3), 0x53: .function(4), 0x5A: .backTab,
  ]

  private static let tildes: [Int: Key.Code] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12),
  ]
}
