/// One line of the kernel's USB monitor: an URB submitted, completed or refused.
public struct UsbmonRecord: Equatable, Sendable {
  /// The event letter of a line.
  public enum Event: String, Equatable, Sendable {
    case submission = "S"
    case completion = "C"
    case error = "E"
  }

  /// Stands for the address of the URB, the same from submission to completion.
  public var tag: Int
  public var time: Microseconds
  public var event: Event
  public var type: TransferType
  public var isIn: Bool
  public var bus: Int
  public var address: Int
  public var endpoint: Int
  /// The setup packet, for submissions of control transfers.
  public var setup: SetupPacket?
  public var status: Int
  public var interval: Int
  public var length: Int
  /// The bytes shown, at most 32; nil when the line carries none.
  public var data: [UInt8]?

  /// The line in the format of the text interface (`Documentation/usb/usbmon.rst`).
  public var text: String {
    "\(hex(0xffff_8880_0100_0000 + UInt64(tag & 0xff_ffff) * 0x180, 16)) \(time) \(body)"
  }

  /// The line without the URB's address and the time.
  public var body: String {
    let letter = ["C", "Z", "B", "I"][Int(type.rawValue)]
    var line =
      "\(event.rawValue) \(letter)\(isIn ? "i" : "o"):\(bus):\(decimal(address)):\(endpoint)"
    if event == .submission, let setup {
      line += " s \(hex(UInt64(setup.bRequestType), 2)) \(hex(UInt64(setup.bRequest), 2))"
      line += " \(hex(UInt64(setup.wValue), 4)) \(hex(UInt64(setup.wIndex), 4))"
      line += " \(hex(UInt64(setup.wLength), 4))"
    } else {
      line += " \(status)"
      if type == .interrupt || type == .isochronous { line += ":\(interval)" }
    }
    line += " \(length)"
    guard length > 0 else { return line }
    guard let data else { return line + (event == .completion ? " >" : " <") }
    line += " ="
    for (index, byte) in data.prefix(32).enumerated() {
      line += (index % 4 == 0 ? " " : "") + hex(UInt64(byte), 2)
    }
    return line
  }

  private func decimal(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

/// A number in hexadecimal with leading zeros.
func hex(_ number: UInt64, _ digits: Int) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

extension GadgetWorld {
  mutating func monitor(_ id: Int, _ urb: URB, _ event: UsbmonRecord.Event, status: Int) {
    guard recordsEvents else { return }
    let length = event == .completion ? urb.actual : urb.length
    let carries = urb.isIn == (event == .completion)
    note(
      .monitored(
        UsbmonRecord(
          tag: id, time: now, event: event, type: urb.type, isIn: urb.isIn,
          bus: host.hubs[urb.half]?.bus ?? 0, address: urb.address,
          endpoint: Int(urb.endpoint & 15), setup: urb.setup, status: status,
          interval: urb.interval, length: length,
          data: carries ? Array(urb.buffer.prefix(min(32, length))) : nil)))
  }
}
