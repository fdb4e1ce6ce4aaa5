public import JSON
import RawGadget
public import Simulation
import USB

/// Two versions of the driver beside each other, as JSON with stable keys.
public enum DriversJSON {
  /// `{"first", "second", "calls"}`.
  public static func value(_ both: DriverComparison) -> JSONValue {
    JSONValue([
      ("first", .string(both.first.name)), ("second", .string(both.second.name)),
      ("calls", .array(both.rows.map(row))),
    ])
  }

  private static func row(_ row: DriverComparison.Row) -> JSONValue {
    let difference: String =
      switch row.difference {
      case .none: "none"
      case .reason: "reason"
      case .result: "result"
      }
    return JSONValue([
      ("step", .unsigned(UInt64(row.step))), ("call", .string(CallWords.name(row.call))),
      ("argument", .string(CallWords.detail(row.call))), ("thread", .string(row.thread)),
      ("first", answer(row.first)), ("second", answer(row.second)),
      ("difference", .string(difference)), ("traits", .array(row.traits.map(trait))),
    ])
  }

  private static func answer(_ answer: DriverComparison.Answer) -> JSONValue {
    guard case .returned(let result) = answer else {
      return JSONValue([
        ("state", .string(answer == .blocked ? "blocked" : "impossible")), ("ret", .null),
        ("errno", .null), ("why", .null), ("check", .null), ("says", .null),
      ])
    }
    let ret: JSONValue = result.ret < 0 ? .negative(result.ret) : .unsigned(UInt64(result.ret))
    return JSONValue([
      ("state", .string("returned")), ("ret", ret),
      ("errno", result.errno.map { .string($0.name) } ?? .null),
      ("why", JSONValue(result.refusal?.recorded)),
      ("check", JSONValue(result.refusal?.check.rawValue)),
      ("says", JSONValue(result.refusal.map(RefusalWords.sentence))),
    ])
  }

  private static func trait(_ trait: DriverTrait) -> JSONValue {
    JSONValue([
      ("trait", .string(trait.rawValue)), ("says", .string(DriverWords.sentence(trait))),
      ("source", .string(DriverWords.source(trait))),
    ])
  }
}
