/// Words that lessons, screens and pages do not use, and what they say instead: one term a thing, and that of the
/// field, so that a reader whose first language is another one can look it up.
enum RetiredWords {
  /// A word, as it would be found in a text, and the term that is used.
  struct Entry: Sendable, Hashable {
    /// The word, in lower case; forms are entries of their own.
    var word: String
    /// What stands instead.
    var term: String
  }

  /// All of them.
  static let all: [Entry] = [
    Entry(word: "free pointer", term: "freelist pointer"), Entry(word: "door", term: "entry point"),
    Entry(word: "doors", term: "entry points"), Entry(word: "gate", term: "check"),
    Entry(word: "gates", term: "checks"), Entry(word: "road", term: "path"),
    Entry(word: "short way", term: "fast path"),
    Entry(word: "somebody else's bytes", term: "another object's bytes"),
    Entry(word: "somebody else's object", term: "another object"),
    Entry(word: "foreign bytes", term: "bytes of another object"),
    Entry(word: "lights", term: "LEDs"), Entry(word: "spoilt", term: "corrupted"),
    Entry(word: "old friends", term: "the same objects"),
    Entry(word: "mercy", term: "an exception"),
    Entry(word: "bites its tail", term: "has a loop"), Entry(word: "twin", term: "counterpart"),
    Entry(word: "bare assertion", term: "BUG_ON"),
    Entry(word: "fenced", term: "refused"),
  ]

  /// Those that stand in a text as words of their own.
  static func found(in text: String) -> [Entry] {
    let plain = String(text.lowercased().map { $0.isLetter || $0 == "'" ? $0 : " " })
    let words = " " + plain.split(separator: " ").joined(separator: " ") + " "
    return all.filter { words.contains(" \($0.word) ") }
  }
}
