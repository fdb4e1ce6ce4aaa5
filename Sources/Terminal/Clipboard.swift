import Glibc
import Grid
import Text

extension Screen {
  /// Asks the terminal to put text on the clipboard (OSC 52), which works over ssh and in tmux with
  /// `set-clipboard on`.
  /// - Returns: whether the terminal is one that may understand and the text is short enough (74 kB); no
  ///   terminal says whether it obeyed.
  @discardableResult
  public mutating func copy(_ text: String) -> Bool {
    guard understandsCommands, text.utf8.count <= 74_000 else { return false }
    command("52;c;" + Screen.base64(Array(text.utf8)))
    return true
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < group.count ? Int(group[start + offset]) : 0)
      }
      for digit in 0..<4 {
        result.append(
          digit <= group.count ? digits[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension Screen {
  /// Terminals that are emulators and skip operating system commands they do not know; consoles do not.
  var understandsCommands: Bool {
    let known = [
      "xterm", "tmux", "screen", "rxvt", "alacritty", "kitty", "foot", "wezterm", "st", "konsole",
      "gnome", "vte", "iterm", "ghostty", "contour",
    ]
    return known.contains { capabilities.name.hasPrefix($0) }
  }

  /// Writes an operating system command; `text` must hold no control character.
  func command(_ text: String) {
    rescue.write(Array("\u{1B}]\(text)\u{07}".utf8))
  }

  /// Sets the window's title, keeping the old one to put back.
  mutating func setTitle(_ wanted: String) {
    guard understandsCommands else { return }
    if title == nil { rescue.write(Array("\u{1B}[22;2t".utf8)) }
    title = wanted
    var safe = String.UnicodeScalarView()
    for scalar in Printable.glyphs(wanted).unicodeScalars.prefix(200) {
      safe.append(scalar.isASCII || capabilities.isUTF8 ? scalar : Glyphs.ascii(scalar))
    }
    command("2;" + String(safe))
  }
}
