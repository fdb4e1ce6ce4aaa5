import Testing
import Text

@Suite struct PrintableTests {
  /// Scalars a terminal obeys, or that cannot be seen there.
  static let hostile: [Unicode.Scalar] =
    (Array(0..<0x20) + Array(0x7F...0xA0) + [
      0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x180E, 0x2000, 0x200A, 0x200B, 0x200C, 0x200D,
      0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x202F, 0x2060,
      0x2066,
      0x2067, 0x2068, 0x2069, 0x3000, 0x3164, 0xE000, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFF,
      0x1F1E9, 0x1F3FD, 0xE0001, 0xE0041, 0xE0100, 0xF0000, 0x10_FFFF,
    ]).compactMap { Unicode.Scalar(UInt32($0)) }

  @Test func nothingHostileIsShown() {
    #expect(Self.hostile.count > 90)
    for scalar in Self.hostile {
      #expect(ScalarClass(scalar) == .hidden, "\(scalar.value)")
      #expect(Printable.text("a\(scalar)b") == "a\\u{\(String(scalar.value, radix: 16))}b")
      #expect(TextWidth.of("a\(scalar)b") == 3)
    }
  }

  @Test(arguments: ["", "plain text, (1)!", "Zürich", "日本語", "e\u{301}", "→ ✔ █ ·", "👍", "ที่", "한"])
  func whatCanBeReadStays(_ text: String) {
    #expect(Printable.text(text) == text && Printable.glyphs(text) == text)
  }

  @Test func asciiHasNothingElse() {
    #expect(Printable.ascii("kmalloc-64 é\n") == "kmalloc-64 \\u{e9}\\u{a}")
  }

  @Test func screensShowOneSignForWhatIsHidden() {
    #expect(Printable.glyphs("\u{1B}\u{7F}\u{9B}\u{202E}\u{3164}") == "␛␡\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(Printable.glyphs("10\u{A0}kB\u{3000}x") == "10 kB x")
    #expect(Printable.glyphs("\u{1F1E9}\u{1F1EA}") == "DE")
  }

  @Test func marksHaveASignAndAnEnd() {
    let heap = "e" + String(repeating: "\u{301}", count: 40) + "x"
    #expect(Printable.text(heap).unicodeScalars.count { $0 == "\u{301}" } == ShownText.markLimit)
    #expect(
      Printable.text(heap).hasPrefix("e\u{301}\u{301}\\u{301}")
        && Printable.text(heap).hasSuffix("x"))
    #expect(TextWidth.of(heap) == 2 + 40 - ShownText.markLimit)
    #expect(Printable.text("\u{301}e") == "\\u{301}e")
    #expect(Printable.text("a\u{202E}\u{301}") == "a\\u{202e}\\u{301}")
  }

  @Test func emojiAreShownAsTheirParts() {
    let sequences: [(text: String, shown: String, columns: Int)] = [
      ("\u{260E}\u{FE0F}", "\u{260E}", 1), ("\u{26A0}\u{FE0E}!", "\u{26A0}!", 2),
      ("👩\u{200D}👧\u{200D}👦", "👩👧👦", 6), ("👍\u{1F3FD}", "👍", 2),
      ("1\u{FE0F}\u{20E3}", "1\u{20E3}", 1), ("🏳\u{FE0F}\u{200D}🌈", "🏳🌈", 3),
    ]
    for sequence in sequences {
      #expect(Printable.text(sequence.text) == sequence.shown)
      #expect(Printable.glyphs(sequence.text) == sequence.shown)
      #expect(TextWidth.of(sequence.text) == sequence.columns, "\(sequence.shown)")
    }
    #expect(Printable.text("T\u{200D}Z") == "T\\u{200d}Z")
    #expect(Printable.text("kmalloc\u{FE0F}") == "kmalloc\\u{fe0f}")
    #expect(Printable.text("👍\u{200D}") == "👍\\u{200d}")
    #expect(Printable.text("\u{1F3FD}") == "\\u{1f3fd}")
  }

  /// Texts of any scalars: what is shown has nothing that is hidden, showing it again changes nothing, and
  /// the columns told are those taken.
  @Test func whatIsShownIsShownAsItIs() {
    var random = SystemRandomNumberGenerator()
    let odd = Self.hostile + "ae漢👍⚠\u{301}\u{E34}\u{1161}\u{20E3}".unicodeScalars
    for _ in 0..<4_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<12 { odd.randomElement(using: &random).map { text.append($0) } }
      let shown = Printable.glyphs(String(text))
      #expect(Printable.glyphs(shown) == shown)
      #expect(shown.unicodeScalars.allSatisfy { ScalarClass($0) != .hidden })
      #expect(TextWidth.of(shown) == TextWidth.of(String(text)))
      for width in 0...14 {
        #expect(TextWidth.of(TextWidth.truncated(String(text), to: width)) <= width)
      }
    }
  }
}
