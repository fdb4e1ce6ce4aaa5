/// How a kernel stores the pointer of a free slot to the next one.
public enum FreelistEncoding: String, Sendable, Hashable, CaseIterable {
  /// As it is.
  case plain
  /// `next ^ random ^ address`, `CONFIG_SLAB_FREELIST_HARDENED` from 4.14 to 5.6.
  case xor
  /// `next ^ random ^ byteswap(address)`, since 5.7.
  case xorSwab = "xor-swab"

  /// The pointer that a stored word stands for; encoding it is the same again.
  ///
  /// - Parameters:
  ///   - stored: the word in the free slot.
  ///   - address: where it is stored.
  ///   - random: the cache's number.
  ///   - word: the width of addresses.
  public func decoded(
    _ stored: UInt64, at address: Address, random: UInt64, word: WordSize
  ) -> Address {
    switch self {
    case .plain: return stored & word.mask
    case .xor: return (stored ^ random ^ address) & word.mask
    case .xorSwab:
      let turned =
        word == .bits64
        ? address.byteSwapped : UInt64(UInt32(truncatingIfNeeded: address).byteSwapped)
      return (stored ^ random ^ turned) & word.mask
    }
  }
}
