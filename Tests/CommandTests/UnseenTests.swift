import Foundation
import Testing

/// Whatever a file holds, no command hands to the terminal what it would obey or not show.
@Suite struct UnseenTests {
  /// Escape sequences, controls of the second set, direction overrides, characters without width.
  static let payload =
    "\u{1B}[31m\u{9B}2J\u{85}\u{7F}\u{202E}\u{2066}\u{200B}\u{200D}\u{FEFF}\u{AD}\u{E000}\u{7}"

  /// Bytes of the same kind that are no UTF-8.
  static let bytes: [UInt8] = Array(payload.utf8) + Array(0x80...0x9F) + [0xFF, 0x1B, 0x5D]

  private func check(_ outcome: Program.Outcome, _ what: String) {
    let text = String(decoding: outcome.bytes, as: UTF8.self) + outcome.errors
    let unseen = text.unicodeScalars.filter { scalar in
      scalar != "\n"
        && (Self.payload.unicodeScalars.contains(scalar) && scalar.value > 0x7E
          || scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
          || scalar.properties.generalCategory == .format)
    }
    #expect(unseen.isEmpty, "\(what): \(unseen.map { String($0.value, radix: 16) })")
    #expect(!outcome.bytes.isEmpty || !outcome.errors.isEmpty, "\(what) says nothing")
    #expect([0, 1, 2].contains(outcome.status), "\(what): \(outcome.status)")
  }

  private func json(_ text: String) -> String {
    let data = try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  @Test(arguments: ["text", "json"])
  func explain(_ format: String) throws {
    let name = Self.payload.replacingOccurrences(of: "\n", with: "")
    let log =
      Array("host\(Self.payload) ".utf8) + Self.bytes
      + Array(
        "usercopy: Kernel memory exposure attempt detected from SLUB object 'k\(name)' ".utf8)
      + Array("(offset 0, size 9)!\n CPU: 0 PID: 1 Comm: a\(name)b ".utf8)
      + Array("Not tainted 5.1\(name) #1\n".utf8)
      + Array(" Call Trace:\n f\(name)+0x1/0x2\n".utf8)
    check(try Program.run("explain", "--format", format, input: log), "explain \(format)")
    check(try Program.run("explain", "no/\(Self.payload)"), "explain file")
  }

  @Test(arguments: ["text", "json"])
  func caches(_ format: String) throws {
    let folder = try Folder()
    let tree = "sys/kernel/slab/"
    try folder.write(tree + "k\(Self.payload)/object_size", Self.bytes)
    try folder.write(tree + "k\(Self.payload)/slab_size", "64\n")
    try folder.write(tree + "k\(Self.payload)/ctor", Self.bytes)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(tree) + "l\(Self.payload)", withDestinationPath: "k\(Self.payload)")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(tree) + "m\(Self.payload)", withDestinationPath: Self.payload)
    check(try Program.run("caches", "--from", folder.path, "--format", format), "caches \(format)")
    check(try Program.run("caches", "--from", folder.path, "--open", Self.payload), "open")
    check(try Program.run("caches", "--from", Self.payload), "from")
    try folder.write("t/slabinfo", Array("slabinfo - version: 2.1\n".utf8) + Self.bytes)
    check(try Program.run("caches", "--from", folder.path("t")), "slabinfo")
  }

  @Test func capture() throws {
    for input in [Self.bytes, Array("a1 10 C Bi:1:002:1 0 2 = 0102\n".utf8) + Self.bytes] {
      check(try Program.run("capture", "-", input: input), "capture")
    }
    check(try Program.run("capture", "-", "--device", Self.payload, input: []), "device")
    check(try Program.run("capture", Self.payload), "capture file")
  }

  @Test(arguments: [["run"], ["run", "--format", "json"], ["run", "--trace", "--notes"]])
  func run(_ command: [String]) throws {
    let folder = try Folder()
    let words = json(Self.payload)
    let good = try folder.write(
      "good\(Self.payload).yaml",
      """
      title: \(words)
      about: \(words)
      source: \(words)
      remember: \(words)
      steps:
        - alloc: { name: \(words), size: 64 }
          say: \(words)
          notes: \(words)
        - copy: { to: user, from: \(words), length: 65 }
          say: \(words)
      """)
    check(try Program.start(Program.path, command + [good], input: [], environment: [:]), "good")
    for wrong in [
      "title: x\nsteps:\n  - \(words): 1\n", "\(words): 1\n",
      "title: x\nera: \(words)\nsteps: [{ note: {} }]\n",
      "title: x\nsteps:\n  - free: { name: \(words) }\n", "{ \(words)", "title: [\(words)]\n",
    ] {
      let file = try folder.write("wrong.yaml", wrong)
      check(try Program.start(Program.path, command + [file], input: [], environment: [:]), wrong)
    }
    let raw = try folder.write("raw.yaml", Array("title: x".utf8) + Self.bytes)
    check(try Program.start(Program.path, command + [raw], input: [], environment: [:]), "raw")
    check(
      try Program.start(Program.path, command + [Self.payload], input: [], environment: [:]),
      "none")
  }

  @Test func lessonsThemesKeysAndVectors() throws {
    let folder = try Folder()
    let words = json(Self.payload)
    let theme = try folder.write(
      "t\(Self.payload).yaml",
      "system: \(words)\nname: \(words)\nauthor: \(words)\npalette: \(words)\n")
    check(try Program.run("themes", theme), "themes")
    check(try Program.run("themes", Self.payload), "themes file")
    let screen = try Program.run("screen", "past-the-end", "--theme", theme, "--format", "text")
    check(screen, "screen")
    let raw = try folder.write("raw.yaml", Self.bytes)
    check(try Program.run("themes", raw), "raw theme")
    for line in [
      "{\"id\": \(words), \"group\": \(words)}", "{\"id\": \(words), \"policy\": \"linux-6.1\"}",
      "{\(words): \(words)}", words, Self.payload,
    ] {
      let file = try folder.write("v\(Self.payload).jsonl", line + "\n")
      check(try Program.run("verify", file), line)
    }
    let binary = try folder.write("b.jsonl", Self.bytes)
    check(try Program.run("verify", binary), "raw vectors")
    try folder.write("config/copyscope/keys.yaml", "\(words): \(words)\n")
    check(
      try Program.start(
        Program.path, ["keys"], input: [], environment: ["XDG_CONFIG_HOME": folder.path("config")]),
      "keys")
    check(try Program.run("schema", Self.payload), "schema")
    check(try Program.run("lessons", Self.payload), "lessons")
  }
}
