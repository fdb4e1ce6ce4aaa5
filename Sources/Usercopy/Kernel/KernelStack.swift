/// How a function initialises a local variable where it declares it.
public enum LocalInit: String, Sendable, Hashable, CaseIterable {
  /// Not at all.
  case none
  /// `= {}` or `memset()`: every byte of it is 0.
  case zero
  /// `= { .member = … }`: members that are not named are 0, padding keeps what was there.
  case members
}

/// A local variable to be laid out in a new frame.
public struct LocalRequest: Sendable, Hashable {
  /// Name, as places of scenarios give it.
  public var name: String
  /// Bytes.
  public var size: UInt64
  /// How the function initialises it.
  public var initial: LocalInit
  /// The structure it is; nil for one that is not declared.
  public var layout: StructLayout?

  /// A variable of `size` bytes.
  public init(
    name: String, size: UInt64, initial: LocalInit = .none, layout: StructLayout? = nil
  ) {
    self.name = name
    self.size = size
    self.initial = initial
    self.layout = layout
  }
}

extension Kernel {
  /// Adds a task with a kernel stack of `size` bytes, nil for the kernel's own; the first one runs.
  @discardableResult
  public mutating func addTask(_ name: String, size wanted: UInt64? = nil, base: Address? = nil)
    -> Int
  {
    let size = wanted ?? configuration.stackSize
    var order = 0
    while order < 10, Memory.pageSize << UInt64(order) < size { order += 1 }
    let place: Address
    if let base {
      place = base
      memory.map(Mapping(start: base, length: size))
    } else if configuration.vmapStack {
      place = vmalloc(size, name: "stack of \(name)", align: size, isStack: true)
    } else {
      place = takePages(order: order)
    }
    var stack = TaskStack(task: name, base: place, size: size)
    markEnd(of: &stack)
    if configuration.randomStackOffset, base == nil, size >= 8192 {
      // Ten bits, of which the alignment takes four; a fixed scramble of the stack's base stands for the draw.
      stack.randomOffset = Self.scramble(place) & 0x3f0
    }
    stacks.append(stack)
    return stacks.count - 1
  }

  /// `STACK_END_MAGIC`, which no function writes: where it is damaged, the stack has overflowed. Where `thread_info` lies at
  /// the low end, it is part of what is drawn as that.
  private mutating func markEnd(of stack: inout TaskStack) {
    guard !configuration.hasThreadInfoOnStack else { return }
    stack.hasEndMagic = true
    memory.setWord(0x57AC_6E9D, at: stack.base, size: configuration.wordSize)
    origins.set(.kernel, start: stack.base, length: configuration.wordSize.bytes)
  }

  /// Makes another task the running one.
  public mutating func switchTo(task: Int) {
    if stacks.indices.contains(task) { current = task }
  }

  /// Calls a function: pushes a frame with its locals below the running one.
  ///
  /// From the top down: return address, with `CONFIG_FRAME_POINTER` the saved frame pointer, saved registers, the canary,
  /// locals in order.
  /// Returns false when the stack has no room for it.
  @discardableResult
  public mutating func call(
    _ function: String, locals: [LocalRequest] = [], savedRegisters: [String] = [],
    returnAddress: Address? = nil
  ) -> Bool {
    guard stacks.indices.contains(current) else { return false }
    let word = configuration.wordSize
    let stack = stacks[current]
    let sizes = locals.reduce(UInt64(0)) { $0 &+ $1.size.aligned(up: word.bytes) }
    let guarded: UInt64 = configuration.stackProtector && !locals.isEmpty ? word.bytes : 0
    let links = (configuration.framePointer ? 2 : 1) * word.bytes
    let need = sizes + guarded + links + UInt64(savedRegisters.count) * word.bytes
    guard sizes < stack.size, stack.stackPointer - stack.base > need + 8 * word.bytes else {
      return false
    }
    let framePointer = stack.stackPointer - 2 * word.bytes
    let caller = stack.frames.last?.framePointer ?? 0
    let back = returnAddress ?? (layout.text.lowerBound + 0x1000 + UInt64(stack.frames.count) * 64)
    memory.setWord(back, at: framePointer + word.bytes, size: word)
    if configuration.framePointer { memory.setWord(caller, at: framePointer, size: word) }
    var pointer = stack.stackPointer - links
    origins.set(.kernel, start: pointer, length: links)
    let registers = savedRegisters.map { name -> Local in
      pointer -= word.bytes
      origins.set(.kernel, start: pointer, length: word.bytes)
      return Local(name: name, address: pointer, size: word.bytes)
    }
    pointer -= guarded
    let canary = guarded > 0 ? pointer : nil
    if let canary { setCanary(at: canary) }
    let variables = locals.map { local -> Local in
      pointer -= local.size.aligned(up: word.bytes)
      return makeLocal(local, at: pointer, in: function)
    }
    stacks[current].deadFrames.removeAll()
    var frame = Frame(
      function: function, framePointer: framePointer, stackPointer: pointer, locals: variables,
      savedRegisters: registers, canary: canary)
    frame.savesPointer = configuration.framePointer
    stacks[current].frames.append(frame)
    return true
  }

