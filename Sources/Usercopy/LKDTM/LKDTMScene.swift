extension LKDTM {
  private static let page = Memory.pageSize

  /// Builds the objects, frames or areas the test makes, on a kernel of that configuration.
  public func scene(_ configuration: Configuration) -> Scene {
    var kernel = Kernel(configuration: configuration)
    kernel.mapImage()
    let size: UInt64 = configuration.release >= KernelVersion(3, 15) ? 16384 : 8192
    kernel.addTask("lkdtm", size: size)
    kernel.call("ksys_write", savedRegisters: ["rbx"])
    kernel.call("lkdtm_do_action", savedRegisters: ["rbx"])
    let user = kernel.mapUser(2 * Self.page)
    let toUser = self != .slabSizeFrom && self != .slabWhitelistFrom && self != .stackFrameFrom
    let (good, bad) = ranges(&kernel)
    func attempt(_ range: ByteRange) -> CopyAttempt {
      CopyAttempt(
        entry: toUser ? .copyToUser : .copyFromUser, kernel: range.start, user: user,
        length: range.length)
    }
    return Scene(kernel: kernel, good: attempt(good), bad: attempt(bad))
  }

  /// The kernel side of the good and of the bad copy.
  private func ranges(_ kernel: inout Kernel) -> (good: ByteRange, bad: ByteRange) {
    switch self {
    case .slabSizeTo, .slabSizeFrom:
      let object = (kernel.kmalloc(1024, label: "one") ?? 0) &+ 16
      return (ByteRange(start: object, length: 512), ByteRange(start: object, length: 1024))
    case .slabWhitelistTo, .slabWhitelistFrom:
      let cache = kernel.createCache(
        CacheRequest(name: "lkdtm-usercopy", objectSize: 1024, window: 256..<320))
      let window = kernel.allocate(cache: cache, label: "buf") + 256
      return (ByteRange(start: window, length: 64), ByteRange(start: window - 1, length: 64))
    case .stackFrameTo, .stackFrameFrom: return stackRanges(&kernel, beyond: false)
    case .stackBeyond: return stackRanges(&kernel, beyond: true)
    case .vmalloc: return spans(kernel.vmalloc(Self.page, name: "lkdtm"))
    case .folio:
      let folio = kernel.takePages(order: 1, use: .compound(bytes: 2 * Self.page))
      // Behind it lies memory of somebody else.
      _ = kernel.takePages(order: 1)
      return spans(folio + Self.page)
    case .kernel:
      let function = kernel.layout.text.lowerBound + 0xa_b000
      return (
        ByteRange(start: kernel.layout.rodata.lowerBound + 0x100, length: 42),
        ByteRange(start: function, length: Self.page)
      )
    }
  }

  /// Half a page from the start, then a page from the middle.
  private func spans(_ start: Address) -> (good: ByteRange, bad: ByteRange) {
    (
      ByteRange(start: start, length: Self.page / 2),
      ByteRange(start: start + Self.page / 2, length: Self.page)
    )
  }

  /// A buffer of the running function, and one of a function that has returned or the stack's end.
  private func stackRanges(_ kernel: inout Kernel, beyond: Bool) -> (
    good: ByteRange, bad: ByteRange
  ) {
    kernel.call(
      "do_usercopy_stack", locals: [LocalRequest(name: "good_stack", size: 32)],
      savedRegisters: ["rbx"])
    kernel.call(
      "do_usercopy_stack_callee", locals: [LocalRequest(name: "buf", size: 128)])
    let dead = kernel.local(named: "buf")?.address ?? 0
    kernel.returnFromCall()
    let good = kernel.local(named: "good_stack")?.address ?? 0
    let bad = beyond ? kernel.currentStack.end - kernel.configuration.wordSize.bytes : dead
    return (ByteRange(start: good, length: 32), ByteRange(start: bad, length: 32))
  }
}
