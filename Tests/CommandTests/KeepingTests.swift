import Foundation
import Testing

/// What is done by hand is not lost, whatever ends the inspector and whatever the disk does.
@Suite struct KeepingTests {
  private func open(_ tmux: Tmux, _ before: String = "", _ options: String = "") throws {
    try tmux.prompt()
    try tmux.type("clear; \(before) $COPYSCOPE open past-the-end \(options)")
    try tmux.see("step 0/7")
  }

  private func journals(_ tmux: Tmux) throws -> [String] {
    let path = tmux.folder.path("state/copyscope")
    return try FileManager.default.contentsOfDirectory(atPath: path).filter {
      $0.hasSuffix(".journal")
    }
  }

  @Test(arguments: [
    SIGKILL, SIGSEGV, SIGPIPE, SIGTRAP, SIGABRT, SIGXCPU, SIGUSR1, SIGTERM, SIGHUP, SIGQUIT,
  ])
  func signalsLoseNothing(_ signal: Int32) throws {
    let tmux = try Tmux(width: 100, height: 30)
    try tmux.type("export SWIFT_BACKTRACE=enable=no; clear")
    let process = try tmux.start("open past-the-end")
    try tmux.see("step 0/7")
    for step in 1...3 {
      try tmux.type(":alloc mine\(step) 64")
      try tmux.see("step \(step)/\(step + 7)")
    }
    kill(process, signal)
    try tmux.see("status=\(128 + signal)>")
    try tmux.type("reset; clear; $COPYSCOPE open --resume </dev/null")
    let crashed = [SIGTERM, SIGHUP, SIGQUIT].contains(signal) ? "signal \(signal)" : "crashed"
    try tmux.see("3 actions, ")
    #expect(try tmux.screen.replacingOccurrences(of: "\n", with: "").contains(crashed))
    // The next start says so.
    try open(tmux)
    try tmux.see("open --resume")
    try tmux.press("q")
    try tmux.prompt()
    try tmux.type("clear; $COPYSCOPE open --resume")
    try tmux.see("Which one?")
    try tmux.press("Enter")
    try tmux.see("step 3/10")
    try tmux.press("u")
    try tmux.see("step 2/9")
    try tmux.press("w")
    try tmux.see("written to past-the-end-mine.yaml")
    try tmux.press("q")
    try tmux.prompt()
    #expect(try journals(tmux).isEmpty)
  }

