import Foundation
import Testing

/// No file holds what was left behind, or words that were given up.
@Suite struct DebrisTests {
  /// Everything that people write as text.
  static let files: [(path: String, text: String)] = {
    let root = TidyTests.root
    let endings = ["swift", "md", "yaml", "yml", "c", "h", "modulemap"]
    let folders = ["Sources", "Tests", "themes", ".ci", ".github"]
    let below = folders.flatMap { folder in
      let names =
        (try? FileManager.default.subpathsOfDirectory(
          atPath: root.appending(path: folder).path)) ?? []
      return names.filter { name in
        folder == ".ci" || endings.contains(where: { name.hasSuffix("." + $0) })
      }.map { "\(folder)/\($0)" }
    }
    return (below + ["README.md", "Package.swift"]).compactMap { path in
      let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
      return text.map { (path, $0) }
    }
  }()

  /// Words of earlier names, and what stands in their place.
  static let retired = [
    "libncursesw5" + "-dev": "libncurses-dev", "Escaping" + "Tests": "TextTests, JSONTests",
  ]

  @Test func noFileHoldsDebris() {
    #expect(Self.files.count > 600)
    // Put together, so that this file does not hold them.
    let marks = ["TO" + "DO", "FIX" + "ME", "<<<<" + "<<< ", ">>>>" + ">>> ", "====" + "===\n"]
    for (path, text) in Self.files {
      for mark in marks where text.contains(mark) { Issue.record("\(path) holds \(mark)") }
      if !text.isEmpty, !text.hasSuffix("\n") { Issue.record("\(path) ends within a line") }
      if text.hasSuffix("\n\n") { Issue.record("\(path) ends with an empty line") }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        // Texts of tests may end as a terminal's do.
        if line.last == " " || line.last == "\t", !path.hasPrefix("Tests/"), !path.hasSuffix(".md")
        {
          Issue.record("\(path):\(number + 1) ends in blanks")
        }
        if path.hasSuffix(".swift"), line.contains("\t") {
          Issue.record("\(path):\(number + 1) holds a tab")
        }
      }
    }
  }

  @Test func retiredWordsStayAway() {
    for (path, text) in Self.files {
      for (word, now) in Self.retired where text.contains(word) {
        Issue.record("\(path) says \(word); it is \(now) now")
      }
    }
  }
}
