import Foundation
import Testing
import Tidy

/// The house's order, where a machine can see it.
@Suite struct TidyTests {
  /// The top of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What rooms may import of the system; everything else stands in the manifest.
  static let system: [String: Set<String>] = [
    "Theme": ["Glibc", "Musl", "Darwin"], "Terminal": ["Glibc"], "Supervisor": ["Glibc"],
    "copyscope": ["Foundation"],
  ]

  /// Every file, read once.
  static let files = Result {
    (
      sources: try SourceFile.all(below: "Sources", of: root),
      tests: try SourceFile.all(below: "Tests", of: root)
    )
  }

  let sources: [SourceFile]
  let tests: [SourceFile]

  init() throws { (sources, tests) = try Self.files.get() }

  @Test func roomsImportOnlyWhatTheManifestGivesThem() throws {
    let rooms = try Manifest(of: Self.root).rooms
    #expect(sources.count > 100)
    for source in sources {
      let uses = try #require(rooms[source.room], "\(source.path) stands in no room")
      let allowed = uses.union(Self.system[source.room] ?? [])
      for module in source.imported where !allowed.contains(String(module)) {
        Issue.record("\(source.path) imports \(module)")
      }
    }
  }

  /// What a room is given and never imports only makes it wait for a build.
  @Test func roomsAreGivenNothingIdle() throws {
    let used = Dictionary(grouping: sources, by: \.room).mapValues {
      $0.reduce(into: Set<String>()) { $0.formUnion($1.imported.map(String.init)) }
    }
    for (room, uses) in try Manifest(of: Self.root).rooms {
      guard let imported = used[room] else { continue }
      for idle in uses.subtracting(imported) { Issue.record("\(room) never imports \(idle)") }
    }
  }

  @Test func filesAreShort() throws {
    let limits = try Limits(of: "lines", of: Self.root)
    for source in sources + tests {
      let most = limits[source.room] ?? (source.path.hasPrefix("Tests") ? 360 : 340)
      let count = source.lines.count - 1
      if count > most { Issue.record("\(source.path): \(count) lines, at most \(most)") }
    }
  }

  @Test func functionsAreShort() {
    for source in sources + tests {
      let most = source.path.hasPrefix("Tests") ? 70 : 64
      for body in source.bodies where body.lines.count > most {
        Issue.record(
          """
          \(source.path):\(body.lines.lowerBound) \(body.name): \(body.lines.count) lines, \
          at most \(most)
          """)
      }
    }
    let lengths = sources.flatMap { $0.bodies.map(\.lines.count) }.sorted()
    #expect(lengths.count > 2000)
    #expect(lengths[lengths.count * 95 / 100] <= 40)
  }

  @Test func circlesOfFilesAreSmall() throws {
    let limits = try Limits(of: "circle", of: Self.root)
    for room in Circles.all(of: sources) {
      let most = limits[room.room] ?? Circles.limit
      if room.largest > most {
        Issue.record(
          """
          \(room.room): \(room.largest) files use each other in a circle, at most \(most); \
          `.ci/circles \(room.room)` says which and why
          """)
      }
    }
  }

  /// A view that no table lists, a driver that no host has: a type that nothing names is a step forgotten.
  @Test func everyTypeIsNamedSomewhere() {
    // The program itself, and a page that a test prints.
    let excused: Set<Substring> = ["Copyscope", "CallReference"]
    let used = sources.reduce(into: Set<Substring>()) { $0.formUnion($1.bare.union($1.dotted)) }
    for source in sources {
      for type in source.declared
      where type.type == nil && ["struct", "enum", "class", "protocol"].contains(type.keyword)
        && !used.contains(type.name) && !excused.contains(type.name)
      {
        Issue.record(
          "\(source.path):\(type.line) nothing names \(type.name): is a list without it?")
      }
    }
  }

