/// Something that has bytes of its own for a while: one allocation, one local variable of one call,
/// one area, one object of the kernel image.
///
/// Two allocations of the same slot are two holders, so that a byte can tell which of them wrote it.
public final class Holder: Sendable, Hashable {
  /// What a holder is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case object
    case local
    case pages
    case area
    case image
    case user
  }

  /// Counts the holders of a machine from its start; no two have the same.
  public let serial: UInt64
  /// What it is.
  public let kind: Kind
  /// What its owner calls it; empty for none.
  public let name: String
  /// The function whose local it is; empty for others.
  public let function: String
  /// First byte.
  public let start: Address
  /// The structure it is; nil for one that was not declared.
  public let layout: StructLayout?

  init(
    serial: UInt64, kind: Kind, name: String, start: Address, function: String = "",
    layout: StructLayout? = nil
  ) {
    self.serial = serial
    self.kind = kind
    self.name = name
    self.start = start
    self.function = function
    self.layout = layout
  }

  /// One holder: the serial numbers of a machine are never given twice.
  public static func == (a: Holder, b: Holder) -> Bool {
    a === b || (a.serial == b.serial && a.kind == b.kind && a.name == b.name)
  }

  /// Hashes the serial number.
  public func hash(into hasher: inout Hasher) { hasher.combine(serial) }
}
