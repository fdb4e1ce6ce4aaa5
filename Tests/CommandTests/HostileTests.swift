import Foundation
import Testing

/// Input nobody meant well by: no command may crash, hang, or let it reach the terminal raw.
@Suite struct HostileTests {
  /// Numbers from a seed (splitmix64).
  struct Noise: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var noise = Noise(state: seed)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &noise) }
  }

  static func text(_ piece: String, times count: Int) -> [UInt8] {
    Array(String(repeating: piece, count: count).utf8)
  }

  static let files: [(name: String, bytes: [UInt8])] = [
    ("empty", []), ("nul", [0]), ("newline", [10]), ("noise", noise(65_536, seed: 1)),
    ("ff", [UInt8](repeating: 0xFF, count: 300_000)), ("one-line", text("a", times: 3_000_000)),
    ("brackets", text("[", times: 100_000)), ("braces", text("{a: ", times: 50_000)),
    ("objects", text("{\"a\":", times: 100_000)), ("dashes", text("- ", times: 100_000)),
    ("questions", text("? ", times: 50_000)), ("anchors", text("&a [*a, *a]\n", times: 5_000)),
    ("tags", text("!!binary ", times: 5_000)), ("quotes", text("\"\\x1b[2J", times: 20_000)),
    (
      "escapes",
      Array("title: \"\\e[31m\\u202e\\x9b\"\nsteps: [{ note: {} }]\n\u{1B}[2J\u{9B}31m".utf8)
    ),
    ("cr", text("\r", times: 100_000)), ("utf16", [0xFF, 0xFE] + text("t\0i\0", times: 2_000)),
    ("pcap", [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + noise(4_000, seed: 2)),
    ("pcapng", [0x0A, 0x0D, 0x0D, 0x0A] + noise(4_000, seed: 3)),
    ("usbmon", text("ffff8881 1 S Ci:1:000:0 s 80 06 0100 0000 ffff 99999999999 <\n", times: 500)),
    (
      "report",
      Array(
        "usercopy: Kernel memory exposure attempt detected from SLUB object '\u{1B}[31m\u{202E}' "
          .utf8) + Array("(offset 18446744073709551615, size 18446744073709551616)!\n".utf8)
    ),
    (
      "halves",
      text("usercopy: kernel memory overwrite attempt detected to ", times: 20_000)
    ),
    ("vectors", text("{\"id\":1e999,\"policy\":[],\"group\":{}}\n", times: 2_000)),
  ]

  static let commands: [[String]] = [
    ["run"], ["run", "--trace", "--format", "json"], ["verify", "--show-failures"], ["explain"],
    ["explain", "--format", "json"], ["screen"], ["themes"], ["screen", "1", "--theme"],
    ["capture"], ["capture", "--format", "json"],
  ]

  /// Laws of every run: an honest status, no trap, no hang, nothing a terminal would obey.
  private func expectCalm(_ outcome: Program.Outcome, _ what: String) {
    #expect([0, 1, 2].contains(outcome.status), "\(what): \(outcome.status) \(outcome.errors)")
    #expect(!outcome.errors.contains("Fatal error"), "\(what): \(outcome.errors)")
    #expect(outcome.status != 2 || !outcome.errors.isEmpty, "\(what)")
    for text in [outcome.text, outcome.errors] {
      let raw = text.unicodeScalars.first {
        ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}"
      }
      #expect(raw == nil, "\(what)")
    }
    #expect(outcome.errors.utf8.count < 20_000, "\(what)")
  }

  @Test(arguments: commands)
  func commandsStayCalm(_ command: [String]) throws {
    let folder = try Folder()
    for file in Self.files {
      let path = try folder.write(file.name + ".yaml", file.bytes)
      let outcome = try Program.start(Program.path, command + [path], input: [], environment: [:])
      expectCalm(outcome, "\(command) \(file.name)")
      if command.contains("json"), outcome.status < 2 {
        #expect(outcome.json != nil, "\(command) \(file.name)")
      }
    }
    for path in ["/proc/self/mem", "/", "/dev/null", "/proc/self/cmdline", folder.path("missing")] {
      let outcome = try Program.start(Program.path, command + [path], input: [], environment: [:])
      expectCalm(outcome, "\(command) \(path)")
      if path == "/" || path.hasSuffix("missing") { #expect(outcome.status == 2) }
    }
  }

  @Test(arguments: commands)
  func endlessAndUnreadableFiles(_ command: [String]) throws {
    let folder = try Folder()
    let line = command.joined(separator: " ")
    let zeros = try Program.shell("head -c 40000000 /dev/zero | $COPYSCOPE \(line) /dev/stdin")
    expectCalm(zeros, "\(command) zeros")
    #expect(line.hasPrefix("explain") || zeros.status == 2)
    let pipe = try Program.shell(
      "mkfifo pipe; (timeout 20 bash -c 'echo title: x > pipe' &) ; $COPYSCOPE \(line) ./pipe")
    expectCalm(pipe, "\(command) pipe")
    let closed = try folder.write("closed.yaml", "title: x\nsteps: [{ note: {} }]\n")
    chmod(closed, 0)
    let drop = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups --inh-caps=-all " : ""
    chmod(folder.path, 0o755)
    let refused = try Program.shell("\(drop)$COPYSCOPE \(line) \(closed)")
    expectCalm(refused, "\(command) unreadable")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("Permission denied"), "\(refused.errors)")
  }

  @Test func longAndStrangeNames() throws {
    let long = String(repeating: "n", count: 5_000)
    let strange = "\u{1B}[31m\u{202E}\n\t\u{7F}"
    for name in [
      long, "/" + long, long + ".yaml", strange, "./" + strange, "--" + strange, "\u{301}",
    ] {
      for command in Self.commands + [["open"], ["lessons"], [], ["run", "1", "--era"]] {
        let outcome = try Program.start(
          Program.path, command + [name], input: [], environment: [:])
        expectCalm(outcome, "\(command) \(name.prefix(20))")
        #expect(outcome.status == 2, "\(command) \(name.prefix(20))")
      }
    }
  }

  @Test func keysSizesAndThemesOfScreen() throws {
    let names = [
      "n", "p", "g", "G", "e", "i", "m", "s", "t", "Tab", "S-Tab", "z", "Up", "Down", "PgUp",
      "PgDn",
      "+", "-", "d", "o", "O", "c", "a", "A", "v", "x", "<", ">", "{", "}", "u", "C-r", "w", "y",
      ":",
      "L", "?", "Enter", "Escape", "C-Right", "A-h", "C-Up", "Backspace", "F1", "]", "[", "/", "é",
      "\"free request\"", "\"run 1e99\"", "\"copy request 99999999999999999999\"",
      "S-Right", "S-Left", "S-Down", "Left", "Right", "Home", "End", "q", "1", "9", "Space",
    ]
    var noise = Noise(state: 7)
    let lessons = (1...30).map(String.init)
    for round in 0..<40 {
      let keys = (0..<60).compactMap { _ in names.randomElement(using: &noise) }
      let size =
        "\(Int.random(in: 1...200, using: &noise))x\(Int.random(in: 1...60, using: &noise))"
      let lesson = lessons.randomElement(using: &noise) ?? "1"
      let outcome = try Program.run(
        "screen", lesson, "--size", size, "--keys", keys.joined(separator: " "))
      expectCalm(outcome, "round \(round): \(lesson) \(size) \(keys)")
      #expect(outcome.status == 0, "round \(round): \(outcome.errors)")
    }
    for size in [
      "", "x", "0x9", "9x0", "-1x5", "1001x1", "9x9x9", "99999999999999999999x1", "1 x 1", "٣x٣",
    ] {
      #expect(try Program.run("screen", "1", "--size=\(size)").status == 2, "\(size)")
    }
    for keys in ["Entr", "C-", "F64", "\"open", "\u{1B}[A", "S-é-x"] {
      let outcome = try Program.run("screen", "1", "--keys=\(keys)")
      expectCalm(outcome, keys)
      #expect(outcome.status == 2, "\(keys)")
    }
  }
}
