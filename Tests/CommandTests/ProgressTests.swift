import Foundation
import Testing

/// How far a large log is read, on a terminal.
@Suite struct ProgressTests {
  /// A file with nothing in it that takes no room on the disk.
  private func endless() throws -> (folder: Folder, path: String) {
    let folder = try Folder()
    let path = try folder.write("log", "")
    #expect(truncate(path, 16 << 30) == 0)
    return (folder, path)
  }

  @Test func theBarIsShownAndInterrupted() throws {
    let (folder, path) = try endless()
    defer { withExtendedLifetime(folder) {} }
    let tmux = try Tmux(width: 100, height: 24)
    let modes = try tmux.modes()
    try tmux.type("$COPYSCOPE explain \(path)")
    try tmux.see("%")
    try tmux.press("C-c")
    let screen = try tmux.see("status=130>")
    #expect(!screen.contains("[#") && !screen.contains("[...."))
    #expect(try tmux.modes() == modes)
  }

  /// Nothing but reports goes to a file or a pipe.
  @Test func noBarWithoutATerminal() throws {
    let folder = try Folder()
    let path = try folder.write("log", "")
    #expect(truncate(path, 40 << 20) == 0)
    let outcome = try Program.run("explain", path)
    #expect(outcome.errors.isEmpty && outcome.text == "No usercopy report found.\n")
  }
}
