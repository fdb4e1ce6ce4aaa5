import Grid
import Support
import Testing

@testable import Terminal

@Suite struct KeyboardTests {
  /// The inputs of bytes as a terminal sends them, with nothing after them.
  static func inputs(_ text: String, _ keyboard: inout Keyboard) -> [Input] {
    var rest = text.unicodeScalars.map { Token.scalar($0.value) }[...]
    var result: [Input] = []
    while let token = rest.popFirst() {
      if let input = keyboard.input(token, more: { _ in rest.popFirst() }) { result.append(input) }
    }
    return result
  }

  static func keys(_ text: String) -> [String] {
    var keyboard = Keyboard()
    return inputs(text, &keyboard).map { input in
      if case .key(let key) = input { return key.description }
      return "\(input)"
    }
  }

  static let sent: [(String, String)] = [
    ("n", "n"), ("é", "é"), ("漢", "漢"), ("\r", "Enter"), ("\n", "Enter"), ("\t", "Tab"),
    ("\u{7F}", "Backspace"), ("\u{8}", "Backspace"), ("\u{12}", "C-r"), ("\0", "C-Space"),
    ("\u{1C}", "C-\\"), ("\u{1B}", "Esc"), ("\u{1B}x", "A-x"), ("\u{1B}\r", "A-Enter"),
    ("\u{1B}[A", "Up"), ("\u{1B}OB", "Down"), ("\u{1B}[1;2D", "S-Left"), ("\u{1B}[1;5C", "C-Right"),
    ("\u{1B}[1;8A", "C-A-S-Up"), ("\u{1B}\u{1B}[A", "A-Up"), ("\u{1B}[Z", "S-Tab"),
    ("\u{1B}[3~", "Delete"), ("\u{1B}[3;2~", "S-Delete"), ("\u{1B}[6~", "PageDown"),
    ("\u{1B}[15~", "F5"), ("\u{1B}[24;5~", "C-F12"), ("\u{1B}OP", "F1"), ("\u{1B}[H", "Home"),
    ("\u{1B}[114;5u", "C-r"), ("\u{1B}[27;5;9~", "C-Tab"), ("\u{1B}[", "A-["), ("\u{1B}O", "A-O"),
    ("\u{1B}Op", "0"),
  ]

