import KernelHistory
public import Simulation
import Text
import Usercopy
import Yams

/// Reads scenario files: YAML text to a script, every mistake with its place.
public enum ScenarioReader {
  /// Largest file read, bytes.
  public static let sizeLimit = Fields.longestText
  /// Most steps of a scenario.
  public static let stepLimit = ScenarioGrammar.stepLimit
  /// Most bytes that all steps together may fill memory with.
  public static let contentLimit = 64 << 20
  /// Most exercises of a scenario.
  public static let exerciseLimit = ScenarioGrammar.exerciseLimit

  /// Reads a scenario and checks that every step can be done.
  ///
  /// - Parameters:
  ///   - text: the whole file.
  ///   - file: the name used in messages.
  ///   - id: what the script calls itself, usually the file's name without ending.
  public static func read(_ text: String, file: String, id: String) throws(Diagnostic) -> Script {
    let script = try parse(text, file: file, id: id)
    try ScenarioCheck.check(script, file: file)
    guard !script.steps.isEmpty else {
      throw Diagnostic(
        file: file, line: 1, column: 1,
        message: "there are no steps; a scenario needs at least one under 'steps'")
    }
    return script
  }

  /// Reads a scenario without playing it.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: the name used in messages.
  ///   - id: what the script calls itself.
  ///   - isOwn: the program wrote it for itself, however long it is.
  public static func parse(
    _ text: String, file: String, id: String, isOwn: Bool = false
  ) throws(Diagnostic) -> Script {
    guard isOwn || text.utf8.count <= sizeLimit else {
      throw Diagnostic(
        file: file, line: 0, column: 0,
        message: "larger than \(sizeLimit >> 10) KiB; a scenario is a few pages of text")
    }
    try AliasLimit.check(text, file: file)
    let root = try compose(text, file: file)
    let fields = try Fields(
      root, file: file, subject: "the scenario",
      known: ScenarioGrammar.scenario.names)
    var script = Script(
      id: id, title: try fields.requiredString("title"), about: try fields.string("about") ?? "",
      source: try fields.string("source") ?? "", remember: try fields.string("remember") ?? "")
    if let kernel = fields["kernel"] { try readKernel(kernel, file, into: &script) }
    if let gadget = fields["gadget"] { try GadgetSetupReader.read(gadget, file, into: &script) }
    for node in try fields.list("caches") {
      script.caches.append(try CacheReader.read(node, file: file, script: script))
    }
    try FoundReader.read(fields, into: &script)
    let steps = try fields.list("steps")
    guard isOwn || steps.count <= stepLimit else {
      throw fields.fail("steps", "more than \(stepLimit) steps")
    }
    var content = 0
    for node in steps {
      let step = try StepReader.read(node, file: file)
      content += step.action.content
      guard content <= contentLimit else {
        throw Diagnostic(
          file: file, line: step.line, column: step.column,
          message: "more than \(contentLimit >> 20) MiB of bytes up to here; fill less of them")
      }
      script.steps.append(step)
    }
    let exercises = try fields.list("exercises")
    guard exercises.count <= exerciseLimit else {
      throw fields.fail("exercises", "more than \(exerciseLimit) exercises")
    }
    for node in exercises {
      script.exercises.append(
        try ExerciseReader.read(node, file: file, steps: script.steps.count))
    }
    return script
  }

  /// Reads steps as ``ScenarioWriter/lines(_:)`` writes them, some of a list.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: the name used in messages.
  public static func steps(_ text: String, file: String) throws(Diagnostic) -> [ScriptStep] {
    try AliasLimit.check(text, file: file)
    let root = try compose(text, file: file)
    guard case .sequence(let list) = root else {
      throw Diagnostic(file: file, line: 1, column: 1, message: "is no list of steps")
    }
    var steps: [ScriptStep] = []
    for node in list { steps.append(try StepReader.read(node, file: file)) }
    return steps
  }

