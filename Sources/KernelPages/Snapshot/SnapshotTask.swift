public import Usercopy

/// A task and its kernel stack as a snapshot tells them; offsets in bytes from the stack's low end.
public struct SnapshotTask: Sendable, Hashable {
  /// Its number.
  public var pid: Int
  /// Its name.
  public var name: String
  /// Its state as `ps` shows it.
  public var state = ""
  /// It runs.
  public var isOnProcessor: Bool?
  /// It has no user memory.
  public var isKernelThread: Bool?
  /// Lowest byte of its stack; nil where the stack is not in the file.
  public var stack: Address?
  /// Bytes of its stack.
  public var stackBytes: UInt64 = 0
  /// Bytes of the vmalloc area it lies in, guard page included; nil for one in the direct map.
  public var area: UInt64?
  /// Where its end magic stands; nil where it is not told.
  public var magicOffset: UInt64?
  /// The magic is intact.
  public var isMagicIntact: Bool?
  /// Where the saved registers of user mode start.
  public var registers: UInt64?
  /// Its canary.
  public var canary: UInt64?
  /// Where the canary stands, also stale ones below the stack pointer.
  public var canaries: [UInt64] = []
  /// Why unwinding stopped; nil for at the end.
  public var unwindError: String?
  /// Frames, innermost first, as the file has them.
  public var frames: [SnapshotFrame] = []
  /// Its stack's bytes.
  public var data: [UInt8] = []

  /// A task of that number and name.
  public init(pid: Int, name: String) {
    self.pid = pid
    self.name = name
  }
}

/// A frame of an unwound stack.
public struct SnapshotFrame: Sendable, Hashable {
  /// The function.
  public var function: String
  /// It was built into the next one.
  public var isInline: Bool
  /// Where it is, `symbol+0x…`.
  public var symbol: String
  /// Where it goes on.
  public var pc: Address?
  /// The file and line of its source; empty where it is not told.
  public var source: String
  /// Its stack pointer; nil where it is not told.
  public var low: UInt64?
  /// Behind its return address; nil for inlined frames and the last one.
  public var high: UInt64?
  /// Its variables.
  public var variables: [SnapshotVariable]

  /// A frame from its parts.
  public init(
    function: String, isInline: Bool, symbol: String = "", pc: Address? = nil, source: String = "",
    low: UInt64? = nil, high: UInt64? = nil, variables: [SnapshotVariable] = []
  ) {
    self.function = function
    self.isInline = isInline
    self.symbol = symbol
    self.pc = pc
    self.source = source
    self.low = low
    self.high = high
    self.variables = variables
  }
}

/// A variable of a frame.
public struct SnapshotVariable: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// Its C type.
  public var type: String
  /// Bytes; nil where it is not told.
  public var size: UInt64?
  /// Where it lies on the stack; nil for one in a register or elsewhere.
  public var offset: UInt64?
  /// Its value as the file writes it; empty for none.
  public var value: String

  /// A variable from its parts.
  public init(
    name: String, type: String = "", size: UInt64? = nil, offset: UInt64? = nil, value: String = ""
  ) {
    self.name = name
    self.type = type
    self.size = size
    self.offset = offset
    self.value = value
  }
}

/// An open raw-gadget file.
public struct SnapshotGadget: Sendable, Hashable {
  /// Name of the task that has it open.
  public var task: String
  /// Its number.
  public var pid: Int
  /// The file's descriptor.
  public var descriptor: Int
  /// Where its `struct raw_dev` lies.
  public var device: Address?
  /// Bytes of that.
  public var deviceBytes: UInt64
  /// Its state, `STATE_DEV_…`.
  public var state: String
  /// Events nobody has fetched, oldest first.
  public var queue: [SnapshotEvent]
}

/// An event in a raw-gadget queue.
public struct SnapshotEvent: Sendable, Hashable {
  /// Where its `struct usb_raw_event` lies.
  public var address: Address
  /// Its type as the driver numbers them.
  public var type: UInt64
  /// Bytes of its data.
  public var length: UInt64
  /// Its data.
  public var data: [UInt8]
}

/// What is known to lie at an address.
public struct SnapshotMark: Sendable, Hashable {
  /// First byte.
  public var address: Address
  /// What it is called.
  public var name: String
  /// Its C type; empty where it is not told.
  public var type: String
}

/// A structure's members.
public struct SnapshotType: Sendable, Hashable {
  /// A member; `size` 0 for a bit field or a flexible array.
  public struct Member: Sendable, Hashable {
    /// From the structure's first byte.
    public var offset: UInt64
    /// Bytes.
    public var size: UInt64
    /// Its name.
    public var name: String
    /// Its C type.
    public var type: String
  }

  /// Bytes of the structure.
  public var bytes: UInt64
  /// Its members.
  public var members: [Member]
}

/// An area of vmalloc space.
public struct SnapshotArea: Sendable, Hashable {
  /// First byte.
  public var start: Address
  /// Bytes, guard page included.
  public var bytes: UInt64
  /// Who asked for it; empty where it is not told.
  public var caller: String
}
