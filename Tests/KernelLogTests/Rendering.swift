import Foundation

/// Ways in which a kernel's line reaches people: what consoles, loggers, mailers and web pages make
/// of it without changing what it says.
enum Rendering: CaseIterable {
  case asIs, prefixed, coloured, entities, entitiesTwice, json, csv, quotedPrintable, smartQuotes
  case noBreakSpaces, carriageReturns, progressBar, wrapped, flowed, quoted, utf16LittleEndian
  case utf16BigEndian, utf16WithoutMark, nul, latin1, markup, syslogEscapes, url, yaml

  static let prefixes = [
    "<4>", "<0>[   12.345678] ", "[ T1234] ", "[   12.345678][  C0] ", "[   12.345678] [  T46217] ",
    "Jan  2 03:04:05 host kernel: ", "2024-05-06T07:08:09.123456+02:00 host kernel: [  1.000000] ",
    "01-02 03:04:05.678     0     0 E ", "kern  :emerg : ", "[Sat Apr 13 11:23:40 2024] ",
    "0,1291,531166433,-;", "- ", "    ", "\t", "console-ramoops: <2>[   33.1] ", "[    T1] ",
    "12:34:56 ", "(XEN) ", "root@host:~# ", "\u{FEFF}", "`", "| ", "+ ", "\u{2026} ",
  ]

  /// The line so rendered, as bytes without a line end.
  func bytes(_ line: String, using random: inout some RandomNumberGenerator) -> [UInt8] {
    switch self {
    case .utf16LittleEndian: [0xFF, 0xFE] + Self.units(line, bigEndian: false)
    case .utf16BigEndian: [0xFE, 0xFF] + Self.units(line, bigEndian: true)
    case .utf16WithoutMark: Self.units(line, bigEndian: false)
    case .nul: Self.sprinkled(Array(line.utf8), using: &random)
    case .latin1: Self.latin1(line)
    default: Array(text(line, using: &random).utf8)
    }
  }

  private func text(_ line: String, using random: inout some RandomNumberGenerator) -> String {
    switch self {
    case .prefixed: (Self.prefixes.randomElement(using: &random) ?? "") + line
    case .coloured: Self.coloured(line, using: &random)
    case .entities: Self.entities(line)
    case .entitiesTwice: Self.entities(line).replacingOccurrences(of: "&", with: "&amp;")
    case .json: "{\"T\":\"1\",\"M\":\"" + Self.json(line) + "\\nCPU: 0\",\"P\":\"0\"}"
    case .csv: "1,\"" + line.replacingOccurrences(of: "\"", with: "\"\"") + "\",2"
    case .quotedPrintable: Self.quotedPrintable(line, using: &random)
    case .smartQuotes: Self.smart(line)
    case .noBreakSpaces: line.replacingOccurrences(of: " ", with: "\u{A0}")
    case .carriageReturns: line + "\r"
    case .progressBar: " 10%\r 20%\r 30%\r" + line + "\r 40%\r"
    case .wrapped: Self.wrapped(line, at: Int.random(in: 12...90, using: &random), joint: "\n")
    case .flowed: Self.flowed(line, width: Int.random(in: 24...90, using: &random))
    case .quoted:
      "> > " + Self.wrapped(line, at: Int.random(in: 20...90, using: &random), joint: "\r\n> >> ")
    case .markup: Self.markup(line, using: &random)
    case .syslogEscapes: "Jan  2 03:04:05 h kernel: #033[31m" + line + "#033[0m#012next"
    case .url:
      line.replacingOccurrences(of: " ", with: "%20").replacingOccurrences(
        of: "'", with: "%27")
    case .yaml: "- '" + line.replacingOccurrences(of: "'", with: "''") + "'"
    default: line
    }
  }

  // MARK: how

  private static func units(_ line: String, bigEndian: Bool) -> [UInt8] {
    (line + "\r\n").utf16.flatMap { unit in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return bigEndian ? bytes.reversed() : bytes
    }
  }

