/// PaX's tests of the stack and of kernel text.
extension PaXRun {
  /// What the stack test made of a range.
  enum StackAnswer {
    /// It does not touch the stack of the running task.
    case outside
    /// It lies in one frame, or inside the stack where frames are not walked.
    case inside
    case bad
    /// The walk never ends.
    case lost
  }

  /// `object_is_on_stack()`, from 2011-10 on `check_stack_object()` (fs/exec.c): wrap, outline, then the frames
  /// of x86 with frame pointers.
  mutating func onStack(_ length: UInt64) -> StackAnswer {
    let function = rules.functions.stack
    let object = attempt.kernel
    let (stack, size) = kernel.stackOutline
    let stackEnd = word.add(stack, size)
    let end = word.add(object, length)
    if check(function, "obj + len < obj", .address(end), .address(object), end < object) {
      return .bad
    }
    if check(function, "obj + len <= stack", .address(end), .address(stack), end <= stack)
      || check(
        function, "stackend <= obj", .address(stackEnd), .address(object), stackEnd <= object)
    {
      return .outside
    }
    if check(function, "obj < stack", .address(object), .address(stack), object < stack)
      || check(
        function, "stackend < obj + len", .address(stackEnd), .address(end), stackEnd < end)
    {
      return .bad
    }
    let walks =
      kernel.configuration.framePointer && kernel.configuration.architecture != .generic
    return walks ? frames(stack..<max(stack, stackEnd), end, length) : .inside
  }

  /// The walk starts at the frame of the function that asked.
  private mutating func frames(_ stack: Range<Address>, _ end: Address, _ length: UInt64)
    -> StackAnswer
  {
    let function = rules.functions.stack
    var oldFrame = kernel.checkFrame(of: .checkOnly)
    var frame = oldFrame == 0 ? 0 : kernel.savedFramePointer(at: oldFrame, of: .checkOnly)
    note(function, .assign("oldframe", .address(oldFrame), truncatedFrom: nil))
    note(function, .assign("frame", .address(frame), truncatedFrom: nil))
    var met: Set<Address> = []
    while check(
      function, "stack <= frame", .address(stack.lowerBound), .address(frame),
      stack.lowerBound <= frame),
      check(
        function, "frame < stackend", .address(frame), .address(stack.upperBound),
        frame < stack.upperBound)
    {
      if check(function, "obj + len <= frame", .address(end), .address(frame), end <= frame) {
        let fence = word.add(oldFrame, 2 * word.bytes)
        let isAbove = check(
          function, "obj >= oldframe + 2 * sizeof(void *)", .address(attempt.kernel),
          .address(fence), attempt.kernel >= fence)
        return isAbove ? .inside : .bad
      }
      guard met.insert(frame).inserted else {
        note(function, .loop(frame))
        lose(.hang, .livelock, length)
        return .lost
      }
      oldFrame = frame
      frame = kernel.savedFramePointer(at: frame, of: .checkOnly)
      note(function, .assign("frame", .address(frame), truncatedFrom: nil))
    }
    return .bad
  }

  /// `check_kernel_text_object()` of 2014: both mappings of the code have one name.
  mutating func text(_ length: UInt64) -> GateAnswer {
    guard let function = rules.functions.text else { return .agree }
    call(rules.functions.entry, function, pointer: attempt.kernel, length)
    let layout = kernel.layout
    if kernel.configuration.architecture == .x86_64,
      overlaps(function, "__va(__pa(text))", layout.linearText, length)
    {
      return report(function, "<kernel text>", length)
    }
    return overlaps(function, "text", layout.text, length)
      ? report(function, "<kernel text>", length) : .agree
  }

  private mutating func overlaps(
    _ function: String, _ name: String, _ there: Range<Address>, _ length: UInt64
  ) -> Bool {
    let low = attempt.kernel
    let high = word.add(low, length)
    return check(
      function, "high > \(name) low", .address(high), .address(there.lowerBound),
      high > there.lowerBound)
      && check(
        function, "low < \(name) high", .address(low), .address(there.upperBound),
        low < there.upperBound)
  }
}
