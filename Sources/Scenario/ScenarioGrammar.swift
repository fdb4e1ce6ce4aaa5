import GadgetWorld
import RawGadget
import Simulation
import Text
import UsbHost
import Usercopy

/// Every mapping of a scenario file.
enum ScenarioGrammar {
  static let eras = Era.all.map(\.id)
  /// Every era, in a list of eras.
  static let allEras = "all"
  /// Most steps of a scenario.
  static let stepLimit = 2_000
  /// Most exercises of a scenario.
  static let exerciseLimit = 64
  /// Most slabs of a real kernel in a scenario, and most stacks.
  static let foundLimit = 64

  static let scenario = Shape(
    [
      "title": .text, "about": .text, "source": .text, "remember": .text,
      "kernel": .shape(kernel), "gadget": .shape(gadget), "caches": .list(.shape(cache)),
      "slabs": .count(0...foundLimit, .shape(slab)),
      "stacks": .count(0...foundLimit, .shape(stack)),
      "gadgets": .count(0...foundLimit, .shape(foundGadget)),
      "steps": .count(1...stepLimit, .shape(step)),
      "exercises": .count(0...exerciseLimit, .shape(exercise)),
    ], required: ["title", "steps"])

  static let kernel = Shape([
    "era": .word(eras), "release": .form("^[0-9]{1,3}\\.[0-9]{1,3}([^0-9].*)?$"),
    "allocator": .word(Allocator.self),
    "arch": .word(Architecture.self), "bits": .range(32...64), "frame-pointer": .truth,
    "debug-vm": .truth, "slub-debug": .form("^[ZPU]*$"), "usercopy-fallback": .truth,
    "page-span": .truth,
    "hardened-usercopy": .truth, "vmap-stack": .truth, "warned-once": .truth,
    "init-on-alloc": .truth, "init-on-free": .truth, "init-stack": .word(StackInit.self),
    "stack-protector": .truth, "random-stack-offset": .truth, "freelist-hardened": .truth,
    "freelist-random": .truth,
    "freelist-encoding": .word(FreelistEncoding.self), "slab-merge": .truth, "smap": .truth,
    "assumed": .list(.word(BuildFact.allCases.map(\.rawValue))), "layout": .shape(layout),
  ])

  /// Where a real kernel keeps its parts: addresses, and pairs of the first and the one behind the last.
  static let layout = Shape([
    "direct-map": page, "ram": .range(1 << 20...1 << 46), "vmalloc": page,
    "linear-text": .unsigned,
    "text": .count(2...2, .unsigned), "rodata": .count(2...2, .unsigned),
    "data": .count(2...2, .unsigned),
    "bss": .count(2...2, .unsigned),
  ])

  /// The address of a page.
  private static let page = ValueKind.multiple(of: Int(Memory.pageSize))
  private static let bytes = ValueKind.form("^([0-9a-fA-F]\\s*[0-9a-fA-F]\\s*)*$")

  /// A cache's layout as a real kernel tells it.
  static let geometry = Shape(
    [
      "stride": .range(1...4 << 20), "order": .range(0...GivenGeometry.largestOrder),
      "objects": .range(1...GivenGeometry.mostObjects), "inuse": .unsigned,
      "freeptr-offset": .unsigned, "red-left-pad": .unsigned, "random": .unsigned,
    ], required: ["stride", "order", "objects"])

  /// A slab of a real kernel.
  static let slab = Shape(
    [
      "cache": .text, "at": page, "slots": .form("^[AF?]+$"), "heads": .count(0...64, .unsigned),
      "names": .names(.text), "data": bytes,
    ], required: ["cache", "at", "slots", "data"])

  /// A stack of a real kernel's task.
  static let stack = Shape(
    [
      "task": .text, "at": .unsigned, "area": .unsigned, "registers": .unsigned,
      "canaries": .count(0...1 << 13, .unsigned), "frames": .list(.shape(frame)), "data": bytes,
    ], required: ["task", "at", "data"])

  /// An open raw-gadget file of a real kernel.
  static let foundGadget = Shape(
    [
      "task": .text, "pid": .range(0...1 << 30), "state": .text, "queue": .list(.shape(foundEvent)),
    ],
    required: ["task"])

  static let foundEvent = Shape(
    ["at": .unsigned, "type": .range(0...1 << 16), "data": .text], required: ["at", "type"])

  static let frame = Shape(
    [
      "function": .text, "inlined": .list(.text), "low": .unsigned, "high": .unsigned,
      "locals": .list(.shape(local)),
    ], required: ["function", "low", "high"])

  static let local = Shape(
    ["name": .text, "at": .unsigned, "size": .unsigned], required: ["name", "at", "size"])

  static let gadget = Shape([
    "driver": .word(DriverPolicy.all.map(\.name)),
    "controllers": .word(GadgetWorld.Controllers.self), "udc": .text, "modules": .form(modules),
    "clamps": .truth,
  ])