  @Test func nothingIsForced() throws {
    // `x!`, `x()!`, `x]!` but neither `!x` nor `!=` nor what stands in strings and comments.
    let force = try Regex("[A-Za-z0-9_)\\]]!(?!=)")
    for source in sources {
      for (number, line) in source.lines.enumerated() where line.contains("!") || line.contains("(")
      {
        let code = Self.code(line)
        for forbidden in ["try!", "as!", "fatalError(", "unowned(unsafe)"]
        where code.contains(forbidden) {
          Issue.record("\(source.path):\(number + 1) \(forbidden)")
        }
        if code.contains("!"), code.contains(force) {
          Issue.record("\(source.path):\(number + 1) \(line)")
        }
      }
    }
  }

  /// The page of rooms has each room, above all that it uses.
  @Test func thePageOfRoomsFollowsTheManifest() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "Sources/Inspector/Inspector.docc/Architecture.md"),
      encoding: .utf8)
    let listed = page.matches(of: /(?m)^ {4}(\w+) {2,}\w/).map { String($0.1) }
    #expect(Set(listed).count == listed.count)
    let present = Set(sources.map(\.room))
    for (room, uses) in try Manifest(of: Self.root).rooms where present.contains(room) {
      guard let place = listed.firstIndex(of: room) else {
        Issue.record("Architecture.md does not list \(room)")
        continue
      }
      for used in uses {
        guard let other = listed.firstIndex(of: used), other < place else { continue }
        Issue.record("Architecture.md lists \(room) below \(used), which it uses")
      }
    }
  }

  /// The mistakes tried by `.ci/mutants` are mistakes in lines that are there.
  @Test func deliberateMistakesApply() throws {
    let list = try String(contentsOf: Self.root.appending(path: ".ci/mutants.txt"), encoding: .utf8)
    let mistakes = list.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(mistakes.count > 50)
    for mistake in mistakes {
      let parts = mistake.split(separator: "|", omittingEmptySubsequences: false)
      let place = parts[0].split(separator: "/")
      let files = sources.filter { $0.room == place[0] && $0.path.hasSuffix("/\(place[1])") }
      guard files.count == 1, parts.count == 3,
        files[0].lines.joined(separator: "\n").contains(parts[1])
      else {
        Issue.record(".ci/mutants.txt: '\(mistake)' does not apply")
        continue
      }
    }
  }

  /// What pages say of files is so: each that is named in them is there.
  @Test func filesNamedInPagesAreThere() throws {
    let pages =
      try FileManager.default.subpathsOfDirectory(atPath: Self.root.path + "/Sources")
      .filter { $0.hasSuffix(".md") }.map { "Sources/" + $0 } + ["README.md"]
    #expect(pages.count > 5)
    for page in pages {
      let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
      for match in text.matches(of: /(?:Sources|Tests|themes|\.ci)\/[A-Za-z0-9_+\/.-]*[A-Za-z0-9]/)
      {
        let path = Self.root.appending(path: String(match.0)).path
        if !FileManager.default.fileExists(atPath: path) {
          Issue.record("\(page) names \(match.0), which is not there")
        }
      }
    }
  }

  /// Tests that `.ci/quick` leaves out exist.
  @Test func slowTestsAreTests() throws {
    let list = try String(contentsOf: Self.root.appending(path: ".ci/slow"), encoding: .utf8)
    let names = list.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(!names.isEmpty)
    for name in names {
      let last = name.split(separator: ".").last ?? name
      let isThere = tests.contains { file in
        file.declared.contains { $0.name == last }
      }
      if !isThere { Issue.record(".ci/slow names \(name), which no test is called") }
    }
  }

  /// A line without its strings and comments.
  static func code(_ line: Substring) -> String {
    var code = ""
    var isString = false
    var isEscaped = false
    var previous: Character = " "
    for character in line {
      if isString {
        if character == "\"", !isEscaped { isString = false }
        isEscaped = character == "\\" && !isEscaped
      } else if character == "\"" {
        isString = true
      } else {
        if character == "/", previous == "/" { return String(code.dropLast()) }
        code.append(character)
      }
      previous = character
    }
    return code
  }

  @Test func theTopLevelIsClear() throws {
    let visible = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
      .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    #expect(
      Set(visible).isSubset(of: ["Package.swift", "Sources", "Tests", "themes", "README.md"]))
  }
}
