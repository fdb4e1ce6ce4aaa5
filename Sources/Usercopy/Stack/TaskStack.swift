/// An array or variable of a stack frame.
public struct Local: Sendable, Hashable {
  /// Name, as places of scenarios give it.
  public var name: String
  /// First byte.
  public var address: Address
  /// Bytes.
  public var size: UInt64
  /// The variable of this one call.
  public var holder: Holder?

  /// A variable of `size` bytes at `address`.
  public init(name: String, address: Address, size: UInt64, holder: Holder? = nil) {
    self.name = name
    self.address = address
    self.size = size
    self.holder = holder
  }
}

/// A function's frame on a simulated stack.
///
/// `framePointer` is the address where the caller's frame pointer is saved; the return address
/// lies one word above it, locals and saved registers below.
public struct Frame: Sendable, Hashable {
  /// The function that runs in it.
  public var function: String
  /// Where the caller's frame pointer is saved; the return address lies one word above.
  public var framePointer: Address
  /// Lowest byte: the stack pointer while the function runs and calls nothing.
  public var stackPointer: Address
  /// Variables, in the order they were declared.
  public var locals: [Local]
  /// Callee-saved registers kept between the frame pointer and the locals.
  public var savedRegisters: [Local]
  /// Where the stack protector keeps its canary, between the locals and the saved registers; nil for none.
  public var canary: Address?
  /// Functions built into it that run, innermost first.
  public var inlined: [String] = []
  /// The word below the return address is the caller's frame pointer (`CONFIG_FRAME_POINTER`).
  public var savesPointer = true
  /// Its uppermost word is the return address. Elsewhere than on x86 a function may keep it in a register.
  public var returnsByStack = true
  /// It was found in a kernel's memory: what lies between its variables is not told.
  public var isFound = false

  /// Where its variables and saved registers end and what a check guards begins.
  ///
  /// - Parameter word: bytes of a word.
  public func contentEnd(word: UInt64) -> Address {
    if savesPointer { return framePointer }
    return framePointer &+ (returnsByStack ? word : 2 * word)
  }

  /// A frame from its parts.
  public init(
    function: String, framePointer: Address, stackPointer: Address, locals: [Local] = [],
    savedRegisters: [Local] = [], canary: Address? = nil
  ) {
    self.canary = canary
    self.function = function
    self.framePointer = framePointer
    self.stackPointer = stackPointer
    self.locals = locals
    self.savedRegisters = savedRegisters
  }
}

/// A kernel stack and the task that owns it.
public struct TaskStack: Sendable, Equatable {
  /// Name of the task.
  public var task: String
  /// Lowest byte (`task_stack_page()`).
  public var base: Address
  /// Bytes (`THREAD_SIZE`).
  public var size: UInt64
  /// Outermost first.
  public var frames: [Frame]
  /// Frames of functions that have returned and whose bytes are still there, newest last.
  public var deadFrames: [Frame]
  /// Bytes at the top kept for the saved user registers.
  public var registersSize: UInt64

  /// Bytes between those and the first frame (`randomize_kstack_offset`).
  public var randomOffset: UInt64 = 0
  /// Its lowest word tells an overflow (`STACK_END_MAGIC`).
  public var hasEndMagic = false

  /// An empty stack; `registersSize` bytes at its top hold the registers of user mode.
  public init(task: String, base: Address, size: UInt64, registersSize: UInt64 = 168) {
    self.task = task
    self.base = base
    self.size = size
    self.frames = []
    self.deadFrames = []
    self.registersSize = registersSize
  }

  /// First byte behind the stack, saturating at the top of the address space.
  public var end: Address { base &+ size }

  /// The stack pointer of the innermost frame.
  public var stackPointer: Address { frames.last?.stackPointer ?? top }

  /// Where the first frame ends: below the user registers and the random offset.
  public var top: Address { end &- registersSize &- randomOffset }

  /// Whether an address lies in the stack.
  public func contains(_ address: Address) -> Bool { address >= base && address - base < size }
}
