public import KernelLog

/// What is wrong with a capture, in words.
public enum CaptureErrorWords {
  /// One line, to stand behind the file's name.
  public static func line(_ error: KernelLogError) -> String {
    switch error {
    case .unknownFormat: "is neither usbmon text nor a pcap or pcapng capture"
    case .truncated(let offset, let needed, let available):
      "ends at byte \(offset + available), where \(needed) bytes from \(offset) on belong"
    case .badLength(let offset, let value): "byte \(offset): implausible length \(value)"
    case .badValue(let offset, let value): "byte \(offset): invalid value \(value)"
    case .unsupportedLinkType(let offset, let type):
      "byte \(offset): link type \(type) is not one of USB that is read (189, 220, 249, 288, 293 to 295)"
        + other(type)
    case .unknownInterface(let offset, let index):
      "byte \(offset): interface \(index) was not described"
    case .oldUsbmonText:
      "is usbmon text of the older form (1t), which does not tell buses apart; capture from "
        + "/sys/kernel/debug/usb/usbmon/0u"
    case .rawUsbmon:
      "is what /dev/usbmonN gives, without a capture file around it; "
        + "capture with 'tcpdump -i usbmonN -w FILE'"
    case .pointer: "is a pointer of Git LFS, not the file itself; fetch that with 'git lfs pull'"
    case .packed: "is compressed; unpack it first"
    case .badHeader: "its first line is not the one expected"
    }
  }

  /// What other link types with USB in their name are, and what to do about them.
  private static func other(_ type: UInt32) -> String {
    switch type & 0x0FFF_FFFF {
    case 186: ": FreeBSD's; capture on Linux with usbmon, or on Windows with USBPcap"
    case 252: ": packets exported by Wireshark; save the capture itself, not its exported PDUs"
    case 266: ": macOS's; capture on Linux with usbmon, or on Windows with USBPcap"
    default: ""
    }
  }
}
