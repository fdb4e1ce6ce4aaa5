public import Foundation

/// The rooms of `Package.swift` and what each is given, read from its text.
public struct Manifest {
  /// The modules each target below `Sources` may import.
  public private(set) var rooms: [String: Set<String>] = [:]

  /// Reads the manifest of the package at `root`.
  public init(of root: URL) throws {
    let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let products = Dictionary(
      text.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/)
        .map { (String($0.1), String($0.2)) }, uniquingKeysWith: { first, _ in first })
    // `room("A", ["B", c])` and `.executableTarget(name: "A", dependencies: ["B", c])`.
    let declared = text.matches(
      of:
        /(?:room|\.executableTarget)\(\s*(?:name:\s*)?"(\w+)"(?:,\s*(?:dependencies:\s*)?\[([^\]]*)\])?/
    )
    for target in declared {
      guard let uses = target.2 else {
        rooms[String(target.1)] = []
        continue
      }
      rooms[String(target.1)] = Set(
        uses.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { word in
          word.hasPrefix("\"") ? String(word.dropFirst().dropLast()) : products[String(word)] ?? ""
        })
    }
  }
}
