import DummyUDC
import UsbHost
import GadgetWorld
import Foundation
import RawGadget
import Support
import Testing
import USB

/// Calls and host actions at random: whatever they are, the machine's laws hold.
@Suite struct WalkTests {
  /// Steps with each driver. A million in all, with COPYSCOPE_WALK=250000, wants an optimised build:
  /// `swift test -c release -Xswiftc -enable-testing --filter WalkTests`.
  private static let steps =
    ProcessInfo.processInfo.environment["COPYSCOPE_WALK"].flatMap(Int.init) ?? 8000

  /// Steps with one machine: one that goes on for long ends where little can happen any more.
  private static let length = 2000

  @Test(arguments: [DriverPolicy.linux6_1, .linux6_18, .linux6_1_0, .v1_2019])
  func lawsHold(_ policy: DriverPolicy) {
    for (index, controllers) in GadgetWorld.Controllers.allCases.enumerated() {
      for part in 0..<max(1, Self.steps / 4 / Self.length) {
        let seed = UInt64(index * 77 + part * 1000 + 5)
        var walk = Walk(policy: policy, controllers: controllers, seed: seed)
        for step in 0..<min(Self.steps / 4, Self.length) {
          walk.step()
          let violations = walk.violations()
          #expect(
            violations.isEmpty, "\(policy.name) \(controllers) \(seed) \(step): \(violations)")
          if !violations.isEmpty { return }
        }
      }
    }
  }

  /// Turns of a controller that find nothing to do are left out; nobody can tell, wherever a walk has come.
  @Test(arguments: GadgetWorld.Controllers.allCases)
  func timeAtOnceIsTimeTurnByTurn(_ controllers: GadgetWorld.Controllers) {
    for seed in 0..<UInt64(max(4, Self.steps / 2000)) {
      var walk = Walk(policy: .linux6_18, controllers: controllers, seed: seed)
      for step in 1...1_200 {
        walk.step()
        guard step.isMultiple(of: 12) else { continue }
        var (whole, parts) = (walk.world, walk.world)
        (whole.recordsEvents, parts.recordsEvents) = (true, true)
        whole.advance(by: 20_000)
        for _ in 0..<160 { parts.advance(by: 125) }
        let isSame = whole.takeEvents() == parts.takeEvents() && whole == parts
        #expect(isSame, "\(controllers) \(seed) \(step)")
        if !isSame { return }
      }
    }
  }

  @Test func aWalkIsTheSameEveryTime() {
    var first = Walk(policy: .linux6_18, controllers: .high, seed: 9)
    var second = Walk(policy: .linux6_18, controllers: .high, seed: 9)
    for _ in 0..<800 {
      first.step()
      second.step()
    }
    #expect(difference(first.world, second.world) == nil)
  }
}

/// One random walk.
struct Walk {
  var world: GadgetWorld
  var random: Seeded
  private var failed: Set<Int> = []
  /// Calls a signal did not end.
  private var deaf: [String] = []
  /// Refusals the table of the call does not name.
  private var unlisted: [String] = []
  private var lastRequest: [UInt8] = []
  /// GadgetFS takes the first controller, so that raw-gadget seldom gets it.
  private let usesGadgetFS: Bool

  init(policy: DriverPolicy, controllers: GadgetWorld.Controllers, seed: UInt64) {
    world = GadgetWorld(policy: policy, controllers: controllers)
    world.recordsEvents = false
    random = Seeded(state: seed)
    usesGadgetFS = Int.random(in: 0..<4, using: &random) == 0
  }

  /// The machine's own laws, and that FAILED ends with the device only.
  mutating func violations() -> [String] {
    var found = world.violations()
    for number in failed {
      if let state = world.devices[number]?.state, state != .failed, state != .closed {
        found.append("device \(number) left FAILED for \(state)")
      }
    }
    failed = Set(world.devices.filter { $0.value.state == .failed }.keys)
    for controller in world.controllers {
      for endpoint in controller.endpoints where endpoint.wedged && !endpoint.halted {
        found.append("\(endpoint.name) is wedged and not halted")
      }
    }
    return found + deaf + unlisted
  }

  /// A signal whose handler restarts nothing ends every call of the program.
  private mutating func signal(_ thread: Int) {
    let restart = Bool.random(using: &random)
    world.signal(thread, restart: restart)
    if !restart, world.isBlocked(thread) { deaf.append("thread \(thread) sleeps through a signal") }
  }

  mutating func step() {
    let thread = Int.random(in: 0..<4, using: &random)
    switch Int.random(in: 0..<20, using: &random) {
    case 0:
      let nonblocking = Int.random(in: 0..<8, using: &random) == 0
      _ = world.call(thread, .open(descriptor: descriptor(), nonblocking: nonblocking))
    case 1 where Int.random(in: 0..<8, using: &random) == 0:
      _ = world.call(thread, .close(descriptor: descriptor()))
    case 2: signal(thread)
    case 3...6: _ = world.host(thread + 4, hostAction())
    case 10 where usesGadgetFS: _ = world.call(thread, .gadgetfs(gadgetfsCall()))
    case 7...9: world.advance(by: UInt64.random(in: 0..<400_000, using: &random))
    default:
      let call = ioctl()
      let outcome = world.call(thread, call)
      compareWithTable(call, outcome)
      remember(outcome)
    }
    if Bool.random(using: &random) { world.advance(by: 50) }
    for other in 0..<4 {
      if let result = world.takeResult(of: other) { remember(.returned(result)) }
    }
    _ = world.takeHostResult(of: thread + 4)
  }

