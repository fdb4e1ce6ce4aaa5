import Timeline
import UsbHost
import DummyUDC
import GadgetWorld
import RawGadget
import Testing
import Usercopy
import USB

/// GadgetFS beside raw-gadget: what it checks, what it answers and what it leaves to the program.
@Suite struct GadgetFSTests {
  static let device: [UInt8] = [18, 1, 0x10, 1, 0xff, 0, 0, 8, 9, 18, 2, 0, 0, 1, 0, 0, 0, 1]

  static func configuration(packet: UInt8, _ high: UInt8) -> [UInt8] {
    [9, 2, 25, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 1, 0xff, 0, 0, 0, 7, 5, 0x81, 2, packet, high, 0]
  }

  /// Tag, both configurations and the device, as a program writes them.
  static let written: [UInt8] =
    [0, 0, 0, 0] + configuration(packet: 64, 0) + configuration(packet: 0, 2) + device

  private func write(_ bytes: [UInt8]) -> CallResult? {
    var world = GadgetWorld(policy: .linux6_1)
    _ = world.call(0, .gadgetfs(.open))
    return Self.result(world.call(0, .gadgetfs(.write(UserMemory(bytes: bytes)))))
  }

  private static func result(_ outcome: CallOutcome) -> CallResult? {
    if case .returned(let result) = outcome { result } else { nil }
  }

  /// A bound device, and events of the machine from the start on.
  private func bound(_ controllers: GadgetWorld.Controllers = .high) -> GadgetWorld {
    var world = GadgetWorld(policy: .linux6_1, controllers: controllers)
    _ = world.call(0, .gadgetfs(.open))
    _ = world.call(0, .gadgetfs(.write(UserMemory(bytes: Self.written))))
    return world
  }

  private func read(_ world: inout GadgetWorld, room: Int = 12) -> CallResult? {
    let memory = UserMemory(bytes: [UInt8](repeating: 0, count: room))
    if let result = Self.result(world.call(0, .gadgetfs(.read(memory)))) { return result }
    world.advance(until: world.now + 2_000_000) { !$0.isBlocked(0) }
    return world.takeResult(of: 0)
  }

  static let faults: [(offset: Int, value: UInt8, why: String)] = [
    (0, 1, "tag"), (5, 3, "config-type"), (4, 8, "config-length"), (6, 8, "config-total"),
    (9, 0, "config-value"), (11, 0, "config-attributes"), (11, 0xa0, "config-wakeup"),
    (7, 1, "config-overrun"), (29, 8, "hs-config-length"), (31, 8, "hs-config-total"),
    (34, 0, "hs-config-value"), (36, 0x40, "hs-config-attributes"), (36, 0xff, "hs-config-wakeup"),
    (32, 9, "hs-config-overrun"), (31, 24, "device-size"), (30, 3, "device-size"),
    (54, 17, "device-length"), (55, 2, "device-type"), (71, 0, "device-configurations"),
    (71, 2, "device-configurations"),
  ]

  @Test(arguments: faults.indices)
  func eachMalformedDescriptorIsRefusedByItsCheck(index: Int) {
    let fault = Self.faults[index]
    var bytes = Self.written
    bytes[fault.offset] = fault.value
    let result = write(bytes)
    #expect(result?.errno == .EINVAL)
    #expect(result?.refusal?.name == "descriptors:" + fault.why)
  }

