/// Pages that nobody has.
struct FreePages: Sendable, Equatable {
  /// First byte.
  var start: Address
  /// Pages as a power of two.
  var order: Int

  var bytes: UInt64 { Memory.pageSize << UInt64(order) }
}
