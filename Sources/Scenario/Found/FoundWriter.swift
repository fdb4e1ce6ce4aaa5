import Simulation
import Text
import Usercopy

/// Writes what a scenario holds of a real kernel's memory, as the reader takes it back.
enum FoundWriter {
  typealias Pairs = ScenarioWriter.Pairs

  static func lines(_ script: Script) -> [String] {
    var lines: [String] = []
    if !script.slabs.isEmpty {
      lines.append("slabs:")
      lines += script.slabs.map { "  - \(ScenarioWriter.flow(slab($0)))" }
    }
    if !script.stacks.isEmpty {
      lines.append("stacks:")
      lines += script.stacks.map { "  - \(ScenarioWriter.flow(stack($0)))" }
    }
    if !script.gadgets.isEmpty {
      lines.append("gadgets:")
      lines += script.gadgets.map { "  - \(ScenarioWriter.flow(gadget($0)))" }
    }
    return lines
  }

  private static func gadget(_ gadget: FoundGadget) -> Pairs {
    let queue = gadget.queue.map { event in
      ScenarioWriter.flow([
        ("at", address(event.address)), ("type", String(event.type)), ("data", hex(event.data)),
      ])
    }
    return [
      ("task", ScenarioWriter.scalar(gadget.task)), ("pid", String(gadget.pid)),
      ("state", ScenarioWriter.scalar(gadget.state)), ("queue", list(queue)),
    ]
  }

  private static func address(_ address: Address) -> String { "0x" + address.hex() }

  private static func list(_ parts: [String]) -> String { "[\(parts.joined(separator: ", "))]" }

  private static func hex(_ bytes: [UInt8]) -> String {
    "\"" + bytes.map { $0.hex(width: 2) }.joined() + "\""
  }

  private static func slab(_ slab: FoundSlab) -> Pairs {
    var pairs: Pairs = [
      ("cache", ScenarioWriter.scalar(slab.cache)), ("at", address(slab.base)),
      ("slots", "\"" + String(slab.slots.map(FoundLetter.letter)) + "\""),
    ]
    if !slab.heads.isEmpty { pairs.append(("heads", list(slab.heads.map(address)))) }
    if !slab.names.isEmpty {
      let names = slab.names.sorted { $0.key < $1.key }
      pairs.append(
        (
          "names",
          ScenarioWriter.flow(names.map { (String($0.key), ScenarioWriter.scalar($0.value)) })
        ))
    }
    return pairs + [("data", hex(slab.bytes))]
  }

  private static func stack(_ stack: FoundStack) -> Pairs {
    var pairs: Pairs = [
      ("task", ScenarioWriter.scalar(stack.task)), ("at", address(stack.base)),
    ]
    if let area = stack.area { pairs.append(("area", String(area))) }
    if let registers = stack.registers { pairs.append(("registers", String(registers))) }
    if !stack.canaries.isEmpty {
      pairs.append(("canaries", list(stack.canaries.map { String($0) })))
    }
    if !stack.frames.isEmpty {
      pairs.append(("frames", list(stack.frames.map { ScenarioWriter.flow(frame($0)) })))
    }
    return pairs + [("data", hex(stack.bytes))]
  }

  private static func frame(_ frame: FoundStack.Frame) -> Pairs {
    var pairs: Pairs = [("function", ScenarioWriter.scalar(frame.function))]
    if !frame.inlined.isEmpty {
      pairs.append(("inlined", list(frame.inlined.map(ScenarioWriter.scalar))))
    }
    pairs += [("low", String(frame.low)), ("high", String(frame.high))]
    if !frame.variables.isEmpty {
      let locals = frame.variables.map { local in
        ScenarioWriter.flow([
          ("name", ScenarioWriter.scalar(local.name)), ("at", String(local.offset)),
          ("size", String(local.size)),
        ])
      }
      pairs.append(("locals", list(locals)))
    }
    return pairs
  }

  static func geometry(_ given: GivenGeometry) -> String {
    var pairs: Pairs = [
      ("stride", String(given.stride)), ("order", String(given.order)),
      ("objects", String(given.objects)),
    ]
    if let inuse = given.inuse { pairs.append(("inuse", String(inuse))) }
    if let offset = given.freeptrOffset { pairs.append(("freeptr-offset", String(offset))) }
    if let pad = given.redLeftPad { pairs.append(("red-left-pad", String(pad))) }
    if let random = given.random { pairs.append(("random", address(random))) }
    return ScenarioWriter.flow(pairs)
  }

  static func layout(_ layout: AddressLayout) -> String {
    var pairs: Pairs = [
      ("direct-map", address(layout.directMap)), ("ram", String(layout.ramBytes)),
      ("vmalloc", address(layout.vmalloc.lowerBound)),
    ]
    for section in ImageSection.allCases {
      let range = layout.range(of: section)
      pairs.append(
        (section.rawValue, list([address(range.lowerBound), address(range.upperBound)])))
    }
    if layout.linearText != layout.text {
      pairs.append(("linear-text", address(layout.linearText.lowerBound)))
    }
    return ScenarioWriter.flow(pairs)
  }
}
