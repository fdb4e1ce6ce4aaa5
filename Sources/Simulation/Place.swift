public import Usercopy
import Text

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

extension Place {
  /// The place a text means: an address in hexadecimal, a well-known spot, else a name.
  public init(spelling: String) {
    if spelling.hasPrefix("0x"), let address = Number.unsigned(spelling) {
      self = .address(address)
    } else {
      self = Spot(rawValue: spelling).map { .spot($0) } ?? .named(spelling)
    }
  }

  /// The place as scenarios and the screen write it.
  public var spelling: String {
    switch self {
    case .named(let name): name
    case .address(let address): "0x" + address.hex()
    case .spot(let spot): spot.rawValue
    }
  }
}
