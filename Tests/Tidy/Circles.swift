/// Which files of a room use each other in a circle.
///
/// File A uses file B of the same room when A names a type, a member or a function that B declares
/// outside of functions and not privately, and that neither A, nor another file of the room, nor a
/// file of a room A imports, nor the standard library declares under the same name. A member counts
/// behind a dot, or alone in a file that declares or extends its type; A's own parameters and local
/// values, labels of arguments, strings and comments do not count. Names shared by many files (`step`
/// of twenty routines) say nothing. So the circles found are there, and a few more may be.
public struct Circles: Sendable {
  /// One file using another, by some names.
  public struct Use: Sendable {
    /// The user's path below the room.
    public var user: String
    /// The used file's path below the room.
    public var used: String
    /// The names, sorted.
    public var names: [Substring]
  }

  /// The room.
  public var room: String
  /// Sets of two and more files that use each other in a circle, the largest first.
  public var circles: [[String]]
  /// Every use between files of the room.
  public var uses: [Use]

  /// So many files of a room may use each other in a circle, where `.ci/limits` does not allow more.
  public static let limit = 5

  /// How many files the largest circle has; 1 when there is none.
  public var largest: Int { circles.first?.count ?? 1 }

  /// The circles of each room, by name of room. `files` are those of every room.
  public static func all(of files: [SourceFile]) -> [Circles] {
    let rooms = Dictionary(grouping: files, by: \.room)
    var names: [String: Set<Substring>] = [:]
    for (room, members) in rooms {
      names[room] = Set(members.flatMap { $0.declared.filter { !$0.isPrivate }.map(\.name) })
    }
    return rooms.sorted { $0.key < $1.key }.map { room, members in
      Circles(room: room, files: members, names: names)
    }
  }

  private init(room: String, files: [SourceFile], names: [String: Set<Substring>]) {
    self.room = room
    var owners: [Substring: [(place: Int, type: Substring?)]] = [:]
    for (place, file) in files.enumerated() {
      for declaration in file.declared where !declaration.isPrivate {
        owners[declaration.name, default: []].append((place, declaration.type))
      }
    }
    var used: [[Int: [Substring]]] = Array(repeating: [:], count: files.count)
    for (place, file) in files.enumerated() {
      let own = Set(file.declared.map(\.name))
      let foreign = file.imported.map { names[String($0)] ?? [] }
      for name in file.dotted.union(file.bare) where !own.contains(name) && !standard.contains(name)
      {
        guard let found = owners[name], let owner = found.first?.place,
          found.allSatisfy({ $0.place == owner }),
          !foreign.contains(where: { $0.contains(name) }),
          file.dotted.contains(name)
            || found.contains(where: { $0.type.map(file.types.contains) ?? true }) || name.isOfType
        else { continue }
        used[place][owner, default: []].append(name)
      }
    }
    let paths = files.map(\.shortPath)
    uses = used.enumerated().flatMap { place, targets in
      targets.sorted { paths[$0.key] < paths[$1.key] }.map {
        Use(user: paths[place], used: paths[$0.key], names: $0.value.sorted())
      }
    }
    circles = components(used.map { $0.keys.sorted() })
      .filter { $0.count > 1 }.map { $0.map { paths[$0] }.sorted() }
      .sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
  }
}

extension Substring {
  /// Types begin with a capital.
  fileprivate var isOfType: Bool { first?.isUppercase == true }
}

/// Sets of places that reach each other (Kosaraju: first by the order of leaving, then backwards).
private func components(_ next: [[Int]]) -> [[Int]] {
  var back: [[Int]] = Array(repeating: [], count: next.count)
  for (place, targets) in next.enumerated() {
    for target in targets { back[target].append(place) }
  }
  var seen: Set<Int> = []
  var left: [Int] = []
  for start in next.indices {
    var path = [(place: start, turn: 0)]
    guard seen.insert(start).inserted else { continue }
    while let (place, turn) = path.last {
      if turn < next[place].count {
        path[path.count - 1].turn += 1
        if seen.insert(next[place][turn]).inserted { path.append((next[place][turn], 0)) }
      } else {
        left.append(place)
        path.removeLast()
      }
    }
  }
  var taken: Set<Int> = []
  return left.reversed().compactMap { start in
    guard taken.insert(start).inserted else { return nil }
    var members = [start]
    var waiting = [start]
    while let place = waiting.popLast() {
      for before in back[place] where taken.insert(before).inserted {
        members.append(before)
        waiting.append(before)
      }
    }
    return members
  }
}

/// Names the standard library also has: a use of one says nothing.
private let standard: Set<Substring> = [
  "all", "append", "capacity", "contains", "control", "count", "description", "distance", "drop",
  "dropFirst",
  "dropLast", "elements", "end", "endIndex", "enumerated", "error", "failure", "filter", "first",
  "firstIndex", "flatMap", "forEach", "formUnion", "get", "hash", "id", "index", "indices", "init",
  "insert", "isEmpty", "isMultiple", "joined", "key", "keys", "last", "lines", "lowerBound", "map",
  "max", "merge", "min", "none", "prefix", "rawValue", "reduce", "remove", "removeAll",
  "removeFirst", "removeLast", "replace", "reverse", "reversed", "self", "set", "sort", "sorted",
  "some", "split", "start", "startIndex", "subtract", "success", "suffix", "swap", "union",
  "upperBound", "value", "values", "words", "write", "zip",
]
