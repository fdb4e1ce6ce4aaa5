import Conformance
import RawGadget
import Testing
import USB

/// The keyboard example of raw-gadget, unmodified, as a library around its calls logged it.
@Suite struct ProgramLogTests {
  @Test(arguments: [DriverPolicy.linux6_1, .linux6_18])
  func theKeyboardExampleGetsTheSameAnswers(_ policy: DriverPolicy) throws {
    let lines = try Fixtures.scenarios("keyboard-\(policy.name).ioctls.jsonl")
    #expect(lines.count > 100)
    #expect(GadgetCallLog.check(lines, policy: policy).isEmpty)
  }

  @Test func anotherDriverGivesOtherAnswers() throws {
    let lines = try Fixtures.scenarios("keyboard-linux-6.18-driver.ioctls.jsonl")
    #expect(!GadgetCallLog.check(lines, policy: .linux6_1).isEmpty)
  }
}