  /// A call that is refused at once is refused by a check of its own, or because it was not made.
  private mutating func compareWithTable(_ call: SystemCall, _ outcome: CallOutcome) {
    guard case .ioctl(_, let number, _) = call, case .returned(let result) = outcome,
      let refusal = result.refusal, let ioctl = RawIoctl(rawValue: UInt8(number & 0xff))
    else { return }
    let listed = (ioctl.entry.checks.list + ioctl.entry.later.list).first {
      $0.check == refusal.check
    }
    let isMade = ![.descriptorNotOpen, .unknownCall].contains(refusal.check)
    let isListed = listed.map { $0.errno == nil || $0.errno == refusal.errno } ?? !isMade
    if !isListed { unlisted.append("\(ioctl) is refused by \(refusal.check)") }
  }

  /// Keeps the control request an EVENT_FETCH brought.
  private mutating func remember(_ outcome: CallOutcome) {
    if case .returned(let result) = outcome, result.written.count == 16 {
      lastRequest = Array(result.written.dropFirst(8))
    }
  }

  private mutating func gadgetfsCall() -> GadgetFSCall {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return .open
    case 1 where Int.random(in: 0..<4, using: &random) == 0: return .close
    case 2...4:
      return .read(UserMemory(bytes: zeros([0, 8, 12, 60].randomElement(using: &random) ?? 0)))
    case 5: return .write(UserMemory(bytes: [4, 3, 9, 4]))
    default:
      var bytes = GadgetFSTests.written
      if Bool.random(using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      return .write(UserMemory(bytes: bytes))
    }
  }

  /// Most often the same file, so that it gets somewhere.
  private mutating func descriptor() -> Int { max(3, Int.random(in: -3..<6, using: &random)) }

  private mutating func ioctl() -> SystemCall {
    let calls: [RawIoctl] = [
      .`init`, .run, .eventFetch, .eventFetch, .eventFetch, .ep0Write, .ep0Write, .ep0Write,
      .ep0Read, .ep0Read, .epEnable, .epEnable, .epDisable, .epWrite, .epRead, .configure,
      .vbusDraw, .epsInfo, .ep0Stall, .epSetHalt, .epClearHalt, .epSetWedge,
    ]
    let call = calls.randomElement(using: &random) ?? .run
    return .ioctl(
      descriptor: descriptor(), number: world.number(of: call), argument: argument(call))
  }

  private mutating func argument(_ call: RawIoctl) -> IoctlArgument {
    switch call {
    case .`init`:
      let name = "dummy_udc.\(Int.random(in: 0..<8, using: &random) / 7)"
      let speed = UInt8([0, 1, 2, 3, 3, 3, 4, 5, 5].randomElement(using: &random) ?? 3)
      if world.policy.pointsToNames { return firstVersionInit(name, speed) }
      return .memory(UserMemory(bytes: padded("dummy_udc") + padded(name) + [speed]))
    case .eventFetch: return .memory(UserMemory(bytes: [0, 0, 0, 0, 64, 0, 0, 0] + zeros(64)))
    case .ep0Write: return io(answer(), endpoint: 0)
    case .ep0Read: return io(zeros(Int.random(in: 0..<80, using: &random)), endpoint: 0)
    case .epWrite, .epRead:
      let length = [0, 1, 64, 65, 512, 1024].randomElement(using: &random) ?? 0
      return io(zeros(length), endpoint: UInt8.random(in: 0..<25, using: &random))
    case .epEnable:
      let address = [0x81, 0x02, 0x83, 0x04].randomElement(using: &random) ?? 0
      let type = UInt8.random(in: 2...3, using: &random)
      return .memory(UserMemory(bytes: [7, 5, UInt8(address), type, 0, 2, 1, 0, 0]))
    case .epsInfo: return .memory(UserMemory(bytes: zeros(960)))
    case .epDisable, .epSetHalt, .epClearHalt, .epSetWedge:
      return .value(UInt64.random(in: 0..<26, using: &random))
    default: return .value(0)
    }
  }

  private func firstVersionInit(_ name: String, _ speed: UInt8) -> IoctlArgument {
    let base: UInt64 = 0x7f00_0000_0000
    let words = [UInt64(speed), base + 24, base + 152]
    let bytes = words.flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    return .memory(
      UserMemory(address: base, bytes: bytes + padded("dummy_udc") + padded(name)))
  }

