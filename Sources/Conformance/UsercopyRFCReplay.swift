public import JSON
import Usercopy

/// Replays a vector of the patches before 4.8 (`rfc-v1` to `-v3`, `pax`, `pax-3.14`) on a simulated kernel.
public enum UsercopyRFCReplay {
  /// Why a line is no vector of this kind.
  public enum Failure: Error, Equatable, Sendable {
    case missing(String)
    case unknown(String, String)
  }

  /// Rebuilds the machine the vector describes, makes its copy, and compares every field.
  public static func check(_ vector: JSONValue) throws(Failure) -> [Mismatch] {
    let (kernel, attempt, era) = try scene(vector)
    let outcome = kernel.judge(attempt, under: era)
    guard let expect = vector["expect"]?.object else { throw .missing("expect") }
    let got = expectation(outcome, attempt)
    let loose = vector["tags"]?.array?.contains(.string("objnr-wrap")) ?? false
    return expect.members.compactMap { key, wanted in
      guard let mine = got[key] else {
        return Mismatch(
          place: "expect.\(key)", expected: "a field that can be compared", got: wanted.text)
      }
      if mine == wanted { return nil }
      if key == "trace", loose, looselyEqual(mine, wanted) { return nil }
      return Mismatch(place: "expect.\(key)", expected: wanted.text, got: mine.text)
    }
  }

  /// Everything a vector's `expect` says, from the simulation.
  static func expectation(_ outcome: CopyOutcome, _ attempt: CopyAttempt) -> JSONObject {
    let lost = outcome.verdict == .bug || outcome.verdict == .hang
    func optional(_ value: Bool?) -> JSONValue { value.map { .bool($0) } ?? .null }
    let effects: [JSONValue] = outcome.sideEffects.map { effect in
      switch effect {
      case .zeroedKernel(let length):
        .object(
          JSONObject([
            ("memset", .string("to")), ("byte", .unsigned(0)),
            ("length", UsercopyJSON.quantity(length)),
          ]))
      case .zeroedTail(let from, let length):
        .object(
          JSONObject([
            ("memset", .string("to")), ("byte", .unsigned(0)),
            ("from", UsercopyJSON.quantity(from)), ("length", UsercopyJSON.quantity(length)),
          ]))
      }
    }
    var members: [(key: String, value: JSONValue)] = [
      ("verdict", .string(outcome.verdict.rawValue)),
      ("not_copied", outcome.notCopied.map { UsercopyJSON.quantity($0) } ?? .null),
      ("copied", UsercopyJSON.quantity(outcome.copied)),
      ("ret", lost ? .null : returned(outcome)),
      ("consequence", .string(outcome.consequence.rawValue)),
      ("denied_by", outcome.refuser.map { .string($0.rawValue) } ?? .null),
      ("checks", UsercopyJSON.strings(outcome.gates)),
      ("slab_access_ok", optional(outcome.slabAccessOK)),
      ("stack_access_ok", optional(outcome.stackAccessOK)),
      ("log", UsercopyJSON.strings(outcome.log)),
      ("warn", UsercopyJSON.strings(outcome.warnings)),
      ("side_effects", .array(effects)),
      ("trace", .array(outcome.trace.map(UsercopyJSON.step))),
    ]
    members.append(("undefined_in_seed", .bool(outcome.undefinedByPatch)))
    return JSONObject(members)
  }

  private static func returned(_ outcome: CopyOutcome) -> JSONValue {
    guard let value = outcome.returned else { return .null }
    let number =
      value.isUnsigned
      ? UsercopyJSON.quantity(UInt64(bitPattern: value.value)) : UsercopyJSON.signed(value.value)
    return .object(JSONObject([("type", .string(value.type)), ("value", number)]))
  }

  /// Traces that differ in slot numbers alone, where a true division and the kernel's reciprocal
  /// part company.
  private static func looselyEqual(_ a: JSONValue, _ b: JSONValue) -> Bool {
    guard let a = a.array, let b = b.array, a.count == b.count else { return false }
    return zip(a, b).allSatisfy { left, right in
      left == right || (namesSlot(left) && namesSlot(right) && left["result"] == right["result"])
    }
  }

  private static func namesSlot(_ step: JSONValue) -> Bool {
    step["let"]?.string == "objnr" || step["check"]?.string == "objnr >= cachep->num"
  }

  // MARK: The scene

  private static func scene(_ vector: JSONValue) throws(Failure) -> (Kernel, CopyAttempt, Era) {
    let policy = try text(vector, "policy")
    guard let era = Era.named(policy) else { throw .unknown("policy", policy) }
    var kernel = Kernel(configuration: try configuration(vector))
    guard let region = vector["region"], let copy = vector["copy"] else { throw .missing("region") }
    let attempt = try attempt(copy, kernel)
    try place(region, attempt, &kernel)
    return (kernel, attempt, era)
  }

