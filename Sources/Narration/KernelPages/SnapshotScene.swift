public import KernelPages
public import Simulation
import Text
import Usercopy

/// A slab or a stack of a real kernel as a scenario's machine, to try copies on.
public struct SnapshotScene {
  private let snapshot: KernelSnapshot
  private let kernel: SnapshotMachine

  /// Scenes of a snapshot's pieces.
  public init(_ snapshot: KernelSnapshot) {
    self.snapshot = snapshot
    kernel = SnapshotMachine(snapshot)
  }

  /// A page of the snapshot: its bytes, slots and free lists, a copy of what may be copied of one object and of a
  /// byte more. Nil where the page cannot be drawn, which ``why(slab:)`` tells.
  ///
  /// - Parameters:
  ///   - index: the slab's number in the snapshot.
  ///   - wanted: the object the copies are made of; nil for the first one in use.
  ///   - reported: the copy to make; nil for what may be copied, and a byte more.
  public func script(
    slab index: Int, slot wanted: Int? = nil, copy reported: Wanted? = nil
  ) -> Script? {
    guard why(slab: index) == nil, let cache = snapshot.cache(named: snapshot.slabs[index].cache)
    else { return nil }
    let slab = snapshot.slabs[index]
    var script = machine(for: slab.base..<slab.base &+ slab.byteCount)
    script.title = "A page of \(cache.name)"
    script.about = about(slab, cache)
    var request = cache.request
    request.given?.objects = slab.objects
    request.given?.order = slab.pageOrder
    script.caches = [request]
    script.slabs = [found(slab, cache)]
    let slot = wanted ?? slab.slots.firstIndex(of: .live) ?? 0
    script.steps = [
      ScriptStep(
        action: .note,
        say:
          "The page at \(address(slab.base)) as it was in the memory of \(snapshot.kernel.release)."
      )
    ]
    script.steps +=
      reported.map { [made($0, of: FoundSlab.name(ofSlot: slot))] } ?? copies(of: slot, cache)
    return script
  }

  /// A copy that a report tells of, from an object's first byte on.
  public struct Wanted: Sendable, Hashable {
    /// Where it starts in the object.
    public var offset: UInt64
    /// Its bytes.
    public var size: UInt64
    /// It goes into the kernel.
    public var isFromUser: Bool

    /// The same copy from another byte on.
    func starting(at offset: UInt64) -> Wanted {
      var moved = self
      moved.offset = offset
      return moved
    }
  }

  private func made(_ copy: Wanted, of name: String) -> ScriptStep {
    ScriptStep(
      action: .copy(
        Action.Copy(
          entry: copy.isFromUser ? .copyFromUser : .copyToUser, place: .named(name),
          offset: Int64(clamping: copy.offset), length: copy.size)),
      say:
        "The copy of the report. Which object it was of the line may not tell. Press e and try others."
    )
  }

  /// Why a slab cannot be drawn; nil where it can.
  public func why(slab index: Int) -> String? {
    guard snapshot.slabs.indices.contains(index) else { return "there is no such slab" }
    let slab = snapshot.slabs[index]
    guard let cache = snapshot.cache(named: slab.cache) else {
      return "the file does not tell how the slots of \(Printable.text(slab.cache)) lie"
    }
    guard slab.byteCount == Memory.pageSize << UInt64(slab.pageOrder),
      UInt64(slab.data.count) == slab.byteCount
    else { return "its bytes are not in the file, or not as many as a slab has" }
    var given = cache.geometry
    given.objects = slab.objects
    given.order = slab.pageOrder
    guard given.fits, cache.redLeftPad < cache.stride, cache.freeptrOffset ?? 0 < cache.stride,
      cache.objectSize > 0, (cache.useroffset ?? 0) + (cache.usersize ?? 0) <= cache.objectSize
    else { return "what the file tells of its slots does not fit together" }
    guard slab.base % Memory.pageSize == 0, isKernels(slab.base, slab.byteCount) else {
      return "its address is none of a slab that can be drawn"
    }
    return nil
  }

  /// Whether a range lies among the addresses that machines keep for the kernel, with room behind it.
  private func isKernels(_ start: Address, _ bytes: UInt64) -> Bool {
    let word = kernel.configuration.wordSize
    let (least, room): (Address, UInt64) =
      word == .bits64 ? (1 << 47, 64 << 20) : (0x8000_0000, 1 << 20)
    return start >= least && bytes <= room && start <= word.mask - room
  }