  /// Answers to the question for the background, of several terminals.
  @Test(arguments: [
    ("\u{1B}]11;rgb:ffff/ffff/ffff\u{07}", true), ("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", false),
    ("\u{1B}]11;rgb:fd/f6/e3\u{1B}\\", true), ("\u{1B}]11;rgba:1c1c/1c1c/1c1c/ffff\u{07}", false),
  ])
  func theBackgroundIsTold(bytes: String, isLight: Bool) {
    var keyboard = Keyboard()
    #expect(
      Self.inputs(bytes + "n", &keyboard) == [
        .background(isLight: isLight), .key(Key(.character("n"))),
      ])
  }

  /// Other reports are passed over whole; a lone `ESC ]` is a key.
  @Test func otherReportsAreNoInput() {
    var keyboard = Keyboard()
    for bytes in ["\u{1B}]10;rgb:0/0/0\u{07}", "\u{1B}]11;rgb:0/0\u{07}", "\u{1B}]11;?\u{1B}\\"] {
      #expect(Self.inputs(bytes, &keyboard).isEmpty)
    }
    #expect(Self.keys("\u{1B}]") == ["A-]"])
  }

  @Test(arguments: sent) func sequencesAreKeys(bytes: String, name: String) {
    #expect(Self.keys(bytes) == [name])
  }

  /// However many come in a row.
  @Test func escapesAreEscapes() {
    for count in [2, 63, 64, 65, 200_000] {
      let names = Self.keys(String(repeating: "\u{1B}", count: count))
      #expect(!names.isEmpty && names.count <= count && names.allSatisfy { $0 == "Esc" })
    }
    #expect(Self.keys("\u{1B}\u{1B}x") == ["A-x"])
    #expect(Self.keys("\u{1B}\u{1B}\u{1B}[6~") == ["A-PageDown"])
    #expect(Self.keys(String(repeating: "\u{1B}", count: 1_000) + "x").last?.hasSuffix("x") == true)
  }

  @Test func descriptionsNamesAreKeys() {
    let names = [
      "KEY_UP": "Up", "kLFT5": "C-Left", "kRIT2": "S-Right", "kUP": "S-Up", "kDN3": "A-Down",
      "KEY_SR": "S-Up", "KEY_SLEFT": "S-Left", "KEY_F(1)": "F1", "KEY_F(13)": "S-F1",
      "KEY_F(29)": "C-F5", "KEY_BTAB": "S-Tab", "KEY_DC": "Delete", "kHOM6": "C-S-Home",
    ]
    for (name, key) in names { #expect(KeyNames.key(name)?.description == key, "\(name)") }
    for name in ["KEY_RESIZE", "KEY_MOUSE", "", "kXYZ5", "KEY_F(", "9"] {
      #expect(KeyNames.key(name) == nil, "\(name)")
    }
  }

  @Test func theMouseIsRead() {
    var keyboard = Keyboard()
    let inputs = Self.inputs(
      "\u{1B}[<0;11;6M\u{1B}[<32;12;6M\u{1B}[<0;12;6m\u{1B}[<65;300;2M\u{1B}[<18;1;1M", &keyboard)
    #expect(
      inputs == [
        .mouse(Mouse(.press(.left), at: Position(x: 10, y: 5))),
        .mouse(Mouse(.drag(.left), at: Position(x: 11, y: 5))),
        .mouse(Mouse(.release(.left), at: Position(x: 11, y: 5))),
        .mouse(Mouse(.wheelDown, at: Position(x: 299, y: 1))),
        .mouse(Mouse(.press(.right), at: Position(x: 0, y: 0), modifiers: .control)),
      ])
    #expect(Self.inputs("\u{1B}[<0;1M\u{1B}[<35;5;5M\u{1B}[<66;1;1M", &keyboard).isEmpty)
    #expect(Self.inputs("\u{1B}[<0;0;0M", &keyboard).count == 1)
  }

  @Test func pastesAreTextAndNeverKeys() {
    var keyboard = Keyboard()
    #expect(Self.inputs("\u{1B}[200~", &keyboard) == [.paste("")])
    #expect(Self.paste("a\rb\r\nq\u{1B}[A\u{1B}[201~n".utf8) == ("a\nb\nq\u{1B}[A", "n"))
    #expect(Self.paste("open".utf8) == ("open", ""))
  }

  /// The text of a paste and what was not read of the bytes, read as the screen reads them.
  static func paste(_ bytes: some Collection<UInt8>) -> (text: String, rest: String) {
    var paste = Paste()
    var rest = Array(bytes)[...]
    while !paste.isWhole, !rest.isEmpty {
      let part = rest.prefix(paste.wanted)
      rest = rest.dropFirst(part.count)
      for byte in part { paste.take(byte) }
    }
    return (paste.text, String(decoding: rest, as: UTF8.self))
  }

  /// Whatever stands between the brackets is taken whole and nothing behind them.
  @Test func bracketsPartPastesFromKeys() {
    var random = SplitMix(text: "paste")
    let pieces =
      ["\u{1B}", "[", "201", "~", "\u{1B}[20", "\u{1B}[200~", "q", "1~", "é"]
      .map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F]]
    let end = Array("\u{1B}[201~".utf8)
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...12, using: &random)
      let inner = (0..<count).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
      // Where the pieces made a closing bracket of their own the paste ends there.
      let own = inner.indices.first { inner[$0...].starts(with: end) }
      let wanted = own.map { Array(inner[..<$0]) } ?? inner
      let found = Self.paste(inner + end + Array("n".utf8))
      #expect(found.text == String(decoding: wanted, as: UTF8.self))
      if own == nil { #expect(found.rest == "n") }
    }
    let long = Self.paste(Array(repeating: 0x61, count: Paste.longest + 9) + end + [0x6E])
    #expect(long.text.utf8.count == Paste.longest && long.rest == "n")
  }

  /// Whatever comes, it is read to its end.
  @Test func noiseIsHarmless() {
    var keyboard = Keyboard()
    var state: UInt64 = 7
    let signs = Array("\u{1B}[O<;0129MmABZ~u?\u{9B}\u{0}\u{7F}é")
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(signs[Int(state >> 33) % signs.count])
      }
      for case .key(let key) in Self.inputs(text, &keyboard) {
        #expect(throws: Never.self) { try Key(parsing: key.description) }
      }
    }
    #expect(
      Self.inputs("\u{1B}[" + String(repeating: "9", count: 500) + "A", &keyboard).count < 500)
  }
}
