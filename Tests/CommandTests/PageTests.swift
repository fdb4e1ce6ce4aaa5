import Foundation
import Support
import Testing

/// What README and the pages tell people to type is understood, and does what they say.
@Suite struct PageTests {
  static func text(_ path: String) throws -> String {
    try String(contentsOf: Program.root.appending(path: path), encoding: .utf8)
  }

  /// README and every page of the documentation.
  static func pages() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: Program.root.path + "/Sources")
      .filter { $0.hasSuffix(".md") }.map { "Sources/" + $0 } + ["README.md"]
  }

  /// Every command of the program in code, in whatever page, has a subcommand and options it knows.
  @Test func everyCommandInPagesIsUnderstood() throws {
    var helps: [String: String] = [:]
    var count = 0
    for page in try Self.pages() {
      let commands = try Self.text(page).matches(of: /(?:`| {4}|\n)copyscope ([a-z]+)([^`\n#|]*)/)
      for command in commands {
        let name = String(command.1)
        let help = try helps[name] ?? Program.run("help", name).text
        helps[name] = help
        guard help.contains("USAGE: copyscope \(name)") else {
          Issue.record("\(page): 'copyscope \(name)' is no command")
          continue
        }
        count += 1
        let own = command.2.components(separatedBy: " -- ")[0]
        for option in own.split(separator: " ") where option.hasPrefix("--") && option.count > 2 {
          let known = help.contains(option.prefix { $0 != "=" && $0 != "," && $0 != "." })
          #expect(known, "\(page): copyscope \(name) does not know \(option)")
        }
      }
    }
    #expect(count > 25)
  }

  /// The lines of README's list of commands, without what stands behind `#`.
  static let commands: [String] =
    ((try? text("README.md")) ?? "").matches(of: /(?m)^(copyscope [^#\n]*)/)
    .map { $0.1.trimmingCharacters(in: .whitespaces) }

  @Test func readmeListsCommands() { #expect(Self.commands.count > 10) }

  /// Files that README's commands name, small and real.
  private static func furnish(_ folder: Folder) throws {
    let program = URL(filePath: Program.path).deletingLastPathComponent()
      .appending(path: "SampleGadget").path
    try? FileManager.default.createSymbolicLink(
      atPath: folder.path("keyboard"), withDestinationPath: program)
    try folder.write("my-scenario.yaml", RunTests.good)
    try folder.write(
      "kern.log",
      "[  124.000001] usercopy: Kernel memory exposure attempt detected from SLUB object "
        + "'kmalloc-64' (offset 56, size 150)!\n")
    try folder.write("bus.txt", ToolsTests.usbmon)
    try FileManager.default.copyItem(
      atPath: Program.root.appending(path: "Tests/ConformanceTests/Vectors/lkdtm.jsonl.gz").path,
      toPath: folder.path("vectors.jsonl.gz"))
    let pages = "Tests/KernelPagesTests/Data/damaged-part.json.gz"
    try FileManager.default.copyItem(
      atPath: Program.root.appending(path: pages).path, toPath: folder.path("pages.json"))
    _ = try Program.shell("gzip -d '\(folder.path("vectors.jsonl.gz"))'")
  }

  /// Each does what it says: ends with status 0, or opens the inspector, which `q` closes.
  @Test(arguments: commands)
  func everyCommandOfTheReadmeRuns(_ command: String) throws {
    // The lecturer's notes need an inspector that is shared; FollowTests has one.
    guard !command.hasPrefix("copyscope follow") else { return }
    let line =
      "$COPYSCOPE" + command.dropFirst("copyscope".count).replacing("/var/log/", with: "")
    if command.contains("--open") || command.hasPrefix("copyscope open") {
      let tmux = try Tmux(width: 120, height: 36)
      try Self.furnish(tmux.folder)
      try tmux.type(String(line))
      try tmux.see("the inspector") { $0.contains("q quit") || $0.contains("? help") }
      try tmux.press("q", "q")
      try tmux.see("status=0>")
    } else {
      let folder = try Folder()
      try Self.furnish(folder)
      let outcome = try Program.shell("cd '\(folder.path)' && \(line)")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  /// README's first five minutes, key by key, with what they are said to show.
  @Test(arguments: [
    ("Enter n n n n", ["A copy that fits", "ALLOWED"]),
    ("Enter n n n n e +", ["65 <= 64"]),
    ("Enter n n n n e + -", ["A copy that fits"]),
    ("Enter n n n n e + Enter Esc", ["A copy that fits"]),
    ("Enter L Down Enter", ["Past the end of an object"]),
    ("Enter L Down Enter n n n n n i", ["slab_access_ok"]),
    ("Enter L Down Enter n n n n n m", ["map"]),
    ("Enter L Down Enter n n n n n i Esc X", ["xercise"]),
  ])
  func theFirstFiveMinutesAreAsReadmeSays(_ keys: String, _ seen: [String]) throws {
    let screen = try Program.run("screen", "--keys", keys)
    #expect(screen.status == 0)
    for text in seen {
      #expect(screen.text.lowercased().contains(text.lowercased()), "\(text)\n\(screen.text)")
    }
  }
}