  @Test func everyLengthButTheRightOneIsRefused() {
    for length in 0..<Self.written.count + 8 {
      let bytes = Array((Self.written + [UInt8](repeating: 0, count: 8)).prefix(length))
      let result = write(bytes)
      #expect((result?.errno == nil) == (length == Self.written.count), "\(length)")
    }
    #expect(
      write([UInt8](repeating: 0, count: 16_385))?.refusal?.fault == .writeLength)
    #expect(write(Self.written)?.ret == 72)
  }

  @Test func aRefusedProgramMayTryAgain() {
    var world = GadgetWorld(policy: .linux6_1)
    _ = world.call(0, .gadgetfs(.open))
    var wrong = Self.written
    wrong[5] = 0
    _ = world.call(0, .gadgetfs(.write(UserMemory(bytes: wrong))))
    #expect(world.gadgetfs?.state == .opened)
    #expect(
      Self.result(world.call(0, .gadgetfs(.write(UserMemory(bytes: Self.written)))))?.ret == 72)
    #expect(world.gadgetfs?.state == .unconnected)
  }

  @Test func itTakesTheFirstControllerThatIsFree() {
    #expect(bound(.two).gadgetfs?.controller == 0)
    var world = GadgetWorld(policy: .linux6_1, controllers: .two)
    for number in 0..<2 {
      let name = Array("dummy_udc.\(number)".utf8)
      let bytes =
        Array("dummy_udc".utf8) + [UInt8](repeating: 0, count: 119) + name
        + [UInt8](repeating: 0, count: 128 - name.count) + [3]
      let numbers = [
        (RawIoctl.`init`, IoctlArgument.memory(UserMemory(bytes: bytes))),
        (.run, .value(0)),
      ]
      _ = world.call(0, .open(descriptor: number + 3, nonblocking: false))
      for (call, argument) in numbers {
        _ = world.call(
          0, .ioctl(descriptor: number + 3, number: call.number, argument: argument))
      }
      var after = world
      let opened = Self.result(after.call(0, .gadgetfs(.open)))
      #expect(opened?.errno == (number == 0 ? nil : .ENODEV))
      _ = after.call(0, .gadgetfs(.write(UserMemory(bytes: Self.written))))
      #expect(after.gadgetfs?.controller == (number == 0 ? 1 : nil))
    }
  }

  @Test func itsFilesAreNamedAfterTheControllersEndpoints() {
    let world = bound()
    #expect(world.gadgetfs?.endpointFiles == ControllerEndpoint.dummyUDC.map(\.name))
  }

  @Test func theProgramSeesOnlyWhatGadgetFSDoesNotKnow() {
    var world = bound()
    var seen: [UInt8] = []
    for _ in 0..<8 {
      guard let result = read(&world), result.ret == 12 else { break }
      guard result.written[8] == 3 else { continue }
      seen.append(result.written[1])
      _ = read(&world, room: 0)
      world.advance(by: 20_000)
      if seen == [9] { break }
    }
    #expect(seen == [9])
    #expect(world.gadgetfs?.currentConfiguration == 1)
    let routed = world.takeEvents().compactMap { event -> (SetupPacket, SetupResponder)? in
      if case .routed(_, let setup, let responder, _) = event.kind {
        (setup, responder)
      } else {
        nil
      }
    }
    #expect(Set(routed.map(\.1)) == Set(SetupResponder.allCases))
    for (setup, responder) in routed {
      let expected: SetupResponder =
        switch setup.bRequest {
        case 5: .controller
        case 6: .gadgetfs
        default: .program
        }
      #expect(responder == expected)
    }
  }

  @Test func itCorrectsVersionAndPacketSize() {
    var world = bound()
    for _ in 0..<3 { _ = read(&world) }
    #expect(world.gadgetfs?.descriptors?.device[2] == 0)
    #expect(world.gadgetfs?.descriptors?.device[3] == 2)
    #expect(world.gadgetfs?.descriptors?.device[7] == 64)
  }

  @Test func withoutAReaderRequestsForTheProgramAreStalled() {
    var world = bound()
    world.advance(by: 2_000_000)
    #expect(world.gadgetfs?.currentConfiguration == 1)
    _ = world.takeEvents()
    #expect(world.host(9, .open) == .blocked || !world.isBlocked(9))
    let setup = SetupPacket(0xc0, 1, value: 0, index: 0, length: 4)
    _ = world.host(9, .control(setup: setup, data: [], timeout: 500))
    world.advance(by: 1_000_000)
    #expect(world.takeHostResult(of: 9)?.errno == .EPIPE)
  }

  @Test func dataOfTheHostWaitsForTheProgram() throws {
    var world = bound()
    var setups = 0
    while setups == 0, let result = read(&world), result.ret == 12 {
      if result.written[8] == 3 { setups += 1 }
    }
    #expect(read(&world, room: 0)?.ret == 0)
    world.advance(by: 20_000)
    _ = world.host(9, .open)
    let setup = SetupPacket(0x40, 7, value: 0, index: 0, length: 3)
    _ = world.host(9, .control(setup: setup, data: [1, 2, 3], timeout: 500))
    #expect(read(&world)?.written[1] == 7)
    #expect(read(&world, room: 2)?.data == [1, 2])
    #expect(world.gadgetfs?.state == .connected)
    #expect(world.violations().isEmpty)
  }

  @Test func aSignalEndsAReadAndClosingWaitsForIt() {
    var world = bound()
    for _ in 0..<3 { _ = read(&world) }
    while case .returned = world.call(
      0, .gadgetfs(.read(UserMemory(bytes: [UInt8](repeating: 0, count: 12)))))
    {
      if world.gadgetfs?.state == .setup { _ = read(&world, room: 0) }
    }
    #expect(world.isBlocked(0))
    #expect(Self.result(world.call(1, .gadgetfs(.close)))?.ret == 0)
    #expect(world.gadgetfs != nil)
    world.signal(0, restart: true)
    #expect(world.takeResult(of: 0)?.errno == .EINTR)
    #expect(world.gadgetfs == nil)
    #expect(world.controllers[0].boundDriver == nil)
    #expect(world.violations().isEmpty)
  }

  /// The events of a device in a real kernel's memory come out as without one.
  @Test func copiesThroughTheKernelGiveTheSameResults() throws {
    let era = try #require(Era.named("linux-6.1"))
    var plain = bound()
    var world = GadgetWorld(policy: .linux6_1)
    world.copies = CopyMachine(
      kernel: Kernel(configuration: Configuration(release: era.release)), era: era)
    _ = world.call(0, .gadgetfs(.open))
    _ = world.call(0, .gadgetfs(.write(UserMemory(bytes: Self.written))))
    for _ in 0..<4 { #expect(read(&world) == read(&plain)) }
    #expect(world.gadgetfs?.events == plain.gadgetfs?.events)
    #expect(world.copies?.kernel.log == [])
  }
}

