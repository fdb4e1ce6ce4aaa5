import Foundation
import Testing

/// What stands at the other end of a real program's cable: the host's drivers, its scripts, the controllers.
@Suite struct ProgramHostTests {
  typealias Gadgets = GadgetProgramTests

  /// The steps that the host makes.
  static func hosts(_ text: String) -> [String] {
    Gadgets.calls(text).filter { $0.hasPrefix("host: ") }
  }

  @Test func aPrinterPrintsWhatTheHostWrites() throws {
    let run = try Gadgets.run("printer", options: ["--host", "printer"])
    #expect(run.text.contains("host asks GET_DEVICE_ID"))
    #expect(run.text.contains("usblp0: USB Bidirectional printer"))
    #expect(
      Self.hosts(run.text).starts(with: [
        "host: open usb/lp0", "host: device-id usb/lp0", "host: status usb/lp0",
        "host: write usb/lp0, 14 bytes", "host: read usb/lp0, room for 64",
      ]))
    #expect(run.text.contains("The program says: printed 14: hello printer"))
    #expect(run.text.contains("The program says: printed 1024:"))
  }

  /// Without the driver nobody asks the printer anything, and a script says what it misses.
  @Test func driversCanBeLeftOut() throws {
    for modules in ["input", "cdc-acm, usb_storage"] {
      let run = try Gadgets.run("printer", options: ["--modules", modules, "--host", "printer"])
      #expect(!run.text.contains("GET_DEVICE_ID") && run.text.contains("SET_CONFIGURATION 1"))
      #expect(Self.hosts(run.text).isEmpty)
      #expect(run.errors.contains("no driver of the host has made 'lp*'"), "\(run.errors)")
    }
    let wrong = try Gadgets.run(options: ["--modules", "usblq"])
    #expect(wrong.status == 2 && wrong.errors.contains("usblp"))
  }

  /// What was done is a scenario with the same drivers, which plays the same.
  @Test func theDriversStandInTheFile() throws {
    let folder = try Folder()
    let path = folder.path("printed.yaml")
    let run = try Gadgets.run("printer", options: ["--host", "printer", "--save", path])
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("modules: all"))
    let replay = try Program.run("run", path)
    #expect(replay.status == 0, "\(replay.errors)")
    #expect(replay.text.contains("host asks GET_DEVICE_ID"))
    let happened = { (text: String) in text.split(separator: "\n").filter { $0.hasPrefix("  - ") } }
    #expect(happened(replay.text) == happened(run.text))
  }

  /// Steps of a file wait for their moment and their time, and no time passes for them before.
  @Test func aFileOfHostStepsActsAtItsMoments() throws {
    let folder = try Folder()
    let path = folder.path("host.yaml")
    try """
    title: A host
    kernel: { era: linux-6.1 }
    steps:
      - host: { open: {}, when: configured, after: 200 }
      - host: { control: { request: 6, value: 0x100, length: 18 } }
      - wait: 50
      - host: { control: { type: 0xa1, request: 1, length: 1 } }
      - host: { reset: {} }
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let run = try Gadgets.run("printer", options: ["--host", path])
    #expect(
      Self.hosts(run.text) == ["host: open", "host: control", "host: control", "host: reset"],
      "\(run.errors)")
    let results = run.text.split(separator: "\n").compactMap { line in
      line.range(of: "the host's call returns ").map { String(line[$0.upperBound...]) }
    }
    // The third is the driver's, which holds the interface.
    #expect(results == ["0", "18", "EBUSY", "0"], "\(results)")
    let steps = run.text.split(separator: "\n").filter { $0.hasPrefix("Step ") }
    let first = try #require(steps.firstIndex { $0.hasSuffix("host: open") })
    let configured = try #require(steps.firstIndex { $0.hasSuffix("CONFIGURE") })
    // The program may make calls meanwhile, and a busy machine takes longer, never shorter.
    let pauses = steps[configured..<first].compactMap { $0.firstMatch(of: /(\d+) ms pass/)?.1 }
    #expect(pauses.compactMap { Int($0) }.reduce(0, +) >= 190 && run.text.contains("50 ms pass"))
    #expect(run.text.contains("reset high-speed USB device number 2"))
  }

  /// A program written for another board finds the controller it asks for; it gets the speed of this one.
  @Test func controllersHaveTheNamesTheyAreGiven() throws {
    let other = try Gadgets.run("board")
    #expect(other.text.contains("RUN: EBUSY") && other.errors.contains("20980000.usb"))
    #expect(other.errors.contains("--udc"))
    let folder = try Folder()
    let path = folder.path("board.yaml")
    let run = try Gadgets.run(
      "board", options: ["--udc", "20980000.usb", "--udc", "x.0:musb-hdrc", "--save", path])
    #expect(run.status == 0 && run.text.contains("RUN: 0"), "\(run.errors)")
    #expect(run.text.contains("host asks SET_CONFIGURATION 1"))
    let replay = try Program.run("run", path)
    #expect(replay.status == 0 && replay.text.contains("SET_CONFIGURATION 1"), "\(replay.errors)")
    let files = try Gadgets.run("find", options: ["--udc", "20980000.usb,x.0:musb-hdrc"])
    #expect(files.text.contains("controller: 20980000.usb"))
    #expect(files.text.contains("controller: x.0"))
    let driver = try Gadgets.run("board", options: ["--udc", "20980000.usb:dwc3-gadget"])
    #expect(driver.text.contains("RUN: EBUSY"))
    for wrong in ["../x", "a b/c", "x.0,x.0", String(repeating: "n", count: 128)] {
      let run = try Gadgets.run("board", options: ["--udc", wrong])
      #expect(run.status == 2 && run.errors.contains("--udc"), "\(wrong)")
    }
  }

  /// The cases are asked once usbtest holds the device; they come to what a real kernel's table of them says.
  @Test func usbtestAsksItsCases() throws {
    let run = try Gadgets.run("tested", options: ["--host", "usbtest"])
    let told = run.text.matches(of: /usbtest case (\d+): (\S+)/).map { "\($0.1) \($0.2)" }
    let failing = [4: "EOVERFLOW", 7: "EINVAL", 8: "EINVAL"]
    let numbers = Array(1...14) + Array(17...21) + Array(24...26)
    #expect(told == numbers.map { "\($0) \(failing[$0] ?? "passed")" })
    #expect(run.text.matches(of: /usbtest 1-1:1.0: TEST \d+:/).count == numbers.count)
    #expect(Self.hosts(run.text).first == "host: usbtest 1")
  }

  /// Some of the cases, as a step of a host script: what failed first is what it returns.
  @Test func casesOfUsbtestAreAStep() throws {
    let folder = try Folder()
    let path = folder.path("cases.yaml")
    try """
    title: Cases
    kernel: { era: linux-6.1 }
    steps:
      - host: { usbtest: "1-2, 7, 9", when: usbtest }
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let run = try Gadgets.run("tested", options: ["--host", path])
    let told = run.text.matches(of: /usbtest case (\d+): (\S+)/).map { "\($0.1) \($0.2)" }
    #expect(told == ["1 passed", "2 passed", "7 EINVAL", "9 passed"], "\(run.errors)")
    #expect(Self.hosts(run.text) == ["host: usbtest 1, 2, 7, 9"])
    #expect(run.text.contains("the host's call returns EINVAL"))
  }

  /// A program that never answers: the status of the printer is asked again and again, each time in vain, and a
  /// write that nobody reads is not waited for without end.
  @Test func aMutePrinterIsWaitedForSoLong() throws {
    let run = try Gadgets.run("mute", options: ["--host", "printer"])
    #expect(run.text.contains("The host has waited 300 s for the program: host: write usb/lp0"))
    #expect(run.text.contains("failed reading printer status (-32)"))
    #expect(run.text.components(separatedBy: ": 1504 ms pass").count > 150)
  }

  /// A program at work without a call: the host's request times out when its time is over, no sooner.
  @Test func theHostWaitsForABusyProgram() throws {
    let folder = try Folder()
    let path = folder.path("ask.yaml")
    try """
    title: A question
    kernel: { era: linux-6.1 }
    steps:
      - host: { open: {}, when: configured }
      - host: { control: { type: 0xc0, request: 1, length: 18, timeout: 700 } }
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let run = try Gadgets.run("busy", options: ["--host", path, "--modules", "input"])
    #expect(run.status == 0)
    #expect(run.text.contains("the host's call returns ETIMEDOUT"), "\(run.text.suffix(800))")
    let asked = try #require(run.text.range(of: "host: control"))
    let passed = run.text[asked.upperBound...].firstMatch(of: /: (\d+) ms pass/)?.1
    #expect(passed.flatMap { Int($0) }.map { (700...760).contains($0) } == true, "\(passed ?? "")")
  }

  /// Requests by hand get what a real host gets, whether the program is held, sleeps or is let go.
  @Test func theHostIsWorkedByHand() throws {
    let tmux = try Tmux(width: 120, height: 36)
    func host(_ line: String) throws {
      try tmux.press(":")
      try tmux.type("host \(line)")
    }
    try tmux.type(
      "$COPYSCOPE gadget --modules input --open --until configured -- \(Gadgets.sample) printer")
    try tmux.see("configured is reached")
    try host("open")
    try tmux.see("host open = 0")
    try host("control request=6 value=0x100 length=18")
    try tmux.see("host control = blocked")
    try tmux.press("R", ")", ")", ")", ")")
    try tmux.see("host control = 18")
    try tmux.see("The program waits for the host")
    try host("reset")
    try tmux.see("host reset = blocked")
    try tmux.press("R")
    // The device is configured again, and the program enables its endpoints a second time.
    try tmux.see("the device after its reset") {
      $0.contains("EP_ENABLE address 0x81 = 12") && $0.contains("address 2, configured")
        && $0.contains("The program waits for the host")
    }
  }
}
