import Foundation
import Testing

/// A program's own life under `copyscope gadget`: signals, threads, names, memory, processes, its terminal.
@Suite struct ProgramLifeTests {
  typealias Gadgets = GadgetProgramTests

  /// A handler that does not ask for restarts disturbs no call that was only looked at.
  @Test func opensNeverFailBecauseOfSignals() throws {
    let run = try Gadgets.run("fire")
    #expect(run.text.contains("failed: 0, lost: 0, descriptors: 0"), "\(run.text.suffix(300))")
    #expect(run.text.contains("signals: many"))
  }

  /// `EVENT_FETCH` is left by a signal whatever its handler asks for, and by a stop.
  @Test(arguments: ["wake", "wake-restart", "stop"]) func signalsEndASleep(_ what: String) throws {
    let run = try Gadgets.run(what)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("a signal for thread"))
    #expect(run.text.contains("fetch: EINTR"), "\(run.text.suffix(600))")
    #expect(run.text.contains("handled: 1") == (what != "stop"))
  }

  /// Ended threads give their names back: no program is refused a call because of those before.
  @Test func threadsComeAndGo() throws {
    let run = try Gadgets.run("turns")
    #expect(run.status == 0)
    #expect(run.text.components(separatedBy: "short: EFAULT").count - 1 == 150)
    #expect(!run.text.contains("EBUSY"))
  }

  /// A thousand may be there at once; one more waits until there is room, and that is said.
  @Test func manyThreadsAndFilesHaveRoom() throws {
    let crowd = try Gadgets.run("crowd")
    #expect(
      crowd.text.contains("The program is held: 1024 of its threads"), "\(crowd.text.suffix(400))")
    #expect(crowd.text.contains("thread thread-1000 sleeps in the call"))
    let hoard = try Gadgets.run("hoard")
    let room = hoard.text.contains("limit: 0")
    #expect(hoard.text.contains("The program is held: 1024 of its files") == room)
    #expect(hoard.text.contains("as dev\(room ? 1024 : 500)"), "\(hoard.text.suffix(400))")
  }

  /// What the step says was copied is what arrived.
  @Test func answersWithoutRoomAreToldSo() throws {
    let run = try Gadgets.run("misplace")
    for said in ["cut: EFAULT", "arrived: 1", "read-only: EFAULT", "nowhere: EFAULT"] {
      #expect(run.text.contains(said), "\(said)")
    }
    #expect(run.text.contains("100 bytes copied, 860 left over"))
  }

  @Test func theDeviceHasManyNames() throws {
    let run = try Gadgets.run("find")
    for said in [
      "stat: 0", "device: 1", "access: 0", "statx: 0", "slashes: 0", "dots: 0", "creat: 0",
      "relative: 0", "openat2: 0", "link: 0", "path: 0", "other: ENOENT",
      "folder: ENOTDIR", "new: EEXIST",
      "controller: dummy_udc.0", "speed: high-speed", "here: 0",
    ] { #expect(run.text.contains(said), "\(said)") }
    #expect(!FileManager.default.fileExists(atPath: "/dev/raw-gadget"))
    #expect(try Program.shell("ls -d /tmp/copyscope-?????? 2>/dev/null").text.isEmpty)
  }

  /// The one who was started is content at once; what it started is followed to its end.
  @Test func aServerInTheBackgroundIsFollowed() throws {
    let run = try Gadgets.run("serve")
    #expect(run.status == 7)
    #expect(run.text.contains("host asks SET_CONFIGURATION 1"))
    #expect(Gadgets.calls(run.text).last == "close dev")
  }

  @Test func inputIsHandedOn() throws {
    let line = "printf 'one\\ntwo' | $COPYSCOPE gadget --tty -- \(Gadgets.sample) repeat"
    let run = try Program.shell(line)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("The program says: heard: one"))
    #expect(run.text.contains("                  heard: two"))
    #expect(run.text.contains("the end") && !run.text.contains("[0m"))
  }

  @Test func aSilentTerminalIsTold() throws {
    let run = try Program.shell(
      "timeout 4 $COPYSCOPE gadget -- \(Gadgets.sample) repeat < /dev/null")
    #expect(run.status == 124)
    #expect(run.errors.contains("--tty"))
  }

  /// All that is said is told, on the screen and in a file.
  @Test func outputIsWhole() throws {
    let folder = try Folder()
    let path = folder.path("said.txt")
    let script = "for i in $(seq 1 300); do echo line $i; done"
    let run = try Program.start(
      Program.path, ["gadget", "--output", path, "--", "/bin/sh", "-c", script], input: [],
      environment: [:])
    #expect(run.status == 0, "\(run.errors)")
    let wanted = (1...300).map { "line \($0)" }
    let lines = run.lines.compactMap { line in
      line.range(of: "line [0-9]+$", options: .regularExpression).map { String(line[$0]) }
    }
    #expect(lines == wanted)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8) == wanted.joined(separator: "\n") + "\n")
  }

  @Test func aPlayIsJSONToo() throws {
    let run = try Gadgets.run("fail", options: ["--format", "json"])
    #expect(run.status == 7)
    let play = try #require(run.json as? [String: Any])
    let steps = try #require(play["steps"] as? [[String: Any]])
    #expect(steps.contains { ($0["action"] as? String)?.hasPrefix("EVENT_FETCH") == true })
    #expect(steps.contains { ($0["said"] as? String)?.contains("open: 0") == true })
    #expect(play["status"] as? Int == 7)
    #expect(play["driver"] as? String == "linux-6.1")
  }

  @Test(arguments: [
    ("configured", "EP0_READ ep 0, room for 0"), ("EP_ENABLE", "EP_ENABLE address 0x81"),
    ("request=9", "EVENT_FETCH room for 8"),
  ]) func aProgramIsRunToAMoment(_ moment: String, _ last: String) throws {
    let run = try Gadgets.run(options: ["--until", moment])
    #expect(run.status == 0)
    // Its file is closed as it is stopped.
    #expect(Gadgets.calls(run.text).last { $0 != "close dev" } == last, "\(run.text.suffix(500))")
    #expect(run.text.hasSuffix("\nThe program was stopped at \(moment).\n"))
    // Whatever the program does right after that.
    let failing = try Gadgets.run("fail", options: ["--until", moment])
    #expect(failing.status == 0 && failing.text.hasSuffix("was stopped at \(moment).\n"))
    let wrong = try Gadgets.run(options: ["--until", "sometime"])
    #expect(wrong.status == 2 && wrong.errors.contains("configured"))
  }

  @Test func theUsageIsAsItIsTyped() throws {
    let run = try Program.run("gadget", "--help")
    #expect(run.text.contains("copyscope gadget [<options>] -- <program>"))
    let bare = try Program.run("gadget", Gadgets.sample)
    #expect(bare.status == 2 && bare.errors.contains("--"))
  }

  /// Whatever ends the inspector, nothing of what it started is left.
  @Test(arguments: [SIGKILL, SIGSEGV, SIGTERM, SIGQUIT, SIGHUP])
  func nothingIsLeftBehind(_ signal: Int32) throws {
    let folder = try Folder()
    let copy = folder.path("stays")
    try FileManager.default.copyItem(atPath: Gadgets.sample, toPath: copy)
    for what in ["leave", "stay", "serve", "storm"] {
      let line =
        "env --default-signal SWIFT_BACKTRACE=enable=no $COPYSCOPE gadget -- \(copy) \(what) > /dev/null & "
        + "sleep 0.4; kill -\(signal) $!; wait $!"
      _ = try Program.shell(line)
      let start = Date()
      var isThere = true
      while isThere, Date().timeIntervalSince(start) < 20 {
        isThere = try Processes.run(copy)
      }
      #expect(!isThere, "\(what)")
    }
  }
}
