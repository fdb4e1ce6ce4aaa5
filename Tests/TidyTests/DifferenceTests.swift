import Support
import Testing

/// What a failing expectation says is short and names the place.
@Suite struct DifferenceTests {
  struct Part: Equatable {
    var name = "a"
    var bytes: [UInt8] = Array(repeating: 7, count: 10_000)
  }

  struct Whole: Equatable {
    var parts = [Part(), Part()]
    var count: Int? = 3
  }

  @Test func equalValuesDoNotDiffer() {
    #expect(difference(Whole(), Whole()) == nil)
    #expect(difference("", "") == nil)
    #expect(difference([Int](), []) == nil)
  }

  @Test func theFirstPartThatDiffersIsNamed() {
    var other = Whole()
    other.parts[1].bytes[9_000] = 8
    #expect(difference(Whole(), other) == ".parts[1].bytes[9000]: 7, wanted 8")
    other = Whole()
    other.count = nil
    #expect(difference(Whole(), other) == ".count: Optional(3), wanted nil")
  }

  @Test func aListThatIsLongerOrShorterSaysSo() {
    #expect(difference([1, 2], [1, 2, 3]) == ".count: 2, wanted 3; the first missing: 3")
    #expect(difference([1, 2, 3], [1, 2]) == ".count: 3, wanted 2; the first too many: 3")
    #expect(difference([1, 9, 3], [1, 2]) == "[1]: 9, wanted 2")
  }

  @Test func ofTextsItIsTheFirstLine() {
    #expect(difference("a\nb\nc", "a\nx\nc") == "line 2\n  got:    b\n  wanted: x")
    #expect(difference("a", "a\n") == "line 2\n  got:    (no line)\n  wanted: ")
  }

  @Test func nothingLongIsSaid() throws {
    let long = String(repeating: "long ", count: 10_000)
    let said = try #require(difference(long, long + "!"))
    #expect(said.count < 400)
  }
}
