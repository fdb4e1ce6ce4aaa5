import Testing
import Text

@Suite struct NearestTests {
  @Test func misspeltWordsAreFound() {
    #expect(Nearest.word(to: "lenght", among: ["offset", "length"]) == "length")
    #expect(Nearest.word(to: "PAST-the-nd", among: ["past-the-end", "hello"]) == "past-the-end")
    #expect(Nearest.word(to: "rfc-v0", among: ["rfc-v2", "rfc-v1"]) == "rfc-v1")
  }

  @Test func otherWordsAreNot() {
    for word in ["zzz", "", "a"] {
      #expect(Nearest.word(to: word, among: ["offset", "length", "b"]) == nil)
    }
    #expect(Nearest.word(to: "offset", among: [String]()) == nil)
  }

  /// A distance: 0 for the same word only, the same both ways, no longer than the longer word.
  @Test func editsAreADistance() {
    let words = ["", "a", "ab", "ba", "abc", "cab", "length", "lenght", "copy_to_user"]
    for one in words {
      for other in words {
        let edits = Nearest.edits(one, other)
        #expect(edits == Nearest.edits(other, one) && (edits == 0) == (one == other))
        #expect(edits <= max(one.count, other.count) && edits >= abs(one.count - other.count))
      }
    }
    #expect(Nearest.edits("ab", "ba") == 1 && Nearest.edits("kitten", "sitting") == 3)
  }

  @Test func hexadecimalIsPadded() {
    #expect(UInt8(0).hex() == "0" && UInt8(10).hex(width: 2) == "0a")
    #expect(UInt64.max.hex(width: 4) == "ffffffffffffffff" && [UInt8](0...17).hex.count == 36)
    for byte in UInt8.min...UInt8.max { #expect(UInt8([byte].hex, radix: 16) == byte) }
  }
}
