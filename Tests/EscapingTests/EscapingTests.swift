import Escaping
import Foundation
import Testing

@Suite struct EscapingTests {
  /// Scalars a terminal obeys, or that cannot be seen there.
  static let hostile: [Unicode.Scalar] =
    (Array(0..<0x20) + Array(0x7F...0xA0) + [
      0xAD, 0x61C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B,
      0x202C, 0x202D, 0x202E, 0x202F, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xE000,
      0xFE0F,
      0xFEFF, 0xFFF9, 0xFFFF, 0xE0001, 0xE0041, 0xF0000, 0x10_FFFF,
    ]).compactMap { Unicode.Scalar(UInt32($0)) }

  @Test func nothingHostileIsVisible() {
    #expect(Self.hostile.count > 80)
    for scalar in Self.hostile {
      #expect(!Printable.isVisible(scalar), "\(scalar.value)")
      let shown = Printable.text("a\(scalar)b")
      #expect(shown == "a\\u{\(String(scalar.value, radix: 16))}b")
    }
  }

  @Test(arguments: ["", "plain text, (1)!", "Zürich", "日本語", "é", "→ ✔ █ ·", "👍"])
  func whatCanBeReadStays(_ text: String) { #expect(Printable.text(text) == text) }

  @Test func literalsAreReadBackAndHarmless() throws {
    var text = "\"\\/ é 日本 👍"
    for scalar in Self.hostile { text.unicodeScalars.append(scalar) }
    let literal = JSONText.quoted(text)
    #expect(literal.unicodeScalars.allSatisfy(Printable.isVisible))
    let value = try JSONSerialization.jsonObject(
      with: Data(literal.utf8), options: .fragmentsAllowed)
    #expect(value as? String == text)
  }

  @Test func theWriterKeepsOrderAndSeparates() {
    var writer = JSONWriter()
    writer.openObject()
    writer.key("b")
    writer.value("x\u{1B}")
    writer.key("a")
    writer.openArray()
    writer.value(1)
    writer.value(Int?.none)
    writer.value(true)
    writer.openObject()
    writer.closeObject()
    writer.closeArray()
    writer.closeObject()
    #expect(writer.text == #"{"b": "x\u001b", "a": [1, null, true, {}]}"#)
  }
}
