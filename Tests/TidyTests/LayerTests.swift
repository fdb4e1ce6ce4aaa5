import Testing
import Tidy

/// The inspector's folders are layers: what a file may name of the others stands here.
@Suite struct LayerTests {
  /// Of which folders each may use what they declare. Files beside the folders may use them all.
  static let layers: [String: Set<String>] = [
    "State": [], "Line": ["State"], "Layout": ["State", "Line"],
    "Update": ["State", "Line", "Layout"], "Panes": ["State", "Line", "Layout"],
  ]

  let files: [SourceFile]

  init() throws { files = try TidyTests.files.get().sources.filter { $0.room == "Inspector" } }

  private static func folder(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 1 ? String(parts[0]) : nil
  }

  @Test func everyFolderIsALayer() {
    let folders = Set(files.compactMap { Self.folder($0.shortPath) })
    #expect(folders == Set(Self.layers.keys))
    let beside = files.filter { Self.folder($0.shortPath) == nil }.map(\.shortPath)
    #expect(beside == ["Ahead.swift"])
  }

  @Test func filesUseOnlyTheLayersBelow() throws {
    let room = try #require(Circles.all(of: files).first)
    #expect(room.uses.count > 100)
    for use in room.uses {
      guard let user = Self.folder(use.user), let allowed = Self.layers[user] else { continue }
      let used = Self.folder(use.used) ?? "what lies above all"
      // Types alone: members of other rooms' values are called as some of these are.
      let types = use.names.filter { $0.first?.isUppercase == true }
      if used != user, !types.isEmpty, !allowed.contains(used) {
        Issue.record("\(use.user) uses \(types.joined(separator: " ")) of \(use.used)")
      }
    }
  }

  /// The model holds the parts of the screen and routes to them; what they do stands with them.
  @Test func theModelStaysSmall() {
    let members = files.flatMap(\.declared).filter { $0.type == "Model" }.map(\.name)
    #expect((20...60).contains(members.count), "\(members.joined(separator: " "))")
  }

  /// Drawing is done in one place: only there are boxes and rules drawn.
  @Test func onlyPanesDraw() {
    for file in files where Self.folder(file.shortPath) != "Panes" {
      for name in ["box", "hline"]
      where file.bare.union(file.dotted).contains(Substring(name)) {
        Issue.record("\(file.shortPath) uses \(name)")
      }
    }
  }
}
