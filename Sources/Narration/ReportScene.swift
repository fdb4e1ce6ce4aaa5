public import KernelLog
public import Simulation
import Usercopy

/// Turns a kernel's report line back into a picture: a scenario that makes the copy it tells of.
public enum ReportScene {
  /// A scenario with the object, its neighbours and the copy. Nil when the line lacks the numbers.
  public static func script(_ report: Report) -> Script? {
    guard report.complete, let size = report.size else { return nil }
    let assessment = Assessment(report)
    let toUser = report.direction != .fromUser
    var script = Script(
      id: "report", title: title(report), about: "Rebuilt from a kernel log line.",
      source: String(report.line.prefix(400)), era: era(report))
    if let release = Era.named(script.era)?.release { script.configuration.release = release }
    let copyEntry: EntryPoint = toUser ? .copyToUser : .copyFromUser
    let offset = Int64(bitPattern: assessment.offset ?? report.offset ?? 0)
    let place = place(report, assessment, size: size, into: &script)
    script.steps.append(
      ScriptStep(
        action: .copy(
          Action.Copy(
            entry: copyEntry, place: place, offset: clamped(offset), length: size)),
        say: say(report, assessment)))
    return script
  }

  private static func title(_ report: Report) -> String {
    let what = report.cache ?? report.object ?? "kernel memory"
    return report.direction == .fromUser
      ? "Reported: an overwrite of \(what)" : "Reported: an exposure of \(what)"
  }

  /// Offsets far outside every object are drawn at the edge of what can be drawn.
  private static func clamped(_ offset: Int64) -> Int64 { min(max(offset, -1 << 20), 1 << 20) }

  /// The era whose rules come closest to the report's own.
  static func era(_ report: Report) -> String {
    for guess in report.eraGuesses {
      if Era.named(guess.id) != nil { return guess.id }
    }
    let known = Era.all.map(\.id)
    if report.era.hasPrefix("5.19"), let modern = known.last(where: { $0.hasPrefix("linux-6") }) {
      return modern
    }
    if report.era.hasPrefix("4.16"), known.contains("linux-5.10") { return "linux-5.10" }
    if report.era.hasPrefix("4.8"), known.contains("linux-4.8") { return "linux-4.8" }
    return "rfc-v1"
  }

  /// Lays out what the report names; returns where the copy starts from.
  private static func place(
    _ report: Report, _ assessment: Assessment, size: UInt64, into script: inout Script
  ) -> Place {
    let object = (report.object ?? "").lowercased()
    if object.contains("null") { return .spot(.null) }
    if object.contains("text") { return .spot(.kernelText) }
    if object.contains("stack") {
      script.steps.append(
        ScriptStep(
          action: .call(Action.Call(function: "sys_call")), say: "A system call is running."))
      script.steps.append(
        ScriptStep(
          action: .call(
            Action.Call(
              function: "driver", locals: [LocalRequest(name: "buffer", size: min(size, 64))])),
          say: "A driver's function with a buffer on the stack."))
      return .named("buffer")
    }
    if object.contains("vmalloc") {
      script.steps.append(
        ScriptStep(
          action: .vmalloc(name: "area", size: 4096), say: "An area of vmalloc memory."))
      return .named("area")
    }
    if object.contains("page alloc") || object.contains("spans") {
      script.steps.append(
        ScriptStep(
          action: .pages(name: "page", order: 0, compound: true),
          say: "Memory straight from the page allocator."))
      return .named("page")
    }
    return slab(report, assessment, size: size, into: &script)
  }

  private static func slab(
    _ report: Report, _ assessment: Assessment, size: UInt64, into script: inout Script
  ) -> Place {
    let name = report.cache ?? "kmalloc-64"
    let isSlab = report.object?.contains("SLAB") ?? name.hasPrefix("size-")
    if isSlab { script.configuration.allocator = .slab }
    let offset = assessment.offset ?? report.offset ?? 0
    let guessed = min(max(64, (offset &+ 1).nextPowerOfTwo), 1 << 16)
    let objectSize = assessment.objectSize ?? guessed
    script.caches = [CacheRequest(name: name, objectSize: objectSize, flags: .usercopy)]
    if report.era.contains("whitelist") || report.line.contains("whitelist") {
      script.caches[0].window = 0..<0
    }
    let known = assessment.objectSize != nil
    script.steps.append(
      ScriptStep(
        action: .alloc(
          Action.Alloc(cache: name, size: nil, name: "object", bytes: [], slot: 0)),
        say: known
          ? "The object the report names: \(objectSize) bytes of \(name)."
          : "An object of \(name); the line does not tell its size, \(objectSize) is a guess."))
    script.steps.append(
      ScriptStep(
        action: .alloc(
          Action.Alloc(
            cache: name, size: nil, name: "neighbour", bytes: Array("somebody else's".utf8))),
        say: "Whatever lies behind it belongs to somebody else."))
    return .named("object")
  }

  private static func say(_ report: Report, _ assessment: Assessment) -> String {
    var parts: [String] = []
    if let inside = assessment.inside, let size = report.size {
      parts.append("\(ValueWords.quantity(inside)) of \(ValueWords.bytes(size)) were inside.")
    }
    parts.append("Likely: " + ReportWords.kind(assessment.kind) + ".")
    return parts.joined(separator: " ")
  }
}

extension UInt64 {
  /// The smallest power of two at or above the value, at most 2^63.
  fileprivate var nextPowerOfTwo: UInt64 {
    self <= 1 ? 1 : self > 1 << 63 ? 1 << 63 : 1 << UInt64(64 - (self - 1).leadingZeroBitCount)
  }
}
