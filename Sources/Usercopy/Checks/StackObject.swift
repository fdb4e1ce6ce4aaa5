/// `check_stack_object()`: ranges that touch the stack of the running task (mm/usercopy.c).
extension HardenedRun {
  /// The range misses the stack, lies inside it, or is refused for crossing an edge (since 4.8).
  mutating func stackOutline(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_stack_object"
    let (stack, size) = kernel.stackOutline
    let last = word.add(stack, size)
    let end = word.add(pointer, length)
    if check(function, "obj + len <= stack", .address(end), .address(stack), end <= stack)
      || check(function, "stackend <= obj", .address(last), .address(pointer), last <= pointer)
    {
      return .leaveGroup
    }
    if check(function, "obj < stack", .address(pointer), .address(stack), pointer < stack)
      || check(function, "stackend < obj + len", .address(last), .address(end), last < end)
    {
      return badStack(kernel, function)
    }
    isInsideStack = true
    return .next
  }

  /// `arch_within_stack_frames()` of x86 under `CONFIG_FRAME_POINTER`: the range must lie in one
  /// frame, between the return address above one saved frame pointer and the next one (since 4.8).
  mutating func stackFrames(_ kernel: Kernel) -> HardenedAnswer {
    guard kernel.configuration.framePointer, kernel.configuration.architecture != .generic else {
      return .next
    }
    let function = "arch_within_stack_frames"
    let (stack, size) = kernel.stackOutline
    let last = word.add(stack, size)
    let end = word.add(pointer, length)
    var oldFrame = kernel.checkFrame(of: .checkOnly)
    var frame = oldFrame == 0 ? 0 : kernel.savedFramePointer(at: oldFrame, of: .checkOnly)
    var met: Set<Address> = []
    var steps: UInt64 = 0
    note(function, .assign("oldframe", .address(oldFrame), truncatedFrom: nil))
    note(function, .assign("frame", .address(frame), truncatedFrom: nil))
    while check(function, "stack <= frame", .address(stack), .address(frame), stack <= frame),
      check(function, "frame < stackend", .address(frame), .address(last), frame < last)
    {
      if check(function, "obj + len <= frame", .address(end), .address(frame), end <= frame) {
        let fence = word.add(oldFrame, 2 * word.bytes)
        let inside = check(
          function, "obj >= oldframe + 2 * sizeof(void *)", .address(pointer), .address(fence),
          pointer >= fence)
        return inside ? .agree : badStack(kernel, function)
      }
      steps += 1
      // A chain cannot be longer than the stack has addresses; the trace stops at once.
      if steps > size || recording && !met.insert(frame).inserted {
        note(function, .loop(frame))
        outcome.verdict = .hang
        outcome.consequence = .livelock
        return .lost
      }
      oldFrame = frame
      note(function, .assign("oldframe", .address(oldFrame), truncatedFrom: nil))
      frame = kernel.savedFramePointer(at: frame, of: .checkOnly)
      note(function, .assign("frame", .address(frame), truncatedFrom: nil))
    }
    return badStack(kernel, function)
  }

  /// What lies below the stack pointer belongs to no function that still runs (since 5.18).
  ///
  /// Only reached where frames cannot be walked.
  mutating func stackDepth(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_stack_object"
    let depth = kernel.checkStackPointers.check
    guard
      check(
        function, "obj < current_stack_pointer", .address(pointer), .address(depth),
        pointer < depth)
    else { return .next }
    return badStack(kernel, function)
  }

  private mutating func badStack(_ kernel: Kernel, _ function: String) -> HardenedAnswer {
    let offset =
      rules.reportsStackOffset
      ? word.subtract(kernel.checkStackPointers.report, pointer) : 0
    return abort(function, .processStack, offset: offset)
  }
}

extension Kernel {
  /// The stack pointers while a check runs below the innermost frame: the one compared with, in
  /// `check_stack_object()`, and the one reports count from, in `__check_object_size()`.
  ///
  /// Between the caller and the report lie a return address and the registers
  /// `__check_object_size()` saves, six words in the builds recorded, eleven on 32 bit; one more call lies below.
  var checkStackPointers: (check: Address, report: Address) {
    if let forcedStackPointers { return forcedStackPointers }
    let word = configuration.wordSize
    let words: UInt64 = word == .bits32 ? 11 : 6
    let report = word.subtract(currentStack.stackPointer, words * word.bytes)
    return (word.subtract(report, word.bytes), report)
  }

  /// Base and size of the running task's stack; nothing without a task.
  var stackOutline: (base: Address, size: UInt64) {
    guard stacks.indices.contains(current) else { return (0, 0) }
    return (stacks[current].base, stacks[current].size)
  }
}
