import Foundation
import Testing

/// Signals: however the inspector ends, the terminal is as it was.
@Suite struct SignalTests {
  @Test func endingSignalsRestoreTheTerminal() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      let process = try tmux.start("open past-the-end")
      try tmux.see("step 0/7")
      kill(process, signal)
      try tmux.see("status=\(128 + signal)>")
      try tmux.expectPlain(modes)
    }
  }

  /// The key C-c leaves what is open; the same signal from a process asks for the end, whatever is open.
  @Test func interruptsFromOutsideEndWhateverIsOpen() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    for key in ["?", ":", "e", "i"] {
      let process = try tmux.start("open past-the-end")
      try tmux.see("step 0/7")
      try tmux.press("n", "n", "n", "n")
      try tmux.see("step 4/7")
      let closed = try tmux.screen
      try tmux.press(key)
      try tmux.see("\(key) opens something") { $0 != closed }
      try tmux.press("C-c")
      try tmux.see("C-c leaves it") { $0 == closed }
      try tmux.press(key)
      try tmux.see("\(key) opens something again") { $0 != closed }
      kill(process, SIGINT)
      try tmux.see("status=\(128 + SIGINT)>")
      try tmux.expectPlain(modes)
    }
  }

  /// A trap in Swift arrives as SIGILL or SIGTRAP, a stack that ran out as SIGSEGV; sent from outside, each
  /// runs the handler it would run then.
  @Test func trapsRestoreTheTerminal() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    // Swift's own handler would show the place of the trap first and ask what to do.
    try tmux.type("ulimit -c 0; export SWIFT_BACKTRACE=enable=no")
    for trap in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS] {
      let process = try tmux.start("open past-the-end")
      try tmux.see("step 0/7")
      kill(process, trap)
      try tmux.see("status=\(128 + trap)>")
      try tmux.expectPlain(modes)
    }
  }

  /// Signals nobody sends to an inspector, and which end it all the same.
  @Test func unusualSignalsRestoreTheTerminal() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    for signal in [
      SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, 16, 34, 64,
    ] {
      let process = try tmux.start("open past-the-end")
      try tmux.see("step 0/7")
      kill(process, signal)
      try tmux.see("status=\(128 + signal)>")
      try tmux.expectPlain(modes)
    }
  }

  @Test func stoppingGivesTheTerminalBackAndContinuingPaintsAgain() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    try tmux.type("$COPYSCOPE open past-the-end")
    try tmux.see("step 0/7")
    try tmux.press("n", "n")
    try tmux.see("step 2/7")
    for attempt in 1...2 {
      try tmux.press("C-z")
      try tmux.see("Stopped")
      try tmux.expectPlain(modes)
      try tmux.type("fg")
      try tmux.see("step \(attempt + 1)/7")
      #expect(try tmux.fact("alternate_on") == "1")
      try tmux.press("n")
      try tmux.see("step \(attempt + 2)/7")
    }
    try tmux.press("q")
    try tmux.see("alternate_on", is: "0")
    try tmux.expectPlain(modes)
  }

  @Test func stopSignalsFromOutsideAndContinuationAlone() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let modes = try tmux.modes()
    let process = try tmux.start("open past-the-end")
    try tmux.see("step 0/7")
    kill(process, SIGTSTP)
    try tmux.see("alternate_on", is: "0")
    try tmux.see("Stopped")
    try tmux.type("fg")
    try tmux.see("step 0/7")
    let pane = try tmux.fact("pane_tty")
    _ = try Program.shell("printf '\\033[5;5Hsomebody wrote this' > \(pane)")
    try tmux.see("somebody wrote this")
    kill(process, SIGCONT)
    try tmux.see("a clean screen") { $0.contains("step 0/7") && !$0.contains("somebody") }
    try tmux.press("q")
    try tmux.see("alternate_on", is: "0")
    try tmux.expectPlain(modes)
  }

  @Test func aTerminalThatGoesAwayEndsTheProgram() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let process = try tmux.start("open past-the-end")
    try tmux.see("step 0/7")
    try tmux.command("kill-server")
    let start = Date()
    while kill(process, 0) == 0, Date().timeIntervalSince(start) < 60 { usleep(15_000) }
    #expect(kill(process, 0) == -1)
  }
}
