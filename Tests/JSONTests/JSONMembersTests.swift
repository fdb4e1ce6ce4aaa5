import Support
import Testing

@testable import JSON

/// An object read member by member against the same text read whole.
struct JSONMembersTests {
  static let text =
    #"{"a": 1, "b":[1,2,{"c":[true,null]}],"list" : [ {"x":"y\"z\\"}, [], "s" , 7 ,-0.5e1 ],"d":{},"e":"é\u00e9"}"#

  /// What comes of a text: a value, or where and why it is none.
  enum Outcome: Equatable {
    case value(JSONValue)
    case mistake(JSONError)
  }

  static func whole(_ bytes: [UInt8], _ most: Int) -> Outcome {
    do throws(JSONError) { return .value(try JSONValue(parsing: bytes, mostValues: most)) } catch {
      return .mistake(error)
    }
  }

  /// The text in pieces of so many bytes, put together again.
  static func pieced(_ bytes: [UInt8], by size: Int, _ most: Int) -> Outcome {
    var reader = JSONMembers(lists: ["list"], mostValues: most)
    var members: [(key: String, value: JSONValue)] = []
    var elements: [JSONValue] = []
    do throws(JSONError) {
      var at = 0
      while at < bytes.count {
        let end = min(at + size, bytes.count)
        for piece in try reader.feed(bytes[at..<end]) {
          if piece.index != nil {
            elements.append(piece.value)
          } else if piece.key == "list", piece.value == .array([]) {
            members.append((piece.key, .array(elements)))
          } else {
            members.append((piece.key, piece.value))
          }
        }
        at = end
      }
      try reader.finish()
    } catch { return .mistake(error) }
    return .value(JSONValue(members))
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func anObjectIsReadAlikeInPieces(size: Int) {
    let bytes = Array(Self.text.utf8)
    #expect(Self.pieced(bytes, by: size, .max) == Self.whole(bytes, .max))
  }

  /// Bytes changed, doubled, cut off: the same value, or the same mistake at the same place.
  @Test(arguments: 1...400 as ClosedRange<UInt64>)
  func aDamagedTextIsRefusedAlike(seed: UInt64) {
    var random = SplitMix(seed)
    var bytes = Array(Self.text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let at = Int.random(in: 1..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[at] = Array(#"{}[]",:\ 1a"#.utf8).randomElement(using: &random) ?? 0
      case 1: bytes.insert(Array(#"{}[]",:\"#.utf8).randomElement(using: &random) ?? 0, at: at)
      case 2: bytes.removeSubrange(at...)
      default: bytes.remove(at: at)
      }
      if bytes.count < 2 { return }
    }
    guard bytes.first == UInt8(ascii: "{") else { return }
    let most = seed % 5 == 0 ? 9 : Int.max
    for size in [1, 5, 1000] {
      #expect(Self.pieced(bytes, by: size, most) == Self.whole(bytes, most))
    }
  }

  @Test func deepNestingEndsAtTheSamePlace() {
    for text in [#"{"list":["#, #"{"a":"#] {
      let bytes = Array((text + String(repeating: "[", count: 1000)).utf8)
      #expect(Self.pieced(bytes, by: 64, .max) == Self.whole(bytes, .max))
    }
  }
}
