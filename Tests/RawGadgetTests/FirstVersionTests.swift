import GadgetWorld
import RawGadget
import Testing
import Usercopy
import USB

/// What the driver of November 2019 did and today's does not.
@Suite struct FirstVersionTests {
  private let device = 3

  private func result(
    _ world: inout GadgetWorld, _ ioctl: RawIoctl, _ argument: IoctlArgument = .value(0)
  ) throws -> CallResult {
    let call = SystemCall.ioctl(
      descriptor: device, number: world.number(of: ioctl), argument: argument)
    guard case .returned(let result) = world.call(0, call) else {
      throw Blocked()
    }
    return result
  }

  private struct Blocked: Error {}

  private func opened(_ policy: DriverPolicy, nonblocking: Bool = false) -> GadgetWorld {
    var world = GadgetWorld(policy: policy)
    _ = world.call(0, .open(descriptor: device, nonblocking: nonblocking))
    return world
  }

  /// 24 bytes of speed and two pointers, with the names behind them.
  private func initArgument(speed: UInt64, driver: String, device: String) -> IoctlArgument {
    let base: UInt64 = 0x7f00_0000_0000
    let names = Array(driver.utf8) + [0] + Array(device.utf8) + [0]
    let words = [speed, base + 24, base + 24 + UInt64(driver.utf8.count) + 1]
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    return .memory(UserMemory(address: base, bytes: bytes + names))
  }

  @Test func aBadPointerReturnsTheUncopiedCount() throws {
    var first = opened(.v1_2019)
    #expect(try result(&first, .`init`).ret == 24)
    var today = opened(.linux6_1)
    #expect(try result(&today, .`init`).errno == .EFAULT)
  }

  @Test func anUnknownSpeedBecomesHigh() throws {
    var world = opened(.v1_2019)
    let argument = initArgument(speed: 99, driver: "dummy_udc", device: "dummy_udc.0")
    #expect(try result(&world, .`init`, argument).ret == 0)
    #expect(world.devices.values.first?.speed == .high)
    #expect(try result(&world, .run).ret == 0)
  }

  @Test func namesAreCutWithoutAnError() throws {
    var world = opened(.v1_2019)
    let long = String(repeating: "x", count: 200)
    let argument = initArgument(speed: 3, driver: long, device: "dummy_udc.0")
    #expect(try result(&world, .`init`, argument).ret == 0)
    #expect(world.devices.values.first?.udcDriverName.count == 128)
  }

  @Test func callsBeyondTheTenthDoNotExist() throws {
    var world = opened(.v1_2019)
    #expect(try result(&world, .epsInfo).errno == .EINVAL)
    #expect(try result(&world, .ep0Stall).refusal?.check == .unknownCall)
  }

  @Test func traitsTellEverythingVersionsDoDifferently() {
    for first in DriverPolicy.all {
      for second in DriverPolicy.all {
        var policy = first.traits(apartFrom: second).reduce(first) {
          $0.adopting($1, of: second)
        }
        #expect(policy != second || first == second, "the name is no trait")
        policy.name = second.name
        #expect(policy == second)
      }
    }
    #expect(DriverPolicy.v1_2019.traits(apartFrom: .linux6_1).count == 10)
  }

  @Test func aControllerThatIsTakenIsBusyAndOneThatIsNotThereIsMissing() throws {
    var world = opened(.v1_2019)
    _ = world.call(0, .open(descriptor: 4, nonblocking: false))
    func run(_ descriptor: Int, _ name: String) throws -> Errno? {
      let argument = initArgument(speed: 3, driver: "dummy_udc", device: name)
      for (ioctl, argument) in [(RawIoctl.`init`, argument), (.run, .value(0))] {
        let call = SystemCall.ioctl(
          descriptor: descriptor, number: world.number(of: ioctl), argument: argument)
        guard case .returned(let result) = world.call(0, call) else { throw Blocked() }
        if ioctl == .run { return result.errno }
      }
      return nil
    }
    #expect(try run(device, "dummy_udc.0") == nil)
    #expect(try run(4, "dummy_udc.0") == .EBUSY)
    _ = world.call(0, .open(descriptor: 5, nonblocking: false))
    #expect(try run(5, "dummy_udc.1") == .ENODEV)
  }

  @Test func theCoreRefusesAPacketSizeOfZeroWhateverTheDriverDoes() {
    for policy in [DriverPolicy.v1_2019, .linux6_1] {
      var bench = Bench(policy)
      #expect(bench.enable([7, 5, 0x83, 3, 0, 0, 1])?.errno == .EINVAL, "\(policy.name)")
    }
  }

  @Test func nonblockingOpensAreAccepted() {
    #expect(opened(.v1_2019, nonblocking: true).devices.count == 1)
    #expect(opened(.linux6_1, nonblocking: true).devices.isEmpty)
  }

  @Test func aCallsArgumentLiesOnItsStackFrame() throws {
    let era = try #require(Era.named("linux-6.1"))
    var world = opened(.linux6_1)
    world.copies = CopyMachine(
      kernel: Kernel(configuration: Configuration(release: era.release)), era: era)
    let bytes =
      Array("dummy_udc".utf8) + [UInt8](repeating: 0, count: 119)
      + Array("dummy_udc.0".utf8) + [UInt8](repeating: 0, count: 117) + [3]
    #expect(try result(&world, .`init`, .memory(UserMemory(bytes: bytes))).ret == 0)
    let copies = world.takeEvents().compactMap { event -> DriverCopy? in
      if case .copied(_, let copy) = event.kind { copy } else { nil }
    }
    #expect(copies.map(\.length) == [257])
    #expect(copies.first?.outcome?.verdict == .allow)
    #expect(world.copies?.kernel.currentStack.frames.isEmpty == true)
  }
}
