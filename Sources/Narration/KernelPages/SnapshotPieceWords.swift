import JSON
public import KernelPages
import Text
public import Usercopy

/// One slab, one stack or one open raw-gadget file of a snapshot, told in lines.
public enum SnapshotPieceWords {
  /// A slab: its cache, its slots as letters, its free lists in order, what lies in it.
  public static func lines(slab index: Int, _ snapshot: KernelSnapshot) -> [String] {
    let slab = snapshot.slabs[index]
    let why = slab.reasons.isEmpty ? "" : " (\(slab.reasons.joined(separator: ", ")))"
    var lines = [
      "\(slab.cache) at 0x\(slab.base.hex()): \(slab.count(.live)) of \(slab.objects) slots in use"
        + (slab.place.isEmpty ? "" : ", \(SnapshotWords.place(slab.place))") + why
    ]
    guard let cache = snapshot.cache(named: slab.cache) else {
      return lines + ["  of no cache in the file"]
    }
    lines.append("  " + geometry(cache))
    lines += letters(slab).map { "  " + $0 }
    if let reader = slab.reader(cache, in: snapshot), !slab.data.isEmpty {
      for list in slab.lists {
        let walk = reader.walk(from: list.head)
        let end = FreelistWords.end(walk, .bits64).map { ", then \($0)" } ?? ""
        let order = walk.slots.isEmpty ? "empty" : FreelistWords.order(walk.slots)
        lines.append(
          "  free list of the \(list.owner == .cpu ? "processor" : "slab"): \(order)\(end)")
      }
    }
    for slot in 0..<slab.objects {
      if let mark = snapshot.mark(in: slab.range(of: slot, cache)) {
        lines.append("  slot \(slot): \(mark.name)")
      }
    }
    return lines
  }

  /// Size, stride, order, window, and where a free object keeps its pointer.
  public static func geometry(_ cache: SnapshotCache) -> String {
    var parts = [
      "object \(cache.objectSize)", "stride \(cache.stride)",
      "\(cache.objectsPerSlab) in a slab of order \(cache.order)",
    ]
    switch (cache.useroffset, cache.usersize) {
    case (_, 0?): parts.append("nothing may be copied")
    case (let start?, let size?):
      parts.append("bytes \(start) to \(start + size - 1) may be copied")
    default: parts.append("which bytes may be copied is not told")
    }
    if let offset = cache.freeptrOffset { parts.append("freelist pointer at \(offset)") }
    if cache.redLeftPad > 0 { parts.append("\(cache.redLeftPad) bytes of red zone in front") }
    if cache.constructor != nil { parts.append("with a constructor") }
    return parts.joined(separator: ", ")
  }

  /// Letters of the slots, 64 a line with the first one's number.
  private static func letters(_ slab: SnapshotSlab) -> [String] {
    stride(from: 0, to: slab.slots.count, by: 64).map { start in
      let letters = slab.slots[start..<min(start + 64, slab.slots.count)].map(letter)
      let number = String(start)
      return String(repeating: " ", count: max(0, 5 - number.count)) + number + "  "
        + String(letters)
    }
  }

  /// `A` in use, `F` free, `?` not known.
  public static func letter(_ state: ObjectState) -> Character {
    switch state {
    case .live: "A"
    case .freed: "F"
    case .never: "N"
    case .unknown: "?"
    }
  }

  /// A task's stack: its frames with offsets, and their variables.
  public static func lines(task index: Int, _ snapshot: KernelSnapshot) -> [String] {
    let task = snapshot.tasks[index]
    var lines = ["\(task.name), process \(task.pid), state \(task.state)"]
    guard let base = task.stack else { return lines + ["  its stack is not in the file"] }
    lines[0] += ": \(task.stackBytes) bytes of stack at 0x\(base.hex())"
    switch task.isMagicIntact {
    case true?: lines.append("  the magic at its end is intact")
    case false?: lines.append("  the magic at its end was written over")
    case nil: break
    }
    if let canary = task.canary, !task.canaries.isEmpty {
      let places = task.canaries.prefix(16).map { String($0) }.joined(separator: " ")
      lines.append("  canary 0x\(canary.hex(width: 16)) at \(places)")
    }
    for frame in task.frames { lines += self.lines(frame) }
    if let registers = task.registers {
      lines.append("  \(registers): saved registers of user mode")
    }
    if let error = task.unwindError { lines.append("  unwinding stopped: \(error)") }
    return lines
  }

  private static func lines(_ frame: SnapshotFrame) -> [String] {
    let place = frame.low.map { String($0) } ?? "?"
    let end = frame.high.map { " to \($0)" } ?? ""
    let name = frame.isInline ? "  (\(frame.function), built into the next)" : frame.function
    return ["  \(place)\(end): \(name)\(frame.source.isEmpty ? "" : " · \(frame.source)")"]
      + frame.variables.compactMap { variable in
        guard let offset = variable.offset else { return nil }
        let value = variable.value.isEmpty ? "" : " = \(variable.value)"
        return "      \(offset): \(variable.type) \(variable.name)"
          + (variable.size.map { ", \(ValueWords.bytes($0))" } ?? "") + value
      }
  }

  /// An open raw-gadget file and the events nobody has fetched.
  static func lines(_ gadget: SnapshotGadget) -> [String] {
    let waiting = gadget.queue.count
    return [
      "raw-gadget of \(Printable.text(gadget.task)) \(gadget.pid): \(Printable.text(gadget.state)), "
        + "\(waiting) event\(waiting == 1 ? "" : "s") not fetched"
    ]
      + gadget.queue.map { event in
        let data = event.data.map { $0.hex(width: 2) }.joined(separator: " ")
        return "  type \(event.type), \(ValueWords.bytes(event.length)) at 0x\(event.address.hex())"
          + (data.isEmpty ? "" : ": \(data)")
      }
  }

  static func json(_ gadget: SnapshotGadget) -> JSONValue {
    JSONValue([
      ("comm", JSONValue(gadget.task)), ("pid", JSONValue(gadget.pid)),
      ("state", JSONValue(gadget.state)),
      (
        "queue",
        .array(
          gadget.queue.map { event in
            JSONValue([
              ("address", JSONValue("0x" + event.address.hex())), ("type", JSONValue(event.type)),
              ("length", JSONValue(event.length)),
              ("data", JSONValue(event.data.map { $0.hex(width: 2) }.joined())),
            ])
          })
      ),
    ])
  }
}
