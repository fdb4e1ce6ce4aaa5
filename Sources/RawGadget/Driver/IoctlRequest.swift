import Text

/// What the number of an `ioctl(2)` asks of `/dev/raw-gadget`: one of its calls, or a number it does not know.
public enum IoctlRequest: Equatable, Hashable, Sendable {
  case call(RawIoctl)
  case unknown(UInt32)

  /// What a number asks for by today's header.
  public init(number: UInt32) {
    let call = RawIoctl(rawValue: UInt8(truncatingIfNeeded: number))
    self = call.flatMap { $0.number == number ? .call($0) : nil } ?? .unknown(number)
  }

  /// What a name or a number in hexadecimal asks for: `EP_READ`, `0x5563`.
  public init?(_ text: String) {
    if let call = RawIoctl.named(text) {
      self = .call(call)
    } else if text.hasPrefix("0x"), let number = UInt32(text.dropFirst(2), radix: 16) {
      self.init(number: number)
    } else {
      return nil
    }
  }

  /// The call; nil for a number no call has.
  public var call: RawIoctl? {
    switch self {
    case .call(let call): call
    case .unknown: nil
    }
  }

  /// The number by today's header.
  public var number: UInt32 {
    switch self {
    case .call(let call): call.number
    case .unknown(let number): number
    }
  }

  /// The call's name without its prefix, or the number: `EP_READ`, `0x5563`.
  public var name: String {
    switch self {
    case .call(let call): call.shortName
    case .unknown(let number): "0x" + number.hex()
    }
  }

  /// What its argument is. Bits 16 to 29 of a number nobody knows say how long it is.
  public var layout: IoctlLayout {
    switch self {
    case .call(let call): call.layout
    case .unknown(let number):
      number >> 30 == 0 ? .number : .unknown(size: Int(number >> 16 & 0x3fff))
    }
  }
}