  static func compose(_ text: String, file: String) throws(Diagnostic) -> Node {
    do {
      guard let node = try Yams.compose(yaml: text, .basic) else {
        throw Diagnostic(
          file: file, line: 1, column: 1, message: "the file is empty; it needs a title and steps")
      }
      return node
    } catch let error as Diagnostic {
      throw error
    } catch let error as YamlError {
      throw diagnostic(error, file: file)
    } catch {
      throw Diagnostic(file: file, line: 0, column: 0, message: "is not valid YAML: \(error)")
    }
  }

  static func diagnostic(_ error: YamlError, file: String) -> Diagnostic {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      Diagnostic(
        file: file, line: mark.line, column: mark.column,
        message: "is not valid YAML: \(YAMLWords.problem(problem))"
          + (context.map { " (\($0.text))" } ?? ""))
    case .duplicatedKeysInMapping(let keys, let context):
      Diagnostic(
        file: file, line: context.mark.line, column: context.mark.column,
        message: "a key is given twice: \(keys.map { "\($0)" }.joined(separator: ", "))")
    case .reader(let problem, let offset, _, let yaml):
      diagnostic(file, before: yaml.prefix(offset ?? 0), "is not valid YAML: \(problem)")
    default:
      Diagnostic(file: file, line: 0, column: 0, message: "is not YAML text in UTF-8")
    }
  }

  /// What is wrong behind the first characters of a file.
  private static func diagnostic(
    _ file: String, before: Substring, _ message: String
  ) -> Diagnostic {
    let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return Diagnostic(
      file: file, line: max(lines.count, 1), column: (lines.last?.unicodeScalars.count ?? 0) + 1,
      message: message)
  }

  private static func readKernel(_ node: Node, _ file: String, into script: inout Script)
    throws(Diagnostic)
  {
    let fields = try Fields(
      node, file: file, subject: "kernel",
      known: ScenarioGrammar.kernel.names)
    if let era = try fields.era() { script.era = era }
    let arch = try fields.choice("arch", of: Architecture.self) ?? .x86_64
    let bits = try fields.int("bits", in: 32...64).flatMap(WordSize.init(rawValue:))
    let release = try release(fields, era: script.era)
    var configuration = Configuration.stock(release, architecture: arch, wordSize: bits)
    configuration.allocator = try fields.choice("allocator", of: Allocator.self) ?? .slub
    if let value = try fields.bool("frame-pointer") { configuration.framePointer = value }
    configuration.debugVM = try fields.bool("debug-vm") ?? false
    configuration.usercopyFallback = try fields.bool("usercopy-fallback") ?? true
    configuration.pageSpan = try fields.bool("page-span") ?? false
    configuration.hardenedUsercopy = try fields.bool("hardened-usercopy") ?? true
    if let value = try fields.bool("vmap-stack") { configuration.vmapStack = value }
    configuration.initOnAlloc = try fields.bool("init-on-alloc") ?? false
    configuration.initOnFree = try fields.bool("init-on-free") ?? false
    configuration.stackInit = try fields.choice("init-stack", of: StackInit.self) ?? .none
    if let value = try fields.bool("stack-protector") { configuration.stackProtector = value }
    if let value = try fields.bool("random-stack-offset") {
      configuration.randomStackOffset = value
    }
    configuration.smap = try fields.bool("smap") ?? false
    configuration.mergesCaches = try fields.bool("slab-merge") ?? false
    configuration.freelistHardened = try fields.bool("freelist-hardened") ?? false
    configuration.freelistRandom = try fields.bool("freelist-random") ?? false
    configuration.freelistEncoding = try fields.choice(
      "freelist-encoding", of: FreelistEncoding.self)
    configuration.assumed = Set(try fields.choices("assumed", of: BuildFact.self))
    script.warnedOnce = try fields.bool("warned-once") ?? false
    for letter in try fields.string("slub-debug") ?? "" {
      switch letter {
      case "Z": configuration.slabDebug.insert(.redZone)
      case "P": configuration.slabDebug.insert(.poison)
      case "U": configuration.slabDebug.insert(.storeUser)
      default: throw fields.fail("slub-debug", "'\(letter)' is none of Z, P and U")
      }
    }
    script.configuration = configuration
    if let node = fields["layout"] {
      script.layout = try FoundReader.layout(node, file, configuration)
    }
  }
}