  /// The running task's canary (`task_struct.stack_canary`): the same in all its frames, with a low byte of 0
  /// that ends strings.
  private mutating func setCanary(at address: Address) {
    let word = configuration.wordSize
    // A fixed scramble of the stack's base: the machine draws no randomness.
    memory.setWord(Self.scramble(currentStack.base) & ~0xff, at: address, size: word)
    origins.set(.canary, start: address, length: word.bytes)
  }

  /// A local variable at its place, with what the compiler puts into it before the function's own code.
  private mutating func makeLocal(
    _ local: LocalRequest, at address: Address, in function: String
  ) -> Local {
    let holder = newHolder(
      .local, local.name, at: address, function: function, layout: local.layout)
    if let byte = configuration.stackInit.fill {
      initialise(holder, length: local.size, with: byte)
    }
    switch local.initial {
    case .none: break
    case .zero: initialise(holder, length: local.size)
    case .members:
      for field in local.layout?.fields ?? [] where field.end <= local.size {
        initialise(holder, length: field.size, from: field.offset)
      }
      if local.layout == nil { initialise(holder, length: local.size) }
    }
    return Local(name: local.name, address: address, size: local.size, holder: holder)
  }

  /// Returns from the innermost function; its bytes stay behind, dead.
  @discardableResult
  public mutating func returnFromCall() -> Bool {
    guard stacks.indices.contains(current), let frame = stacks[current].frames.popLast() else {
      return false
    }
    stacks[current].deadFrames.append(frame)
    return true
  }

  /// The local of that name in the innermost frame that has one, dead frames last.
  public func local(named name: String) -> Local? {
    let stack = currentStack
    for frame in stack.frames.reversed() {
      if let found = frame.locals.first(where: { $0.name == name }) { return found }
    }
    for frame in stack.deadFrames {
      if let found = frame.locals.first(where: { $0.name == name }) { return found }
    }
    return nil
  }

  /// Maps `length` bytes of user memory; returns their address.
  public mutating func mapUser(
    _ length: UInt64, protection: Protection = .readWrite, at address: Address? = nil
  ) -> Address {
    let start = address ?? nextUser
    let size = max(length, 1).aligned(up: Memory.pageSize)
    memory.map(Mapping(start: start, length: size, protection: protection))
    if address == nil { nextUser = start + size + Memory.pageSize }
    return start
  }

  /// Takes user memory away again.
  public mutating func unmapUser(_ address: Address, length: UInt64) {
    memory.unmap(start: address, length: length)
  }

  /// `vmalloc()`: mapped pages and a guard page in vmalloc space; `isStack` for those of a task.
  @discardableResult
  public mutating func vmalloc(
    _ size: UInt64, name: String, align: UInt64 = 0, isStack: Bool = false
  ) -> Address {
    let mapped = max(size, 1).aligned(up: Memory.pageSize)
    var start = nextArea.aligned(up: max(align, Memory.pageSize))
    // Areas that were found in a kernel's memory are taken.
    while let taken = areas.first(where: {
      $0.start < start + mapped + Memory.pageSize && start < $0.start + $0.length
    }) {
      start = (taken.start + taken.length).aligned(up: max(align, Memory.pageSize))
    }
    areas.append(
      VmallocArea(
        name: name, start: start, length: mapped + Memory.pageSize, mapped: mapped,
        requested: size, holder: isStack ? nil : newHolder(.area, name, at: start)))
    nextArea = start + mapped + Memory.pageSize
    memory.map(Mapping(start: start, length: mapped))
    return start
  }

  /// Writes bytes somewhere, as kernel code filling an object would.
  ///
  /// - Parameters:
  ///   - bytes: what is written, as far as there is memory.
  ///   - address: where the first byte goes.
  ///   - holder: what the code means to fill; nil for what has the first byte.
  public mutating func write(
    _ bytes: some Collection<UInt8>, at address: Address, for holder: Holder? = nil
  ) {
    let room = memory.accessible(from: address, upTo: UInt64(bytes.count), writing: true)
    memory.write(bytes.prefix(Int(room)), at: address)
    sign(address, length: room, for: holder)
  }
}
