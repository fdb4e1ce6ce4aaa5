/// `check_heap_object()`: a range must not leave the folio it starts in (ab502103ae3c, 5.19).
extension HardenedRun {
  /// Pages handed out singly are not bounded, whatever their order.
  mutating func pageAlloc(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_heap_object"
    let page = kernel.page(at: pointer)
    guard case .compound(let bytes) = page.use, bytes > Memory.pageSize else {
      check(function, "folio_test_large(folio)", nil, nil, false)
      return .next
    }
    check(function, "folio_test_large(folio)", nil, nil, true)
    let offset = kernel.layout.linear(pointer) &- page.head
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    let room = bytes &- offset
    if check(
      function, "n > folio_size(folio) - offset", .quantity(length), .quantity(room), length > room)
    {
      return abort(function, .pageAlloc, offset: offset)
    }
    return .next
  }
}
