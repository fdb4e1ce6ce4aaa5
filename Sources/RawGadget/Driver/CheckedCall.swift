import USB
import Usercopy

/// A call and what its checks have found out about it, as the locals of its function hold it.
struct CheckedCall {
  let context: CallContext
  let ioctl: RawIoctl
  /// The bytes at the start of the argument, once they are copied.
  var argument: [UInt8] = []
  /// INIT: the speed and the two names.
  var speed = UsbSpeed.high
  var driverName: [UInt8] = []
  var deviceName: [UInt8] = []
  /// The controller, once the gadget is known to be bound.
  var controller = 0
  /// The endpoint a call is about, once it is known to be there.
  var handle = 0
  /// EP_ENABLE: endpoints the descriptor fits.
  var fitting: [Int] = []
  /// Transfers: where a read's data is gathered, and what a write sends.
  var address: Address?
  var data: [UInt8] = []

  init(_ call: CallContext, _ ioctl: RawIoctl) {
    (context, self.ioctl) = (call, ioctl)
  }

  var thread: ThreadID { context.thread }
  var device: Int { context.device }
  /// The argument as a pointer.
  var memory: UserMemory { context.memory }

  /// EP_ENABLE: the descriptor.
  var descriptor: EndpointDescriptor { EndpointDescriptor(argument) }

  // `struct usb_raw_ep_io`, whose length `struct usb_raw_event` has at the same place.
  var endpointField: Int { Int(littleEndianValue(argument[0..<2])) }
  var flags: UInt16 { UInt16(truncatingIfNeeded: littleEndianValue(argument[2..<4])) }
  var length: UInt32 { UInt32(truncatingIfNeeded: littleEndianValue(argument[4..<8])) }
  var isRead: Bool { ioctl.layout == .received }

  /// The endpoint it names. Calls that take nothing else cut it to `int`, as the driver's prototype does.
  var askedHandle: Int {
    ioctl.layout == .number ? Int(Int32(truncatingIfNeeded: context.value)) : endpointField
  }

  /// The transfer it asks for.
  var transfer: EndpointIO {
    EndpointIO(
      endpoint: endpointField, zero: flags & 1 != 0, length: Int(length), memory: memory,
      address: address, data: data, isRead: isRead)
  }
}
