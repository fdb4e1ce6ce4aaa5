public import Foundation

/// A file of Swift source with what it declares and uses.
public struct SourceFile: Sendable {
  /// Path below the top of the package.
  public var path: String
  /// The folder below `Sources` or `Tests` it lies in.
  public var room: String
  /// Its lines without their ends.
  public var lines: [Substring]
  /// What it declares outside of functions.
  public var declared: [Declaration]
  /// Its functions and computed properties.
  public var bodies: [Body]
  /// Names it uses behind a dot.
  public var dotted: Set<Substring>
  /// Names it uses that stand alone.
  public var bare: Set<Substring>
  /// Types it declares or extends.
  public var types: Set<Substring>
  /// Modules it imports.
  public var imported: Set<Substring>

  /// Reads `text` as the file at `path`.
  public init(path: String, text: String) {
    self.path = path
    room = path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let found = Declarations(of: Lexer.tokens(of: text))
    declared = found.declared
    bodies = found.bodies
    (dotted, bare) = found.used()
    types = found.types
    imported = found.imported
  }

  /// The path below the room.
  public var shortPath: String { path.split(separator: "/").dropFirst(2).joined(separator: "/") }

  /// Every Swift file of a folder of the package, by path.
  public static func all(below folder: String, of root: URL) throws -> [SourceFile] {
    let top = root.appending(path: folder).path
    let names = FileManager.default.enumerator(atPath: top)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      SourceFile(
        path: folder + "/" + name,
        text: try String(contentsOfFile: top + "/" + name, encoding: .utf8))
    }
  }
}
