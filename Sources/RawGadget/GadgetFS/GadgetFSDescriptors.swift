import USB

/// A check of the descriptors a program writes to GadgetFS (`dev_config()` and
/// `is_valid_config()` of `drivers/usb/gadget/legacy/inode.c`); the first that fails refuses
/// the write with EINVAL.
public enum GadgetFSCheck: Equatable, Sendable {
  /// What is wrong with a configuration descriptor.
  public enum Configuration: String, Equatable, Sendable, CaseIterable {
    /// `bDescriptorType` is not 2.
    case type
    /// `bLength` is not 9.
    case length
    /// `wTotalLength` is less than 9.
    case total
    /// `bConfigurationValue` is 0.
    case value
    /// Bit 7 of `bmAttributes` is not set.
    case attributes
    /// Bit 5 of `bmAttributes` asks for remote wakeup.
    case wakeup
    /// `wTotalLength` leaves no room for the device descriptor behind it.
    case overrun
  }

  /// Fewer than 31 bytes or more than four pages were written.
  case writeLength
  /// The word in front is not 0.
  case tag
  /// Descriptors are held already.
  case alreadyWritten
  case configuration(Configuration, highSpeed: Bool)
  /// The bytes behind the configurations are not exactly 18.
  case deviceSize
  case deviceLength
  case deviceType
  /// `bNumConfigurations` is not 1.
  case deviceConfigurations

  /// The check as one word, such as `config-wakeup` or `device-type`.
  public var text: String {
    switch self {
    case .writeLength: "write-length"
    case .tag: "tag"
    case .alreadyWritten: "already-written"
    case .configuration(let fault, let high): (high ? "hs-config-" : "config-") + fault.rawValue
    case .deviceSize: "device-size"
    case .deviceLength: "device-length"
    case .deviceType: "device-type"
    case .deviceConfigurations: "device-configurations"
    }
  }
}

/// The descriptors GadgetFS holds and answers from.
public struct GadgetFSDescriptors: Equatable, Sendable {
  /// 18 bytes.
  public internal(set) var device: [UInt8]
  /// The configuration of full speed, with everything it counts in `wTotalLength`.
  public internal(set) var configuration: [UInt8]
  /// The configuration of high speed, where one was written.
  public internal(set) var highSpeed: [UInt8]?

  static let deviceSize = 18
  static let configurationSize = 9

  /// Takes apart what was written behind the tag: a configuration, perhaps another for high
  /// speed, and the device descriptor.
  init(written bytes: [UInt8]) throws(CallRefusal) {
    var rest = bytes[...]
    configuration = try Self.takeConfiguration(&rest, highSpeed: false)
    highSpeed =
      rest.dropFirst().first == 2 ? try Self.takeConfiguration(&rest, highSpeed: true) : nil
    device = Array(rest)
    guard device.count == Self.deviceSize else { throw CallRefusal(descriptors: .deviceSize) }
    guard device[0] == UInt8(Self.deviceSize) else { throw CallRefusal(descriptors: .deviceLength) }
    guard device[1] == 1 else { throw CallRefusal(descriptors: .deviceType) }
    guard device[17] == 1 else { throw CallRefusal(descriptors: .deviceConfigurations) }
    // Whatever bcdUSB the program wrote, the host is told 2.00.
    device[2] = 0
    device[3] = 2
  }

  private static func takeConfiguration(
    _ rest: inout ArraySlice<UInt8>, highSpeed: Bool
  ) throws(CallRefusal) -> [UInt8] {
    let head = Array(rest.prefix(configurationSize))
    let fault: GadgetFSCheck.Configuration?
    if head.count < configurationSize {
      fault = .overrun
    } else {
      fault = self.fault(head, room: rest.count - deviceSize)
    }
    if let fault { throw CallRefusal(descriptors: .configuration(fault, highSpeed: highSpeed)) }
    let total = Int(UInt16(low: head[2], high: head[3]))
    defer { rest = rest.dropFirst(total) }
    return Array(rest.prefix(total))
  }

  /// The first of the conditions of `is_valid_config()` that a head of nine bytes breaks.
  private static func fault(_ head: [UInt8], room: Int) -> GadgetFSCheck.Configuration? {
    let total = Int(UInt16(low: head[2], high: head[3]))
    if head[1] != 2 { return .type }
    if head[0] != UInt8(configurationSize) { return .length }
    if total < configurationSize { return .total }
    if head[5] == 0 { return .value }
    if head[7] & 0x80 == 0 { return .attributes }
    if head[7] & 0x20 != 0 { return .wakeup }
    return total > room ? .overrun : nil
  }

  /// The ten bytes of the device qualifier (`make_qualifier()`).
  func qualifier(maxPacket: Int) -> [UInt8] {
    [10, 6, 0, 2] + device[4..<7] + [UInt8(truncatingIfNeeded: maxPacket), 1, 0]
  }
}
