/// A local variable to be laid out in a new frame.
public struct LocalRequest: Sendable, Hashable {
  /// Name, as places of scenarios give it.
  public var name: String
  /// Bytes.
  public var size: UInt64

  /// A variable of `size` bytes.
  public init(name: String, size: UInt64) {
    self.name = name
    self.size = size
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
      place = vmalloc(size, name: "stack of \(name)", align: size)
    } else {
      place = takePages(order: order)
    }
    stacks.append(TaskStack(task: name, base: place, size: size))
    return stacks.count - 1
  }

  /// Makes another task the running one.
  public mutating func switchTo(task: Int) {
    if stacks.indices.contains(task) { current = task }
  }

  /// Calls a function: pushes a frame with its locals below the running one.
  ///
  /// From the top down: return address, saved frame pointer, saved registers, locals in order.
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
    let need = sizes + UInt64(savedRegisters.count + 2) * word.bytes
    guard sizes < stack.size, stack.stackPointer - stack.base > need + 8 * word.bytes else {
      return false
    }
    let framePointer = stack.stackPointer - 2 * word.bytes
    let caller = stack.frames.last?.framePointer ?? 0
    let back = returnAddress ?? (layout.text.lowerBound + 0x1000 + UInt64(stack.frames.count) * 64)
    memory.setWord(back, at: framePointer + word.bytes, size: word)
    memory.setWord(caller, at: framePointer, size: word)
    var pointer = framePointer
    let registers = savedRegisters.map { name -> Local in
      pointer -= word.bytes
      return Local(name: name, address: pointer, size: word.bytes)
    }
    let variables = locals.map { local -> Local in
      pointer -= local.size.aligned(up: word.bytes)
      return Local(name: local.name, address: pointer, size: local.size)
    }
    stacks[current].deadFrames.removeAll()
    stacks[current].frames.append(
      Frame(
        function: function, framePointer: framePointer, stackPointer: pointer, locals: variables,
        savedRegisters: registers))
    return true
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

  /// `vmalloc()`: mapped pages and a guard page in vmalloc space.
  @discardableResult
  public mutating func vmalloc(_ size: UInt64, name: String, align: UInt64 = 0) -> Address {
    let mapped = max(size, 1).aligned(up: Memory.pageSize)
    let start = nextArea.aligned(up: max(align, Memory.pageSize))
    areas.append(
      VmallocArea(name: name, start: start, length: mapped + Memory.pageSize, mapped: mapped))
    nextArea = start + mapped + Memory.pageSize
    memory.map(Mapping(start: start, length: mapped))
    return start
  }

  /// Writes bytes somewhere, as kernel code filling an object would.
  public mutating func write(_ bytes: some Collection<UInt8>, at address: Address) {
    let room = memory.accessible(from: address, upTo: UInt64(bytes.count), writing: true)
    memory.write(bytes.prefix(Int(room)), at: address)
  }
}
