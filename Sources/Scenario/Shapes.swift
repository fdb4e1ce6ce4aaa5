import RawGadget
import Simulation
import Usercopy
import USB

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
  case shape(Shape)
  /// Names with values of one kind.
  case names(ValueKind)
  case anything

  static func word<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> ValueKind
  where Value.RawValue == String {
    .word(Value.allCases.map(\.rawValue))
  }
}

/// The fields of one mapping. The reader takes its list of known keys from here and the schema for
/// editors is printed from here, so neither can know a key the other does not.
struct Shape: Sendable {
  var fields: [(name: String, kind: ValueKind)]
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
    self.fields = fields.map { ($0.key, $0.value) }
    self.required = required
    self.oneOf = oneOf
    self.anyOf = anyOf
  }
}

/// Every mapping of a scenario file.
enum Shapes {
  static let eras = Era.all.map(\.id)
  /// Every era, in a list of eras.
  static let allEras = "all"

  static let scenario = Shape(
    [
      "title": .text, "about": .text, "source": .text, "remember": .text,
      "kernel": .shape(kernel), "gadget": .shape(gadget), "caches": .list(.shape(cache)),
      "steps": .list(.shape(step)), "exercises": .list(.shape(exercise)),
    ], required: ["title"])

  static let kernel = Shape([
    "era": .word(eras), "release": .text, "allocator": .word(Allocator.self),
    "arch": .word(Architecture.self), "bits": .range(32...64), "frame-pointer": .truth,
    "debug-vm": .truth, "slub-debug": .text, "usercopy-fallback": .truth, "page-span": .truth,
    "hardened-usercopy": .truth, "vmap-stack": .truth, "warned-once": .truth,
  ])

  static let gadget = Shape([
    "driver": .word(DriverPolicy.all.map(\.name)),
    "controllers": .word(GadgetWorld.Controllers.self), "clamps": .truth,
  ])

  static let cache = Shape(
    [
      "name": .text, "object-size": .range(1...1 << 20), "align": .unsigned,
      "useroffset": .unsigned, "usersize": .unsigned,
      "flags": .list(.word(CacheFlags.names.map(\.1))),
    ], required: ["name", "object-size"])

  static let exercise = Shape(
    [
      "ask": .text, "allow": .list(.word(eras + [allEras])),
      "deny": .list(.word(eras + [allEras])),
      "hints": .list(.text), "leaks": .truth, "place": place,
      "entry": .list(.word(EntryPoint.self)), "max-length": .unsigned,
      "direction": .word([CopyDirection.toUser.rawValue, CopyDirection.fromUser.rawValue]),
      "reveals": .text, "checked": .truth, "warns": .truth,
      "region": .word(Exercise.Region.self), "step": .unsigned,
    ], required: ["ask"], anyOf: ["allow", "deny"])

  /// A name, an address or a well-known spot.
  static let place = ValueKind.open(Place.Spot.allCases.map(\.rawValue))

  static let expect = Shape([
    "verdict": .word(Verdict.self), "by": .text, "not-copied": .unsigned, "copied": .unsigned,
    "returned": .signed,
    "consequence": .word(["none", "return", "oops", "livelock", "sigkill"]), "log": .text,
    "leaked": .unsigned, "eras": .shape(outcomes), "holds": .shape(holds), "ret": .signed,
    "errno": .text, "why": .text, "blocked": .truth, "event": .text, "state": .text,
    "host-log": .text,
  ])

  /// Outcomes by era.
  static let outcomes: Shape = {
    var shape = Shape(["all": .word(Expectation.Outcome.self)])
    shape.fields += eras.map { ($0, .word(Expectation.Outcome.self)) }
    return shape
  }()

  static let holds = Shape(
    ["at": place, "offset": .signed, "text": .text], required: ["at", "text"])
}

// MARK: Steps

extension Shapes {
  /// Actions by the word a step starts with, and what stands behind it.
  static let actions = Shape([
    "alloc": .shape(alloc), "free": .text, "call": .shape(call), "return": .anything,
    "vmalloc": .shape(vmalloc), "pages": .shape(pages), "user": .shape(user),
    "image": .shape(image), "task": .shape(task), "run": .text, "write": .shape(write),
    "copy": .shape(copy),
    "era": .word(eras), "note": .anything, "open": .shape(open), "close": .text,
    "ioctl": .shape(ioctl), "host": .shape(host), "wait": .unsigned, "signal": .text,
    "signal-restart": .text,
    "gadgetfs": .shape(configure), "gadgetfs-read": .shape(gadgetfsRead),
    "gadgetfs-write": .shape(gadgetfsWrite), "gadgetfs-stall": .shape(gadgetfsStall),
  ])

