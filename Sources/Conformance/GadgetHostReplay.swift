import UsbHost
import GadgetWorld
import JSON
import RawGadget
import Text
import USB

extension GadgetReplay {
  /// Plays a step on the host's side.
  mutating func host(_ index: Int, _ step: JSONValue) {
    let action = step["action"]?.string ?? ""
    switch action {
    case "attrs":
      let attributes = world.deviceAttributes()
      compare(index, "present", step["present"], .bool(attributes != nil))
      compareAttributes(index, step["attrs"], attributes ?? [:])
    case "sysfs_read":
      let value = world.deviceAttribute(step["file"]?.string ?? "")
      compare(index, "value", step["value"], value.map(JSONValue.string) ?? .null)
    case "wait_dev":
      waitFor(index, step, "present") { $0.deviceAttributes() != nil }
    case "wait_gone":
      waitFor(index, step, "gone") { $0.deviceAttributes() == nil }
    default:
      transfer(index, step)
    }
  }

  private mutating func waitFor(
    _ index: Int, _ step: JSONValue, _ field: String, _ holds: (GadgetWorld) -> Bool
  ) {
    let limit = world.now &+ 10_000_000
    let held = withWorld { $0.advance(until: limit, holds) }
    compare(index, field, step[field], .bool(held))
  }

  /// What a host step tells of its result.
  private static let results: Set<String> = [
    "ret", "errno", "out", "status", "actual_length", "completes",
  ]

  /// The step with the arguments that are only written down where it ends.
  private func whole(_ index: Int, _ step: JSONValue) -> JSONValue {
    guard step["started"]?.bool == true || step["blocked"]?.bool == true,
      let end = steps.first(where: { $0["completes"]?.int == index }),
      case .object(let first) = step, case .object(let last) = end
    else { return step }
    return .object(last.removing(Self.results).merging(first.removing(["arg"])))
  }

  private mutating func transfer(_ index: Int, _ step: JSONValue) {
    let thread = thread(step)
    if step["completes"] != nil {
      finishHost(index, step, thread)
      return
    }
    guard let action = GadgetArguments.hostAction(whole(index, step)) else {
      return mismatch(index, "action", step["action"]?.string ?? "", "not known")
    }
    let outcome = withWorld { $0.host(thread, action) }
    if case .returned(let result) = outcome {
      if step["blocked"]?.bool == true, step["ret"] == nil {
        mismatch(index, "blocked", "true", "returned \(result.ret)")
      }
      if step["started"]?.bool == true { early[thread] = result }
      compareHost(index, step, result)
      return
    }
    if step["blocked"]?.bool == true {
      let span = milliseconds(step["waited_ms"])
      withWorld { $0.advance(by: span) }
      if !world.isBlocked(thread) { mismatch(index, "blocked", "true", "returned") }
    } else if step["started"]?.bool != true {
      finishHost(index, step, thread)
    }
  }

  private mutating func finishHost(_ index: Int, _ step: JSONValue, _ thread: ThreadID) {
    if let result = early.removeValue(forKey: thread) {
      return compareHost(index, step, result)
    }
    let limit = world.now &+ Self.patience
    _ = withWorld { $0.advance(until: limit) { !$0.isBlocked(thread) } }
    guard let result = withWorld({ $0.takeHostResult(of: thread) }) else {
      return mismatch(index, "returned", "a result", "still blocked")
    }
    compareHost(index, step, result)
  }

  private mutating func compareHost(_ index: Int, _ step: JSONValue, _ result: HostResult) {
    let found = hostDifferences(step, result)
    guard !found.isEmpty else { return }
    let alternatives = step["alternatives"]?.array ?? []
    if alternatives.contains(where: { hostDifferences($0, result).isEmpty }) { return }
    for (field, expected, got) in found { mismatch(index, field, expected, got) }
  }

  private func hostDifferences(
    _ step: JSONValue, _ result: HostResult
  ) -> [(String, String, String)] {
    var found: [(String, String, String)] = []
    if let ret = step["ret"]?.int, ret != (result.ret < 0 ? -1 : result.ret) {
      found.append(("ret", "\(ret)", "\(result.ret)"))
    }
    if step["ret"] != nil, step["errno"]?.string != result.errno?.name {
      found.append(("errno", step["errno"]?.string ?? "none", result.errno?.name ?? "none"))
    }
    if let data = step["out"]?["data"], !GadgetBytes.matches(data, result.data) {
      found.append(("out.data", "\(data)", result.data.hex))
    }
    guard step["action"]?.string == "reap", result.ret == 0 else { return found }
    if let status = step["status"] {
      let got = result.status ?? 0
      let name = got == 0 ? "0" : Errno(negated: got)?.name ?? "\(got)"
      let expected = status.string ?? status.int.map(String.init) ?? ""
      if expected != name { found.append(("status", expected, name)) }
    }
    if let urb = step["urb"]?.string, urb != result.urb {
      found.append(("urb", urb, result.urb ?? "none"))
    }
    if let length = step["actual_length"]?.int, length != result.actualLength {
      found.append(("actual_length", "\(length)", "\(result.actualLength ?? -1)"))
    }
    if let data = step["data"], !GadgetBytes.matches(data, result.data) {
      found.append(("data", "\(data)", result.data.hex))
    }
    return found
  }
}
