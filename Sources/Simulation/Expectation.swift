public import Usercopy

/// What a step should do; every field given must hold.
public struct Expectation: Sendable, Hashable {
  /// The verdict; nil where nothing is expected.
  public var verdict: Verdict?
  /// What refuses: a function, such as `slab_access_ok`, or a check's name, such as `slab`.
  public var by: String?
  /// Bytes left over.
  public var notCopied: UInt64?
  /// Bytes moved.
  public var copied: UInt64?
  /// What the entry point returns.
  public var returned: Int64?
  /// What a refusal does to the task.
  public var consequence: Consequence?
  /// Text that must occur in one line the kernel logged during the step.
  public var log: String?
  /// Bytes handed out that were not the object's own.
  public var leaked: UInt64?
  /// What comes of a copy under other eras, judged on the same machine.
  public var eras: [String: Outcome]
  /// What a gadget call or host action returned: a number, or -1 with `errno`.
  public var ret: Int64?
  /// Name of the error, such as `EBUSY`.
  public var errno: String?
  /// The reason class, such as `wrong-direction`.
  public var why: String?
  /// The call sleeps.
  public var blocked: Bool?
  /// Name of the event an EVENT_FETCH brought.
  public var event: String?
  /// State of the device after the step, such as `RUNNING`.
  public var state: String?
  /// Text that must occur in a line of the host's log.
  public var hostLog: String?
  /// Bytes that must be somewhere after the step.
  public var holds: Holding?

  /// Text at a place.
  public struct Holding: Sendable, Hashable {
    /// Where the bytes are.
    public var place: Place
    /// Bytes from the place.
    public var offset: Int64
    /// What is there, as text.
    public var text: String

    /// Text expected at a place.
    public init(place: Place, offset: Int64 = 0, text: String) {
      self.place = place
      self.offset = offset
      self.text = text
    }
  }

  /// What a step of a copy should do; what is left out is not looked at.
  public init(
    verdict: Verdict? = nil, by: String? = nil, notCopied: UInt64? = nil, copied: UInt64? = nil,
    returned: Int64? = nil, consequence: Consequence? = nil, log: String? = nil,
    leaked: UInt64? = nil, eras: [String: Outcome] = [:], holds: Holding? = nil
  ) {
    self.verdict = verdict
    self.by = by
    self.notCopied = notCopied
    self.copied = copied
    self.returned = returned
    self.consequence = consequence
    self.log = log
    self.leaked = leaked
    self.eras = eras
    self.holds = holds
  }

  /// A field that did not come out as expected.
  public struct Miss: Sendable, Hashable {
    /// The key of the expectation.
    public var field: String
    /// What the scenario says.
    public var expected: String
    /// What happened.
    public var got: String
  }

  /// What differs, given the events of the step and the worlds around it.
  public func misses(
    _ events: [Event], before world: World, after: World, action: Action
  ) -> [Miss] {
    var misses = gadgetMisses(events, after: after, action: action)
    func compare(_ field: String, _ expected: String?, _ got: String?) {
      if let expected, expected != got ?? "none" {
        misses.append(Miss(field: field, expected: expected, got: got ?? "none"))
      }
    }
    let report = Self.telling(events)
    let outcome = report?.outcome
    compare("verdict", verdict?.rawValue, outcome?.verdict.rawValue)
    if let by, !Self.names(outcome).contains(by) {
      misses.append(Miss(field: "by", expected: by, got: Self.names(outcome).first ?? "none"))
    }
    compare("not-copied", notCopied.map(String.init), outcome?.notCopied.map(String.init))
    compare("copied", copied.map(String.init), outcome.map { String($0.copied) })
    compare("returned", returned.map(String.init), outcome?.returned.map { String($0.value) })
    compare("consequence", consequence?.rawValue, outcome?.consequence.rawValue)
    compare(
      "leaked", leaked.map(String.init),
      report.map { String($0.effect.toll) })
    if let log {
      let lines = events.compactMap { if case .logged(let line) = $0 { line } else { nil } }
      if !lines.contains(where: { $0.contains(log) }) {
        misses.append(Miss(field: "log", expected: log, got: lines.joined(separator: " | ")))
      }
    }
    if !eras.isEmpty { misses += eraMisses(world, action) }
    if let holds { misses += holds.misses(after) }
    return misses
  }

  /// The copy a step is about: the first that was refused, else the first that gave away what it
  /// should not, else the first.
  private static func telling(_ events: [Event]) -> CopyReport? {
    let reports = events.compactMap { event -> CopyReport? in
      if case .copied(let report) = event { report } else { nil }
    }
    return reports.first { $0.outcome.verdict != .allow } ?? reports.first { !$0.leaks.isEmpty }
      ?? reports.first
  }

  /// What refused, under the names people use for it.
  static func names(_ outcome: CopyOutcome?) -> [String] {
    guard let refuser = outcome?.refuser else { return [] }
    return [outcome?.refusedIn, refuser.rawValue].compactMap(\.self)
  }

  private func eraMisses(_ world: World, _ action: Action) -> [Miss] {
    guard case .copy(let copy) = action, let attempt = try? world.attempt(copy) else { return [] }
    return eras.sorted { $0.key < $1.key }.compactMap { id, wanted in
      guard let era = Era.named(id) else {
        return Miss(field: "eras.\(id)", expected: wanted.rawValue, got: "no such era")
      }
      let got = world.kernel.judge(attempt, under: era, recording: false)
      return wanted.fits(got)
        ? nil
        : Miss(field: "eras.\(id)", expected: wanted.rawValue, got: Outcome(got).rawValue)
    }
  }
}

extension Expectation.Holding {
  /// What lies at the place instead, if it is not the text.
  func misses(_ world: World) -> [Expectation.Miss] {
    guard let base = try? world.resolve(place) else {
      return [.init(field: "holds", expected: text, got: "nothing called \(place.spelling)")]
    }
    let address = world.kernel.configuration.wordSize.add(base, UInt64(bitPattern: offset))
    let bytes = world.kernel.memory.read(address, count: text.utf8.count)
    guard bytes != Array(text.utf8) else { return [] }
    return [.init(field: "holds", expected: text, got: String(decoding: bytes, as: UTF8.self))]
  }
}
