import KernelHistory
public import KernelLog
public import Simulation
import Usercopy

/// Turns a kernel's report line back into a picture: a scenario that makes the copy it tells of.
public enum ReportScene {
  /// A scenario with the object, its neighbours and the copy.
  ///
  /// Nil when the line lacks the numbers, or when no copy could be found that the report's own era
  /// answers as the line says.
  public static func script(_ report: Report) -> Script? {
    guard report.complete, let size = report.size else { return nil }
    let assessment = Assessment(report)
    for era in eras(report) {
      // Inside the stack only a frame's border can have been crossed; not every build looks at frames.
      for crossesFrame in assessment.liesInStack(size) == true ? [true, false] : [false] {
        let script = script(
          report, assessment, size: size, era: era, crossesFrame: crossesFrame)
        if let script, isReproduced(script) { return script }
      }
    }
    return nil
  }

  private static func script(
    _ report: Report, _ assessment: Assessment, size: UInt64, era: String, crossesFrame: Bool
  ) -> Script? {
    var script = Script(
      id: "report", title: title(report), about: about(report),
      source: String(report.line.prefix(400)), era: era)
    if report.wordBits == 32 {
      script.configuration = on32Bit(script.configuration)
    }
    let entry: EntryPoint = report.direction == .fromUser ? .copyFromUser : .copyToUser
    guard
      var copy = scene(
        report, assessment, size: size, entry: entry, crossesFrame: crossesFrame, into: &script)
    else { return nil }
    copy.offset = min(max(copy.offset, -1 << 20), 1 << 20)
    script.steps.append(ScriptStep(action: .copy(copy), say: say(report, assessment)))
    return script
  }

  /// Whether the era refuses the copy, or warns of it, as the line says it did.
  private static func isReproduced(_ script: Script) -> Bool {
    guard let playback = try? Playback(script), let last = playback.steps.last else { return false }
    for case .copied(let report) in last.events {
      return report.outcome.verdict != .allow || !report.outcome.warnings.isEmpty
        || report.outcome.usedUpWarning
    }
    return false
  }

  /// Where the scene comes from, and whose machine it is not.
  private static func about(_ report: Report) -> String {
    let from = "Rebuilt from a kernel log line."
    let drawn = report.wordBits == 32 ? "x86_32" : "x86_64"
    switch report.aftermath.machine {
    case .x86_64?, .i386?: return from
    case let machine?: return from + " The report is of \(machine.rawValue); \(drawn) is drawn."
    case nil:
      let words = report.wordBits.map { "words have \($0) bits, by its address" }
      return from + " The report does not tell its architecture"
        + (words.map { ", but \($0)" } ?? "") + "; \(drawn) is assumed."
    }
  }

  private static func title(_ report: Report) -> String {
    let what = report.cache ?? report.object ?? "kernel memory"
    return report.direction == .fromUser
      ? "Reported: an overwrite of \(what)" : "Reported: an exposure of \(what)"
  }

  // MARK: The era

  /// The eras whose rules come closest to the report's own, the likeliest first.
  static func eras(_ report: Report) -> [String] {
    var found: [String] = []
    func add(_ id: String?) {
      if let id, Era.named(id) != nil, !found.contains(id) { found.append(id) }
    }
    for guess in report.eraGuesses {
      add(guess.id)
      for release in [guess.first, guess.last].compactMap(\.self) {
        add(Era.newestLinux(in: release)?.id)
      }
    }
    add(report.wording.change?.since.flatMap(Era.oldestLinux(since:))?.id ?? Era.rfcV1.id)
    return found
  }

  // MARK: The scene

  /// Lays out what the report names; the copy, or nil for what cannot be laid out.
  private static func scene(
    _ report: Report, _ assessment: Assessment, size: UInt64, entry: EntryPoint,
    crossesFrame: Bool, into script: inout Script
  ) -> Action.Copy? {
    let offset = Int64(clamping: report.offset ?? 0)
    func copy(_ place: Place, _ offset: Int64 = 0, _ length: UInt64? = nil) -> Action.Copy {
      Action.Copy(entry: entry, place: place, offset: offset, length: length ?? size)
    }
    switch report.known {
    case .nullAddress: return copy(.address(report.offset ?? 0), 0, max(1, size))
    case .wrappedAddress: return wrapped(end: size, copy)
    case .kernelText: return copy(.spot(.kernelText), offset)
    case .linearText: return copy(.spot(.linearText), offset)
    case .processStack:
      return stack(
        report, size: size, entry: entry, crossesFrame: crossesFrame, into: &script)
    case .vmalloc:
      if report.detail == ReportedObject.noArea { return copy(.spot(.noArea), offset) }
      let bytes = max(4096, UInt64(clamping: offset).aligned(down: 4096))
      add(.vmalloc(name: "area", size: bytes), "An area of vmalloc memory.", &script)
      return copy(.named("area"), offset)
    case .pageAlloc:
      var order = 0
      while UInt64(4096) << UInt64(order) <= UInt64(clamping: offset), order < 10 { order += 1 }
      add(
        .pages(name: "page", order: order, compound: true),
        "Memory straight from the page allocator.", &script)
      return copy(.named("page"), offset)
    case .spansPages:
      script.configuration.pageSpan = true
      add(.pages(name: "page", order: 1, compound: false), "Two pages that are not one.", &script)
      return copy(.named("page"), 4096 - Int64(clamping: min(size, 4096) / 2) - 1, max(size, 2))
    case .slubObject, .slabObject, .leftRedZone, .notInSlubPage:
      return slab(report, assessment, size: size, entry: entry, into: &script)
    case .rodata, .spansReserved, .spansCMA, .kmap, .unknown: return nil
    case nil:
      // Early reports name a cache or nothing at all.
      guard (report.object ?? "object").lowercased().contains("object") else { return nil }
      return slab(report, assessment, size: size, entry: entry, into: &script)
    }
  }

