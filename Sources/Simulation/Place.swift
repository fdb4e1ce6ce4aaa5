public import Usercopy

/// Somewhere in the machine, as a scenario names it.
public enum Place: Sendable, Hashable {
  /// An object, local variable, area or user buffer by name.
  case named(String)
  /// A bare address.
  case address(Address)
  /// Well-known spots.
  case spot(Spot)

  /// Spots every machine has.
  public enum Spot: String, Sendable, Hashable, CaseIterable {
    /// First byte of kernel text.
    case kernelText = "kernel-text"
    /// The same through the direct map.
    case linearText = "linear-text"
    /// Lowest byte of the running task's stack.
    case stackStart = "stack-start"
    /// First byte behind it.
    case stackEnd = "stack-end"
    /// The stack pointer of the innermost function.
    case stackPointer = "stack-pointer"
    /// An address of vmalloc space that no area holds.
    case noArea = "no-area"
    /// The saved frame pointer of the innermost function.
    case framePointer = "frame-pointer"
    case null
  }
}
