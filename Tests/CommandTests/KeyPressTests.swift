import Foundation
import Testing

/// Every key of the table, pressed in every mode of a real terminal.
@Suite struct KeyPressTests {
  @Test(arguments: ["browse", "edit", "inside", "lessons"])
  func keysDoWhatTheirHelpSays(scope: String) throws {
    try pressAll(of: scope)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/sys/kernel/slab")))
  func keysOfTheCachesDoWhatTheirHelpSays() throws { try pressAll(of: "caches") }

  @Test func noScopeIsForgotten() throws {
    let scopes = Set(try KeyTable().rows.map(\.scope))
    // Inside a step, and on the list of a kernel's pages, keys are tried without a terminal.
    #expect(scopes == ["browse", "edit", "inside", "lessons", "caches", "events", "kernel"])
  }

  private func pressAll(of scope: String) throws {
    let rows = try KeyTable().rows(scope)
    try #require(!rows.isEmpty)
    let keyboard = try Keyboard()
    // A story is paged where it has no room, which this terminal has.
    for row in rows where row.command != "more" {
      let effects = KeyEffect.of(row.command, in: scope)
      #expect(!effects.isEmpty, "\(row.command) in \(scope): nobody says what '\(row.help)' shows")
      for key in row.keys {
        for effect in effects { try press(key, row, effect, keyboard) }
      }
    }
  }

  private func press(
    _ key: String, _ row: KeyTable.Row, _ effect: KeyEffect, _ keyboard: Keyboard
  ) throws {
    do {
      let before = try keyboard.reach(effect.situation)
      let after = try keyboard.expect(
        key, from: before, "\(row.scope) \(row.command) '\(row.help)'", effect: effect.shows)
      try also(row, key, before, after, keyboard)
    } catch let problem as Keyboard.NoEffect {
      Issue.record("\(problem)")
    }
  }

  /// What a screen does not show of an effect.
  private func also(
    _ row: KeyTable.Row, _ key: String, _ before: Look, _ after: Look, _ keyboard: Keyboard
  ) throws {
    switch row.command {
    case "quit":
      try keyboard.tmux.see(key == "C-c" ? "status=130>" : "status=0>")
      try keyboard.start()
    case "save":
      let name = after.text.split(separator: "written to ").last?.prefix { !$0.isWhitespace }
      let file = keyboard.tmux.folder.path(String(name ?? ""))
      #expect(FileManager.default.fileExists(atPath: file))
      try? FileManager.default.removeItem(atPath: file)
    case "copy-screen":
      let taken = try keyboard.tmux.command("show-buffer").split(separator: "\n")
      #expect(taken.first?.hasPrefix(" copyscope  Past the end") == true)
      #expect(taken.count >= 30)
    case "play":
      // Any key stops it.
      let stopped = try keyboard.pressAndSettle(["x"])
      usleep(450_000)
      #expect(try keyboard.look().step == stopped.step)
    case "zoom": try keyboard.press([key])
    case "preset": try keyboard.press([key, key])
    default: break
    }
  }
}
