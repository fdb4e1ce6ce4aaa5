import USB

/// Where a call comes from and what it works on.
struct CallContext {
  var thread: ThreadID
  var file: Int
  var device: Int
  var argument: IoctlArgument

  /// The argument as a number.
  var value: UInt64 {
    switch argument {
    case .value(let value): value
    case .memory(let memory): memory.address
    }
  }

  /// The argument as a pointer.
  var memory: UserMemory {
    switch argument {
    case .value(let value): .unmapped(value)
    case .memory(let memory): memory
    }
  }
}
