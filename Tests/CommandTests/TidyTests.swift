import Foundation
import Testing

/// The house's order, where a machine can see it.
@Suite struct TidyTests {
  /// What each room may import, beside the standard library.
  static let rooms: [String: Set<String>] = [
    "Usercopy": [], "RawGadget": ["Usercopy"], "Timeline": [], "Grid": [], "Escaping": [],
    "KernelLog": ["Escaping"],
    "Simulation": ["Usercopy", "Timeline", "RawGadget"],
    "Scenario": ["Narration", "Simulation", "RawGadget", "Usercopy", "Escaping", "Yams"],
    "Conformance": ["Scenario", "Simulation", "Usercopy", "RawGadget", "Escaping"],
    "Theme": ["Grid", "Yams", "Glibc", "Musl", "Darwin"],
    "Narration": ["Simulation", "RawGadget", "Usercopy", "KernelLog", "Escaping"],
    "Inspector": [
      "Narration", "Simulation", "Timeline", "RawGadget", "Usercopy", "KernelLog", "Grid",
    ],
    "Terminal": ["Grid", "Theme", "CNcurses", "Glibc"],
    "Supervisor": ["Simulation", "RawGadget", "CSupervisor", "Glibc"],
    "copyscope": [
      "Inspector", "Terminal", "Theme", "Grid", "Scenario", "KernelLog", "Conformance", "Narration",
      "Supervisor", "Simulation", "Timeline", "RawGadget", "Usercopy", "Escaping", "ArgumentParser",
      "Foundation",
    ],
  ]

  struct Source {
    /// Path below the top of the package.
    var path: String
    var lines: [Substring]
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
  }

  static func sources(_ folder: String) throws -> [Source] {
    let top = Program.root.appending(path: folder).path
    let names = try #require(FileManager.default.enumerator(atPath: top)).compactMap {
      $0 as? String
    }
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      let text = try String(contentsOfFile: top + "/" + name, encoding: .utf8)
      return Source(
        path: folder + "/" + name,
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  @Test func roomsImportOnlyWhatTheyMay() throws {
    let sources = try Self.sources("Sources")
    #expect(sources.count > 100)
    #expect(Set(sources.map(\.room)) == Set(Self.rooms.keys))
    for source in sources {
      let allowed = try #require(Self.rooms[source.room], "\(source.path)")
      for line in source.lines {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index <= 2,
          words[..<index].allSatisfy({ $0 == "public" || $0 == "package" || $0.hasPrefix("@") })
        else { continue }
        let module = words[index + 1].split(separator: ".").first.map(String.init) ?? ""
        #expect(allowed.contains(module), "\(source.path) imports \(module)")
      }
    }
  }

  @Test func filesAreShort() throws {
    for source in try Self.sources("Sources") + Self.sources("Tests") {
      #expect(source.lines.count <= 401, "\(source.path): \(source.lines.count) lines")
    }
  }

  @Test func nothingIsForced() throws {
    // `x!`, `x()!`, `x]!` but neither `!x` nor `!=` nor what stands in strings and comments.
    let force = try Regex("[A-Za-z0-9_)\\]]!(?!=)")
    for source in try Self.sources("Sources") {
      for (number, line) in source.lines.enumerated() {
        let code = Self.code(line)
        for forbidden in ["try!", "as!", "fatalError(", "unowned(unsafe)"] {
          #expect(!code.contains(forbidden), "\(source.path):\(number + 1) \(forbidden)")
        }
        #expect(!code.contains(force), "\(source.path):\(number + 1) \(line)")
      }
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
    let visible = try FileManager.default.contentsOfDirectory(atPath: Program.root.path)
      .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    #expect(
      Set(visible).isSubset(of: ["Package.swift", "Sources", "Tests", "themes", "README.md"]))
  }

  @Test func everyThemeFileIsKnown() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Program.root.appending(path: "themes").path)
    let listed = try Program.run("themes").lines.compactMap { $0.split(separator: ":").first }
    let names = files.filter { $0.hasSuffix(".yaml") }.map { $0.dropLast(5) }
    #expect(!names.isEmpty && Set(listed).isSuperset(of: names))
  }

  /// The README's commands take only options that their tool knows.
  @Test func theReadmesCommandsAreUnderstood() throws {
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    let commands = readme.matches(of: /swift (build|run|test)([^&\n`]*)/)
    #expect(commands.count > 1)
    for command in commands {
      let help = try Program.shell("swift \(command.1) --help").text
      for option in command.2.split(separator: " ") where option.hasPrefix("--") {
        #expect(help.contains(option), "swift \(command.1) does not know \(option)")
      }
    }
  }
}
