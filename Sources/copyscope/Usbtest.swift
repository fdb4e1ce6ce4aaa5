import GadgetWorld
import Simulation
import USB
import UsbHost

/// The cases of usbtest: by its driver, when it holds the device; else the simple ones over usbfs, which are standard
/// requests (case 9) and bulk transfers each way (cases 1 to 4).
enum Usbtest {
  private static let rounds = 8
  /// Bytes of a transfer, and the step by which the lengths of cases 3 and 4 vary.
  private static let length = 1024
  private static let vary = 421

  /// Whether the driver has bound to the device.
  static func hasDriver(_ machine: GadgetWorld) -> Bool {
    machine.host.nodes.contains { $0.driver == HostModule.usbtest.rawValue }
  }

  /// Whether it is known what the device is tested by: the driver has bound, or no driver is asked any more.
  static func isSettled(_ machine: GadgetWorld) -> Bool {
    hasDriver(machine) || !machine.host.isAttaching
  }

  /// The calls for the device that is there.
  static func calls(on machine: GadgetWorld) -> [Action.HostCall] {
    if hasDriver(machine) {
      return UsbtestCase.usual.enumerated().map { index, number in
        Action.HostCall(action: .usbtest(cases: [number]), after: index == 0 ? 500 : 0)
      }
    }
    guard let active = machine.activeConfiguration else { return [] }
    let interfaces = active.configuration.interfaces.filter {
      $0.alternate == 0 && !active.device.isHeldByKernel(interface: $0.number)
    }
    let requests = (0..<rounds).flatMap { _ in standardRequests }
    let claims = interfaces.map { HostAction.claim(interface: $0.number) }
    let bulk = interfaces.flatMap(\.endpoints)
      .filter { $0.attributes & 3 == TransferType.bulk.rawValue }.flatMap { transfers($0.address) }
    let actions = [.open] + requests + claims + bulk + [.close]
    return actions.enumerated().map { index, action in
      Action.HostCall(action: action, after: index == 0 ? 500 : 0)
    }
  }

  private static let standardRequests = [
    control(6, value: 0x0100, length: 18), control(6, value: 0x0200, length: 9),
    control(8, value: 0, length: 1), control(0, value: 0, length: 2),
  ]

  private static func control(_ request: UInt8, value: UInt16, length: UInt16) -> HostAction {
    .control(
      setup: SetupPacket(0x80, request, value: value, index: 0, length: length), data: [],
      timeout: 1000)
  }

  private static func transfers(_ endpoint: UInt8) -> [HostAction] {
    let fixed = Array(repeating: length, count: rounds)
    let varying = (1...rounds).map { ($0 * vary) % length }
    return (fixed + varying).map { length in
      endpoint & 0x80 != 0
        ? .bulk(endpoint: endpoint, data: [], length: length, timeout: 1000)
        // The pattern that usbtest checks when told to: a counter modulo 63.
        : .bulk(
          endpoint: endpoint, data: (0..<length).map { UInt8($0 % 63) }, length: length,
          timeout: 1000)
    }
  }
}