  /// `all`, `input`, or names with commas or blanks between them; modprobe takes both dashes as one.
  private static let modules: String = {
    let names = HostModules.words + HostModule.allCases.map(\.rawValue)
    let forms = names.map { $0.map { "-_".contains($0) ? "[-_]" : String($0) }.joined() }
    return "^[, ]*((\(forms.joined(separator: "|")))([, ]+|$))*$"
  }()

  static let cache = Shape(
    [
      "name": .text, "object-size": .range(1...1 << 20),
      "align": .numbers([0] + (0...20).map { 1 << $0 }),
      "useroffset": .unsigned, "usersize": .unsigned, "min-partial": .range(0...1000),
      "flags": .list(.word(CacheFlags.names.map(\.1))), "constructor": .truth,
      "window-known": .truth,
      "geometry": .shape(geometry),
    ], required: ["name", "object-size"])

  static let exercise: Shape = {
    var shape = Shape(exerciseFields, required: ["ask"])
    shape.anyOf = ExerciseKeys.copyTasks + ExerciseKeys.tasks
    shape.rules = exerciseRules
    return shape
  }()

  /// Which keys belong to which kind of exercise.
  private static let exerciseRules: [Shape.Rule] = {
    var rules = ExerciseKeys.owners.map { Shape.Rule(key: $0.key, needs: [$0.owner]) }
    rules += ExerciseKeys.ofPassing.map { Shape.Rule(key: $0, needs: ["allow"]) }
    rules += ExerciseKeys.tasks.map { task in
      Shape.Rule(
        key: task,
        bars: ExerciseKeys.tasks.filter { $0 != task } + ExerciseKeys.copyTasks
          + ExerciseKeys.ofCopies)
    }
    return rules + [
      Shape.Rule(key: "does", needsOne: ["expect", "configured"]),
      Shape.Rule(key: "number", words: [distance], needs: ["places"]),
      Shape.Rule(key: "number", words: Exercise.Count.allCases.map(\.rawValue), needs: ["of"]),
      Shape.Rule(
        key: "number", words: Exercise.Count.ofCopies.map(\.rawValue),
        inside: ("of", needs: [ActionWord.copy.rawValue], bars: [])),
    ]
  }()

  private static let exerciseFields: KeyValuePairs<String, ValueKind> =
    [
      "ask": .text, "allow": .list(.word(eras + [allEras])),
      "deny": .list(.word(eras + [allEras])),
      "hints": .list(.text), "leaks": .truth, "place": place,
      "entry": .list(.word(EntryPoint.self)), "max-length": .unsigned,
      "direction": .word([CopyDirection.toUser.rawValue, CopyDirection.fromUser.rawValue]),
      "reveals": .text, "checked": .truth, "warns": .truth,
      "region": .word(Exercise.Region.self), "step": .unsigned, "because": .text,
      "solution": .count(0...ExerciseKeys.mostSteps, .shape(step)), "does": .word(stepKinds),
      "expect": .shape(expect), "configured": .truth,
      "max-steps": .range(1...ExerciseKeys.mostSteps),
      "order": .count(ExerciseKeys.orderLength, .shape(expectedStep)), "number": .word(numbers),
      "of": .shape(step), "places": .list(.text),
    ]

  /// What a step may be of that an exercise asks for: a call, an action of the host, or another action.
  static let stepKinds =
    RawIoctl.allCases.map(\.shortName)
    + HostWord.allCases.map { "host \($0.rawValue)" }
    + ActionWord.allCases.filter { $0 != .ioctl && $0 != .host && $0 != .note }.map(\.rawValue)

  /// Numbers that an exercise may ask for.
  static let numbers = Exercise.Count.allCases.map(\.rawValue) + [distance]
  /// The bytes between two places.
  static let distance = "distance"

  /// A name, an address or a well-known spot.
  static let place = ValueKind.open(Place.Spot.allCases.map(\.rawValue))

  static let expect = Shape([
    "verdict": .word(Verdict.self), "by": .word(ExpectedWords.refusers), "not-copied": .unsigned,
    "copied": .unsigned,
    "returned": .signed,
    "consequence": .word(["none", "return", "oops", "livelock", "sigkill"]), "log": .text,
    "leaked": .unsigned, "eras": .shape(outcomes), "holds": .shape(holds), "ret": .signed,
    "errno": .word(ExpectedWords.errors),
    "why": .form("^(\(ExpectedWords.reasons.joined(separator: "|")))(:.*)?$"),
    "blocked": .truth, "event": .word(ExpectedWords.events),
    "state": .word(ExpectedWords.states),
    "host-log": .text,
  ])

  /// Outcomes by era.
  static let outcomes: Shape = {
    var shape = Shape(["all": .word(Expectation.Outcome.self)])
    shape.fields += eras.map { Shape.Entry(name: $0, kind: .word(Expectation.Outcome.self)) }
    return shape
  }()

