import GadgetWorld
import RawGadget
import Simulation
import Text
import Usercopy

/// What a value of a scenario file may be.
indirect enum ValueKind: Sendable {
  case text
  /// 0 or more, decimal or hexadecimal.
  case unsigned
  case signed
  case range(ClosedRange<Int>)
  case truth
  /// One word out of a list.
  case word([String])
  /// One word out of a list is usual, but others may be right.
  case open([String])
  case list(ValueKind)
  /// A list with something in it.
  case some(ValueKind)
  /// Text of that form, a regular expression.
  case form(String)
  case shape(Shape)
  /// Names with values of one kind.
  case names(ValueKind)
  /// One of several kinds.
  case either([ValueKind])
  case anything

  static func word<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> ValueKind
  where Value.RawValue == String {
    .word(Value.allCases.map(\.rawValue))
  }
}

/// The fields of one mapping. The reader takes its list of known keys from here and the schema for
/// editors is printed from here, so neither can know a key the other does not.
struct Shape: Sendable {
  /// A key, what it may hold, and what it means.
  struct Entry: Sendable {
    var name: String
    var kind: ValueKind
    var help = ""
  }

  var fields: [Entry]
  /// Fields that must be there.
  var required: [String] = []
  /// Exactly one of these must be there.
  var oneOf: [String] = []
  /// At least one of these must be there.
  var anyOf: [String] = []

  /// The keys the reader knows.
  var names: [String] { fields.map(\.name) }

  init(
    _ fields: KeyValuePairs<String, ValueKind>, required: [String] = [], oneOf: [String] = [],
    anyOf: [String] = []
  ) {
    self.fields = fields.map { Entry(name: $0.key, kind: $0.value) }
    self.required = required
    self.oneOf = oneOf
    self.anyOf = anyOf
  }
}

/// Every mapping of a scenario file.
enum ScenarioGrammar {
  static let eras = Era.all.map(\.id)
  /// Every era, in a list of eras.
  static let allEras = "all"

  static let scenario = Shape(
    [
      "title": .text, "about": .text, "source": .text, "remember": .text,
      "kernel": .shape(kernel), "gadget": .shape(gadget), "caches": .list(.shape(cache)),
      "slabs": .list(.shape(slab)), "stacks": .list(.shape(stack)),
      "steps": .some(.shape(step)), "exercises": .list(.shape(exercise)),
    ], required: ["title", "steps"])

  static let kernel = Shape([
    "era": .word(eras), "release": .text, "allocator": .word(Allocator.self),
    "arch": .word(Architecture.self), "bits": .range(32...64), "frame-pointer": .truth,
    "debug-vm": .truth, "slub-debug": .form("^[ZPU]*$"), "usercopy-fallback": .truth,
    "page-span": .truth,
    "hardened-usercopy": .truth, "vmap-stack": .truth, "warned-once": .truth,
    "init-on-alloc": .truth, "init-on-free": .truth, "init-stack": .word(StackInit.self),
    "stack-protector": .truth, "freelist-hardened": .truth, "freelist-random": .truth,
    "slab-merge": .truth, "layout": .shape(layout),
  ])

  /// Where a real kernel keeps its parts: addresses, and pairs of the first and the one behind the last.
  static let layout = Shape([
    "direct-map": .unsigned, "ram": .unsigned, "vmalloc": .unsigned, "linear-text": .unsigned,
    "text": .list(.unsigned), "rodata": .list(.unsigned), "data": .list(.unsigned),
    "bss": .list(.unsigned),
  ])

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
      "cache": .text, "at": .unsigned, "slots": .text, "heads": .list(.unsigned),
      "names": .names(.text), "data": .text,
    ], required: ["cache", "at", "slots", "data"])

  /// A stack of a real kernel's task.
  static let stack = Shape(
    [
      "task": .text, "at": .unsigned, "area": .unsigned, "registers": .unsigned,
      "canaries": .list(.unsigned), "frames": .list(.shape(frame)), "data": .text,
    ], required: ["task", "at", "data"])

  static let frame = Shape(
    [
      "function": .text, "inlined": .list(.text), "low": .unsigned, "high": .unsigned,
      "locals": .list(.shape(local)),
    ], required: ["function", "low", "high"])

  static let local = Shape(
    ["name": .text, "at": .unsigned, "size": .unsigned], required: ["name", "at", "size"])

  static let gadget = Shape([
    "driver": .word(DriverPolicy.all.map(\.name)),
    "controllers": .word(GadgetWorld.Controllers.self), "udc": .text, "modules": .text,
    "clamps": .truth,
  ])

  static let cache = Shape(
    [
      "name": .text, "object-size": .range(1...1 << 20), "align": .unsigned,
      "useroffset": .unsigned, "usersize": .unsigned,
      "flags": .list(.word(CacheFlags.names.map(\.1))), "constructor": .truth,
      "window-known": .truth,
      "geometry": .shape(geometry),
    ], required: ["name", "object-size"])

  static let exercise = Shape(
    [
      "ask": .text, "allow": .list(.word(eras + [allEras])),
      "deny": .list(.word(eras + [allEras])),
      "hints": .list(.text), "leaks": .truth, "place": place,
      "entry": .list(.word(EntryPoint.self)), "max-length": .unsigned,
      "direction": .word([CopyDirection.toUser.rawValue, CopyDirection.fromUser.rawValue]),
      "reveals": .text, "checked": .truth, "warns": .truth,
      "region": .word(Exercise.Region.self), "step": .unsigned, "because": .text,
      "solution": .list(.shape(step)), "does": .word(stepKinds),
      "expect": .shape(expect), "configured": .truth, "max-steps": .range(1...64),
      "order": .list(.shape(step)), "number": .word(numbers),
      "of": .shape(step), "places": .list(.text),
    ], required: ["ask"], anyOf: ["allow", "deny", "does", "order", "number"])

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
    "errno": .word(ExpectedWords.errors), "why": .open(ExpectedWords.reasons),
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
    return shape
  }()

  private static func action(_ word: ActionWord) -> ValueKind {
    guard case .fields(let fields) = word.shape else { return behind(word.shape) }
    var shape = self.shape(fields)
    shape.oneOf = word.oneOf
    shape.anyOf = word.anyOf
    return .shape(shape)
  }

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
    case .hex: .form("^([0-9a-fA-F]\\s*[0-9a-fA-F]\\s*)*$")
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
    }
  }
}
