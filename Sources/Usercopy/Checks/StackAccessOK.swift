/// `stack_access_ok()`: what touches the current stack must lie in one frame of it.
///
/// RFC v1, mm/maccess.c, with the walk of arch/x86's `arch_check_object_on_stack_frame()` under
/// `CONFIG_FRAME_POINTER` and the agreeing fallback elsewhere. Length 0 is not special here.
extension RFCRun {
  mutating func stackAccessOK(_ object: Address, _ length: UInt64) -> GateAnswer {
    let function = "stack_access_ok"
    let stack = kernel.currentStack.base
    let stackEnd = word.add(stack, kernel.currentStack.size)
    let end = word.add(object, length)
    if check(function, "obj + len < obj", .address(end), .address(object), end < object) {
      return stackAnswers(false, object, length)
    }
    if check(function, "obj + len <= stack", .address(end), .address(stack), end <= stack)
      || check(
        function, "stackend <= obj", .address(stackEnd), .address(object), stackEnd <= object)
    {
      return stackAnswers(true, object, length)
    }
    if check(function, "obj < stack", .address(object), .address(stack), object < stack)
      || check(
        function, "stackend < obj + len", .address(stackEnd), .address(end), stackEnd < end)
    {
      return stackAnswers(false, object, length)
    }
    note(function, .call("arch_check_object_on_stack_frame", []))
    guard kernel.configuration.framePointer else {
      note("arch_check_object_on_stack_frame", .leave(.truth(true)))
      return stackAnswers(true, object, length)
    }
    guard let inOneFrame = walkFrames(stack, stackEnd, object, end) else {
      lose(.hang, .livelock, length)
      return .lost
    }
    return stackAnswers(inOneFrame, object, length)
  }

  /// The x86 frame walk: nil when it never ends.
  private mutating func walkFrames(
    _ stack: Address, _ stackEnd: Address, _ object: Address, _ end: Address
  ) -> Bool? {
    let function = "arch_check_object_on_stack_frame"
    var oldFrame = kernel.checkFrame(of: attempt.entry)
    var frame: Address = 0
    note(function, .assign("oldframe", .address(oldFrame), truncatedFrom: nil))
    if check(function, "oldframe", .address(oldFrame), nil, oldFrame != 0) {
      frame = kernel.savedFramePointer(at: oldFrame, of: attempt.entry)
    }
    note(function, .assign("frame", .address(frame), truncatedFrom: nil))
    var met: Set<Address> = []
    while true {
      guard check(function, "stack <= frame", .address(stack), .address(frame), stack <= frame),
        check(function, "frame < stackend", .address(frame), .address(stackEnd), frame < stackEnd)
      else { return frameAnswer(false) }
      if check(function, "obj + len <= frame", .address(end), .address(frame), end <= frame) {
        let fence = word.add(oldFrame, 2 * word.bytes)
        return frameAnswer(
          check(
            function, "obj >= oldframe + protected_regs_size", .address(object), .address(fence),
            object >= fence))
      }
      oldFrame = frame
      if !met.insert(frame).inserted {
        note(function, .loop(frame))
        return nil
      }
      frame = kernel.savedFramePointer(at: frame, of: attempt.entry)
      note(function, .assign("frame", .address(frame), truncatedFrom: nil))
    }
  }

  private mutating func frameAnswer(_ answer: Bool) -> Bool {
    note("arch_check_object_on_stack_frame", .leave(.truth(answer)))
    return answer
  }

  private mutating func stackAnswers(_ answer: Bool, _ object: Address, _ length: UInt64)
    -> GateAnswer
  {
    if !answer { outcome.refusedIn = "stack_access_ok" }
    if !answer, recording {
      switch rules.wording {
      case .rfcV2, .rfcV3: outcome.log.append(helperReport("stack_access_ok", object, length))
      case .rfcV1:
        outcome.log.append(
          "stack_access_ok failed (ptr = \(KernelFormat.pointer(object, word)), len = \(length))")
      }
    }
    note("stack_access_ok", .leave(.truth(answer)))
    outcome.stackAccessOK = answer
    return answer ? .agree : .refuse
  }
}
