import Foundation
import Support
import Testing

/// Files that are not what a command expects.
@Suite struct InputTests {
  private func fifo(_ folder: Folder, _ name: String) throws -> String {
    let path = try folder.write(name, "")
    unlink(path)
    #expect(mkfifo(path, 0o600) == 0)
    return path
  }

  /// A pipe that nobody writes to would be waited for for ever.
  @Test func pipesAreNoFilesOfSettings() throws {
    let folder = try Folder()
    _ = try fifo(folder, "config/copyscope/keys.yaml")
    let theme = try fifo(folder, "theme.yaml")
    let environment = ["XDG_CONFIG_HOME": folder.path("config")]
    let keys = try Program.start(
      Program.path, ["keys"], input: [], environment: environment)
    #expect(keys.status == 2 && keys.errors.contains("no regular file"), "\(keys.errors)")
    let screen = try Program.run("screen", "1", "--theme", theme)
    #expect(screen.status == 2 && screen.errors.contains("no regular file"), "\(screen.errors)")
  }

  @Test func theInspectorOpensNoPipeAndReadsNoEndlessLayout() throws {
    let folder = try Folder()
    let pipe = try fifo(folder, "pipe")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.yaml"), withDestinationPath: pipe)
    let layout = try folder.write("state/copyscope/layout", "")
    #expect(truncate(layout, 1 << 40) == 0)
    let tmux = try Tmux(width: 100, height: 30)
    try tmux.type("XDG_STATE_HOME=\(folder.path("state")) $COPYSCOPE open past-the-end")
    try tmux.see("step 0/7")
    try tmux.press(":")
    try tmux.type("open \(folder.path("link.yaml"))")
    try tmux.see("is no regular file")
    try tmux.press("q")
    try tmux.see("status=0>")
  }

  /// What cannot be a capture is not read to an end it may not have.
  @Test func endlessFilesAreNoCaptures() throws {
    let folder = try Folder()
    let sparse = try folder.write("sparse", "")
    #expect(truncate(sparse, 1 << 40) == 0)
    for file in ["/dev/zero", sparse] {
      let outcome = try Program.run("capture", file)
      #expect(outcome.status == 2 && outcome.errors.contains("neither usbmon text"))
    }
  }

  @Test func theWatchGoesOnBehindAPipe() throws {
    let folder = try Folder()
    let path = try folder.write("mine.yaml", "title: first\nsteps: [{ note: {} }]\n")
    let tmux = try Tmux(width: 200, height: 30)
    try tmux.type("$COPYSCOPE run --watch \(path)")
    try tmux.see("first")
    _ = try fifo(folder, "mine.yaml")
    try tmux.see("is no regular file")
    unlink(path)
    try folder.write("mine.yaml", "title: second\nsteps: [{ note: {} }]\n")
    try tmux.see("second")
  }

  @Test func placesAreNamed() throws {
    let folder = try Folder()
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let scenario = "title: a\nsteps:\n  - note: {}\n"
    let marked = try folder.write("marked.yaml", mark + Array(scenario.utf8))
    #expect(try Program.run("run", marked).status == 0)
    for (bytes, words) in [
      (mark + Array("title: a\nabuot: b\n".utf8), ":2:1: unknown key 'abuot'"),
      (Array("title: ä\nabout: b\u{1}\n".utf8), ":2:9: is not valid YAML: control characters"),
      (Array("title: a\r\nabout: b\u{1}\n".utf8), ":2:9: is not valid YAML: control characters"),
      (Array("title: ä\n".utf8) + [0xFF], ":2: is no UTF-8 text"),
    ] {
      let outcome = try Program.run("run", try folder.write("x.yaml", bytes))
      #expect(outcome.status == 2 && outcome.errors.contains("x.yaml" + words), "\(outcome.errors)")
    }
  }

  @Test func whatIsNoVectorIsNotCounted() throws {
    let folder = try Folder()
    let good = #"{"id":"x","policy":"linux-6.1"}"#
    for (text, words) in [
      ("\(good)\n\nnonsense\n", "v.jsonl:3:2: 'o' cannot stand here"),
      ("[1]\n", "v.jsonl:1: no JSON"),
      ("{\"a\":\n", "v.jsonl:1:6: the text ends"), ("title: x\n", "v.jsonl:1:2: "),
    ] {
      let outcome = try Program.run("verify", try folder.write("v.jsonl", text))
      #expect(outcome.status == 2 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.errors.contains("one JSON object a line") || words.contains("no JSON"))
    }
    let blank = try folder.write("v.jsonl", [0xEF, 0xBB, 0xBF] + Array("\(good)\r\n\r\n".utf8))
    let outcome = try Program.run("verify", blank)
    #expect(outcome.status == 1 && outcome.text == "0 passed, 1 failed\n")
  }

  @Test func compressedVectorsAreReplayed() throws {
    let file = "Tests/ConformanceTests/Vectors/lkdtm.jsonl.gz"
    let vectors = Program.root.appending(path: file)
    let count = try Packed.content(of: vectors).count { $0 == UInt8(ascii: "\n") }
    let outcome = try Program.run("verify", vectors.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(count > 100 && outcome.text.hasSuffix("\n\(count) passed, 0 failed\n"))
  }

  /// Nothing a file binds or a name holds reaches the terminal as it is.
  @Test func boundKeysAndNamesAreMadeVisible() throws {
    let folder = try Folder()
    try folder.write(
      "config/copyscope/keys.yaml", "next: \"\\x9b \\u202e \\u200b\"\nplay: \"\\x01\"\n")
    let odd: (Unicode.Scalar) -> Bool = {
      ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
        || [0x202E, 0x200B].contains($0.value)
    }
    let keys = try Program.start(
      Program.path, ["keys"], input: [], environment: ["XDG_CONFIG_HOME": folder.path("config")])
    #expect(!(keys.text + keys.errors).unicodeScalars.contains(where: odd))
    let name = "\u{1B}[31m\u{9B}2J"
    let gadget = try Program.start(
      Program.path, ["gadget", "--", name], input: [], environment: [:])
    #expect(gadget.status == 2 && !gadget.errors.unicodeScalars.contains(where: odd))
    let tmux = try Tmux(width: 100, height: 30)
    try tmux.type("TERM=$'\\e[31mx' $COPYSCOPE open 1 2> \(folder.path("errors"))")
    try tmux.see("status=2>")
    let errors = try String(contentsOfFile: folder.path("errors"), encoding: .utf8)
    #expect(errors.contains("u{1b}") && !errors.unicodeScalars.contains(where: odd))
  }
}