  static let holds = Shape(
    ["at": place, "offset": .signed, "text": .text], required: ["at", "text"])
}

// MARK: Steps

extension ScenarioGrammar {
  /// A step: one of the actions, what it should do, and what is said.
  static let step: Shape = {
    let words = ActionWord.allCases
    var shape = Shape(
      [
        "expect": .shape(expect), "say": .text, "notes": .text,
        "origin": .word(ScriptStep.Origin.self),
      ], oneOf: words.map(\.rawValue))
    let actions = words.map {
      Shape.Entry(name: $0.rawValue, kind: action($0), help: $0.help)
    }
    shape.fields = actions + shape.fields
    shape.rules = words.map { word in
      Shape.Rule(
        key: word.rawValue,
        inside: ("expect", needs: [], bars: ExpectedKeys.barred(of: word).keys))
    }
    return shape
  }()

  /// A step that says what comes of it.
  private static let expectedStep: Shape = {
    var shape = step
    shape.required.append("expect")
    return shape
  }()

  private static func action(_ word: ActionWord) -> ValueKind {
    guard case .fields(let fields) = word.shape else { return behind(word.shape) }
    var shape = self.shape(fields)
    shape.oneOf = word.oneOf
    shape.anyOf = word.anyOf
    shape.rules = rules(fields.map(\.name)) + (word == .copy ? copyRules : [])
    return .shape(shape)
  }

  /// What says a content says it once, and one byte fills a size.
  private static func rules(_ names: [String]) -> [Shape.Rule] {
    let contents = ["bytes", "fill", "data"].filter(names.contains)
    guard contents.contains("bytes") else { return [] }
    let bars = Shape.Rule(key: "bytes", bars: contents.filter { $0 != "bytes" })
    guard contents.contains("fill") else { return [bars] }
    return [
      bars,
      Shape.Rule(key: "fill", bars: ["data"]),
      Shape.Rule(key: "fill", needs: names.contains("length") ? ["length"] : ["size"]),
    ]
  }

  /// The kernel's side is read or written, as the entry point says; single values have few sizes.
  private static let copyRules: [Shape.Rule] = {
    let reading = EntryPoint.allCases.filter { $0.direction == .toUser }.map(\.rawValue)
    let writing = EntryPoint.allCases.map(\.rawValue).filter { !reading.contains($0) }
    let sized = EntryPoint.allCases.filter { $0.valueSizes != nil }
    return [
      Shape.Rule(
        key: "entry", words: reading, isUsual: true, unless: "direction", needs: ["from"]),
      Shape.Rule(key: "entry", words: writing, unless: "direction", needs: ["to"]),
      Shape.Rule(
        key: "entry", words: sized.map(\.rawValue),
        numbers: sized.first?.valueSizes.map { ("length", $0) }),
    ]
  }()

  private static func behind(_ shape: FieldShape) -> ValueKind {
    switch shape {
    case .nothing: .anything
    case .single(let field): kind(field.kind)
    case .fields(let fields): .shape(self.shape(fields))
    case .host(let beside): .shape(host(beside))
    }
  }

  private static func host(_ beside: [Field]) -> Shape {
    let words = HostWord.allCases
    var shape = self.shape(beside)
    shape.fields =
      words.map { Shape.Entry(name: $0.rawValue, kind: behind($0.shape)) } + shape.fields
    shape.oneOf = words.map(\.rawValue)
    return shape
  }

  private static func shape(_ fields: [Field]) -> Shape {
    var shape = Shape([:], required: fields.filter(\.isRequired).map(\.name))
    shape.fields = fields.map {
      Shape.Entry(name: $0.name, kind: kind($0.kind), help: $0.help)
    }
    return shape
  }

  /// What a value may be in a file, by the kind of its field.
  private static func kind(_ kind: FieldKind) -> ValueKind {
    switch kind {
    case .text, .name, .content: .text
    case .hex: bytes
    case .number(let range, _):
      range.upperBound > UInt64(Int.max)
        ? .unsigned : .range(Int(range.lowerBound)...Int(range.upperBound))
    case .signed: .signed
    case .truth: .truth
    case .word(let words): .word(words)
    case .place: place
    case .era: .word(eras)
    case .request:
      .either([
        .word(RawIoctl.allCases.map(\.shortName) + RawIoctl.allCases.map(\.name)), .unsigned,
      ])
    case .speed: .either([.word(SpeedName.all.map(\.name)), .range(0...255)])
    case .locals(let most):
      .names(
        .either([.range(0...Int(most)), .shape(shape(StructureFields.local(most: most)))]))
    case .members: .list(.shape(shape(StructureFields.member)))
    case .structure: .text
    case .texts: .list(.text)
    case .numbers(let range):
      .either([
        .range(Int(clamping: range.lowerBound)...Int(clamping: range.upperBound)),
        .form("^[0-9]+(-[0-9]+)?([, ]+[0-9]+(-[0-9]+)?)*$"),
      ])
    }
  }
}