  private func found(_ slab: SnapshotSlab, _ cache: SnapshotCache) -> FoundSlab {
    var names: [Int: String] = [:]
    for slot in 0..<slab.objects {
      if let mark = snapshot.mark(in: slab.range(of: slot, cache)) { names[slot] = mark.name }
    }
    for event in snapshot.gadgets.flatMap(\.queue) {
      guard let slot = slab.slot(at: event.address, cache) else { continue }
      names[slot] = names[slot] ?? "usb_raw_event"
    }
    return FoundSlab(
      cache: cache.name, base: slab.base, slots: slab.slots,
      // Lists that the file does not tell how to read are not followed.
      heads: slab.reader(cache, in: snapshot) == nil ? [] : slab.lists.map(\.head),
      names: names, bytes: slab.data)
  }

  private func found(_ gadget: SnapshotGadget) -> FoundGadget {
    FoundGadget(
      task: gadget.task, pid: gadget.pid, state: gadget.state,
      queue: gadget.queue.prefix(FoundGadget.most).map { event in
        FoundGadget.Event(
          address: event.address, type: UInt32(clamping: min(event.type, 1 << 16)),
          data: Array(event.data.prefix(Int(clamping: event.length))))
      })
  }

  private func copies(of slot: Int, _ cache: SnapshotCache) -> [ScriptStep] {
    let name = FoundSlab.name(ofSlot: slot)
    let start = cache.useroffset ?? 0
    let size = cache.usersize ?? cache.objectSize
    guard size > 0 else {
      return [
        copy(name, 0, min(cache.objectSize, 8), "No byte of these objects is meant for user space.")
      ]
    }
    return [
      copy(
        name, start, size,
        cache.usersize == nil
          ? "The whole object; which of its bytes may be copied the file does not tell."
          : "Exactly the bytes of slot \(slot) that may be copied. Press e and try others."),
      copy(name, start, size + 1, "One byte more."),
    ]
  }

  private func copy(_ name: String, _ offset: UInt64, _ length: UInt64, _ say: String) -> ScriptStep
  {
    ScriptStep(
      action: .copy(
        Action.Copy(
          entry: .copyToUser, place: .named(name), offset: Int64(clamping: offset), length: length)),
      say: say)
  }

  // MARK: Stacks

  /// A task's stack, and copies of one of its variables. Nil where its stack is not in the file.
  public func script(task index: Int) -> Script? {
    guard why(task: index) == nil, let base = snapshot.tasks[index].stack else { return nil }
    let task = snapshot.tasks[index]
    var script = machine(for: nil)
    script.title = "The stack of \(task.name)"
    script.about =
      "\(task.name), process \(task.pid) of \(snapshot.kernel.release): its kernel stack with "
      + "\(task.frames.count { !$0.isInline }) frames. What its frames keep beside the variables told is not known."
    script.stacks = [
      FoundStack(
        task: task.name, base: base, area: task.area, registers: task.registers,
        frames: task.foundFrames, canaries: task.canaries, bytes: task.data)
    ]
    script.steps = [
      ScriptStep(
        action: .note,
        say: "The stack at \(address(base)) as it was in the memory of \(snapshot.kernel.release).")
    ]
    script.steps += copies(of: script.stacks[0])
    return script
  }

  /// Why a stack cannot be drawn; nil where it can.
  public func why(task index: Int) -> String? {
    guard snapshot.tasks.indices.contains(index) else { return "there is no such task" }
    let task = snapshot.tasks[index]
    guard let base = task.stack, !task.data.isEmpty else { return "its stack is not in the file" }
    guard UInt64(task.data.count) == task.stackBytes, isKernels(base, task.stackBytes),
      base <= kernel.configuration.wordSize.mask - (task.area ?? 0)
    else { return "what the file tells of its stack does not fit together" }
    return nil
  }

  /// A variable whole, then up to its frame's end, which no check of such a kernel sees.
  private func copies(of stack: FoundStack) -> [ScriptStep] {
    let variables = stack.frames.flatMap { frame in frame.variables.map { (frame, $0) } }
    guard let (frame, variable) = variables.max(by: { $0.1.size < $1.1.size }), variable.size > 0,
      variable.offset + variable.size <= frame.high
    else {
      return [
        ScriptStep(
          action: .copy(
            Action.Copy(entry: .copyToUser, place: .spot(.stackPointer), length: 64)),
          say: "64 bytes from the stack pointer up.")
      ]
    }
    return [
      copy(
        variable.name, 0, variable.size,
        "The variable '\(variable.name)' of \(frame.function). Press e and try others."),
      copy(
        variable.name, 0, frame.high - variable.offset,
        "From there to the end of the frame, return address and all."),
      ScriptStep(
        action: .copy(
          Action.Copy(
            entry: .copyToUser, place: .spot(.stackEnd), offset: -8, length: 16)),
        say: "Over the end of the stack."),
    ]
  }

