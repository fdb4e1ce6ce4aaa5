import Narration
import GadgetWorld
import RawGadget
import Simulation
import Support
import USB
import UsbHost
import Usercopy

/// Calls of a program and actions of the host, in any order: every call that is made comes back or waits, told as it
/// came out.
struct GadgetWalk {
  private var random: SplitMix
  private var world = World(configuration: Configuration(), era: .linux6_1)

  init(_ seed: UInt64) { random = SplitMix(seed) }

  mutating func walk(_ steps: Int) -> String? {
    for step in 0..<steps {
      if step.isMultiple(of: 300) {
        let policy = DriverPolicy.all[pick(DriverPolicy.all.count)]
        world = World(configuration: Configuration(), era: .linux6_1, driver: policy)
        (world, _) = World.step(world, .open(file: "dev", nonblocking: false))
      }
      let action = action()
      let (next, events) = World.step(world, action)
      for event in events where EventWords.line(event, .bits64)?.contains("\u{1B}") == true {
        return "step \(step): \(action): words a terminal would obey"
      }
      let (again, same) = World.step(world, action)
      guard events == same, next.gadget?.machine.now == again.gadget?.machine.now else {
        return "step \(step): \(action): comes out otherwise a second time"
      }
      world = next
    }
    return nil
  }

  private mutating func pick(_ count: Int) -> Int {
    Int.random(in: 0..<max(1, count), using: &random)
  }
  private mutating func bytes(_ most: Int) -> [UInt8] {
    (0..<pick(most)).map { _ in UInt8(pick(256)) }
  }

  private mutating func action() -> Action {
    switch pick(10) {
    case 0: .wait(milliseconds: UInt64(pick(200)))
    case 1: .signal(thread: "t\(pick(3))", restarts: pick(2) == 0)
    case 2, 3: .host(.init(action: host(), thread: "h\(pick(3))", waits: pick(3) == 0))
    case 4 where pick(6) == 0:
      pick(2) == 0 ? .close(file: "dev") : .open(file: "dev", nonblocking: false)
    default:
      .ioctl(
        .init(
          request(), file: "dev",
          thread: "t\(pick(3))",
          real: argument(), waits: pick(3) == 0))
    }
  }

  /// A call of the driver's, seldom a number that none has.
  private mutating func request() -> IoctlRequest {
    pick(40) == 0
      ? .unknown(UInt32(pick(1 << 16))) : .call(RawIoctl.allCases[pick(RawIoctl.allCases.count)])
  }

  private mutating func argument() -> IoctlArgument {
    switch pick(6) {
    case 0: .value(UInt64(pick(40)))
    case 1:
      .memory(
        UserMemory(
          bytes: Array("dummy_udc\0".utf8) + [UInt8](repeating: 0, count: 118)
            + Array("dummy_udc.0\0".utf8) + [UInt8](repeating: 0, count: 116) + [UInt8(pick(6))]))
    case 2: .memory(UserMemory(bytes: [UInt8](repeating: 0, count: 8) + bytes(200)))
    case 3:
      .memory(UserMemory(bytes: [7, 5, UInt8(pick(256)), UInt8(pick(4)), 64, 0, 1] + bytes(8)))
    default:
      .memory(UserMemory(bytes: [UInt8(pick(4)), 0, 0, 0, UInt8(pick(64)), 0, 0, 0] + bytes(64)))
    }
  }

  private mutating func host() -> HostAction {
    switch pick(12) {
    case 0: .open
    case 1: .close
    case 2: .claim(interface: pick(3))
    case 3: .bulk(endpoint: UInt8(pick(256)), data: bytes(80), length: pick(600), timeout: pick(50))
    case 4:
      .submit(
        tag: "u\(pick(3))", type: TransferType.allCases[pick(TransferType.allCases.count)],
        endpoint: UInt8(pick(256)), flags: pick(256), data: bytes(40), length: pick(600))
    case 5: .reap(wait: pick(20))
    case 6: .discard(tag: "u\(pick(3))")
    case 7: .clearHalt(endpoint: UInt8(pick(256)))
    case 8: pick(3) == 0 ? .reset : .setConfiguration(value: pick(3))
    case 9: .setInterface(interface: pick(3), alternate: pick(3))
    default:
      .control(
        setup: SetupPacket(
          UInt8(pick(256)), UInt8(pick(13)), value: UInt16(pick(1024)), index: UInt16(pick(4)),
          length: UInt16(pick(300))),
        data: bytes(60), timeout: pick(50))
    }
  }
}
