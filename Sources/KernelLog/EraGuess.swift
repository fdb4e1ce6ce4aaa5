/// What speaks for a narrower generation of the check.
public enum EraReason: Sendable, Equatable {
  /// The wording of the message itself.
  case wording
  /// Only kernels of this generation have a check that names this object.
  case object(String)
  /// Only kernels of this generation have a cache of this name.
  case cache(String)
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
  public var first: String?
  /// Last mainline version meant; nil where it is open.
  public var last: String?
  /// What speaks for it.
  public var reason: EraReason

  /// Makes a guess from its parts.
  public init(id: String, first: String?, last: String?, reason: EraReason) {
    self.id = id
    self.first = first
    self.last = last
    self.reason = reason
  }

  private init(linux first: String, _ last: String?, _ reason: EraReason) {
    self.init(id: "linux-\(first)", first: first, last: last, reason: reason)
  }

  /// The generations a report fits, the best supported first: the kernel's own word on its
  /// release, then the assertion's line, then the wording.
  public static func all(for report: Report) -> [EraGuess] {
    var guesses: [EraGuess] = []
    if let release = report.aftermath.release, let version = version(of: release) {
      guesses.append(EraGuess(linux: version, version, .release(release)))
    }
    if let file = report.aftermath.bugFile, let line = report.aftermath.bugLine {
      guesses += BugLines.ranges(file: file, line: line).map {
        let reason = EraReason.bugLine(file: file, line: line)
        guard let first = $0.first else {
          return EraGuess(id: $0.id, first: nil, last: nil, reason: reason)
        }
        return EraGuess(linux: first, $0.last, reason)
      }
    }
    return guesses + wording(of: report)
  }

  private static func wording(of report: Report) -> [EraGuess] {
    let era =
      report.era.hasSuffix(" (truncated)") ? String(report.era.dropLast(12)) : report.era
    switch era {
    case "RFC v1": return [EraGuess(id: "rfc-v1", first: nil, last: nil, reason: .wording)]
    case "RFC v2": return [EraGuess(id: "rfc-v2", first: nil, last: nil, reason: .wording)]
    case "RFC v3": return [EraGuess(id: "rfc-v3", first: nil, last: nil, reason: .wording)]
    case "PaX": return [EraGuess(id: "pax", first: nil, last: nil, reason: .wording)]
    case "4.8-4.15": return early(report)
    case Report.whitelistWarning:
      let bounds = EraBounds(report, first: "4.16", last: "5.15")
      return [
        EraGuess(
          id: "linux-4.16-fallback", first: bounds.first, last: bounds.last, reason: bounds.reason)
      ]
    case "5.19+":
      return bounded(report, "5.19", .object(report.object ?? "vmalloc"))
    case "5.18+": return bounded(report, "5.18", .stackOffset)
    default: return bounded(report, "4.16", .wording)
    }
  }

  private static func bounded(
    _ report: Report, _ first: String, _ reason: EraReason
  ) -> [EraGuess] {
    let bounds = EraBounds(report, first: first, last: nil, reason: reason)
    return [EraGuess(linux: bounds.first ?? first, bounds.last, bounds.reason)]
  }

  /// The sentence with a lower-case start: mainline, or the last public grsecurity line, which
  /// speaks the same way.
  private static func early(_ report: Report) -> [EraGuess] {
    let patched = EraGuess(id: "grsecurity-4.9", first: "4.9", last: "4.9", reason: .wording)
    guard let address = report.address else {
      return [EraGuess(linux: "4.8", "4.15", .wording), patched]
    }
    let hashed =
      address.hasPrefix("(") || address.utf8.count == 16 && address.hasPrefix("00000000")
    return hashed
      ? [EraGuess(linux: "4.15", "4.15", .hashedPointer)]
      : [EraGuess(linux: "4.8", "4.14", .wording), patched]
  }

  /// "6.1" of "6.1.0-22-amd64".
  private static func version(of release: String) -> String? {
    let parts = release.split(separator: ".", maxSplits: 2)
    guard parts.count >= 2 else { return nil }
    let minor = parts[1].prefix { $0.isASCII && $0.isNumber }
    guard Int(parts[0]) != nil, !minor.isEmpty, minor.utf8.count < 5 else { return nil }
    return "\(parts[0]).\(minor)"
  }
}

/// Kernels in which the refusing assertion stood on a given line, as public reports show them.
enum BugLines {
  struct Range {
    var id = "linux"
    var first: String?
    var last: String?
  }

  static func ranges(file: String, line: Int) -> [Range] {
    if file == "mm/slab.c" {
      return line == 3870 ? [Range(id: "rfc-v1", first: nil, last: nil)] : []
    }
    guard file == "mm/usercopy.c" else { return [] }
    return switch line {
    case 79: [Range(first: "4.8", last: "4.8")]
    case 75: [Range(first: "4.8", last: "4.11")]
    case 72: [Range(first: "4.12", last: "4.15")]
    case 84: [Range(first: "4.14", last: "4.15")]
    case 100: [Range(first: "4.17", last: "4.18")]
    case 98: [Range(first: "5.3", last: "5.3")]
    case 99: [Range(first: "5.4", last: "5.17")]
    case 101: [Range(first: "5.18", last: "6.1")]
    case 102: [Range(first: "4.19", last: "5.2"), Range(first: "6.2", last: nil)]
    default: []
    }
  }
}