  // MARK: The machine

  private func machine(for pages: Range<Address>?) -> Script {
    var script = Script(id: "kernel", title: "")
    script.source =
      "The memory of a machine with Linux \(snapshot.kernel.release)"
      + (snapshot.kernel.version.isEmpty ? "." : ", \(snapshot.kernel.version).")
    script.era = kernel.era.id
    script.configuration = kernel.configuration
    script.gadgets = snapshot.gadgets.prefix(FoundGadget.most).map(found)
    script.layout = SnapshotLayoutScene.layout(snapshot, kernel.configuration, for: pages)
    return script
  }

  private func address(_ address: Address) -> String {
    ValueWords.address(address, kernel.configuration.wordSize)
  }

  /// A sentence on the page, and what the file does not tell of it.
  private func about(_ slab: SnapshotSlab, _ cache: SnapshotCache) -> String {
    var parts = [
      "\(slab.count(.live)) of \(slab.objects) slots in use"
        + (slab.place.isEmpty ? "" : ", \(SnapshotWords.place(slab.place))")
    ]
    let unknown = slab.count(.unknown)
    if unknown > 0 { parts.append("of \(unknown) cannot be told whether they are in use") }
    parts.append("who wrote each byte is not told: bytes of a slot in use count as its owner's")
    if snapshot.kernel.pageSize != Memory.pageSize {
      parts.append(
        "pages of this kernel have \(snapshot.kernel.pageSize) bytes, and are drawn as several of "
          + "\(Memory.pageSize)")
    }
    if !cache.tellsWindow {
      parts.append("which bytes may be copied is not told, and verdicts hang on it")
    }
    return parts.joined(separator: "; ") + "."
  }
}

extension SnapshotSlab {
  /// Its pages of 4096 bytes as a power of two. Where memory was short it has fewer than its cache asks for.
  var pageOrder: Int {
    byteCount < Memory.pageSize
      ? 0
      : (byteCount / Memory.pageSize).bitWidth - 1
        - (byteCount / Memory.pageSize).leadingZeroBitCount
  }

  /// The bytes of a slot's object.
  func range(of slot: Int, _ cache: SnapshotCache) -> Range<Address> {
    let start = base &+ UInt64(slot) &* cache.stride &+ cache.redLeftPad
    return start..<start &+ max(1, cache.objectSize)
  }

  /// The slot an address lies in.
  func slot(at address: Address, _ cache: SnapshotCache) -> Int? {
    guard address >= base, address - base < byteCount, cache.stride > 0 else { return nil }
    let number = (address - base) / cache.stride
    return number < UInt64(objects) ? Int(number) : nil
  }
}

extension SnapshotTask {
  /// Its frames as a machine's stack holds them, outermost first: inlined functions within the one they are in.
  var foundFrames: [FoundStack.Frame] {
    var frames: [FoundStack.Frame] = []
    var inlined: [String] = []
    var variables: [FoundStack.Variable] = []
    for frame in self.frames {
      variables += frame.variables.compactMap { variable in
        guard let offset = variable.offset, let size = variable.size, size > 0 else { return nil }
        return FoundStack.Variable(name: variable.name, offset: offset, size: size)
      }
      if frame.isInline {
        inlined.append(frame.function)
        continue
      }
      defer { inlined = [] }
      // What lies in the saved registers of user mode is no frame.
      let top = min(registers ?? stackBytes, stackBytes)
      guard let low = frame.low, let high = frame.high, low < high, high <= top, high >= 16 else {
        continue
      }
      frames.append(
        FoundStack.Frame(function: frame.function, inlined: inlined, low: low, high: high))
    }
    // A variable belongs to the frame it lies in: arguments on the stack lie in the caller's.
    for index in frames.indices {
      frames[index].variables = variables.filter {
        $0.offset >= frames[index].low && $0.offset + $0.size <= frames[index].high
      }
    }
    return frames.reversed()
  }
}
