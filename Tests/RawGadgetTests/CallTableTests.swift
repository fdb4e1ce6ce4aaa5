import GadgetWorld
import RawGadget
import Testing

@Suite struct CallTableTests {
  static let before = Set(RawIoctl.allCases.flatMap { $0.entry.checks.list.map(\.check) })
  static let later = Set(RawIoctl.allCases.flatMap { $0.entry.later.list.map(\.check) })

  @Test(arguments: RawIoctl.allCases)
  func everyCheckIsMadeOnce(_ call: RawIoctl) {
    let checks = (call.entry.checks.list + call.entry.later.list).map(\.check)
    #expect(Set(checks).count == checks.count)
    #expect(call.entry.checks.list.allSatisfy { $0.errno != nil }, "only a controller has its own")
  }

  /// A check is made either before the work of a call or during it.
  @Test func noCheckIsMadeAtBothTimes() {
    #expect(Self.before.intersection(Self.later).isEmpty)
  }

  /// The first check of each call that a fresh device fails, and with which error.
  @Test func theTableIsWhatTheDriverGoesBy() throws {
    for call in RawIoctl.allCases {
      var world = GadgetWorld(policy: .linux6_1)
      _ = world.call(0, .open(descriptor: 3, nonblocking: false))
      let argument = IoctlArgument.value(call.layout.isPointer ? 0 : 1)
      let outcome = world.call(
        0, .ioctl(descriptor: 3, number: world.number(of: call), argument: argument))
      guard case .returned(let result) = outcome else {
        Issue.record("\(call) sleeps")
        continue
      }
      // Of what nothing is known but a bad argument, the first check is that or the state.
      let expected = try #require(
        call.entry.checks.list.first {
          [.argumentUnreadable, .argumentNotZero, .stateNotRunning, .stateNotOpened].contains(
            $0.check)
        })
      #expect(result.refusal?.check == expected.check, "\(call)")
      #expect(result.errno == expected.errno, "\(call)")
    }
  }

  @Test func refusalsHaveNamesOfTheirOwn() {
    let names = CallCheck.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
  }
}
