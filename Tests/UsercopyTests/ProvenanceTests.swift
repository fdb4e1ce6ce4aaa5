import Foundation
import Testing
import Usercopy

/// What the pages say of how an era came to be known is what the table of eras says.
@Suite struct ProvenanceTests {
  /// The sentences of the documentation, each with its page, that say it of eras by name.
  static let sentences = Result { () -> [(page: String, text: String)] in
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources")
    let names = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String }
    return try (names ?? []).filter { $0.hasSuffix(".md") }.sorted().flatMap { name in
      let text = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return words.components(separatedBy: ". ").map { (name, $0) }
    }
  }

  /// The words that say it, but where they follow "not".
  static func claims(_ text: String) -> Set<Provenance> {
    Set(
      Provenance.allCases.filter { provenance in
        text.range(
          of: "\\b(is|are) \(provenance.rawValue)\\b", options: .regularExpression) != nil
      })
  }

  /// The eras a sentence names in code, such as `rfc-v1`.
  static func eras(_ text: String) -> [Era] {
    Era.all.filter { text.contains("`\($0.id)`") }
  }

  @Test func everyPageSaysWhatTheTableSays() throws {
    var told: Set<String> = []
    for (page, text) in try Self.sentences.get() {
      let claims = Self.claims(text)
      guard claims.count == 1, let claim = claims.first else { continue }
      for era in Self.eras(text) {
        #expect(era.provenance == claim, "\(page) says \(era.id) is \(claim.rawValue)")
        told.insert(era.id)
      }
    }
    // The guide names all that stand in a row.
    let known = Era.compared.filter { $0.provenance != .dated }.map(\.id)
    #expect(told.isSuperset(of: known))
  }

  /// Whoever says that an era agrees with something must say how that is known.
  @Test func nothingIsSaidToAgreeThatWasOnlyRead() throws {
    for (page, text) in try Self.sentences.get() where text.contains("agree") {
      for era in Self.eras(text) {
        #expect([.recorded, .proven].contains(era.provenance), "\(page): \(text)")
      }
    }
  }
}