  private static func sprinkled(
    _ bytes: [UInt8], using random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var result = bytes
    // Apart from the words a search for reports goes by.
    let places = bytes.indices.filter { [0x20, 0x28, 0x29].contains(bytes[$0]) }
    for place in places.shuffled(using: &random).prefix(3).sorted(by: >) {
      result.insert(0, at: place)
    }
    return result + [0, 0, 0, 0]
  }

  private static func latin1(_ line: String) -> [UInt8] {
    let letters: [UInt8] = line.utf8.map { $0 == 0x27 ? 0x92 : $0 == 0x20 ? 0xA0 : $0 }
    return [0xFC, 0xE9, 0x20] + letters + [0x20, 0xDF]
  }

  private static func coloured(
    _ line: String, using random: inout some RandomNumberGenerator
  ) -> String {
    let colours = ["\u{1B}[31m", "\u{1B}[0;1;38;5;208m", "\u{1B}[m\u{1B}[K", "\u{1B}(B\u{1B}[m"]
    return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let colour = colours.randomElement(using: &random) ?? ""
      return Bool.random(using: &random) ? colour + word + "\u{1B}[0m" : String(word)
    }.joined(separator: " ")
  }

  private static func entities(_ line: String) -> String {
    line.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "'": "&#39;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }

  private static func json(_ line: String) -> String {
    line.unicodeScalars.map { scalar in
      switch scalar {
      case "'", "<", ">", "&", "\t", "\u{1B}":
        "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2)
          + String(scalar.value, radix: 16)
      case "\"": "\\\""
      case "\\": "\\\\"
      case "/": "\\/"
      default: String(scalar)
      }
    }.joined()
  }

  private static func quotedPrintable(
    _ line: String, using random: inout some RandomNumberGenerator
  ) -> String {
    let width = Int.random(in: 20...76, using: &random)
    var text = ""
    var column = 0
    for byte in line.utf8 {
      let isPlain = (0x21...0x7E).contains(byte) && ![0x3D, 0x27].contains(byte) || byte == 0x20
      let digits = String(byte, radix: 16, uppercase: true)
      let piece =
        isPlain
        ? String(UnicodeScalar(byte))
        : "=" + String(repeating: "0", count: 2 - digits.count) + digits
      if column + piece.count >= width {
        text += "=\r\n"
        column = 0
      }
      text += piece
      column += piece.count
    }
    return text
  }

  private static func smart(_ line: String) -> String {
    var isOpen = false
    return "\u{201C}"
      + line.map { character in
        guard character == "'" else { return String(character) }
        isOpen.toggle()
        return isOpen ? "\u{2018}" : "\u{2019}"
      }.joined() + "\u{201D}"
  }

  /// Hard wrapping, also inside words, but not where the line's own blanks would be lost.
  private static func wrapped(_ line: String, at width: Int, joint: String) -> String {
    var text = ""
    var column = 0
    var previous: Character = " "
    for character in line {
      if column >= width, character != " ", previous != " " {
        text += joint
        column = 0
      }
      text.append(character)
      previous = character
      column += 1
    }
    return text
  }

  /// Soft wrapping behind blanks, as format=flowed has it.
  private static func flowed(_ line: String, width: Int) -> String {
    var text = ""
    var column = 0
    for word in line.split(separator: " ", omittingEmptySubsequences: false) {
      if column + word.count > width, column > 0 {
        text += "\n"
        column = 0
      }
      text += word + " "
      column += word.count + 1
    }
    return text
  }

  private static func markup(
    _ line: String, using random: inout some RandomNumberGenerator
  ) -> String {
    let words = entities(line).split(separator: " ", omittingEmptySubsequences: false)
    let style = "<span class=\"log\" style=\"color:rgb(1,2,3)\">"
    return "<pre>"
      + words.map { Bool.random(using: &random) ? style + $0 + "</span>" : String($0) }
      .joined(separator: Bool.random(using: &random) ? "&nbsp;" : " ") + "<br/></pre>"
  }
}
