public import KernelHistory

/// What speaks for a narrower generation of the check.
public enum EraReason: Sendable, Equatable {
  /// The wording of the message itself.
  case wording
  /// Only kernels of this generation have a check that names this object.
  case object(String)
  /// Only kernels of this generation have a cache of this name.
  case cache(String)
  /// The copy was longer than INT_MAX, which callers of later releases refuse before any check.
  case length
  /// A process stack report with a distance from the stack pointer.
  case stackOffset
  /// The pointer is printed hashed or withheld, as `%p` is since 4.15.
  case hashedPointer
  /// The source line of the assertion that followed.
  case bugLine(file: String, line: Int)
  /// The release the kernel printed about itself.
  case release(String)

  /// A stable word for the kind of reason, with its fact behind a colon.
  public var text: String {
    switch self {
    case .wording: "wording"
    case .object(let name): "object: \(name)"
    case .cache(let name): "cache: \(name)"
    case .length: "length"
    case .stackOffset: "stack offset"
    case .hashedPointer: "hashed pointer"
    case .bugLine(let file, let line): "assertion: \(file):\(line)"
    case .release(let release): "release: \(release)"
    }
  }
}

/// A generation of the check that fits a report.
public struct EraGuess: Sendable, Equatable {
  /// "rfc-v1", "rfc-v2", "rfc-v3", "pax", or "linux-" and the first version it holds for.
  public var id: String
  /// First mainline version meant; nil where it is none.
  public var first: KernelVersion?
  /// Last mainline version meant; nil where it is open.
  public var last: KernelVersion?
  /// What speaks for it.
  public var reason: EraReason

  /// Makes a guess from its parts.
  public init(id: String, first: KernelVersion?, last: KernelVersion?, reason: EraReason) {
    self.id = id
    self.first = first
    self.last = last
    self.reason = reason
  }

  private init(linux first: KernelVersion, _ last: KernelVersion?, _ reason: EraReason) {
    self.init(id: "linux-\(first)", first: first, last: last, reason: reason)
  }

  private init(patch id: String, _ reason: EraReason) {
    self.init(id: id, first: nil, last: nil, reason: reason)
  }

  /// The generations a report fits, the best supported first: the kernel's own word on its
  /// release, then the assertion's line, then the wording.
  public static func all(for report: Report) -> [EraGuess] {
    var guesses: [EraGuess] = []
    if let text = report.aftermath.release, let release = KernelVersion(text) {
      guesses.append(EraGuess(linux: release, release, .release(text)))
    }
    // The line of a warning is another than that of the assertion the table lists.
    if !report.aftermath.isWarning, let file = report.aftermath.bugFile,
      let line = report.aftermath.bugLine
    {
      let reason = EraReason.bugLine(file: file, line: line)
      guesses += AssertionLine.all.filter { $0.file.rawValue == file && $0.line == line }.map {
        switch $0.origin {
        case .mainline(let first, let last): EraGuess(linux: first, last, reason)
        case .others(let first, let last): EraGuess(linux: first, last, reason)
        case .patch(let era): EraGuess(patch: era, reason)
        }
      }
    }
    return guesses + wording(of: report)
  }

  private static func wording(of report: Report) -> [EraGuess] {
    switch report.wording {
    case .rfcV1: [EraGuess(patch: "rfc-v1", .wording)]
    case .rfcV2: [EraGuess(patch: "rfc-v2", .wording)]
    case .rfcV3: [EraGuess(patch: "rfc-v3", .wording)]
    case .pax: [EraGuess(patch: "pax", .wording)]
    case .assertion: report.isWarning ? warned(report) : []
    case .pointers: early(report)
    case .whitelistWarning: warned(report)
    case .mappings:
      bounded(report, UsercopyChange.mappings, .object(report.object ?? "vmalloc"))
    case .stackOffset: bounded(report, UsercopyChange.stackOffset, .stackOffset)
    case .offsets: bounded(report, UsercopyChange.offsets, .wording)
    }
  }

  private static func bounded(
    _ report: Report, _ change: UsercopyChange, _ reason: EraReason
  ) -> [EraGuess] {
    let bounds = EraBounds(report, change, reason: reason)
    return bounds.first.map { [EraGuess(linux: $0, bounds.last, bounds.reason)] } ?? []
  }

  /// A warning instead of a refusal: the fallback.
  private static func warned(_ report: Report) -> [EraGuess] {
    let bounds = EraBounds(report, UsercopyChange.fallback)
    let since = UsercopyChange.fallback.since.map { "linux-\($0)-fallback" } ?? "linux"
    return [EraGuess(id: since, first: bounds.first, last: bounds.last, reason: bounds.reason)]
  }

  /// The sentence with a lower-case start: mainline, or the last public grsecurity line, which
  /// speaks the same way.
  private static func early(_ report: Report) -> [EraGuess] {
    let change = UsercopyChange.pointers
    guard let first = change.since, let last = change.last,
      let hashes = MachineChange.hashedPointers.since
    else { return [] }
    let release = KernelVersion(4, 9)
    let patched = EraGuess(
      id: "grsecurity-\(release)", first: release, last: release, reason: .wording)
    guard let address = report.address else {
      return [EraGuess(linux: first, last, .wording), patched]
    }
    let hashed =
      address.hasPrefix("(") || address.utf8.count == 16 && address.hasPrefix("00000000")
    return hashed
      ? [EraGuess(linux: hashes, last, .hashedPointer)]
      : [EraGuess(linux: first, hashes.previous, .wording), patched]
  }
}
