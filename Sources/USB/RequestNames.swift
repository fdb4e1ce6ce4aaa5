/// The requests every device has to know (USB 2.0, table 9-4).
public enum StandardRequest: UInt8, Equatable, Sendable, CaseIterable {
  case getStatus = 0
  case clearFeature = 1
  case setFeature = 3
  case setAddress = 5
  case getDescriptor = 6
  case setDescriptor = 7
  case getConfiguration = 8
  case setConfiguration = 9
  case getInterface = 10
  case setInterface = 11
  case synchFrame = 12

  /// The specification's name, such as `GET_DESCRIPTOR`.
  public var name: String {
    switch self {
    case .getStatus: "GET_STATUS"
    case .clearFeature: "CLEAR_FEATURE"
    case .setFeature: "SET_FEATURE"
    case .setAddress: "SET_ADDRESS"
    case .getDescriptor: "GET_DESCRIPTOR"
    case .setDescriptor: "SET_DESCRIPTOR"
    case .getConfiguration: "GET_CONFIGURATION"
    case .setConfiguration: "SET_CONFIGURATION"
    case .getInterface: "GET_INTERFACE"
    case .setInterface: "SET_INTERFACE"
    case .synchFrame: "SYNCH_FRAME"
    }
  }

  /// The standard request a packet makes; nil for those of classes and vendors, and for unknown ones.
  public init?(_ setup: SetupPacket) {
    guard setup.definer == .standard else { return nil }
    self.init(rawValue: setup.bRequest)
  }
}

/// Requests to interfaces of class HID (HID 1.11, chapter 7.2).
public enum HIDRequest: UInt8, Equatable, Sendable, CaseIterable {
  case getReport = 1
  case getIdle = 2
  case getProtocol = 3
  case setReport = 9
  case setIdle = 10
  case setProtocol = 11

  /// The specification's name, such as `SET_IDLE`.
  public var name: String {
    switch self {
    case .getReport: "GET_REPORT"
    case .getIdle: "GET_IDLE"
    case .getProtocol: "GET_PROTOCOL"
    case .setReport: "SET_REPORT"
    case .setIdle: "SET_IDLE"
    case .setProtocol: "SET_PROTOCOL"
    }
  }
}

/// The types of descriptors (USB 2.0, table 9-5; USB 3.2, table 9-6; HID 1.11, chapter 7.1).
public enum DescriptorType: UInt8, Equatable, Sendable, CaseIterable {
  case device = 1
  case configuration = 2
  case string = 3
  case interface = 4
  case endpoint = 5
  case deviceQualifier = 6
  case otherSpeed = 7
  case interfaceAssociation = 11
  case bos = 15
  case deviceCapability = 16
  case hid = 0x21
  case hidReport = 0x22
  case endpointCompanion = 0x30
}

extension SetupPacket {
  /// A request that has a name, with what its words add to the name.
  public struct Named: Equatable, Sendable {
    /// Whose list of requests it stands in.
    public enum Request: Equatable, Sendable {
      case standard(StandardRequest)
      case hid(HIDRequest)
      case ofClass(ClassRequest)

      /// The specification's name, such as `GET_DESCRIPTOR`.
      public var name: String {
        switch self {
        case .standard(let request): request.name
        case .hid(let request): request.name
        case .ofClass(let request): request.rawValue
        }
      }
    }

    /// The request.
    public var request: Request
    /// What it is about, `device` or `1 0`; empty where the name says all.
    public var subject = ""
    /// The bytes asked for or sent, where they matter.
    public var length: UInt16?

    /// What stands behind the name, its blank or comma included: ` device, 18`.
    public var suffix: String {
      (subject.isEmpty ? "" : " \(subject)") + (length.map { ", \($0)" } ?? "")
    }
  }

  /// The request by name; nil for one that is not named here.
  public var named: Named? {
    if let standard = StandardRequest(self), let words = words(standard) {
      return Named(request: .standard(standard), subject: words.0, length: words.1)
    }
    switch (bmRequestType, HIDRequest(rawValue: bRequest)) {
    case (0x21, .setIdle?): return Named(request: .hid(.setIdle))
    case (0x21, .setProtocol?): return Named(request: .hid(.setProtocol))
    case (0x21, .setReport?): return Named(request: .hid(.setReport), length: wLength)
    default: return ClassRequest(self).map { Named(request: .ofClass($0)) }
    }
  }

  /// What stands behind the name of a standard request; nil for a receiver it is not named for.
  private func words(_ request: StandardRequest) -> (String, UInt16?)? {
    switch (bmRequestType, request) {
    case (0x80, .getStatus): ("device", nil)
    case (0x00, .setAddress), (0x00, .setConfiguration): ("\(wValue)", nil)
    case (0x80, .getDescriptor), (0x81, .getDescriptor): (descriptorName, wLength)
    case (0x80, .getConfiguration): ("", nil)
    case (0x81, .getInterface): ("\(wIndex)", nil)
    case (0x01, .setInterface): ("\(wIndex) \(wValue)", nil)
    case (0x81, .getStatus): ("interface \(wIndex)", nil)
    case (0x82, .getStatus), (0x02, .clearFeature), (0x02, .setFeature):
      ("endpoint 0x" + hex(UInt64(wIndex & 0xff), 2), nil)
    case (0x00, .clearFeature), (0x00, .setFeature): ("device, \(wValue)", nil)
    default: nil
    }
  }

  /// The request in its specification's words, `GET_DESCRIPTOR device, 18` or `SET_CONFIGURATION 1`;
  /// the eight bytes of one that is not named here.
  public var name: String {
    if let named { return named.request.name + named.suffix }
    return bytes.map { hex(UInt64($0), 2) }.joined(separator: " ")
  }

  /// The descriptor a GET_DESCRIPTOR asks for.
  private var descriptorName: String {
    let number = wValue.highByte
    return switch DescriptorType(rawValue: number) {
    case .device: "device"
    case .configuration: "configuration"
    case .string: "string \(wValue.lowByte)"
    case .deviceQualifier: "device qualifier"
    case .otherSpeed: "other speed"
    case .bos: "BOS"
    case .hid: "HID"
    case .hidReport: "HID report"
    case .interface, .endpoint, .interfaceAssociation, .deviceCapability, .endpointCompanion, nil:
      "0x" + hex(UInt64(number), 2)
    }
  }
}
