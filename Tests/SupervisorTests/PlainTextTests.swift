import Testing

@testable import Supervisor

/// What a program writes on its terminal, as plain text.
@Suite struct PlainTextTests {
  static func plain(_ parts: [ArraySlice<UInt8>]) -> String {
    var text = PlainText()
    var result = ""
    for part in parts {
      text.add(part)
      result += text.take()
    }
    return result
  }

  static let cases: [(String, String)] = [
    ("red \u{1B}[1;31mred\u{1B}[0m.\r\n", "red red.\n"), ("\u{1B}]0;title\u{07}text", "text"),
    ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"), ("a\u{1B}(Bb\u{1B}=c", "abc"),
    ("\u{1B}P1$r\u{1B}\\é€😀", "é€😀"), ("\u{1B}[?25l\u{1B}[2Jclear", "clear"),
    ("tab\tbell\u{07}", "tab\tbell\u{07}"),
  ]

  /// Wherever the writes are cut, the same text comes out.
  @Test(arguments: cases) func colourAndTitlesAreLeftOut(_ written: String, _ expected: String) {
    let bytes = Array(written.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
        #expect(Self.plain(parts) == expected, "cut at \(first) and \(second)")
      }
    }
  }

  @Test func whatIsNoTextIsReplaced() {
    #expect(Self.plain([[0x61, 0xFF, 0x62, 0xC3][...], [0x28][...]]) == "a\u{FFFD}b\u{FFFD}(")
  }
}
