/// One packet of an isochronous transfer.
public struct IsoDescriptor: Sendable, Equatable {
  /// Negative errno, or 0.
  public var status: Int32
  /// Place in the transfer's buffer, in bytes.
  public var offset: UInt32
  /// Length in bytes.
  public var length: UInt32

  /// Makes a descriptor from its fields.
  public init(status: Int32, offset: UInt32, length: UInt32) {
    self.status = status
    self.offset = offset
    self.length = length
  }
}

/// One event of usbmon: an URB was submitted, came back, or could not be submitted.
public struct UsbTransfer: Sendable, Equatable {
  /// What happened to the URB.
  public enum Event: UInt8, Sendable, CaseIterable {
    /// 'S': handed to the host controller driver.
    case submission = 0x53
    /// 'C': given back.
    case completion = 0x43
    /// 'E': the submission failed.
    case error = 0x45
  }

  /// What stands for the setup packet.
  public enum Setup: Sendable, Equatable {
    /// The packet.
    case packet(SetupPacket)
    /// Not captured; the flag says why.
    case missing(UInt8)
  }

  /// What stands for the data.
  public enum Payload: Sendable, Equatable {
    /// Bytes, at most as many as were captured ('=').
    case bytes([UInt8])
    /// None; the flag says why: '<' comes with the completion, '>' went with the submission.
    case missing(UInt8)
    /// None, the length being zero.
    case none
  }

  /// The URB's address in the kernel, the same for submission and completion.
  public var tag: UInt64
  /// Microseconds; the text form keeps the 32 low bits.
  public var timestamp: UInt64
  /// What happened.
  public var event: Event
  /// Type of the endpoint.
  public var kind: TransferType
  /// Whether the device sends.
  public var isIn: Bool
  /// Number of the bus.
  public var bus: UInt16
  /// Address of the device; 0 before it has one.
  public var device: UInt8
  /// Endpoint number without direction.
  public var endpoint: UInt8
  /// Only on control submissions.
  public var setup: Setup?
  /// Negative errno or 0; absent where a setup packet stands.
  public var status: Int32?
  /// Frames or microframes between polls, of interrupt and isochronous endpoints.
  public var interval: Int32?
  /// First frame of an isochronous transfer.
  public var startFrame: Int32?
  /// Packets of an isochronous transfer that failed, on completions.
  public var errorCount: Int32?
  /// Number of isochronous packets; `isoDescriptors` may hold fewer.
  public var isoCount: Int32?
  /// Packets of an isochronous transfer; the text form keeps five.
  public var isoDescriptors: [IsoDescriptor] = []
  /// Bytes asked for (submission) or moved (completion).
  public var length: Int32
  /// The data, or why there is none.
  public var payload: Payload

  /// Makes an event; the fields not named here start absent.
  public init(
    tag: UInt64, timestamp: UInt64, event: Event, kind: TransferType, isIn: Bool, bus: UInt16,
    device: UInt8, endpoint: UInt8, length: Int32 = 0, payload: Payload = .none
  ) {
    self.tag = tag
    self.timestamp = timestamp
    self.event = event
    self.kind = kind
    self.isIn = isIn
    self.bus = bus
    self.device = device
    self.endpoint = endpoint
    self.length = length
    self.payload = payload
  }

  /// The bytes captured.
  public var data: [UInt8] {
    if case .bytes(let bytes) = payload { bytes } else { [] }
  }
}
