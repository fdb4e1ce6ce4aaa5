import Foundation
import Narration
import Scenario
import Testing

/// One term a thing: lessons, pages and what the program says use the terms of the table.
struct RetiredWordsTests {
  private static let root = LessonFiles.tests.deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func files(_ ending: String, under folder: String) -> [URL] {
    let start = root.appendingPathComponent(folder)
    let all = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == ending }
  }

  private static func expectNone(_ text: String, _ place: String) {
    let found = RetiredWords.found(in: text).map { "\($0.word) (say \($0.term))" }
    #expect(found.isEmpty, "\(place): \(found)")
  }

  @Test func lessonsUseTheTerms() {
    for entry in Lessons.all { Self.expectNone(entry.text, entry.id) }
  }

  @Test func pagesUseTheTerms() throws {
    let pages = Self.files("md", under: "Sources").filter { $0.lastPathComponent != "Glossary.md" }
    #expect(pages.count > 10)
    for page in pages + [Self.root.appendingPathComponent("README.md")] {
      Self.expectNone(try String(contentsOf: page, encoding: .utf8), page.lastPathComponent)
    }
  }

  /// What stands between quotation marks in the code,.
  @Test func theProgramUsesTheTerms() throws {
    var count = 0
    for file in Self.files("swift", under: "Sources") {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where index % 2 == 1 && part.contains(" ") {
          count += 1
          Self.expectNone(String(part), file.lastPathComponent)
        }
      }
    }
    #expect(count > 1_000)
  }

  @Test func wordsAreFoundWholeAndInAnyCase() {
    #expect(RetiredWords.found(in: "Gates, roads.").map(\.word) == ["gates"])
    #expect(
      RetiredWords.found(in: "aggregate, indoors, free-pointer").map(\.word) == ["free pointer"])
    #expect(RetiredWords.found(in: "a check at an entry point").isEmpty)
  }

  /// The page of words tells them all.
  @Test func thePageListsThem() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent(
        "Sources/Inspector/Inspector.docc/Glossary.md"), encoding: .utf8)
    for entry in RetiredWords.all {
      #expect(page.contains("| \(entry.word) | \(entry.term) |"), "\(entry.word)")
    }
  }
}
