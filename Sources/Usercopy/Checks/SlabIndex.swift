/// SLAB's slot arithmetic.
public enum SlabIndex {
  /// `obj_to_index()`: a 32-bit distance times the reciprocal of the stride.
  public static func object(at pointer: Address, firstSlot: Address, stride: UInt64) -> UInt64 {
    let distance = (pointer &- firstSlot) & 0xffff_ffff
    let slot = min(max(1, stride), 1 << 32)
    let reciprocal = ((1 << 32) + slot - 1) / slot & 0xffff_ffff
    return distance.multipliedFullWidth(by: reciprocal).low >> 32
  }
}
