import Foundation
import Testing

/// Real programs on the simulated kernel: `copyscope gadget`.
@Suite struct GadgetProgramTests {
  /// The gadget of the package's own, beside the program under test.
  static let sample = URL(filePath: Program.path).deletingLastPathComponent()
    .appending(path: "SampleGadget").path

  static func run(_ words: String..., options: [String] = []) throws -> Program.Outcome {
    try Program.start(
      Program.path, ["gadget"] + options + ["--", sample] + words, input: [], environment: [:])
  }

  /// The headings of the steps but for passing time: what the program called.
  static func calls(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("Step ") && !$0.hasSuffix(" ms pass") }
      .compactMap { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) }
  }

  @Test func aProgramIsEnumeratedAndEnds() throws {
    let run = try Self.run()
    #expect(run.status == 0, "\(run.errors)")
    let calls = Self.calls(run.text)
    #expect(
      calls.starts(with: [
        "open /dev/raw-gadget as dev", "INIT dummy_udc dummy_udc.0 speed 3", "RUN",
        "EVENT_FETCH room for 8",
      ]))
    #expect(calls.last == "close dev")
    #expect(calls.contains("EP_ENABLE address 0x81"))
    #expect(run.text.contains("host asks SET_CONFIGURATION 1"))
    #expect(run.text.contains("The program says: open: 0"))
    #expect(run.text.contains("request: 9"))
    #expect(run.text.hasSuffix("\nThe program ended with exit status 0.\n"))
  }

  @Test func whatWasDoneIsAScenarioThatPlaysTheSame() throws {
    let folder = try Folder()
    let path = folder.path("mine.yaml")
    let run = try Self.run("thread", options: ["--save", path])
    #expect(run.status == 0, "\(run.errors)")
    let replay = try Program.run("run", path)
    #expect(replay.status == 0, "\(replay.errors)")
    let happened = { (text: String) in text.split(separator: "\n").filter { $0.hasPrefix("  - ") } }
    #expect(happened(run.text).count > 40)
    #expect(happened(replay.text) == happened(run.text))
  }

  /// No driver on the host polls the endpoint: the writer and the fetching thread both sleep for ever.
  @Test func threadsThatSleepForEverAreNoticed() throws {
    let run = try Self.run("thread")
    #expect(Self.calls(run.text).contains { $0.hasPrefix("EP_WRITE handle 0, 8 bytes") })
    #expect(run.text.contains("on thread thread-2"))
    #expect(run.text.contains("The program waits for the host"))
  }

  @Test func aSignalEndsTheWait() throws {
    let run = try Self.run("signal")
    #expect(run.status == 0, "\(run.errors)")
    #expect(Self.calls(run.text).contains("a signal for thread main"))
    #expect(run.text.contains("returns EINTR: a signal ended the wait"))
    #expect(run.text.contains("The program says: EVENT_FETCH: EINTR"))
  }

  @Test func descriptorsArePassedOnAndErrorsAreTheDrivers() throws {
    let run = try Self.run("misuse")
    #expect(run.status == 0, "\(run.errors)")
    for said in [
      "NULL: EFAULT", "again: EINVAL", "unknown: EINVAL", "handle: EBUSY", "child: EBUSY",
      "closed: EBADF", "reopened: 0", "foreign: EINVAL", "close on exec: 0",
    ] { #expect(run.text.contains(said), "\(said)") }
    let calls = Self.calls(run.text)
    // Numbers the driver does not know are told with what came with them.
    #expect(calls.contains("0x5563 0"))
    #expect(calls.contains("0x40045662 4 bytes, 01 02 03 04"))
    let closed = try #require(calls.firstIndex(of: "close dev"))
    let opened = try #require(calls.firstIndex(of: "open /dev/raw-gadget as dev2"))
    #expect(closed < opened)
  }

  /// Lengths are the driver's to refuse, and data is as long as the program says.
  @Test(arguments: [
    ("linux-6.1", ["EBUSY", "EBUSY", "EINVAL", "EINVAL"]),
    ("linux-6.1.0-driver", ["EINVAL", "EINVAL", "EINVAL", "EINVAL"]),
    ("linux-6.18-driver", ["EBUSY", "EBUSY", "ENOMEM", "ENOMEM"]),
  ])
  func transfersAreAsLongAsTheProgramSays(_ driver: String, _ errors: [String]) throws {
    let folder = try Folder()
    let path = folder.path("long.yaml")
    let run = try Self.run("long", options: ["--driver", driver, "--save", path])
    #expect(run.status == 0, "\(run.errors)")
    let lengths = ["100000", "4194304", "4194305", "4294967295"]
    for (length, error) in zip(lengths, errors) {
      #expect(run.text.contains("write \(length): \(error)"), "\(length)")
      #expect(run.text.contains("read \(length): \(error)"), "\(length)")
      #expect(Self.calls(run.text).contains("EP_WRITE handle 5, \(length) bytes"))
    }
    let isCopied = errors[0] == "EBUSY"
    #expect(run.text.contains("copy_from_user data, 100000 bytes") == isCopied)
    #expect(run.text.contains("cut: EFAULT"))
    let replay = try Program.run("run", path)
    #expect(replay.status == 0, "\(replay.errors)")
    let happened = { (text: String) in text.split(separator: "\n").filter { $0.hasPrefix("  - ") } }
    // The file ends before the transfer it has no room for.
    #expect(happened(replay.text).contains { $0.contains("30 bytes copied, 70 left over") })
    #expect(happened(run.text).starts(with: happened(replay.text)))
  }

  /// A program's end may be heard of before its start, on a busy machine often.
  @Test func shortProgramsAreStartedAndMissed() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for program in Array(repeating: ["/bin/sh", "-c", "exit 3"], count: 24)
        + Array(repeating: ["/nonexistent/gadget"], count: 24)
      {
        group.addTask {
          let run = try Program.start(
            Program.path, ["gadget", "--"] + program, input: [], environment: [:])
          #expect(run.status == (program.count > 1 ? 3 : 2))
          #expect(run.errors.contains("No such file") == (program.count == 1), "\(run.errors)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func endsAndMistakesHaveTheirStatus() throws {
    #expect(try Self.run("fail").status == 7)
    let stopped = try Self.run(options: ["--calls", "3"])
    #expect(stopped.status == 0)
    #expect(Self.calls(stopped.text).filter { $0 == "RUN" }.count == 1)
    #expect(stopped.text.contains("stopped after 3 calls"))
    for (arguments, words) in [
      (["--", "/nonexistent/gadget"], "No such file"), ([], "name the program"),
      (["--driver", "new", "--", Self.sample], "there is no 'new'"),
      (["--era", "new", "--", Self.sample], "unknown era"),
      (["--calls", "0", "--", Self.sample], "from 1 on"),
    ] {
      let run = try Program.start(
        Program.path, ["gadget"] + arguments, input: [], environment: [:])
      #expect(run.status == 2, "\(arguments)")
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }

  /// A program that never touches the device is not kept from anything.
  @Test func otherProgramsRunAsEver() throws {
    let script = "printf 'a\\033[31mb\\n'; exit 3"
    let run = try Program.start(
      Program.path, ["gadget", "--", "/bin/sh", "-c", script], input: [], environment: [:])
    #expect(run.status == 3)
    #expect(run.text.contains("The program says: ab"))
    #expect(run.text.contains("no call on /dev/raw-gadget"))
    #expect(!run.text.contains("\u{1B}"))
  }

  /// Characters are as long as a program likes; what it says is told whole, and each mark once.
  @Test func whatAProgramSaysIsToldOnce() throws {
    let run = try Self.run("talk")
    #expect(run.status == 0)
    // A sign carries two marks; what goes beyond is written out.
    let shown = run.text.unicodeScalars.count { $0 == "\u{301}" }
    let written = run.text.components(separatedBy: "\\u{301}").count - 1
    #expect(shown + written == 100_000 && shown < 100)
  }

  /// Threads that never stop calling leave room for a signal, and for the end of what was started.
  @Test func aStormOfCallsKeepsNoSignalWaiting() throws {
    let run = try Program.shell(
      "timeout -k 60 2 $COPYSCOPE gadget -- \(Self.sample) storm > /dev/null")
    #expect(run.status == 124)
  }

  /// A program that parts from its parent and its terminal is ended with it.
  @Test func whatGoesIntoTheBackgroundEndsToo() throws {
    let folder = try Folder()
    let copy = folder.path("leaves")
    try FileManager.default.copyItem(atPath: Self.sample, toPath: copy)
    let run = try Program.start(
      Program.path, ["gadget", "--", copy, "leave"], input: [], environment: [:])
    #expect(run.status == 0 && run.text.contains("background"))
    #expect(try !Processes.run(copy, "leave"))
  }

  /// However the inspector ends, the program it ran ends too.
  @Test(arguments: [SIGTERM, SIGHUP, SIGKILL])
  func noProgramIsLeftBehind(_ signal: Int32) throws {
    let folder = try Folder()
    let tmux = try Tmux(width: 120, height: 36)
    let copy = folder.path("stays")
    try FileManager.default.copyItem(atPath: Self.sample, toPath: copy)
    let process = try tmux.start("gadget --open -- \(copy) stay")
    try tmux.see("Next, with n: open /dev/raw-gadget as dev")
    try tmux.press("R", ")", ")", ")", ")", ")")
    func isThere() throws -> Bool { try Processes.run(copy, "stay") }
    try tmux.see("The program runs.")
    #expect(try isThere())
    kill(process, signal)
    try tmux.see("status=\(128 + signal)>")
    let start = Date()
    while try isThere(), Date().timeIntervalSince(start) < 60 { usleep(50_000) }
    #expect(try !isThere())
  }

  @Test func theInspectorLetsTheProgramGoCallByCall() throws {
    let tmux = try Tmux(width: 120, height: 36)
    try tmux.type("$COPYSCOPE gadget --open -- \(Self.sample)")
    try tmux.see("Next, with n: open /dev/raw-gadget as dev")
    for next in ["INIT dummy_udc", "RUN", "EVENT_FETCH", "EVENT_FETCH"] {
      try tmux.press("n")
      try tmux.see("Next, with n: \(next)")
    }
    // The call before was of the same name: its result tells that this one is the next.
    try tmux.see("EVENT_FETCH twice") { screen in
      screen.contains("EVENT_FETCH = 0") && screen.contains("Next, with n: EVENT_FETCH")
    }
    try tmux.press("p", "p")
    try tmux.see("two steps back") { screen in
      // On a busy machine time passes between the calls, as steps of its own.
      screen.firstMatch(of: /step (\d+)\/(\d+)/).map {
        Int($0.1).map { $0 + 2 } == Int($0.2)
      } ?? false
    }
    try tmux.press("u")
    try tmux.see("nothing can be undone")
    try tmux.press("G", "R", ")", ")", ")", ")", ")")
    try tmux.see("the program ended with exit status 0")
    try tmux.press("q")
    try tmux.see("status=0>")
  }
}
