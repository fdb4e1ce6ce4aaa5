import Foundation
import Testing

/// The lecturer's second screen: an inspector in one terminal, who follows it in another.
@Suite struct FollowTests {
  /// A folder for a user's session, and the one for sockets in it.
  private struct Place {
    let folder: Folder
    init() throws { folder = try Folder() }
    var environment: [String: String] { ["XDG_RUNTIME_DIR": folder.path] }
    var assignment: String { "XDG_RUNTIME_DIR=\(folder.path)" }
    var sockets: String { folder.path("copyscope") }
    var names: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: sockets)) ?? []).sorted()
    }

    func rights(_ path: String) -> Int? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    /// What a follower says first; it is ended then.
    func followed(_ arguments: String = "") throws -> String {
      try Program.shell(
        """
        $COPYSCOPE follow \(arguments) > said & follower=$!
        while [ ! -s said ] && kill -0 $follower 2> /dev/null; do sleep 0.05; done
        sleep 0.1; kill $follower 2> /dev/null; cat said
        """, environment: environment
      ).text
    }

    /// A folder for sockets as the program would make it.
    func madeByHand() throws {
      try FileManager.default.createDirectory(
        atPath: sockets, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
  }

  private func shared(_ place: Place, _ tmux: Tmux, _ lesson: String = "frame-fence") throws
    -> Int32
  {
    try tmux.type("export \(place.assignment)")
    let process = try tmux.start("open --share \(lesson)")
    try tmux.see("'copyscope follow' on another terminal")
    return process
  }

  /// Two inspectors, the older one first.
  private func twoShared(_ place: Place, _ terminals: (Tmux, Tmux)) throws -> (Int32, Int32) {
    (try shared(place, terminals.0), try shared(place, terminals.1, "past-the-end"))
  }

  @Test func notesFollowFromTerminalToTerminal() throws {
    let place = try Place()
    let first = try Tmux(width: 100, height: 30)
    let second = try Tmux(width: 80, height: 24)
    let modes = try second.modes()
    let process = try shared(place, first)
    #expect(place.names == ["\(process).sock"])
    #expect(place.rights(place.sockets) == 0o700)
    #expect(place.rights(place.sockets + "/\(process).sock") == 0o600)
    try second.type("clear; \(place.assignment) $COPYSCOPE follow")
    try second.see("step 0/7")
    #expect(try second.fact("alternate_on") == "1")
    try first.press("n", "n", "n", "n", "n")
    let notes = try second.see("step 5/7")
    #expect(notes.contains("14  Over the frame pointer"))
    #expect(notes.contains("DENIED by stack_access_ok"))
    #expect(notes.contains("x86 Linux had no randomised layout before 3.14."))
    #expect(try !first.screen.contains("no randomised layout"))
    try first.press("i")
    try second.see("inside the check")
    for (columns, rows) in [(40, 12), (80, 24)] {
      try second.resize(columns, rows)
      try second.see("a screen of \(rows) rows") { shown in
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
        return lines[0].hasSuffix("step 5/7") && lines[0].count == columns - 1
          && lines.count >= rows && lines[rows - 1].hasPrefix(" q quit")
      }
    }
    try second.press("n", "x", "Down")
    try first.see("step 5/7")
    try first.press("i", "q")
    try first.see("status=0>")
    try second.see("the inspector was closed")
    try second.see("status=0>")
    try second.expectPlain(modes)
    #expect(place.names.isEmpty)
  }

  @Test func followersLeaveAsTheyWereAndHoldNobody() throws {
    let place = try Place()
    let first = try Tmux(width: 100, height: 30)
    let second = try Tmux(width: 80, height: 24)
    let modes = try second.modes()
    _ = try shared(place, first)
    try second.type("export \(place.assignment)")
    for signal in [SIGTERM, SIGINT, SIGHUP] {
      let follower = try second.start("follow")
      try second.see("Over the frame pointer")
      kill(follower, signal)
      try second.see("status=\(128 + signal)>")
      try second.expectPlain(modes)
    }
    let killed = try second.start("follow")
    try second.see("Over the frame pointer")
    kill(killed, SIGKILL)
    for step in 1...7 {
      try first.press("n")
      try first.see("step \(step)/7")
    }
    try first.press("q")
    try first.see("status=0>")
  }

  @Test func aFollowerThatNeverReadsIsLeftBehind() throws {
    let place = try Place()
    let tmux = try Tmux(width: 80, height: 24)
    let process = try shared(place, tmux)
    let peer = try LocalPeer(connectedTo: place.sockets + "/\(process).sock")
    // One by one: keys that come faster than frames are drawn share one.
    for _ in 0..<250 {
      try tmux.press("n")
      try tmux.press("p")
    }
    try tmux.press("G")
    try tmux.see("step 7/7")
    let (bytes, isEnd) = peer.received()
    #expect(isEnd && bytes.count > 10_000)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.allSatisfy { $0.utf8.count < 2_000 })
    #expect(lines[0].hasPrefix("{\"copyscope\":1,"))
    #expect(lines.dropLast().allSatisfy { $0.hasSuffix("}") })
  }

  @Test func whatFollowersSendIsNotRead() throws {
    let place = try Place()
    let tmux = try Tmux(width: 80, height: 24)
    let process = try shared(place, tmux)
    let peers = try (0..<8).map { _ in
      try LocalPeer(connectedTo: place.sockets + "/\(process).sock")
    }
    try tmux.press("n")
    try tmux.see("step 1/7")
    let before = try wakeUpsAtRest(process)
    for peer in peers { #expect(!peer.send(Array(repeating: 0x71, count: 100))) }
    usleep(700_000)
    #expect(try wakeUps(process) == before)
    let ninth = try LocalPeer(connectedTo: place.sockets + "/\(process).sock")
    var told: [UInt8] = []
    try tmux.see("an end for the ninth") { _ in
      // It is told why.
      let (bytes, isEnd) = ninth.received()
      told += bytes
      return isEnd
    }
    #expect(String(decoding: told, as: UTF8.self) == "{\"copyscope\":1,\"full\":8}\n")
    try tmux.see("step 1/7")
  }

  /// How often it has been woken, when it is no longer: what is on the screen may not be all it has to do.
  private func wakeUpsAtRest(_ process: Int32) throws -> String {
    var before = try wakeUps(process)
    for _ in 0..<100 {
      usleep(300_000)
      let now = try wakeUps(process)
      if now == before { return now }
      before = now
    }
    return before
  }

  private func wakeUps(_ process: Int32) throws -> String {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    return text.split(separator: "\n").filter { $0.contains("ctxt_switches") }.joined()
  }

  @Test func socketsOfKilledInspectorsAreTakenAway() throws {
    let place = try Place()
    let tmux = try Tmux(width: 80, height: 24)
    let process = try shared(place, tmux)
    kill(process, SIGKILL)
    try tmux.see("status=137>")
    #expect(place.names == ["\(process).sock"])
    let none = try Program.start(
      Program.path, ["follow"], input: [], environment: place.environment)
    #expect(none.status == 2 && none.errors.contains("no inspector is shared"))
    #expect(place.names.isEmpty)
  }

  /// Somebody stopped it, as Ctrl-Z does: it is named, and the others can be followed.
  @Test func aStoppedInspectorKeepsNobody() throws {
    let place = try Place()
    let terminals = (try Tmux(width: 80, height: 24), try Tmux(width: 80, height: 24))
    let (first, second) = try twoShared(place, terminals)
    kill(second, SIGSTOP)
    defer { kill(second, SIGCONT) }
    let waiting = try Program.shell(
      "timeout 4 $COPYSCOPE follow --session \(second)", environment: place.environment)
    #expect(waiting.text.isEmpty && waiting.errors.contains("has said nothing yet; is it stopped?"))
    // Knocks are kept for it until there is no more room for them.
    for _ in 0..<60 {
      let knock = try Program.shell(
        "timeout 0.2 $COPYSCOPE follow --session \(second)", environment: place.environment)
      if knock.errors.contains("does not answer") { break }
    }
    let list = try place.followed("--list")
    #expect(list.contains("\(second)  does not answer\n"))
    #expect(list.contains("\(first)  14  Over the frame pointer"))
    #expect(try place.followed().hasPrefix("14  Over the frame pointer"))
    let stopped = try Program.start(
      Program.path, ["follow", "--session", "\(second)"], input: [],
      environment: place.environment)
    #expect(stopped.status == 2 && stopped.errors.contains("does not answer; go on with it"))
  }

  @Test func oneOfSeveralIsChosen() throws {
    let place = try Place()
    let terminals = (try Tmux(width: 80, height: 24), try Tmux(width: 80, height: 24))
    let (first, second) = try twoShared(place, terminals)
    #expect(try place.followed().hasPrefix("2  Past the end of an object"))
    #expect(try place.followed("--session \(first)").hasPrefix("14  Over the frame pointer"))
    let list = try place.followed("--list").split(separator: "\n")
    #expect(list.map { $0.prefix { $0 != " " } } == ["\(second)", "\(first)"])
    let json = try place.followed("--format json")
    let said = try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(said["lesson"] as? String == "past-the-end" && said["count"] as? Int == 7)
    let lost = try Program.start(
      Program.path, ["follow", "--session", "\u{1B}[2Jno"], input: [],
      environment: place.environment)
    #expect(lost.status == 2 && lost.errors.contains("--list") && !lost.errors.contains("\u{1B}"))
  }

  @Test func foldersOfOthersAreRefused() throws {
    let place = try Place()
    try place.madeByHand()
    for rights in [0o777, 0o750, 0o705] {
      chmod(place.sockets, mode_t(rights))
      for command in [["follow"], ["follow", "--list"]] {
        let outcome = try Program.start(
          Program.path, command, input: [], environment: place.environment)
        #expect(outcome.status == 2 && outcome.errors.contains("0700"), "\(rights)")
      }
    }
    rmdir(place.sockets)
    let elsewhere = place.folder.path("elsewhere")
    mkdir(elsewhere, 0o700)
    symlink(elsewhere, place.sockets)
    let outcome = try Program.start(
      Program.path, ["follow"], input: [], environment: place.environment)
    #expect(outcome.status == 2 && outcome.errors.contains("0700"))
    unlink(place.sockets)
    try place.madeByHand()
    chmod(place.folder.path, 0o777)
    let open = try Program.start(
      Program.path, ["follow"], input: [], environment: place.environment)
    #expect(open.status == 2 && open.errors.contains("others could put a folder"))
  }

  @Test func namesTooLongForASocketAreSaid() throws {
    let folder = try Folder()
    let deep = folder.path(String(repeating: "d", count: 120))
    mkdir(deep, 0o700)
    let tmux = try Tmux(width: 100, height: 24)
    try tmux.type("XDG_RUNTIME_DIR=\(deep) $COPYSCOPE open --share 2")
    try tmux.see("too long for a socket")
    try tmux.see("status=2>")
  }

  @Test(arguments: [
    (#"nonsense"#, "something else"), (#"{"copyscope":2}"#, "version 2"), ("[1]", "something else"),
    (#"{"copyscope":"1"}"#, "something else"), ("\u{FF}\u{0}", "something else"),
    (String(repeating: "[", count: 5000), "something else"),
    (String(repeating: "x", count: 400_000), "too long"),
  ])
  func hostileSessionsAreRefusedInWords(_ line: String, _ words: String) throws {
    let place = try Place()
    try place.madeByHand()
    let peer = try LocalPeer(listeningAt: place.sockets + "/1.sock")
    peer.serve(Array((line + "\n").utf8))
    let outcome = try Program.start(
      Program.path, ["follow"], input: [], environment: place.environment)
    #expect(outcome.status == 2 && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.text.isEmpty)
  }

  @Test(arguments: ["text", "json"])
  func whatSessionsSayIsMadeVisible(_ format: String) throws {
    let place = try Place()
    try place.madeByHand()
    let peer = try LocalPeer(listeningAt: place.sockets + "/1.sock")
    let long = String(repeating: "long ", count: 2_000)
    let line =
      #"{"copyscope":1,"title":"\u001b]0;mine\u0007","notes":"\u202e\u009b2J","step":-5,"#
      + #""count":99999999999999999999,"activity":"dance","number":"x","say":"\#(long)"}"#
    peer.serve(Array((line + "\n{\"copyscope\":1").utf8))
    let outcome = try Program.start(
      Program.path, ["follow", "--format", format], input: [], environment: place.environment)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.contains("u{1b}") && outcome.text.contains("u{202e}"))
    let odd = outcome.text.unicodeScalars.filter {
      $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
    }
    #expect(odd.isEmpty && outcome.bytes.count < 8_000)
  }

  @Test(arguments: ["-1", "0", "-9223372036854775808", "18446744073709551615", "1e300", "[]"])
  func numbersOfSessionsAreTakenAsTheyCome(_ number: String) throws {
    let place = try Place()
    try place.madeByHand()
    let peer = try LocalPeer(listeningAt: place.sockets + "/1.sock")
    let line = #"{"copyscope":1,"number":N,"step":N,"count":N}"#
    peer.serve(Array((line.replacingOccurrences(of: "N", with: number) + "\n").utf8))
    let outcome = try Program.start(
      Program.path, ["follow", "--format", "json"], input: [], environment: place.environment)
    #expect(outcome.status == 0 && outcome.text.hasPrefix("{"), "\(outcome.errors)")
  }

  @Test func aHostileSessionLeavesTheTerminalPlain() throws {
    let place = try Place()
    try place.madeByHand()
    let peer = try LocalPeer(listeningAt: place.sockets + "/1.sock")
    peer.serve(Array("{\"copyscope\":1}\nnonsense\n".utf8))
    let tmux = try Tmux(width: 100, height: 24)
    let modes = try tmux.modes()
    try tmux.type("clear; \(place.assignment) $COPYSCOPE follow")
    try tmux.see("something else than copyscope")
    try tmux.see("status=2>")
    try tmux.expectPlain(modes)
  }
}
