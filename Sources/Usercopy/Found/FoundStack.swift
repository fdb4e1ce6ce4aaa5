/// A task's stack as it was found in a kernel's memory; offsets in bytes from its low end.
public struct FoundStack: Sendable, Hashable {
  /// A variable of a frame.
  public struct Variable: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// First byte.
    public var offset: UInt64
    /// Bytes.
    public var size: UInt64

    /// A variable of `size` bytes.
    public init(name: String, offset: UInt64, size: UInt64) {
      self.name = name
      self.offset = offset
      self.size = size
    }
  }

  /// A function's frame: from its stack pointer to behind its return address.
  public struct Frame: Sendable, Hashable {
    /// The function.
    public var function: String
    /// Functions that were built into it and run, innermost first.
    public var inlined: [String]
    /// The stack pointer.
    public var low: UInt64
    /// Behind the return address (the CFA).
    public var high: UInt64
    /// Variables that lie in memory.
    public var variables: [Variable]

    /// A frame from its parts.
    public init(
      function: String, inlined: [String] = [], low: UInt64, high: UInt64,
      variables: [Variable] = []
    ) {
      self.function = function
      self.inlined = inlined
      self.low = low
      self.high = high
      self.variables = variables
    }
  }

  /// Name of the task.
  public var task: String
  /// Lowest byte.
  public var base: Address
  /// Bytes of the vmalloc area it lies in, guard page included; nil for one in the direct map.
  public var area: UInt64?
  /// Where the saved registers of user mode start; nil where there are none.
  public var registers: UInt64?
  /// Frames, outermost first.
  public var frames: [Frame]
  /// Where the task's canary stands.
  public var canaries: [UInt64]
  /// The stack's bytes.
  public var bytes: [UInt8]

  /// A stack from its parts.
  public init(
    task: String, base: Address, area: UInt64? = nil, registers: UInt64? = nil,
    frames: [Frame] = [], canaries: [UInt64] = [], bytes: [UInt8]
  ) {
    self.task = task
    self.base = base
    self.area = area
    self.registers = registers
    self.frames = frames
    self.canaries = canaries
    self.bytes = bytes
  }

  /// Most bytes of a stack.
  public static let mostBytes = 1 << 16
}

extension Kernel {
  /// Puts a task's stack in its place and makes the task the running one; false where something else lies there.
  @discardableResult
  public mutating func place(_ found: FoundStack) -> Bool {
    let size = UInt64(found.bytes.count)
    guard size > 0, found.base <= configuration.wordSize.mask, found.base <= .max - size,
      !stacks.contains(where: { $0.overlaps(found.base, size) })
    else { return false }
    let task = addTask(found.task, size: size, base: found.base)
    holdsFoundMemory = true
    stacks[task].registersSize = found.registers.map { size - min($0, size) } ?? 0
    if let area = found.area {
      areas.append(
        VmallocArea(
          name: "stack of \(found.task)", start: found.base, length: max(area, size), mapped: size))
    }
    memory.write(found.bytes, at: found.base)
    origins.set(.kernel, start: found.base, length: size)
    switchTo(task: task)
    stacks[task].frames = found.frames.map { frame(of: $0, in: found) }
    return true
  }

  private mutating func frame(of found: FoundStack.Frame, in stack: FoundStack) -> Frame {
    let word = configuration.wordSize.bytes
    let variables = found.variables.map { variable -> Local in
      let start = stack.base &+ variable.offset
      let holder = newHolder(.local, variable.name, at: start, function: found.function)
      origins.set(.owner(holder), start: start, length: variable.size)
      return Local(name: variable.name, address: start, size: variable.size, holder: holder)
    }
    let canary = stack.canaries.first {
      $0 >= found.low && $0 <= found.high - min(found.high, 2 * word)
    }
    if let canary { origins.set(.canary, start: stack.base &+ canary, length: word) }
    var frame = Frame(
      function: found.function, framePointer: stack.base &+ found.high &- 2 * word,
      stackPointer: stack.base &+ found.low, locals: variables,
      canary: canary.map { stack.base &+ $0 })
    frame.inlined = found.inlined
    frame.isFound = true
    frame.returnsByStack = configuration.architecture != .generic
    frame.savesPointer = configuration.framePointer && frame.returnsByStack
    return frame
  }
}

extension TaskStack {
  fileprivate func overlaps(_ start: Address, _ bytes: UInt64) -> Bool {
    start < end && base - min(base, start) < bytes || base == start
  }
}
