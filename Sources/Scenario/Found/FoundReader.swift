import Simulation
import Text
import Usercopy
import Yams

/// Reads what a scenario holds of a real kernel's memory.
enum FoundReader {
  /// Most slabs and stacks of a scenario.
  private static let most = ScenarioGrammar.foundLimit

  static func read(_ fields: Fields, into script: inout Script) throws(Diagnostic) {
    for node in try limited("slabs", fields) {
      script.slabs.append(try slab(node, fields.file, script))
    }
    for node in try limited("stacks", fields) {
      script.stacks.append(try stack(node, fields.file))
    }
    for node in try limited("gadgets", fields) {
      script.gadgets.append(try gadget(node, fields.file))
    }
    guard let problem = script.foundProblem() else { return }
    let nodes = try fields.list(problem.isStack ? "stacks" : "slabs")
    throw Fields.diagnostic(
      fields.file, nodes[problem.index].mark,
      "this \(problem.isStack ? "stack" : "slab") does not lie in the machine's memory, "
        + "or where something else lies; see 'at' here and 'layout' of the kernel")
  }

  private static func limited(_ key: String, _ fields: Fields) throws(Diagnostic) -> [Node] {
    let nodes = try fields.list(key)
    guard nodes.count <= most else { throw fields.fail(key, "more than \(most) \(key)") }
    return nodes
  }

  // MARK: Open raw-gadget files

  private static func gadget(_ node: Node, _ file: String) throws(Diagnostic) -> FoundGadget {
    let fields = try Fields(
      node, file: file, subject: "an open file", known: ScenarioGrammar.foundGadget.names)
    let pid = try fields.int("pid", in: 0...1 << 30) ?? 0
    var gadget = FoundGadget(
      task: try fields.requiredString("task"), pid: pid,
      state: try fields.string("state") ?? "", queue: [])
    for node in try limited("queue", fields) {
      let event = try Fields(
        node, file: file, subject: "an event", known: ScenarioGrammar.foundEvent.names)
      guard let type = try event.int("type", in: 0...1 << 16) else {
        throw event.fail("type", "an event needs its 'type', a number")
      }
      gadget.queue.append(
        FoundGadget.Event(
          address: try event.requiredUnsigned("at"), type: UInt32(type),
          data: try FieldReader.hex("data", event)))
    }
    return gadget
  }

  // MARK: Slabs

  private static func slab(
    _ node: Node, _ file: String, _ script: Script
  ) throws(Diagnostic) -> FoundSlab {
    let fields = try Fields(
      node, file: file, subject: "a slab", known: ScenarioGrammar.slab.names)
    let name = try fields.requiredString("cache")
    guard let cache = script.caches.first(where: { $0.name == name }), let given = cache.given
    else {
      throw fields.fail(
        "cache", "the slab's cache '\(name)' must stand in 'caches' with its 'geometry'")
    }
    let states = try states(fields)
    guard states.count == given.objects else {
      throw fields.fail(
        "slots", "\(states.count) slots, but slabs of the cache have \(given.objects)")
    }
    let at = try fields.requiredUnsigned("at")
    guard at % Memory.pageSize == 0 else {
      throw fields.fail("at", "a slab starts at a page: 'at' must be a multiple of 4096")
    }
    let bytes = try FieldReader.hex("data", fields)
    guard UInt64(bytes.count) == Memory.pageSize << UInt64(given.order) else {
      throw fields.fail(
        "data",
        "\(bytes.count) bytes, but slabs of the cache have \(Memory.pageSize << UInt64(given.order))"
      )
    }
    return FoundSlab(
      cache: name, base: at, slots: states, heads: try numbers("heads", fields, atMost: 64),
      names: try names(fields, slots: states.count), bytes: bytes)
  }

  private static func states(_ fields: Fields) throws(Diagnostic) -> [ObjectState] {
    var states: [ObjectState] = []
    for letter in try fields.requiredString("slots") {
      guard let state = FoundLetter.state(letter) else {
        throw fields.fail(
          "slots",
          "'\(letter)' is none of A for a slot in use, F for a free one and ? for not known")
      }
      states.append(state)
    }
    return states
  }

  private static func names(_ fields: Fields, slots: Int) throws(Diagnostic) -> [Int: String] {
    guard let node = fields["names"] else { return [:] }
    guard case .mapping(let mapping) = node else {
      throw fields.fail("names", "'names' must be slots with what lies in them, such as {3: cred}")
    }
    var names: [Int: String] = [:]
    for (key, value) in mapping {
      guard let slot = key.string.flatMap({ Int($0) }), (0..<slots).contains(slot),
        let name = value.scalar?.string, !name.isEmpty
      else {
        throw Fields.diagnostic(fields.file, key.mark, "a slot from 0 to \(slots - 1) needs a name")
      }
      names[slot] = name
    }
    return names
  }

  private static func numbers(
    _ key: String, _ fields: Fields, atMost limit: Int
  ) throws(Diagnostic) -> [UInt64] {
    var numbers: [UInt64] = []
    for node in try fields.list(key) {
      guard let number = node.scalar.flatMap({ Number.unsigned($0.string) }), numbers.count < limit
      else {
        throw Fields.diagnostic(fields.file, node.mark, "'\(key)' must be at most \(limit) numbers")
      }
      numbers.append(number)
    }
    return numbers
  }

  // MARK: Stacks

