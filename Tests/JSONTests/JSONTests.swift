import Foundation
import JSON
import Testing
import Text

@Suite struct JSONTests {
  static let sample = JSONValue([
    ("b", JSONValue("x\u{1B}")),
    ("a", .array([JSONValue(1), .null, .bool(true), .object(JSONObject())])),
    ("most", .unsigned(.max)), ("least", .negative(.min)), ("half", .real(0.5)),
  ])

  @Test func keysKeepTheirOrder() {
    #expect(
      Self.sample.text == #"{"b":"x\u001b","a":[1,null,true,{}],"most":18446744073709551615,"#
        + #""least":-9223372036854775808,"half":0.5}"#)
    #expect(Self.sample.spacedText.hasPrefix(#"{"b": "x\u001b", "a": [1, null, true, {}], "#))
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    for text in [Self.sample.text, Self.sample.spacedText] {
      #expect(try JSONValue(parsing: text) == Self.sample)
    }
  }

  @Test func literalsAreReadBackAndHarmless() throws {
    var text =
      "\"\\/ é 日本 👍 e\u{301}\u{301}\u{301}\u{301} \u{260E}\u{FE0F} 👩\u{200D}👧 \u{1F1E9}"
    for value in [0, 9, 10, 13, 27, 0x7F, 0x9B, 0x202E, 0x3164, 0xFE0F, 0xE0041, 0x10FFFF] {
      Unicode.Scalar(UInt32(value)).map { text.unicodeScalars.append($0) }
    }
    let literal = JSONText.quoted(text)
    #expect(literal.unicodeScalars.allSatisfy { ScalarClass($0) != .hidden })
    let value = try JSONSerialization.jsonObject(
      with: Data(literal.utf8), options: .fragmentsAllowed)
    #expect((value as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    #expect(try JSONValue(parsing: literal) == .string(text))
  }

  @Test func aKeyTwiceIsNotRead() {
    #expect(throws: JSONError(offset: 8, reason: .duplicateKey("a"))) {
      try JSONValue(parsing: #"{"a":1, "a":1}"#)
    }
    let many = (0..<100).map { #""k\#($0)":0"# }.joined(separator: ",")
    #expect(throws: Never.self) { try JSONValue(parsing: "{\(many)}") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(many),\"k7\":0}") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(many),\"k99\":0}") }
  }

  #if DEBUG
    @Test func aKeyTwiceStopsADebugBuild() async {
      await #expect(processExitsWith: .failure) {
        _ = JSONValue([("copy", .null), ("copy", .null)])
      }
    }
  #endif

  @Test func mergedObjectsHaveEachKeyOnce() {
    let one = JSONObject([("a", JSONValue(1)), ("b", JSONValue(2))])
    let other = JSONObject([("b", JSONValue(3)), ("c", JSONValue(4))])
    #expect(one.merging(other).keys == ["a", "b", "c"] && one.merging(other)["b"] == JSONValue(3))
    #expect(one.removing(["a"]).keys == ["b"])
  }

  @Test(arguments: [
    ("", 0), ("{", 1), (#"{"a"}"#, 4), ("[1,]", 3), ("01", 2), ("1 2", 2), (#""\q""#, 3),
    ("nul", 3),
  ])
  func mistakesHaveAPlace(_ text: String, offset: Int) {
    do {
      _ = try JSONValue(parsing: text)
      Issue.record("\(text) was read")
    } catch { #expect(error.offset == offset, "\(text) \(error)") }
  }

  @Test func nestingHasAnEnd() {
    let deep = String(repeating: "[", count: 100_000)
    #expect { try JSONValue(parsing: deep) } throws: { error in
      (error as? JSONError)?.reason == .nestedTooDeeply
    }
  }
}
