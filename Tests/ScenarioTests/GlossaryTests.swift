import Foundation
import Narration
import Testing

/// The documentation's page of words and the help say the same.
struct GlossaryTests {
  @Test func thePageIsTheTable() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appendingPathComponent("Sources/Inspector/Inspector.docc/Glossary.md"),
      encoding: .utf8)
    let written = page.components(separatedBy: "\n## ").dropFirst().map { part -> [String] in
      let (title, body) = part.split(separator: "\n", maxSplits: 1).reduce(into: ("", "")) {
        $0 = $0.0.isEmpty ? (String($1), "") : ($0.0, String($1))
      }
      let items = ("\n" + body).components(separatedBy: "\n- ").dropFirst()
      return [title] + items.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }
    let table = Glossary.chapters.map { chapter in
      [chapter.title]
        + chapter.entries.map { entry in
          entry.terms.map { "**\($0)**" }.joined(separator: ", ") + ": " + entry.meaning
        }
    }
    #expect(written == table)
  }

  @Test func wordsOfATextAreFound() {
    let found = Glossary.entries(in: "kmalloc-64: Slab 1/3, a HALT").flatMap(\.terms)
    #expect(found.contains("slab") && found.contains("halt") && !found.contains("URB"))
  }
}