  private static func stack(_ node: Node, _ file: String) throws(Diagnostic) -> FoundStack {
    let fields = try Fields(
      node, file: file, subject: "a stack", known: ScenarioGrammar.stack.names)
    let bytes = try FieldReader.hex("data", fields)
    guard (1...FoundStack.mostBytes).contains(bytes.count) else {
      throw fields.fail("data", "a stack has from 1 to \(FoundStack.mostBytes) bytes")
    }
    let size = UInt64(bytes.count)
    var stack = FoundStack(
      task: try fields.requiredString("task"), base: try fields.requiredUnsigned("at"),
      area: try fields.unsigned("area"), registers: try fields.unsigned("registers"),
      canaries: try numbers("canaries", fields, atMost: 1 << 13), bytes: bytes)
    guard stack.base <= .max - max(size, stack.area ?? 0), stack.area ?? size <= 1 << 30 else {
      throw fields.fail("at", "the stack passes the end of the address space")
    }
    guard stack.registers ?? 0 <= size, stack.canaries.allSatisfy({ $0 + 8 <= size }) else {
      throw fields.fail("registers", "registers and canaries must lie in the stack's \(size) bytes")
    }
    for node in try fields.list("frames") {
      stack.frames.append(try frame(node, file, size))
    }
    return stack
  }

  private static func frame(
    _ node: Node, _ file: String, _ size: UInt64
  ) throws(Diagnostic) -> FoundStack.Frame {
    let fields = try Fields(
      node, file: file, subject: "a frame", known: ScenarioGrammar.frame.names)
    let (low, high) = (try fields.requiredUnsigned("low"), try fields.requiredUnsigned("high"))
    guard low < high, high <= size, high >= 16 else {
      throw fields.fail("high", "a frame's 'low' lies below its 'high', both in the stack")
    }
    var frame = FoundStack.Frame(
      function: try fields.requiredString("function"),
      inlined: try fields.list("inlined").compactMap { $0.scalar?.string }, low: low, high: high)
    for node in try fields.list("locals") {
      let fields = try Fields(
        node, file: file, subject: "a local", known: ScenarioGrammar.local.names)
      let (at, bytes) = (try fields.requiredUnsigned("at"), try fields.requiredUnsigned("size"))
      guard at <= size, bytes <= size - at else {
        throw fields.fail("at", "the local must lie in the stack's \(size) bytes")
      }
      frame.variables.append(
        FoundStack.Variable(name: try fields.requiredString("name"), offset: at, size: bytes))
    }
    return frame
  }

  // MARK: The machine

  static func geometry(_ node: Node, _ file: String) throws(Diagnostic) -> GivenGeometry {
    let fields = try Fields(
      node, file: file, subject: "a geometry", known: ScenarioGrammar.geometry.names)
    for key in ScenarioGrammar.geometry.required { _ = try fields.required(key) }
    let given = GivenGeometry(
      stride: try fields.number("stride", in: 1...4 << 20),
      order: try fields.int("order", in: 0...GivenGeometry.largestOrder) ?? 0,
      objects: try fields.int("objects", in: 1...GivenGeometry.mostObjects) ?? 1,
      inuse: try fields.unsigned("inuse"), freeptrOffset: try fields.unsigned("freeptr-offset"),
      redLeftPad: try fields.unsigned("red-left-pad"), random: try fields.unsigned("random"))
    guard given.fits else {
      throw fields.fail("objects", "so many objects do not fit into a slab of that order")
    }
    guard given.freeptrOffset ?? 0 < given.stride, given.redLeftPad ?? 0 < given.stride else {
      throw fields.fail(
        "freeptr-offset", "the freelist pointer and the left red zone lie within a slot")
    }
    return given
  }

  static func layout(
    _ node: Node, _ file: String, _ configuration: Configuration
  ) throws(Diagnostic) -> AddressLayout {
    let fields = try Fields(
      node, file: file, subject: "the layout", known: ScenarioGrammar.layout.names)
    var layout = Kernel(configuration: configuration).layout
    if let start = try fields.unsigned("direct-map") { layout.directMap = start }
    if let bytes = try fields.unsigned("ram") { layout.ramBytes = bytes }
    guard layout.ramBytes >= 1 << 20, layout.ramBytes <= 1 << 46,
      layout.directMap <= .max - layout.ramBytes, layout.directMap % Memory.pageSize == 0,
      layout.directMap >= layout.userTop
    else {
      throw fields.fail(
        "ram", "the direct map must begin at a page of kernel space and hold the memory")
    }
    if let start = try fields.unsigned("vmalloc") {
      let length = layout.vmalloc.upperBound - layout.vmalloc.lowerBound
      guard start <= .max - length, start % Memory.pageSize == 0 else {
        throw fields.fail("vmalloc", "vmalloc space begins at a page and ends in the address space")
      }
      layout.vmalloc = start..<start + length
    }
    for section in ImageSection.allCases {
      let ends = try numbers(section.rawValue, fields, atMost: 2)
      guard !ends.isEmpty else { continue }
      guard ends.count == 2, ends[0] < ends[1], ends[1] <= .max - Memory.pageSize else {
        throw fields.fail(
          section.rawValue, "'\(section.rawValue)' is its first address and the one behind it")
      }
      layout.place(section, ends[0]..<ends[1])
    }
    layout.placeLinear(try fields.unsigned("linear-text"))
    return layout
  }
}

/// The letters that stand for what has become of slots.
enum FoundLetter {
  static let all: [(letter: Character, state: ObjectState)] = [
    ("A", .live), ("F", .freed), ("?", .unknown), ("N", .never),
  ]

  static func state(_ letter: Character) -> ObjectState? {
    all.first { $0.letter == letter }?.state
  }

  static func letter(_ state: ObjectState) -> Character {
    all.first { $0.state == state }?.letter ?? "?"
  }
}
