/// The tests that need no lookup: length, wrap and null.
extension HardenedRun {
  /// A length of zero is never looked at (`__check_object_size()`, mm/usercopy.c since 4.8).
  mutating func zeroLength() -> HardenedAnswer {
    check("__check_object_size", "!n", .quantity(length), .quantity(0), length == 0)
      ? .agree : .next
  }

  /// `check_bogus_address()`: the range must not pass the top of the address space.
  ///
  /// Until 5.3 the byte behind the range counted too.
  mutating func wrappedAddress() -> HardenedAnswer {
    let last = word.add(pointer, rules.wrapCountsEnd ? length : length &- 1)
    let text = rules.wrapCountsEnd ? "ptr + n < ptr" : "ptr + (n - 1) < ptr"
    guard
      check("check_bogus_address", text, .address(last), .address(pointer), last < pointer)
    else { return .next }
    return abort(
      "check_bogus_address", .wrapped, offset: 0, size: word.add(pointer, length))
  }

  /// `ZERO_OR_NULL_PTR()`: NULL and the pointer `kmalloc(0)` gives, 16, and what lies below it.
  mutating func nullAddress() -> HardenedAnswer {
    guard
      check(
        "check_bogus_address", "ptr <= ZERO_SIZE_PTR", .address(pointer), .address(16),
        pointer <= 16)
    else { return .next }
    return abort("check_bogus_address", .null, offset: pointer)
  }
}