  private static func text(_ value: JSONValue, _ key: String) throws(Failure) -> String {
    guard let found = value[key]?.string else { throw .missing(key) }
    return found
  }

  private static func configuration(_ vector: JSONValue) throws(Failure) -> Configuration {
    let config = vector["config"]
    let arch = try text(vector, "arch")
    let allocator = try text(vector, "allocator")
    guard let architecture = Architecture(rawValue: arch) else { throw .unknown("arch", arch) }
    guard let kind = Allocator(rawValue: allocator) else {
      throw .unknown("allocator", allocator)
    }
    guard let word = (config?["bits"]?.int).flatMap(WordSize.init(rawValue:)) else {
      throw .missing("config.bits")
    }
    return Configuration(
      architecture: architecture, wordSize: word, allocator: kind,
      framePointer: config?["frame_pointer"]?.bool ?? false,
      debugVM: config?["debug_vm"]?.bool ?? false)
  }

  private static func attempt(_ copy: JSONValue, _ kernel: Kernel) throws(Failure) -> CopyAttempt {
    let name = try text(copy, "entry")
    guard let entry = EntryPoint(rawValue: name) else { throw .unknown("copy.entry", name) }
    guard let address = UsercopyJSON.number(copy["address"]),
      let length = UsercopyJSON.number(copy["length"])
    else { throw .missing("copy.address") }
    let known = copy["object_size"]?.int64 ?? -1
    return CopyAttempt(
      entry: entry, kernel: address, user: 0x1000, length: length,
      isConstant: copy["constant"]?.bool ?? false,
      objectSize: known < 0 ? nil : UInt64(known), userAccessOK: copy["user_access_ok"]?.bool,
      stringLength: UsercopyJSON.number(copy["strlen"]))
  }

  private static func place(
    _ region: JSONValue, _ attempt: CopyAttempt, _ kernel: inout Kernel
  ) throws(Failure) {
    let page = attempt.kernel.aligned(down: Memory.pageSize)
    let valid = region["lookup"]?["virt_addr_valid"]?.bool ?? false
    let end = page &+ Memory.pageSize
    kernel.setRAM(valid ? [page..<(end > page ? end : .max)] : [])
    kernel.neverFaults = true
    // SLOB keeps no cache behind its pages, and RFC v1 asks it nothing.
    if region["lookup"]?["page_slab"]?.bool == true, kernel.configuration.allocator != .slob {
      try placeSlab(region, page, &kernel)
    }
    guard let stack = region["stack"], let base = UsercopyJSON.number(stack["task_stack_page"])
    else { return }
    kernel.addTask("current", size: UsercopyJSON.number(stack["thread_size"]) ?? 0, base: base)
    if let own = UsercopyJSON.number(stack["frame_address_0"]),
      let caller = UsercopyJSON.number(stack["frame_address_1"])
    {
      kernel.fixFrames(own: own, caller: caller)
    }
    for pair in stack["words"]?.array ?? [] {
      if let address = UsercopyJSON.number(pair[0]), let word = UsercopyJSON.number(pair[1]) {
        kernel.setWord(word, at: address)
      }
    }
  }

  private static func placeSlab(
    _ region: JSONValue, _ page: Address, _ kernel: inout Kernel
  ) throws(Failure) {
    guard let cache = region["cache"], let slab = region["slab"],
      let base = UsercopyJSON.number(slab["base"]), let stride = UsercopyJSON.number(cache["size"]),
      let objectSize = UsercopyJSON.number(cache["objsize"])
    else { throw .missing("region.slab") }
    var flags: CacheFlags = []
    for flag in cache["flags"]?.array ?? [] {
      for (value, name) in CacheFlags.names where flag.string == name { flags.insert(value) }
    }
    let made = kernel.addCache(
      SlabCache(
        name: cache["name"]?.string ?? "", objectSize: objectSize, stride: stride,
        objOffset: UsercopyJSON.number(cache["obj_offset"]) ?? 0,
        order: slab["order"]?.int ?? 0, objectsPerSlab: max(0, cache["num"]?.int ?? 0),
        flags: flags,
        managementBytes: UsercopyJSON.number(slab["management_bytes"]) ?? 0))
    kernel.placeSlab(
      cache: made, base: base, firstSlot: UsercopyJSON.number(slab["s_mem"]) ?? base)
    let head = UsercopyJSON.number(region["lookup"]?["head_page_address"]) ?? base
    if head != base {
      kernel.setPages(.slab(0), start: page, bytes: Memory.pageSize)
    }
  }
}
