import Text

/// The C library forms the kernel's `printk` uses.
public enum KernelFormat {
  /// `%p` of 2011: digits without `0x`, NULL as `(null)` padded to the width.
  public static func pointer(_ value: Address, _ size: WordSize) -> String {
    if value == 0 {
      return String(repeating: " ", count: size.digits - 6) + "(null)"
    }
    return value.hex(width: size.digits)
  }
}
