/// `check_heap_object()`'s tests of mappings outside the direct map (mm/usercopy.c since 5.19).
extension HardenedRun {
  /// A kmap mapping is one page (4e140f59d285).
  mutating func kmapPage(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_heap_object"
    let isKmap = kernel.layout.kmaps.contains(pointer)
    guard check(function, "is_kmap_addr(ptr)", .address(pointer), nil, isKmap) else {
      return .next
    }
    let offset = pointer % Memory.pageSize
    let room = Memory.pageSize - offset
    if check(function, "n > PAGE_SIZE - offset", .quantity(length), .quantity(room), length > room)
    {
      return abort(function, .kmap, offset: offset)
    }
    return .leaveGroup
  }

  /// A vmalloc range must lie in one area; the area counts its guard page (0aef499f3172).
  ///
  /// From 6.4 on, and in 6.1.y, only while page faults are not disabled.
  mutating func vmallocArea(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_heap_object"
    let inRange = kernel.layout.vmalloc.contains(pointer)
    guard check(function, "is_vmalloc_addr(ptr)", .address(pointer), nil, inRange) else {
      return .next
    }
    if rules.vmallocNeedsFaults,
      !check(function, "!pagefault_disabled()", nil, nil, !attempt.pagefaultDisabled)
    {
      return .next
    }
    guard let area = kernel.area(at: pointer) else {
      check(function, "!area", nil, nil, true)
      return abort(function, .noArea, offset: 0)
    }
    check(function, "!area", nil, nil, false)
    let offset = pointer - area.start
    let room = area.length - offset
    if check(
      function, "n > area->va_end - addr", .quantity(length), .quantity(room), length > room)
    {
      return abort(function, .vmalloc, offset: offset)
    }
    return .leaveGroup
  }
}

extension Kernel {
  /// `find_vmap_area()`: the vmalloc area that holds `address`, guard page included.
  public func area(at address: Address) -> VmallocArea? {
    areas.first { address >= $0.start && address - $0.start < $0.length }
  }

  /// `virt_addr_valid()`: whether a page of memory lies behind `address`, directly mapped or seen
  /// through the mapping the kernel runs from.
  public func virtAddrValid(_ address: Address) -> Bool {
    if pages.isValid(address) { return true }
    let linear = layout.linear(address)
    return linear != address && pages.isValid(linear)
  }

  /// `virt_to_head_page()` and its flags for a valid address; the kernel image is reserved memory.
  public func page(at address: Address) -> PageDescriptor {
    let linear = pages.isValid(address) ? address : layout.linear(address)
    var found = pages.descriptor(at: linear)
    if found.use == .plain, isImagePage(linear) { found.use = .reserved }
    return found
  }

  /// Whether a page of the direct map holds part of the kernel image.
  private func isImagePage(_ linear: Address) -> Bool {
    linear >= layout.linearText.lowerBound
      && linear <= layout.linear(layout.bss.upperBound &- 1)
  }
}
