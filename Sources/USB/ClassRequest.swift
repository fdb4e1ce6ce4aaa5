/// Requests of classes other than HID that say by themselves which class they are of.
///
/// From the class specifications for printers (1.1), bulk-only transport (1.0), communication devices (1.2) with its
/// subclass for Ethernet, and test and measurement (1.0). The raw values are the specifications' names.
public enum ClassRequest: String, Equatable, Sendable, CaseIterable {
  case getDeviceID = "GET_DEVICE_ID"
  case softReset = "SOFT_RESET"
  case getMaxLUN = "GET_MAX_LUN"
  case bulkOnlyReset = "BULK_ONLY_RESET"
  case setLineCoding = "SET_LINE_CODING"
  case getLineCoding = "GET_LINE_CODING"
  case setControlLineState = "SET_CONTROL_LINE_STATE"
  case sendBreak = "SEND_BREAK"
  case setEthernetPacketFilter = "SET_ETHERNET_PACKET_FILTER"
  case initiateClear = "INITIATE_CLEAR"
  case checkClearStatus = "CHECK_CLEAR_STATUS"
  case getCapabilities = "GET_CAPABILITIES"

  /// The request a packet makes; nil when it could be another class's as well.
  public init?(_ setup: SetupPacket) {
    switch (setup.bmRequestType, setup.bRequest, setup.wLength) {
    case (0xa1, 0x00, 3...): self = .getDeviceID
    case (0x23, 0x02, 0): self = .softReset
    case (0xa1, 0xfe, 1): self = .getMaxLUN
    case (0x21, 0xff, 0): self = .bulkOnlyReset
    case (0x21, 0x20, 7): self = .setLineCoding
    case (0xa1, 0x21, 7): self = .getLineCoding
    case (0x21, 0x22, 0): self = .setControlLineState
    case (0x21, 0x23, 0): self = .sendBreak
    case (0x21, 0x43, 0): self = .setEthernetPacketFilter
    case (0xa1, 0x05, 1): self = .initiateClear
    case (0xa1, 0x06, 2): self = .checkClearStatus
    case (0xa1, 0x07, 24): self = .getCapabilities
    default: return nil
    }
  }
}
