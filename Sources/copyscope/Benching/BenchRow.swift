import JSON

/// One line of the bench: what was measured, and against what in the same run.
struct BenchRow {
  /// What a figure counts.
  enum Unit: String {
    case nanoseconds = "ns"
    case microseconds = "us"
    case milliseconds = "ms"
    case bytes = "bytes"

    /// Seconds in this unit; bytes stay what they are.
    func of(_ seconds: Double) -> Double {
      switch self {
      case .nanoseconds: seconds * 1e9
      case .microseconds: seconds * 1e6
      case .milliseconds: seconds * 1e3
      case .bytes: seconds
      }
    }
  }

  /// Median, least and most of the rounds.
  struct Spread {
    let median, least, most: Double

    /// Nil of no values.
    init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      (median, least, most) = (sorted[sorted.count / 2], first, last)
    }
  }

  let group: BenchGroup
  let name: String
  let unit: Unit
  /// In the unit, of one operation; nil where it could not be measured.
  let figure: Spread?
  /// What it is measured against, and the ratios round by round; nil where there is nothing to measure against.
  let baseline: (name: String, ratio: Spread)?
  /// Why there is no baseline, or no figure.
  let lack: String?

  /// A time in seconds an operation beside the baseline's, round by round.
  init(
    _ group: BenchGroup, _ name: String, _ unit: Unit, _ rounds: [(own: Double, other: Double)],
    against baseline: String
  ) {
    (self.group, self.name, self.unit, lack) = (group, name, unit, nil)
    figure = Spread(rounds.map { unit.of($0.own) })
    self.baseline = Spread(rounds.map { $0.own / max($0.other, 1e-12) }).map { (baseline, $0) }
  }

  /// Figures that have nothing to be measured against.
  init(_ group: BenchGroup, _ name: String, _ unit: Unit, _ values: [Double], lack: String) {
    (self.group, self.name, self.unit, baseline, self.lack) = (group, name, unit, nil, lack)
    figure = Spread(values.map(unit.of))
  }

  /// A row of what could not be measured.
  init(_ group: BenchGroup, _ name: String, _ unit: Unit, lack: String) {
    self.init(group, name, unit, [], lack: lack)
  }

  /// The row as a line of text.
  var text: String {
    guard let figure else { return "\(name): \(lack ?? "")" }
    let own = "\(name): \(Self.short(figure.median)) \(unit.rawValue)"
    guard let baseline else { return own + (lack.map { "; \($0)" } ?? "") }
    let ratio = baseline.ratio
    return own + "; \(Self.short(ratio.median)) times \(baseline.name) "
      + "(\(Self.short(ratio.least)) to \(Self.short(ratio.most)))"
  }

  /// The row for a program.
  var json: JSONObject {
    var members: [(key: String, value: JSONValue)] = [
      ("group", .string(group.rawValue)), ("name", .string(name)), ("unit", .string(unit.rawValue)),
      ("figure", figure.map(Self.json) ?? .null),
    ]
    if let baseline {
      members += [("against", .string(baseline.name)), ("ratio", Self.json(baseline.ratio))]
    }
    if let lack { members.append(("lack", .string(lack))) }
    return JSONObject(members)
  }

  private static func json(_ spread: Spread) -> JSONValue {
    .object(
      JSONObject([
        ("median", .real(rounded(spread.median))), ("least", .real(rounded(spread.least))),
        ("most", .real(rounded(spread.most))),
      ]))
  }

  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

  /// Three digits that count.
  private static func short(_ value: Double) -> String {
    let digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4
    let scale = [1.0, 10, 100, 1_000, 10_000][digits]
    let whole = Int((value * scale).rounded())
    guard digits > 0 else { return "\(whole)" }
    let rest = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
