import Glibc
import Grid

/// What a terminal answers when it is asked for its background (OSC 11).
enum Background {
  /// The question.
  static let question = "11;?"

  /// What stands behind `ESC ]`: the answer, or `Alt-]` where nothing follows. Other reports are passed over.
  static func report(_ more: Keyboard.More) -> Input? {
    var text: [UInt32] = []
    while text.count < Keyboard.longestSequence {
      guard let token = more(Keyboard.patience) else {
        return text.isEmpty ? .key(Key(.character("]"), .alt)) : nil
      }
      guard case .scalar(let value) = token else { return nil }
      if value == 0x07 { return answer(text) }
      if value == 0x1B {
        _ = more(Keyboard.patience)
        return answer(text)
      }
      guard value >= 0x20 else { return nil }
      text.append(value)
    }
    return nil
  }

  /// `11;rgb:ffff/ffff/ffff`, with one to four digits a colour.
  private static func answer(_ scalars: [UInt32]) -> Input? {
    let text = String(decoding: scalars.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    for start in ["11;rgb:", "11;rgba:"] where text.hasPrefix(start) {
      let parts = text.dropFirst(start.count).split(separator: "/").prefix(3).map(share)
      guard parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] else {
        return nil
      }
      // Rec. 709: how bright the eye sees each colour.
      return .background(isLight: 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)
    }
    return nil
  }

  /// A colour's share of its greatest value, from hexadecimal digits.
  private static func share(_ digits: Substring) -> Double? {
    guard (1...4).contains(digits.count), let value = UInt16(digits, radix: 16) else { return nil }
    return Double(value) / Double((1 << (4 * digits.count)) - 1)
  }
}

extension Screen {
  /// Asks the terminal for its background. The answer, if one comes, is ``Input/background(isLight:)``; nothing
  /// waits for it.
  public func askBackground() {
    guard understandsCommands else { return }
    command(Background.question)
  }
}
