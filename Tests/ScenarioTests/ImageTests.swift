import Scenario
import Simulation
import Testing
import Usercopy

/// Functions and variables of the kernel image in scenarios.
struct ImageTests {
  static func world(_ steps: String, kernel: String = "{era: linux-6.1}") throws -> World {
    let script = try ScenarioReader.read(
      "title: a\nkernel: \(kernel)\nsteps:\n" + steps, file: "f", id: "f")
    var world = try script.start()
    for step in script.steps { _ = try world.perform(step.action) }
    return world
  }

  @Test(arguments: ImageSection.allCases)
  func whatABootPutsThereCanBeReadByBothAddresses(section: ImageSection) throws {
    let world = try Self.world(
      "- image: {as: it, section: \(section.rawValue), size: 16, bytes: hello}\n")
    let kernel = world.kernel
    let start = try world.resolve(.named("it"))
    #expect(kernel.layout.range(of: section).contains(start))
    let linear = kernel.layout.linear(start)
    #expect(linear != start)
    for address in [start, linear] {
      #expect(kernel.memory.read(address, count: 6) == Array("hello\0".utf8))
      #expect(kernel.memory.accessible(from: address, upTo: 16, writing: false) == 16)
      let writable = kernel.memory.accessible(from: address, upTo: 16, writing: true)
      #expect(writable == (section.protection == .readOnly ? 0 : 16))
    }
  }

  @Test func oneStandsBehindTheOther() throws {
    let world = try Self.world(
      """
      - image: {as: a, section: data, size: 100}
      - image: {as: b, section: data, size: 8}
      - image: {as: c, section: data, size: 8, offset: 0x1000}
      - image: {as: d, section: data, size: 8}
      - image: {as: e, section: bss, size: 8}
      """)
    let offsets = try ["a", "b", "c", "d"].map {
      try world.resolve(.named($0)) - world.kernel.layout.data.lowerBound
    }
    #expect(offsets == [0, 128, 0x1000, 0x1040])
    #expect(try world.resolve(.named("e")) == world.kernel.layout.bss.lowerBound)
  }

  /// On 32 bit the kernel runs from the direct map: there is one address only.
  @Test func thirtyTwoBitHasOneAddress() throws {
    let world = try Self.world(
      "- image: {as: it, section: rodata, size: 4, fill: 0x41}\n",
      kernel: "{era: rfc-v1, arch: x86_32}")
    let start = try world.resolve(.named("it"))
    #expect(world.kernel.layout.linear(start) == start)
    #expect(world.kernel.memory.read(start, count: 4) == Array("AAAA".utf8))
  }

  @Test(arguments: [
    ("{as: it, section: code, size: 8}", "f:3:28: 'code' is no section"),
    ("{as: it, size: 8}", "needs 'section'"), ("{as: it, section: text}", "needs 'size'"),
    ("{as: it, section: data, size: 0x200001}", "'it' is too large: 2097153 bytes, at most"),
    ("{as: it, section: data, size: 8, offset: 0xffffffffffffffff}", "'it' is too large"),
    ("{as: it, section: data, size: 0xffffffffffffffff, offset: 8}", "'it' is too large"),
    ("{as: it, section: data, size: 8, fill: 256}", "'fill' must be"),
  ])
  func mistakesAreTold(image: String, words: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      try ScenarioReader.read("title: a\nsteps:\n- image: \(image)\n", file: "f", id: "f")
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func theWarningOfTheBootCanBeUsedUp() throws {
    let steps = """
      steps:
      - alloc: {cache: c, as: x}
      - copy: {from: x, length: 8}
        expect: {eras: {linux-5.10: WORD}}
      """
    for (once, word) in [("false", "warn"), ("true", "whole")] {
      let text = """
        title: a
        kernel: {era: linux-5.10, usercopy-fallback: true, warned-once: \(once)}
        caches: [{name: c, object-size: 64, useroffset: 0, usersize: 0}]
        \(steps.replacing("WORD", with: word))
        """
      let script = try ScenarioReader.read(text, file: "f", id: "f")
      #expect(try Playback(script).held, "\(once)")
      #expect(script.warnedOnce == (once == "true"))
    }
  }
}
