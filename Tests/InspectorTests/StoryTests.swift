import Grid
import Simulation
import Testing
import Usercopy

@testable import Inspector

/// What a story lets be changed, and what it says where it does not.
struct StoryTests {
  private func type(_ line: String, _ model: inout Model) throws {
    try Fixtures.press(Key(.character(":")), &model)
    for character in line.unicodeScalars { try Fixtures.press(Key(.character(character)), &model) }
    try Fixtures.press(Key(.enter), &model)
  }

  private func steps(_ model: Model) throws -> [Action] {
    try #require(model.session).fullScript.steps.map(\.action)
  }

  /// A running program was told what happened: the machine stays as it is.
  @Test(arguments: ["era linux-6.1", "allocator slab", "arch x86_32"])
  func underAProgramTheMachineStaysAsItIs(line: String) throws {
    var model = try Fixtures.model("past-the-end", keys: "n n")
    model.story.live = LiveProgram()
    let before = try (steps(model), #require(model.session).world.kernel.configuration)
    try type(line, &model)
    #expect(model.message?.text.contains("a program runs here") == true)
    #expect(try steps(model) == before.0)
    #expect(try #require(model.session).world.kernel.configuration == before.1)
  }

  @Test func underAProgramTheAllocatorsKeyChangesNothing() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n")
    model.story.live = LiveProgram()
    let before = try steps(model)
    try Fixtures.press(Key(.character("a")), &model)
    #expect(model.message?.text.contains("a program runs here") == true)
    #expect(try steps(model) == before)
  }

  /// A step that cannot be made takes back itself alone.
  @Test func aRefusedStepTakesBackNoOther() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n")
    let start = try steps(model)
    try type("alloc first 64", &model)
    let before = try steps(model)
    #expect(before.count == start.count + 1)
    try type("free nothing_of_that_name", &model)
    #expect(model.message?.text.hasPrefix("not done: ") == true)
    #expect(try steps(model) == before)
    try Fixtures.press(Key(.character("u")), &model)
    #expect(try steps(model) == start)
  }
}
