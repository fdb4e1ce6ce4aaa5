import GadgetWorld
public import Simulation
import RawGadget
import Text
import Usercopy
import USB
import UsbHost

/// Writes scripts as scenario files that the reader takes back.
public enum ScenarioWriter {
  /// The file's text.
  public static func text(_ script: Script) -> String {
    var lines = ["title: \(scalar(script.title))"]
    for (key, value) in [
      ("about", script.about), ("source", script.source), ("remember", script.remember),
    ] where !value.isEmpty {
      lines.append("\(key): \(scalar(value))")
    }
    lines.append("kernel: \(kernel(script))")
    if script.chosenDriver != nil || script.setup != GadgetSetup() {
      lines.append("gadget: \(flow(gadget(script)))")
    }
    if !script.caches.isEmpty {
      lines.append("caches:")
      lines += script.caches.map { "  - \(flow(cache($0)))" }
    }
    lines += FoundWriter.lines(script)
    lines.append(script.steps.isEmpty ? "steps: []" : "steps:")
    for step in script.steps { lines += self.step(step) }
    if !script.exercises.isEmpty {
      lines.append("exercises:")
      lines += script.exercises.map { "  - \(flow(ExerciseWriter.pairs($0)))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func gadget(_ script: Script) -> Pairs {
    let setup = script.setup
    var pairs = script.chosenDriver.map { [("driver", $0.name)] } ?? []
    pairs.append(("controllers", setup.controllers.rawValue))
    if !setup.names.isEmpty {
      pairs.append(("udc", scalar(setup.namesText)))
    }
    if setup.modules != .input { pairs.append(("modules", scalar(setup.modules.text))) }
    if !script.driver.clampsLengths { pairs.append(("clamps", "false")) }
    return pairs
  }

  /// The file's text with as many steps from the first as a reader takes.
  ///
  /// - Returns: the text, and the number of steps in it.
  public static func readable(_ script: Script) -> (text: String, steps: Int) {
    var script = script
    var room = ScenarioReader.sizeLimit - text(script.prefix(0)).utf8.count
    let fitting = script.steps.prefix(ScenarioReader.stepLimit).prefix { step in
      room -= self.step(step).reduce(0) { $0 + $1.utf8.count + 1 }
      return room >= 0
    }
    script = script.prefix(fitting.count)
    return (text(script), fitting.count)
  }

  typealias Pairs = [(String, String)]

  static func flow(_ pairs: Pairs) -> String {
    pairs.isEmpty ? "{}" : "{ " + pairs.map { "\($0): \($1)" }.joined(separator: ", ") + " }"
  }

  /// Text as a YAML scalar: plain where that is safe, else in double quotes.
  static func scalar(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", " ", "/", "(", ")", "+": true
      default: false
      }
    }
    let words = ["true", "false", "yes", "no", "on", "off", "null", "~", ""]
    let first = text.first ?? " "
    let safeStart = first.isLetter || first == "_"
    if plain, safeStart, !text.hasSuffix(" "), !words.contains(text.lowercased()) { return text }
    var quoted = "\""
    for element in ShownText(text) {
      let scalar = element.scalar
      switch (scalar, element.form) {
      case ("\"", _): quoted += "\\\""
      case ("\\", _): quoted += "\\\\"
      case ("\n", _): quoted += "\\n"
      case ("\t", _): quoted += "\\t"
      case (_, .narrow), (_, .wide), (_, .mark): quoted.unicodeScalars.append(scalar)
      case (_, .leftOut), (_, .hidden): quoted += escape(scalar)
      }
    }
    return quoted + "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0..<0x100: "\\x" + scalar.value.hex(width: 2)
    case 0x100..<0x1_0000: "\\u" + scalar.value.hex(width: 4)
    default: "\\U" + scalar.value.hex(width: 8)
    }
  }

  private static func kernel(_ script: Script) -> String {
    let kernel = script.configuration
    let standard = Configuration.stock(
      kernel.release, architecture: kernel.architecture, wordSize: kernel.wordSize)
    var pairs: Pairs = [
      ("era", script.era), ("allocator", kernel.allocator.rawValue),
      ("arch", kernel.architecture.rawValue),
    ]
    if kernel.wordSize != Configuration(architecture: kernel.architecture).wordSize {
      pairs.append(("bits", String(kernel.wordSize.rawValue)))
    }
    func flag(_ key: String, _ value: Bool, _ usual: Bool) {
      if value != usual { pairs.append((key, String(value))) }
    }
    flag("frame-pointer", kernel.framePointer, standard.framePointer)
    flag("debug-vm", kernel.debugVM, false)
    if kernel.release != ScenarioReader.standardRelease(of: script.era) {
      pairs.append(("release", "\"\(kernel.release)\""))
    }
    var letters = ""
    for (letter, option) in [("Z", SlabDebug.redZone), ("P", .poison), ("U", .storeUser)]
    where kernel.slabDebug.contains(option) {
      letters += letter
    }
    if !letters.isEmpty { pairs.append(("slub-debug", letters)) }
    flag("usercopy-fallback", kernel.usercopyFallback, true)
    flag("page-span", kernel.pageSpan, false)
    flag("hardened-usercopy", kernel.hardenedUsercopy, true)
    flag("vmap-stack", kernel.vmapStack, standard.vmapStack)
    flag("warned-once", script.warnedOnce, false)
    flag("init-on-alloc", kernel.initOnAlloc, false)
    flag("init-on-free", kernel.initOnFree, false)
    if kernel.stackInit != .none { pairs.append(("init-stack", kernel.stackInit.rawValue)) }
    flag("stack-protector", kernel.stackProtector, standard.stackProtector)
    flag("random-stack-offset", kernel.randomStackOffset, standard.randomStackOffset)
    flag("smap", kernel.smap, false)
    flag("slab-merge", kernel.mergesCaches, false)
    flag("freelist-hardened", kernel.freelistHardened, false)
    flag("freelist-random", kernel.freelistRandom, false)
    if let encoding = kernel.freelistEncoding {
      pairs.append(("freelist-encoding", encoding.rawValue))
    }
    let assumed = BuildFact.allCases.filter(kernel.assumed.contains).map(\.rawValue)
    if !assumed.isEmpty { pairs.append(("assumed", "[\(assumed.joined(separator: ", "))]")) }
    if let layout = script.layout { pairs.append(("layout", FoundWriter.layout(layout))) }
    return flow(pairs)
  }

  private static func cache(_ request: CacheRequest) -> Pairs {
    var pairs: Pairs = [
      ("name", scalar(request.name)), ("object-size", String(request.objectSize)),
    ]
    if request.align > 0 { pairs.append(("align", String(request.align))) }
    if let window = request.window {
      pairs.append(("useroffset", String(window.lowerBound)))
      pairs.append(("usersize", String(window.upperBound - window.lowerBound)))
    }
    if let least = request.minPartial { pairs.append(("min-partial", String(least))) }
    if request.flags.contains(.constructor) { pairs.append(("constructor", "true")) }
    let names = CacheFlags.names.filter { request.flags.contains($0.0) }.map(\.1)
    if !names.isEmpty { pairs.append(("flags", "[\(names.joined(separator: ", "))]")) }
    if !request.isWindowKnown { pairs.append(("window-known", "false")) }
    if let given = request.given { pairs.append(("geometry", FoundWriter.geometry(given))) }
    return pairs
  }

  /// A step's lines as they stand in a file's list of steps.
  public static func lines(_ step: ScriptStep) -> String { self.step(step).joined(separator: "\n") }

  private static func step(_ step: ScriptStep) -> [String] {
    let (name, value) = ActionWriter.step(step.action)
    var lines = ["  - \(name): \(value)"]
    if step.origin != .lesson { lines.append("    origin: \(step.origin.rawValue)") }
    if let expect = step.expect { lines.append("    expect: \(flow(expectation(expect)))") }
    if !step.say.isEmpty { lines.append("    say: \(scalar(step.say))") }
    if !step.notes.isEmpty { lines.append("    notes: \(scalar(step.notes))") }
    return lines
  }

  static func expectation(_ expect: Expectation) -> Pairs {
    var pairs: Pairs = []
    if let verdict = expect.verdict { pairs.append(("verdict", verdict.rawValue)) }
    if let by = expect.by { pairs.append(("by", scalar(by))) }
    if let count = expect.notCopied { pairs.append(("not-copied", String(count))) }
    if let count = expect.copied { pairs.append(("copied", String(count))) }
    if let value = expect.returned { pairs.append(("returned", String(value))) }
    if let consequence = expect.consequence {
      pairs.append(("consequence", consequence.rawValue))
    }
    if let log = expect.log { pairs.append(("log", scalar(log))) }
    if let count = expect.leaked { pairs.append(("leaked", String(count))) }
    for (key, value) in [
      ("ret", expect.ret.map(String.init)), ("errno", expect.errno),
      ("why", expect.why.map(scalar)),
      ("blocked", expect.blocked.map(String.init)), ("event", expect.event),
      ("state", expect.state), ("host-log", expect.hostLog.map(scalar)),
    ] {
      if let value { pairs.append((key, value)) }
    }
    if !expect.eras.isEmpty {
      let eras = expect.eras.sorted { $0.key < $1.key }.map { ($0.key, $0.value.rawValue) }
      pairs.append(("eras", flow(eras)))
    }
    if let holds = expect.holds {
      var holding: Pairs = [("at", scalar(holds.place.spelling))]
      if holds.offset != 0 { holding.append(("offset", String(holds.offset))) }
      pairs.append(("holds", flow(holding + [("text", scalar(holds.text))])))
    }
    return pairs
  }
}