  static let step: Shape = {
    var shape = Shape(
      [
        "expect": .shape(expect), "say": .text, "notes": .text,
        "origin": .word(ScriptStep.Origin.self),
      ], oneOf: actions.names)
    shape.fields = actions.fields + shape.fields
    return shape
  }()

  static let alloc = Shape(
    [
      "cache": .text, "size": .unsigned, "as": .text, "bytes": .text, "fill": .range(0...255),
      "at": .range(0...65_535),
    ], required: ["as"])

  static let call = Shape(
    ["function": .text, "locals": .names(.range(0...16_384)), "saved": .list(.text)],
    required: ["function"])

  static let vmalloc = Shape(["as": .text, "size": .unsigned], required: ["as", "size"])

  static let pages = Shape(
    ["as": .text, "order": .range(0...10), "compound": .truth], required: ["as"])

  static let user = Shape(
    [
      "as": .text, "length": .unsigned, "read-only": .truth, "bytes": .text,
      "fill": .range(0...255),
    ], required: ["as", "length"])

  static let image = Shape(
    [
      "as": .text, "section": .word(ImageSection.self), "size": .unsigned, "offset": .unsigned,
      "bytes": .text, "fill": .range(0...255),
    ], required: ["as", "section", "size"])

  static let task = Shape(["name": .text, "stack": .unsigned], required: ["name"])

  static let write = Shape(
    ["to": place, "offset": .signed, "bytes": .text, "fill": .range(0...255)], required: ["to"])

  static let copy = Shape(
    [
      "entry": .word(EntryPoint.self), "from": place, "to": place, "offset": .signed,
      "length": .unsigned, "user": place, "constant": .truth, "object-size": .unsigned,
      "direction": .word([CopyDirection.toUser.rawValue, CopyDirection.fromUser.rawValue]),
    ], required: ["length"], oneOf: ["from", "to"])
}

// MARK: The gadget and its host

extension Shapes {
  static let open = Shape(["as": .text, "nonblocking": .truth])

  static let ioctl = Shape(
    [
      "request": .word(
        RawIoctl.allCases.map(\.shortName)
          + RawIoctl.allCases.map { "USB_RAW_IOCTL_" + $0.shortName }),
      "file": .text, "thread": .text, "pointer": .word(Action.Ioctl.Pointer.self),
      "readable": .unsigned, "writable": .unsigned,
      "waits": .truth, "driver": .text, "device": .text,
      "speed": .open(["low", "full", "high", "super"]), "length": .unsigned, "ep": .unsigned,
      "flags": .unsigned, "data": .text, "text": .text, "descriptor": .text,
      "address": .range(0...255), "attributes": .range(0...255), "max-packet": .unsigned,
      "interval": .range(0...255), "value": .unsigned,
    ], required: ["request"])

  static let configure = Shape(
    [
      "device": .text, "configuration": .text, "high-speed": .text, "thread": .text,
      "waits": .truth,
    ], required: ["device", "configuration"])

  static let gadgetfsRead = Shape([
    "length": .range(0...Action.GadgetFS.readLimit), "thread": .text, "waits": .truth,
  ])

  static let gadgetfsWrite = Shape([
    "data": .text, "text": .text, "thread": .text, "waits": .truth,
  ])

  static let gadgetfsStall = Shape(["thread": .text, "waits": .truth])

  /// Actions of the host.
  static let hostActions = Shape([
    "open": .anything, "close": .anything, "claim": .unsigned, "release": .unsigned,
    "detach": .unsigned, "bulk": .shape(bulk), "control": .shape(control),
    "submit": .shape(submit), "reap": .unsigned, "discard": .text, "clear-halt": .unsigned,
    "reset-endpoint": .unsigned, "reset": .anything, "set-configuration": .unsigned,
    "set-interface": .shape(setInterface), "sysfs-write": .shape(sysfsWrite),
  ])

  static let host: Shape = {
    var shape = Shape(["thread": .text, "waits": .truth], oneOf: hostActions.names)
    shape.fields = hostActions.fields + shape.fields
    return shape
  }()

  static let control = Shape(
    [
      "type": .unsigned, "request": .unsigned, "value": .unsigned, "index": .unsigned,
      "length": .unsigned, "data": .text, "text": .text, "timeout": .unsigned,
    ], required: ["request"])

  static let bulk = Shape(
    [
      "endpoint": .unsigned, "data": .text, "text": .text, "length": .unsigned,
      "timeout": .unsigned,
    ], required: ["endpoint"])

  static let submit = Shape(
    [
      "as": .text, "type": .word(["bulk", "interrupt"]), "endpoint": .unsigned,
      "flags": .unsigned, "data": .text, "text": .text, "length": .unsigned,
    ], required: ["as", "endpoint"])

  static let setInterface = Shape(["interface": .unsigned, "alternate": .unsigned])

  static let sysfsWrite = Shape(["file": .text, "value": .text], required: ["file", "value"])
}