/// A driver that takes the program's word for the length of an event.
@Suite struct UnclampedTests {
  private func fetch(era id: String, checks: Bool, room: UInt8) throws -> CallResult? {
    let era = try #require(Era.named(id))
    var policy = DriverPolicy.linux6_1
    policy.clampsLengths = false
    var world = GadgetWorld(policy: policy)
    var configuration = Configuration(release: era.release)
    configuration.hardenedUsercopy = checks
    world.copies = CopyMachine(kernel: Kernel(configuration: configuration), era: era)
    _ = world.call(0, .open(descriptor: 3, nonblocking: false))
    let names =
      Array("dummy_udc".utf8) + [UInt8](repeating: 0, count: 119) + Array("dummy_udc.0".utf8)
      + [UInt8](repeating: 0, count: 117) + [3]
    let fetch = [0, 0, 0, 0, room, 0, 0, 0] + [UInt8](repeating: 0, count: Int(room))
    var last: CallResult?
    for (call, argument) in [
      (RawIoctl.`init`, IoctlArgument.memory(UserMemory(bytes: names))), (.run, .value(0)),
      (.eventFetch, .memory(UserMemory(bytes: fetch))),
    ] {
      let number = world.number(of: call)
      if case .returned(let result) = world.call(
        0, .ioctl(descriptor: 3, number: number, argument: argument))
      {
        last = result
      }
    }
    return last
  }

  @Test func theCheckOfTheCopyIsAllThatIsLeft() throws {
    #expect(try fetch(era: "rfc-v1", checks: true, room: 64)?.errno == .EFAULT)
    #expect(try fetch(era: "linux-6.1", checks: true, room: 64)?.killed == true)
    #expect(try fetch(era: "linux-6.1", checks: true, room: 0)?.written.count == 8)
    let leaky = try fetch(era: "linux-6.1", checks: false, room: 64)
    #expect(leaky?.ret == 0)
    #expect(leaky?.written.count == 72)
  }
}