  /// Something a device could answer, right or wrong.
  private mutating func answer() -> [UInt8] {
    if let asked, Int.random(in: 0..<8, using: &random) > 0 { return asked }
    let answers: [[UInt8]] = [
      [18, 1, 0, 2, 0xff, 0, 0, 64, 9, 18, 1, 0, 0, 1, 1, 2, 3, 1],
      [9, 2, 32, 0, 1, 1, 0, 0xa0, 50],
      [
        9, 2, 32, 0, 1, 1, 0, 0xa0, 50, 9, 4, 0, 0, 2, 0xff, 0, 0, 0, 7, 5, 0x81, 2, 0, 2, 0, 7, 5,
        2, 2, 0, 2, 0,
      ],
      [4, 3, 9, 4], [6, 3, 65, 0, 66, 0], [],
    ]
    return answers.randomElement(using: &random) ?? []
  }

  /// What a well-behaved device would answer to the request fetched last.
  private var asked: [UInt8]? {
    switch lastRequest.count > 6 ? lastRequest[3] : 0 {
    case 1: [18, 1, 0, 2, 0xff, 0, 0, 64, 9, 18, 1, 0, 0, 1, 1, 2, 3, 1]
    case 2 where lastRequest[6] == 9: [9, 2, 32, 0, 1, 1, 0, 0xa0, 50]
    case 2:
      [
        9, 2, 32, 0, 1, 1, 0, 0xa0, 50, 9, 4, 0, 0, 2, 0xff, 0, 0, 0, 7, 5, 0x81, 2, 0, 2, 0, 7, 5,
        2, 2, 0, 2, 0,
      ]
    case 3: [4, 3, 9, 4]
    default: nil
    }
  }

  private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private func padded(_ name: String) -> [UInt8] {
    Array(name.utf8) + zeros(128 - name.utf8.count)
  }

  private mutating func io(_ data: [UInt8], endpoint: UInt8) -> IoctlArgument {
    let flags: UInt8 = Bool.random(using: &random) ? 1 : 0
    let length = [UInt8(data.count & 255), UInt8(data.count >> 8)]
    return .memory(UserMemory(bytes: [endpoint, 0, flags, 0] + length + [0, 0] + data))
  }

  private mutating func hostAction() -> HostAction {
    let endpoint: UInt8 = Bool.random(using: &random) ? 0x81 : 0x02
    let length = [0, 8, 64, 512, 600].randomElement(using: &random) ?? 0
    switch Int.random(in: 0..<20, using: &random) {
    case 13: return .setInterface(interface: 0, alternate: 0)
    case 14: return .resetEndpoint(endpoint: endpoint)
    case 15: return .detach(interface: 0)
    case 16:
      return .submit(
        tag: "i", type: .interrupt, endpoint: endpoint, flags: 1, data: zeros(8), length: 8)
    case 0: return .open
    case 1: return .close
    case 2: return .claim(interface: 0)
    case 3: return .release(interface: 0)
    case 4:
      return .bulk(endpoint: endpoint, data: zeros(length), length: length, timeout: 200)
    case 5, 6:
      let setup = SetupPacket(
        [0x80, 0x00, 0xc0, 0x40, 0x02, 0x82].randomElement(using: &random) ?? 0,
        UInt8.random(in: 0..<12, using: &random), value: UInt16.random(in: 0..<4, using: &random),
        index: UInt16(endpoint), length: UInt16(length & 63))
      return .control(setup: setup, data: zeros(length & 63), timeout: 300)
    case 7:
      return .submit(
        tag: "u\(length)", type: .bulk, endpoint: endpoint, flags: 0, data: zeros(length),
        length: length)
    case 8: return .reap(wait: 50)
    case 9: return .discard(tag: "u\(length)")
    case 10: return .clearHalt(endpoint: endpoint)
    case 11: return .reset
    case 12: return .setConfiguration(value: 1)
    default: return sysfs()
    }
  }

  private mutating func sysfs() -> HostAction {
    let writes = [
      ("authorized", "0"), ("authorized", "1"), ("remove", "1"), ("power/control", "auto"),
      ("power/control", "on"), ("power/autosuspend_delay_ms", "0"),
      ("/sys/class/udc/dummy_udc.0/soft_connect", "disconnect"),
      ("/sys/class/udc/dummy_udc.0/soft_connect", "connect"),
      ("/sys/class/udc/dummy_udc.0/srp", "1"), ("bConfigurationValue", "1"),
      ("bConfigurationValue", "-1"), ("/sys/bus/gadget/drivers/raw-gadget.0/bind", "gadget.0"),
      ("/sys/bus/usb/drivers/usb/unbind", "1-1"), ("/sys/bus/usb/drivers/usb/bind", "1-1"),
      ("/sys/bus/usb/devices/usb1/1-0:1.0/usb1-port1/disable", "1"),
      ("/sys/bus/usb/devices/usb1/1-0:1.0/usb1-port1/disable", "0"),
      ("/sys/bus/gadget/drivers/raw-gadget.0/unbind", "gadget.0"),
    ]
    let (file, value) = writes.randomElement(using: &random) ?? ("authorized", "1")
    // What ends a device for good comes more seldom.
    if ["remove", "disable"].contains(where: file.hasSuffix) || value == "disconnect",
      Int.random(in: 0..<4, using: &random) > 0
    {
      return .sysfsWrite(file: "authorized", value: "1")
    }
    return .sysfsWrite(file: file, value: value)
  }
}