extension ScenarioReader {
  /// The release of the machine: the era's own unless the file names another.
  private static func release(_ fields: Fields, era: String) throws(Diagnostic) -> KernelVersion {
    guard let text = try fields.string("release") else { return standardRelease(of: era) }
    guard let release = KernelVersion(text) else {
      throw fields.fail("release", "'release' must be a release of Linux, such as \"6.1\"")
    }
    return release
  }

  /// The release an era's machine has when nothing else is said.
  static func standardRelease(of era: String) -> KernelVersion {
    Era.named(era)?.release ?? .of2011
  }
}

extension Action {
  /// Bytes that the step itself holds to fill memory with.
  fileprivate var content: Int {
    switch self {
    case .alloc(let alloc): alloc.bytes.count
    case .user(let buffer): buffer.bytes.count
    case .image(let part): part.bytes.count
    case .module(let part): part.bytes.count
    case .write(_, _, let bytes): bytes.count
    case .ioctl(let call):
      if case .data(_, _, let bytes, _) = call.argument { bytes.count } else { 0 }
    case .free, .call, .return, .vmalloc, .pages, .kmap, .task, .run, .copy, .era, .note, .open,
      .close, .host, .gadgetfs, .wait, .signal:
      0
    }
  }
}

/// Reads a cache's creation request.
enum CacheReader {
  static func read(_ node: Node, file: String, script: Script) throws(Diagnostic) -> CacheRequest {
    let fields = try Fields(
      node, file: file, subject: "a cache",
      known: ScenarioGrammar.cache.names)
    let name = try fields.requiredString("name")
    let size = try fields.requiredUnsigned("object-size")
    guard (1...UInt64(1 << 20)).contains(size) else {
      throw fields.fail("object-size", "'object-size' must be from 1 to 1048576")
    }
    guard !script.caches.contains(where: { $0.name == name }) else {
      throw fields.fail("name", "there is a cache '\(name)' already")
    }
    var request = CacheRequest(name: name, objectSize: size)
    if let align = try fields.unsigned("align") {
      guard align <= 1 << 20, align & (align &- 1) == 0 else {
        throw fields.fail("align", "'align' must be a power of two up to 1048576")
      }
      request.align = align
    }
    let start = try fields.unsigned("useroffset")
    let length = try fields.unsigned("usersize")
    if start != nil || length != nil {
      let low = start ?? 0
      guard low <= size, length ?? (size - low) <= size - low else {
        throw fields.fail(
          fields.has("usersize") ? "usersize" : "useroffset",
          "the window must lie inside the object's \(size) bytes")
      }
      request.window = low..<low + (length ?? (size - low))
    }
    request.minPartial = try fields.int("min-partial", in: 0...1000)
    request.isWindowKnown = try fields.bool("window-known") ?? true
    if let node = fields["geometry"] { request.given = try FoundReader.geometry(node, file) }
    if try fields.bool("constructor") == true { request.flags.insert(.constructor) }
    for flag in try fields.list("flags") {
      request.flags.insert(try Self.flag(flag, fields))
    }
    return request
  }

  private static func flag(_ node: Node, _ fields: Fields) throws(Diagnostic) -> CacheFlags {
    let text = node.scalar?.string ?? ""
    for (value, name) in CacheFlags.names where name == text { return value }
    let known = CacheFlags.names.map(\.1)
    throw Fields.diagnostic(
      fields.file, node.mark, "unknown flag '\(text)'", Nearest.word(to: text, among: known),
      known: known)
  }
}

extension Fields {
  /// The era that a mapping names; nil where it names none.
  ///
  /// - Throws: what eras there are, where there is none of that name.
  func era() throws(Diagnostic) -> String? {
    guard let era = try string("era") else { return nil }
    let known = ScenarioGrammar.eras
    guard known.contains(era) else {
      throw fail("era", "unknown era '\(era)'", Nearest.word(to: era, among: known), known: known)
    }
    return era
  }
}