  private static func add(_ action: Action, _ say: String, _ script: inout Script) {
    script.steps.append(ScriptStep(action: action, say: say))
  }

  /// Since 5.18 the offset is the distance down from the stack pointer; before it says nothing.
  private static func stack(
    _ report: Report, size: UInt64, entry: EntryPoint, crossesFrame: Bool,
    into script: inout Script
  ) -> Action.Copy {
    add(.call(Action.Call(function: "sys_call")), "A system call is running.", &script)
    let buffer = Action.Local(name: "buffer", size: min(max(8, size), 64))
    add(
      .call(Action.Call(function: "driver", locals: [buffer])),
      "A driver's function with a buffer on its stack.", &script)
    if report.isStackOf32Bit { script.configuration = on32Bit(script.configuration) }
    if let below = report.stackDistance {
      return Action.Copy(
        entry: entry, place: .spot(.stackPointer), offset: 0 &- below, length: size)
    }
    let half = Int64(clamping: min(size, 4096) / 2)
    if crossesFrame {
      let end = Int64(clamping: min(max(8, size), 64))
      return Action.Copy(
        entry: entry, place: .named("buffer"), offset: end - max(1, half), length: max(2, size))
    }
    return Action.Copy(entry: entry, place: .spot(.stackEnd), offset: -half, length: max(2, size))
  }

  /// A copy whose end, all that the line prints, lies before its start. An end in the kernel's half comes of a negative
  /// length, taken to be -1; any other of a start close to the end of the address space.
  private static func wrapped(
    end: UInt64, _ copy: (Place, Int64, UInt64?) -> Action.Copy
  ) -> Action.Copy {
    if end >> 63 != 0 { return copy(.address(end &+ 1), 0, .max) }
    let start = UInt64.max - 4095
    return copy(.address(start), 0, end &- start)
  }

  private static func on32Bit(_ configuration: Configuration) -> Configuration {
    .stock(configuration.release, architecture: .x86_32)
  }

  private static func slab(
    _ report: Report, _ assessment: Assessment, size: UInt64, entry: EntryPoint,
    into script: inout Script
  ) -> Action.Copy {
    let name = report.cache ?? "kmalloc-64"
    if report.object.map({ _ in report.known == .slabObject }) ?? name.hasPrefix("size-") {
      script.configuration.allocator = .slab
    }
    let object = ReportObject(report, assessment, size: size)
    let offset = object.offset
    script.caches = [object.request(name)]
    script.configuration.usercopyFallback = report.isWarning
    if report.known == .leftRedZone {
      script.configuration.slabDebug.insert(.redZone)
    }
    add(
      .alloc(Action.Alloc(cache: name, size: nil, name: "object", slot: 0)),
      object.words(name),
      &script)
    add(
      .alloc(
        Action.Alloc(
          cache: name, size: nil, name: "neighbour",
          bytes: Array("not yours".utf8.prefix(Int(clamping: object.size))))),
      "Whatever lies behind it belongs to another owner.", &script)
    let distance = report.known == .leftRedZone ? Int64(-1) : Int64(clamping: offset)
    return Action.Copy(entry: entry, place: .named("object"), offset: distance, length: size)
  }

  private static func say(_ report: Report, _ assessment: Assessment) -> String {
    var parts: [String] = []
    if let inside = assessment.inside, let size = report.size {
      parts.append("\(ValueWords.quantity(inside)) of \(ValueWords.bytes(size)) were inside.")
    }
    if let least = assessment.leastOffset {
      parts.append("Where the copy starts is assumed: at least \(ValueWords.bytes(least)) in.")
    }
    if report.known == .processStack, report.offset ?? 0 == 0 {
      let isInside = report.size.flatMap(assessment.liesInStack) == true
      parts.append(
        isInside
          ? "The address lies inside the stack; which frame's border was crossed is assumed."
          : "The line does not tell where on the stack; it is assumed to run over its end.")
    }
    if report.known == .wrappedAddress {
      parts.append("The line tells where the copy would end; where it starts is assumed.")
    }
    if let cause = assessment.causes.first {
      let basis = cause.basis == .assumed ? "Assumed" : "Likely"
      parts.append(
        cause.kind == .undetermined
          ? ReportCauseWords.noCause : "\(basis): " + ReportCauseWords.kind(cause.kind) + ".")
    }
    return parts.joined(separator: " ")
  }
}