  /// Who names a new file means that file, also later.
  @Test func aNewScenarioIsWrittenToItsOwnName() throws {
    let tmux = try Tmux(width: 100, height: 30)
    try open(tmux)
    try tmux.type(":new my.yaml")
    try tmux.see("My first scenario")
    try tmux.type(":alloc mine2 64")
    try tmux.see("step 1/5")
    try tmux.press("w")
    try tmux.see("written to my.yaml")
    #expect(
      try String(contentsOfFile: tmux.folder.path("my.yaml"), encoding: .utf8).contains("mine2"))
    // What somebody else makes of it meanwhile is not written over.
    try "title: another\n".write(
      toFile: tmux.folder.path("my.yaml"), atomically: false, encoding: .utf8)
    try tmux.type(":alloc mine3 64")
    try tmux.press("w")
    try tmux.see("was changed")
  }

  @Test func anotherLessonTakesNothingAway() throws {
    let tmux = try Tmux(width: 100, height: 30)
    try open(tmux)
    try tmux.type(":alloc mine 64")
    try tmux.see("step 1/8")
    try tmux.type(":open frame-fence")
    try tmux.see("u goes back to it")
    try tmux.press("q")
    try tmux.see("is kept: copyscope open --resume")
    try tmux.type("clear; $COPYSCOPE open --resume 1")
    try tmux.see("step 1/8")
    try tmux.press("q")
  }

  /// Where nothing can be kept the screen says so at once, `q` asks, and the exit status tells what became of it.
  @Test(arguments: [
    "XDG_STATE_HOME=/proc/nowhere", "env -u XDG_STATE_HOME -u HOME", "XDG_STATE_HOME=$PWD/file",
  ])
  func whereNothingCanBeKeptItIsSaid(_ before: String) throws {
    let tmux = try Tmux(width: 120, height: 30)
    try tmux.type("touch file; clear")
    try open(tmux, before)
    try tmux.see("nothing done here is kept until it is written")
    try tmux.type(":alloc mine 64")
    try tmux.see("step 1/8")
    try tmux.press("q")
    try tmux.see("would be lost")
    try tmux.press("n")
    try tmux.see("step 2/8")
    try tmux.press("q")
    try tmux.see("would be lost")
    try tmux.press("q")
    try tmux.see("status=1>")
    #expect(try tmux.screen.contains("is lost: 1 change in 'Past the end of an object'"))
    try open(tmux, before)
    try tmux.type(":alloc mine 64")
    try tmux.see("step 1/8")
    try tmux.press("w")
    try tmux.see("written to past-the-end-mine.yaml")
    try tmux.press("q")
    try tmux.see("status=0>")
    try open(tmux, before)
    try tmux.type(":alloc mine 64")
    try tmux.see("step 1/8")
    try tmux.type(":quit!")
    try tmux.see("status=0>")
  }

  /// A journal that is taken away while it is written is made again, whole.
  @Test func aVanishedFolderIsMadeAgain() throws {
    let tmux = try Tmux(width: 100, height: 30)
    try open(tmux)
    try tmux.type(":alloc one 64")
    try tmux.see("step 1/8")
    try FileManager.default.removeItem(atPath: tmux.folder.path("state"))
    try tmux.type(":alloc two 64")
    try tmux.see("step 2/9")
    try tmux.press("q")
    try tmux.see("is kept")
    try tmux.type("clear; $COPYSCOPE open --resume 1")
    try tmux.see("step 2/9")
    try tmux.press("q")
  }

  /// A full disk: it is said, the file is no half line longer, and once there is room all is kept.
  @Test func aFullDiskIsSaid() throws {
    let tmux = try Tmux(width: 120, height: 30)
    // 1 KiB for a file: less than the first action's line.
    try open(tmux, "ulimit -Sf 1;")
    try tmux.type(":alloc mine 64")
    try tmux.see("nothing is kept until it is written")
    #expect(try tmux.screen.contains("File too large"))
    try tmux.press("q")
    try tmux.see("would be lost")
    try tmux.press("q")
    try tmux.see("status=1>")
  }

  @Test func filesOfOthersAreNotWrittenOver() throws {
    let tmux = try Tmux(width: 120, height: 30)
    let path = try tmux.folder.write("theirs.yaml", "not mine\n")
    func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    try open(tmux)
    try tmux.type(":write theirs.yaml")
    try tmux.see("is there and was not opened here")
    #expect(try text() == "not mine\n")
    try tmux.type(":write! theirs.yaml")
    try tmux.see("written to theirs.yaml")
    try tmux.type(":write theirs.yaml")
    try tmux.see("written to theirs.yaml")
    try Data("changed\n".utf8).write(to: URL(filePath: path))
    try tmux.type(":write theirs.yaml")
    try tmux.see("was changed by somebody else since it was read")
    #expect(try text() == "changed\n")
    try tmux.type(":write! theirs.yaml")
    try tmux.see("written to theirs.yaml")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    try tmux.type(":write theirs.yaml")
    try tmux.see("writes over it")
    try tmux.press("q")
    let names = try FileManager.default.contentsOfDirectory(atPath: tmux.folder.path)
    #expect(!names.contains { $0.hasPrefix(".copyscope-") })
  }

  /// A name that is no UTF-8 is the name that is read and written.
  @Test func namesNeedNotBeText() throws {
    let folder = try Folder()
    try folder.write(
      "log",
      "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' (offset 0, size 65)!\n"
    )
    let outcome = try Program.shell(
      """
      cd '\(folder.path)' && name=$(printf 'odd\\377.yaml') || exit 9
      $COPYSCOPE explain log --save "$name" && $COPYSCOPE run "$name" && $COPYSCOPE explain log "--save=$name"
      echo "status $?"; ls | wc -l; head -n 1 "$name"
      """)
    #expect(outcome.text.contains("status 0\n2\ntitle: "), "\(outcome.text) \(outcome.errors)")
  }

  @Test func recordingsAreThereUntilTheEnd() throws {
    let tmux = try Tmux(width: 100, height: 30)
    let process = try tmux.start("open past-the-end --record it.cast")
    try tmux.see("step 0/7")
    try tmux.press("n")
    try tmux.see("step 1/7")
    kill(process, SIGKILL)
    try tmux.see("status=137>")
    let text = try String(contentsOfFile: tmux.folder.path("it.cast"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines.count >= 3 && lines[0].contains("\"width\": 100") && text.contains("step 1/7"))
    for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    // What is there is not written over; what cannot be written is said before anything is shown.
    for name in ["it.cast", "/nonexistent/it.cast", "/dev/null"] {
      let outcome = try Program.shell("cd \(tmux.folder.path); $COPYSCOPE open 1 --record \(name)")
      #expect(outcome.status == 2 && outcome.errors.contains(name), "\(outcome.errors)")
    }
  }
}
