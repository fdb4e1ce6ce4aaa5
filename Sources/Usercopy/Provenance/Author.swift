/// Who gave a byte the value that it has now.
public enum Author: Sendable, Hashable {
  /// Nobody since the boot: it is as the page allocator gave it.
  case nobody
  /// The code that works on a holder, or a copy that was meant for it.
  case owner(Holder)
  /// Set before the holder's owner got it: `__GFP_ZERO`, `init_on_alloc`, an initialised local.
  case initialised(Holder)
  /// Zeros of `init_on_free`.
  case cleared
  /// A fill pattern of slab debugging, `0x6b`, `0xa5` or `0x5a`.
  case poison
  /// SLUB's freelist pointer, encoded with `CONFIG_SLAB_FREELIST_HARDENED`.
  case freelist(isEncoded: Bool)
  /// The pattern of a red zone.
  case redZone
  /// The stack protector's canary.
  case canary
  /// The kernel's own machinery: return addresses, saved registers, the image as it was loaded.
  case kernel
}
