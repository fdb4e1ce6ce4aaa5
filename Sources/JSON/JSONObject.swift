/// The members of a JSON object in the order of the text, each key once.
public struct JSONObject: Equatable, Sendable {
  /// Keys and values in order.
  public private(set) var members: [(key: String, value: JSONValue)]

  /// An object of these members, whose keys differ.
  ///
  /// Readers of JSON keep one of two equal keys and lose the other without a word. To give a key twice is
  /// a mistake of the program: a debug build stops, a release build keeps the last.
  public init(_ members: [(key: String, value: JSONValue)] = []) {
    var keys = UniqueKeys()
    let isDistinct = members.allSatisfy { keys.insert($0.key) }
    assert(isDistinct, "a JSON object has a key twice: \(members.map(\.key))")
    self.members = []
    if isDistinct { self.members = members } else { for member in members { set(member) } }
  }

  /// An object of members that are known to have different keys.
  init(distinct members: [(key: String, value: JSONValue)]) { self.members = members }

  private mutating func set(_ member: (key: String, value: JSONValue)) {
    if let index = members.firstIndex(where: { $0.key == member.key }) {
      members[index].value = member.value
    } else {
      members.append(member)
    }
  }

  /// This object with members of another, whose values count where both have a key.
  public func merging(_ other: JSONObject) -> JSONObject {
    var merged = self
    for member in other.members { merged.set(member) }
    return merged
  }

  /// This object without the members of those keys.
  public func removing(_ keys: Set<String>) -> JSONObject {
    JSONObject(distinct: members.filter { !keys.contains($0.key) })
  }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// The value of the member with that key.
  public subscript(key: String) -> JSONValue? { members.first { $0.key == key }?.value }

  /// Objects are equal when they have the same members, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count
      && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}

/// The keys of an object so far: few are compared one by one, many are hashed.
struct UniqueKeys {
  private var few: [String] = []
  private var many: Set<String> = []
  /// A bit for the length and the ends of each key: a key with another one is new.
  private var seen: UInt64 = 0

  /// Adds a key; false when it is there already.
  mutating func insert(_ key: String) -> Bool {
    guard few.count >= 48 else {
      let bit = Self.bit(key)
      guard seen & bit == 0 || !few.contains(key) else { return false }
      seen |= bit
      few.append(key)
      return true
    }
    if many.isEmpty { many = Set(few) }
    return many.insert(key).inserted
  }

  private static func bit(_ key: String) -> UInt64 {
    let bytes = key.utf8
    guard let first = bytes.first, let last = bytes.last else { return 1 }
    return 1 << ((UInt64(first) &* 7 &+ UInt64(last) &* 13 &+ UInt64(bytes.count) &* 29) & 63)
  }
}
