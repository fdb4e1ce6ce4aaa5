import GadgetWorld
import UsbHost
import RawGadget
import USB

extension Expectation {
  /// What a step of the raw-gadget machine did otherwise than expected.
  func gadgetMisses(_ events: [Event], after: World, action: Action) -> [Miss] {
    var misses: [Miss] = []
    func compare(_ field: String, _ expected: String?, _ got: String?) {
      if let expected, expected != got ?? "none" {
        misses.append(Miss(field: field, expected: expected, got: got ?? "none"))
      }
    }
    let call = after.gadget?.calls.last
    compare("ret", ret.map(String.init), call.flatMap(Self.ret))
    compare("errno", errno, call.flatMap(Self.errno))
    compare("why", why, call.flatMap(Self.why))
    compare("blocked", blocked.map(String.init), call.map { String($0.state == .blocked) })
    compare("event", event, Self.fetched(events))
    compare("state", state, deviceState(action, after))
    if let hostLog {
      let lines = events.compactMap { event -> String? in
        if case .gadget(let event) = event, case .hostLog(let line) = event.kind {
          line
        } else {
          nil
        }
      }
      if !lines.contains(where: { $0.contains(hostLog) }) {
        misses.append(
          Miss(field: "host-log", expected: hostLog, got: lines.joined(separator: " | ")))
      }
    }
    return misses
  }

  private static func ret(_ call: CallRecord) -> String? {
    switch call.state {
    case .blocked: nil
    case .returned(let result): String(result.ret)
    case .host(let result): String(result.ret)
    }
  }

  private static func errno(_ call: CallRecord) -> String? {
    switch call.state {
    case .blocked: nil
    case .returned(let result): result.errno?.name
    case .host(let result): result.errno?.name
    }
  }

  private static func why(_ call: CallRecord) -> String? {
    if case .returned(let result) = call.state { result.refusal?.name } else { nil }
  }

  private static func fetched(_ events: [Event]) -> String? {
    for case .gadget(let event) in events.reversed() {
      if case .eventFetched(_, let type, _) = event.kind { return type.name }
      if case .gadgetfsRead(let event, _) = event.kind { return event.type.name }
    }
    return nil
  }

  /// The state of the device the action was for.
  private func deviceState(_ action: Action, _ world: World) -> String? {
    if case .gadgetfs = action { return world.gadget?.machine.gadgetfs?.state.rawValue }
    let devices = world.gadget?.machine.devices ?? [:]
    return devices.max { $0.key < $1.key }?.value.state.rawValue
  }
}
