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
}
