/// `check_page_span()` (`CONFIG_HARDENED_USERCOPY_PAGESPAN`, 4.8 to 5.18): a range outside slabs
/// must stay in one page, one compound page, or one section of the kernel image.
extension HardenedRun {
  mutating func pageSpan(_ kernel: Kernel) -> HardenedAnswer {
    guard kernel.configuration.pageSpan else { return .next }
    let function = "check_page_span"
    let last = word.add(pointer, length &- 1)
    if within(function, "rodata", kernel.layout.rodata, last) {
      let isWrite = attempt.direction == .fromUser
      return check(function, "!to_user", nil, nil, isWrite)
        ? abort(function, .rodata, offset: 0) : .leaveGroup
    }
    if within(function, "data", kernel.layout.data, last)
      || within(function, "bss", kernel.layout.bss, last)
    {
      return .leaveGroup
    }
    let (first, final) = (
      pointer.aligned(down: Memory.pageSize), last.aligned(down: Memory.pageSize)
    )
    if check(
      function, "(ptr & PAGE_MASK) == (end & PAGE_MASK)", .address(first), .address(final),
      first == final)
    {
      return .leaveGroup
    }
    let page = kernel.page(at: pointer)
    let head = kernel.page(at: last).head
    if check(function, "endpage == page", .address(head), .address(page.head), head == page.head) {
      return .leaveGroup
    }
    let reserved = page.use == .reserved
    guard check(function, "PageReserved(page)", nil, nil, reserved) else {
      return abort(function, .spansPages, offset: 0)
    }
    return eachReserved(kernel, function, last)
  }

  /// Every further page must be reserved as the first one is.
  private mutating func eachReserved(_ kernel: Kernel, _ function: String, _ last: Address)
    -> HardenedAnswer
  {
    var next = word.add(pointer, Memory.pageSize)
    while next <= last, next > pointer {
      guard kernel.page(at: next).use == .reserved else {
        check(function, "is_reserved && !PageReserved(page)", .address(next), nil, true)
        return abort(function, .spansReserved, offset: 0)
      }
      next = word.add(next, Memory.pageSize)
    }
    return .leaveGroup
  }

  private mutating func within(
    _ function: String, _ name: String, _ section: Range<Address>, _ last: Address
  ) -> Bool {
    check(
      function, "ptr >= __\(name)_start", .address(pointer), .address(section.lowerBound),
      pointer >= section.lowerBound)
      && check(
        function, "end <= __\(name)_end", .address(last), .address(section.upperBound),
        last <= section.upperBound)
  }
}
