import JSON
import KernelHistory
import Simulation
import Usercopy

/// Replays recorded runs of the kernel's own usercopy tests (`lkdtm.jsonl`) from their scenarios.
public enum UsercopyLKDTMReplay {
  /// Whether a line is a run of such a test.
  static func recognises(_ line: JSONValue) -> Bool {
    line["policy"] == nil && line["result"] != nil
      && line["test"]?.string.flatMap(KernelTest.init(named:)) != nil
  }

  /// Replays one run; such lines name no policy but a kernel and a configuration.
  static func replay(_ line: JSONValue) -> VectorResult {
    let kernel = line["kernel"]?.string ?? "?"
    let build = line["config"]?.string ?? "?"
    let test = line["test"]?.string ?? "?"
    return VectorResult(
      id: "lkdtm/\(kernel)/\(build)/\(test)", group: "lkdtm", policy: "linux-\(kernel)",
      mismatches: check(line))
  }

  /// Runs the test on a kernel built as the line says; compares its result and its texts.
  ///
  /// The compiler decides where a stack buffer or a function lies, so offsets into the stack and
  /// into the kernel's code are left out of the comparison.
  static func check(_ line: JSONValue) -> [Mismatch] {
    guard let test = line["test"]?.string.flatMap(KernelTest.init(named:)),
      let version = line["kernel"]?.string.flatMap({ KernelVersion($0) }),
      let era = Era.linux(version), let wanted = line["result"]?.string
    else {
      return [Mismatch(place: "line", expected: "test, kernel and result", got: line.text)]
    }
    // Runs that were not re-armed come in pairs: the second one finds the warning used up.
    let second =
      line["rearmed"]?.bool == false && test.name == "USERCOPY_SLAB_WHITELIST_FROM"
    let good: CopyOutcome
    let bad: CopyOutcome
    do throws(KernelTest.Failure) {
      (good, bad) = try test.run(
        under: era, configuration: configuration(line["options"], version), warnedBefore: second)
    } catch {
      return [Mismatch(place: "scenario", expected: "two copies", got: error.description)]
    }
    var found: [Mismatch] = []
    func compare(_ place: String, _ expected: JSONValue, _ got: JSONValue) {
      guard expected != got else { return }
      found.append(Mismatch(place: place, expected: expected.text, got: got.text))
    }
    compare("good copy", .string("pass"), .string(words(good)))
    compare("result", .string(wanted), .string(words(bad)))
    let reports = bad.log.filter { $0.hasPrefix("usercopy: ") }
    let loose = line["stack_objects"] != nil || reports.contains { $0.contains("kernel text") }
    compare(
      "usercopy", shapes(line["usercopy"], loose), shapes(UsercopyJSON.strings(reports), loose))
    let warnings = bad.usedUpWarning ? bad.warnings : []
    compare("warning", line["warning"] ?? .null, UsercopyJSON.strings(warnings))
    let assertion: JSONValue =
      bad.verdict == .allow ? .null : bad.bugAt.map { .string($0) } ?? .null
    compare("oops_at", line["oops_at"] ?? .null, assertion)
    return found
  }

  /// The result as the recording words it.
  private static func words(_ outcome: CopyOutcome) -> String {
    switch Expectation.Outcome(outcome) {
    case .warn: "WARN, copy done"
    case .whole, .allow: "pass"
    case .short: "pass (check let it through; the copy itself came back short)"
    case .oops, .bug: "BUG"
    case .deny, .return, .sigkill, .hang: Expectation.Outcome(outcome).rawValue
    }
  }

  private static func shapes(_ lines: JSONValue?, _ loose: Bool) -> JSONValue {
    guard let array = lines?.array else { return lines ?? .null }
    return .array(
      array.map { line in
        guard loose, let text = line.string, let open = text.lastIndex(of: "("),
          let comma = text[open...].firstIndex(of: ",")
        else { return line }
        return .string(text[..<open] + "(offset ?" + text[comma...])
      })
  }

  private static func configuration(_ options: JSONValue?, _ release: KernelVersion)
    -> Configuration
  {
    let allocator = Allocator(rawValue: options?["allocator"]?.string?.lowercased() ?? "")
    let isDebugged = options?["debug_slab"]?.bool ?? false
    let isOff = options?["hardened_usercopy"]?.string?.hasPrefix("off") ?? false
    return Configuration(
      allocator: allocator ?? .slub,
      framePointer: options?["unwinder"]?.string == "frame-pointer",
      slabDebug: isDebugged ? [.redZone, .poison, .storeUser] : [],
      usercopyFallback: options?["fallback"]?.bool ?? false,
      pageSpan: options?["pagespan"]?.bool ?? false, hardenedUsercopy: !isOff,
      vmapStack: options?["vmap_stack"]?.bool ?? false, release: release)
  }
}
