import Foundation
import Testing

/// A real terminal: a tmux server of the test's own, with a shell in its only window.
final class Tmux {
  struct NotSeen: Error, CustomStringConvertible {
    var wanted: String
    var screen: String
    var description: String { "waited for \(wanted); the screen shows:\n\(screen)" }
  }

  let folder: Folder
  private let socket: String

  init(width: Int, height: Int) throws {
    folder = try Folder()
    socket = "copyscope-test-\(getpid())-\(UUID().uuidString.prefix(8))"
    try command(
      "start-server", ";", "set", "-g", "status", "off", ";", "set", "-g", "default-terminal",
      "tmux-256color", ";", "set", "-s", "escape-time", "0", ";", "new-session", "-d", "-x",
      "\(width)", "-y", "\(height)",
      "cd \(folder.path) && export XDG_STATE_HOME=$PWD/state && ulimit -c 0 && exec bash --norc --noprofile --noediting"
    )
    try type("PS1='status''=$?> '; clear")
    try see("status=0>")
  }

  deinit { _ = try? command("kill-server") }

  @discardableResult
  func command(_ words: String...) throws -> String { try command(words: words) }

  @discardableResult
  func command(words: [String]) throws -> String {
    let outcome = try Program.start(
      "/usr/bin/env", ["tmux", "-u", "-L", socket, "-f", "/dev/null"] + words, input: [],
      environment: ["TMUX_TMPDIR": folder.path])
    return outcome.text
  }

  /// Types a line and Enter.
  func type(_ line: String) throws {
    try command("send-keys", "-l", line, ";", "send-keys", "Enter")
  }

  /// Presses keys by tmux's names.
  func press(_ keys: String...) throws {
    for key in keys { try command("send-keys", key) }
  }

  /// Presses keys in one go.
  func press(many keys: [String]) throws {
    _ = try Program.start(
      "/usr/bin/env",
      ["tmux", "-u", "-L", socket, "-f", "/dev/null", "send-keys"] + keys, input: [],
      environment: ["TMUX_TMPDIR": folder.path])
  }

  func resize(_ width: Int, _ height: Int) throws {
    try command("resize-window", "-x", "\(width)", "-y", "\(height)")
  }

  var screen: String { get throws { try command("capture-pane", "-p") } }

  /// A fact tmux knows about the pane.
  func fact(_ name: String) throws -> String {
    try command("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .newlines)
  }

  /// Waits until the screen is as wanted.
  @discardableResult
  func see(
    _ wanted: String, where holds: (String) throws -> Bool
  ) throws -> String {
    let start = Date()
    while true {
      let shown = try screen
      if try holds(shown) { return shown }
      guard Date().timeIntervalSince(start) < 60 else {
        throw NotSeen(wanted: wanted, screen: shown)
      }
      usleep(15_000)
    }
  }

  /// Waits until the screen shows a text.
  @discardableResult
  func see(_ text: String) throws -> String { try see("'\(text)'") { $0.contains(text) } }

  /// Waits until the shell asks for a line: a program that is about to end would swallow it.
  func prompt() throws {
    try see("the shell's prompt") { shown in
      let last = shown.split(separator: "\n").last { $0.contains { $0 != " " } } ?? ""
      let words = last.split(separator: " ")
      // A shell that is told the window's size while it starts asks twice in one row.
      return !words.isEmpty
        && words.allSatisfy { $0.hasPrefix("status=") && $0.hasSuffix(">") }
    }
  }

  /// Waits until a fact about the pane has this value.
  func see(_ name: String, is value: String) throws {
    try see("\(name) = \(value)") { _ in try fact(name) == value }
  }

  /// The terminal's modes as the shell sees them.
  func modes() throws -> String {
    try output(of: "stty -a")
  }

  /// What a command says that the shell runs to its end: the screen may still show an earlier one.
  func output(of line: String) throws -> String {
    let file = folder.path("said-\(UUID().uuidString)")
    try prompt()
    try type("clear; \(line) > \(file).new; mv \(file).new \(file)")
    try see("the end of \(line)") { _ in FileManager.default.fileExists(atPath: file) }
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  /// Starts the program and waits for its process number.
  func start(_ arguments: String) throws -> Int32 {
    let file = folder.path("process-\(UUID().uuidString)")
    try type("sh -c 'echo $$ > \(file); exec $COPYSCOPE \(arguments)'")
    try see("the program's number") { _ in
      (try? String(contentsOfFile: file, encoding: .utf8))?.hasSuffix("\n") == true
    }
    let text = try String(contentsOfFile: file, encoding: .utf8)
    return Int32(text.trimmingCharacters(in: .newlines)) ?? 0
  }

  /// Whether the pane is a plain shell's again.
  func expectPlain(_ modesBefore: String) throws {
    #expect(try fact("alternate_on") == "0")
    #expect(try fact("cursor_flag") == "1")
    #expect(try fact("mouse_any_flag") == "0")
    #expect(try fact("keypad_flag") == "0")
    #expect(try modes() == modesBefore)
  }
}
