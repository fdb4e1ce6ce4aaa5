import Foundation
import Testing

/// The inspector with real keys in a real terminal.
@Suite struct TerminalTests {
  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func aLessonFromStartToEndAndBack(_ width: Int, _ height: Int) throws {
    let tmux = try Tmux(width: width, height: height)
    let modes = try tmux.modes()
    try tmux.type("echo the shell was here; $COPYSCOPE open past-the-end")
    try tmux.see("step 0/7")
    #expect(try tmux.fact("alternate_on") == "1")
    for step in 1...7 {
      try tmux.press("n")
      try tmux.see("step \(step)/7")
    }
    try tmux.press("g")
    try tmux.see("step 0/7")
    try edit(tmux)
    try resize(tmux, width, height)
    try tmux.press("q")
    let shell = try tmux.see("status=0>")
    #expect(shell.contains("the shell was here"))
    #expect(!shell.contains("step 5/7"))
    try tmux.expectPlain(modes)
  }

  /// Nothing is written over and nothing done by hand is lost: a file that is there keeps its name, and what was
  /// not written is kept and told.
  @Test func workIsKeptAndNothingWrittenOver() throws {
    let tmux = try Tmux(width: 80, height: 24)
    func left() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: tmux.folder.path("state/copyscope"))
        .filter { $0.hasSuffix(".journal") }
    }
    for name in ["past-the-end-mine.yaml", "past-the-end-mine-2.yaml"] {
      try tmux.type("clear; $COPYSCOPE open past-the-end")
      try tmux.see("step 0/7")
      try tmux.type(":alloc mine 64")
      try tmux.see("step 1/8")
      try tmux.press("w")
      try tmux.see("written to \(name)")
      try tmux.press("q")
      let shell = try tmux.see("status=0>")
      #expect(!shell.contains("is kept"))
      #expect(try left().isEmpty)
    }
    // That nobody can be told is no reason to fail.
    for errors in ["/dev/stderr", "/dev/full"] {
      try tmux.type("clear; $COPYSCOPE open past-the-end 2> \(errors)")
      try tmux.see("step 0/7")
      try tmux.type(":alloc mine 64")
      try tmux.see("step 1/8")
      try tmux.press("q")
      try tmux.see("status=0>")
    }
    #expect(try left().count == 2)
    try tmux.type("clear; $COPYSCOPE open --resume 1")
    try tmux.see("step 1/8")
    try tmux.type(":quit!")
    try tmux.prompt()
    #expect(try left().count == 1)
  }

  /// What is pasted is no key, be it text or not.
  @Test func pastedBytesAreNoKeys() throws {
    let tmux = try Tmux(width: 80, height: 24)
    try tmux.type("$COPYSCOPE open past-the-end")
    try tmux.see("step 0/7")
    let junk: [[UInt8]] = [
      [0xFF], [0xC3], [0xF0, 0x9F], [0x80, 0xFE], [0xFF, 0x41, 0xC3, 0x28], [0xED, 0xA0, 0x80],
    ]
    let file = tmux.folder.path("pasted")
    for bytes in junk {
      for count in [1, 16, 17, 33, 400] {
        let all = [[UInt8]](repeating: bytes, count: count).flatMap { $0 } + Array("qqq".utf8)
        try Data(all).write(to: URL(fileURLWithPath: file))
        try tmux.command("load-buffer", file, ";", "paste-buffer", "-p")
      }
    }
    try tmux.press("n")
    try tmux.see("step 1/7")
    try tmux.press("q")
    try tmux.see("status=0>")
  }

  /// The fifth step's copy is denied; shortened to fit, its verdict, painted at once, is another.
  private func edit(_ tmux: Tmux) throws {
    for step in 1...5 {
      try tmux.press("n")
      try tmux.see("step \(step)/7")
    }
    try tmux.see("DENIED by slab_access_ok")
    try tmux.press("e")
    try tmux.see("request+56, 150 bytes")
    for left in [134, 118, 102, 86, 70, 54, 38, 22, 6] {
      try tmux.press("PPage")
      let shown = try tmux.see("request+56, \(left) bytes")
      #expect(shown.contains("DENIED by slab_access_ok") == (left > 8), "\(left)")
    }
    let allowed = try tmux.see("ALLOWED")
    #expect(!allowed.contains("DENIED"))
    try tmux.press("Right", "Right", "Right")
    try tmux.see("DENIED by slab_access_ok")
    try tmux.press("Escape")
    try tmux.see("request+56, 150 bytes")
  }

  private func resize(_ tmux: Tmux, _ width: Int, _ height: Int) throws {
    for (columns, rows) in [(width + 13, height + 5), (width, height)] {
      try tmux.resize(columns, rows)
      try tmux.see("a screen of \(columns)x\(rows)") { shown in
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
        let header = lines.first ?? ""
        return header.hasSuffix("step 5/7") && header.count == columns - 1
          && lines.count >= rows && !lines[rows - 1].isEmpty && lines[rows - 2].contains("DENIED")
      }
    }
  }

  @Test func theListOfLessonsOpensOne() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    try tmux.type("$COPYSCOPE")
    try tmux.see("A copy that fits")
    try tmux.press("Down", "Enter")
    try tmux.see("Past the end of an object")
    try tmux.see("step 0/7")
    try tmux.press("C-c")
    try tmux.see("status=130>")
    try tmux.expectPlain(modes)
  }

  @Test func editedCopiesAreWrittenAndRun() throws {
    let tmux = try Tmux(width: 120, height: 36)
    try tmux.type("$COPYSCOPE open past-the-end")
    try tmux.see("step 0/7")
    try tmux.press("G")
    try tmux.see("step 7/7")
    try tmux.type(":w mine.yaml")
    try tmux.see("written to mine.yaml")
    try tmux.press("q")
    try tmux.see("status=0>")
    let played = try Program.run("run", tmux.folder.path("mine.yaml"))
    #expect(played.status == 0, "\(played.text)\(played.errors)")
  }

  @Test func tooSmallAWindowSaysSoAndGrows() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    try tmux.resize(10, 3)
    try tmux.type("$COPYSCOPE open 2")
    try tmux.see("alternate_on", is: "1")
    try tmux.see("a message") { $0.hasPrefix("copyscope") }
    try tmux.resize(80, 24)
    try tmux.see("step 0/7")
    try tmux.resize(1, 1)
    try tmux.see("pane_width", is: "1")
    try tmux.resize(80, 24)
    try tmux.see("step 0/7")
    try tmux.press("q")
    try tmux.see("status=0>")
    try tmux.expectPlain(modes)
  }

  @Test func dumbAndUnknownTerminalsAreRefusedInWords() throws {
    let tmux = try Tmux(width: 100, height: 24)
    let modes = try tmux.modes()
    for term in ["dumb", "no-such-terminal", ""] {
      try tmux.type("clear; TERM=\(term) $COPYSCOPE open 2")
      let shown = try tmux.see(term.isEmpty ? "TERM is not set" : "(TERM=\(term))")
      #expect(shown.contains("set TERM") || shown.contains("set it"))
    }
    try tmux.expectPlain(modes)
  }

  @Test func withoutColoursAndWithoutUTF8() throws {
    let tmux = try Tmux(width: 80, height: 24)
    try tmux.type("NO_COLOR=1 LC_ALL=C $COPYSCOPE open 2")
    let shown = try tmux.see("step 0/7")
    #expect(shown.utf8.allSatisfy { $0 < 0x80 })
    let painted = try tmux.command("capture-pane", "-p", "-e")
    for colour in 30...38 { #expect(!painted.contains("\u{1B}[\(colour)")) }
    try tmux.press("q")
    try tmux.see("status=0>")
  }
}
