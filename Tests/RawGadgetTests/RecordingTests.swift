import Conformance
import JSON
import RawGadget
import Testing
import Usercopy
import USB

@Suite struct RecordingTests {
  @Test(arguments: [
    "raw-gadget", "raw-gadget-6.18-driver", "raw-gadget-6.1.0-driver", "raw-gadget-kinds",
  ])
  func everyScenarioComesOutAsRecorded(_ name: String) throws {
    let scenarios = try Fixtures.scenarios(name + ".jsonl")
    #expect(scenarios.count > 40)
    for scenario in scenarios {
      let mismatches = GadgetReplay.check(scenario)
      #expect(mismatches.isEmpty, "\(scenario["id"]?.string ?? ""): \(mismatches.prefix(2))")
    }
  }

  @Test func aChangedRecordingIsNoticed() throws {
    let scenario = try #require(
      try Fixtures.scenarios("raw-gadget.jsonl").first { $0["id"]?.string == "init-twice" })
    let text =
      "{\"policy\": \"linux-6.1\", \"hcd\": \"high\", \"host_log\": [], \"steps\": ["
      + "{\"n\": 0, \"thread\": \"main\", \"op\": \"open\", \"fd\": \"a\", \"flags\": \"rdwr\", "
      + "\"ret\": -1, \"errno\": \"ENOMEM\"}]}"
    #expect(GadgetReplay.check(scenario).isEmpty)
    #expect(GadgetReplay.check(try JSONValue(parsing: text)).count == 2)
  }

  /// A warning the kernel gives once a boot may have been given before the scenario began.
  @Test func aWarningOnceABootMayBeMissingAndNeverComesTwice() throws {
    let warning = "\"WARNING (kernel stack trace) in kernel\""
    func scenario(_ log: [String]) throws -> JSONValue {
      let call =
        "\"thread\": \"main\", \"op\": \"ioctl\", \"request\": \"USB_RAW_IOCTL_EP0_READ\", "
        + "\"arg\": {\"ep\": 0, \"flags\": 0, \"length\": 8388608}, \"ret\": -1, "
        + "\"errno\": \"ENOMEM\""
      return try JSONValue(
        parsing: "{\"policy\": \"linux-6.18-driver\", \"hcd\": \"high\", \"host_log\": ["
          + log.joined(separator: ", ") + "], \"steps\": [{\"thread\": \"main\", \"op\": \"open\", "
          + "\"ret\": 0}, {\(call)}, {\(call)}]}")
    }
    #expect(GadgetReplay.check(try scenario([])).isEmpty)
    #expect(GadgetReplay.check(try scenario([warning])).isEmpty)
    #expect(GadgetReplay.check(try scenario([warning, warning])).count == 1)
  }

  /// The copies of every call are made in a kernel of that age, and all of them pass its checks.
  @Test func copiesThroughTheKernelGiveTheSameResults() throws {
    let era = try #require(Era.named("linux-6.1"))
    let kernel = Kernel(configuration: Configuration(release: era.release))
    for scenario in try Fixtures.scenarios("raw-gadget.jsonl")
    where ["init", "ep0", "ep-io", "lifecycle"].contains(scenario["group"]?.string) {
      let mismatches = GadgetReplay.check(
        scenario, machine: CopyMachine(kernel: kernel, era: era))
      #expect(mismatches.isEmpty, "\(scenario["id"]?.string ?? ""): \(mismatches.prefix(2))")
    }
  }

  @Test func theBusCarriesWhatTheMonitorSaw() throws {
    let texts = try Fixtures.usbmon()
    var different: [String] = []
    for scenario in try Fixtures.scenarios("raw-gadget.jsonl") {
      guard let path = scenario["usbmon"]?.string,
        let expected = texts[String(path.split(separator: "/").last ?? "")]
      else { continue }
      var replay = try #require(GadgetReplay(scenario))
      replay.recordEvents()
      replay.run()
      replay.endProgram()
      let got = replay.usbmonBodies()
      if Array(got.prefix(expected.count)) != expected {
        different.append(scenario["id"]?.string ?? "")
      }
    }
    #expect(texts.count == 161)
    #expect(different.isEmpty, "\(different)")
  }
}
