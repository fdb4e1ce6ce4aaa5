/// An entry of a driver's table (`struct usb_device_id`): what it does not name is not looked at.
struct UsbID: Equatable, Sendable {
  var vendor: UInt16?
  var product: UInt16?
  var interfaceClass: UInt8?
  var subclass: UInt8?
  var `protocol`: UInt8?
  /// What a driver does differently for it (`driver_info`).
  var note = 0

  /// `USB_DEVICE`.
  init(_ vendor: UInt16, _ product: UInt16, note: Int = 0) {
    self.vendor = vendor
    self.product = product
    self.note = note
  }

  /// `USB_INTERFACE_INFO`.
  init(class interfaceClass: UInt8, _ subclass: UInt8, _ protocol: UInt8) {
    self.interfaceClass = interfaceClass
    self.subclass = subclass
    self.protocol = `protocol`
  }

  /// `USB_VENDOR_AND_INTERFACE_INFO`.
  init(vendor: UInt16, class interfaceClass: UInt8, _ subclass: UInt8, _ protocol: UInt8) {
    self.init(class: interfaceClass, subclass, `protocol`)
    self.vendor = vendor
  }

  /// `usb_match_one_id()`.
  func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    (vendor ?? device.vendor) == device.vendor && (product ?? device.productID) == device.productID
      && (interfaceClass ?? setting.interfaceClass) == setting.interfaceClass
      && (subclass ?? setting.subclass) == setting.subclass
      && (`protocol` ?? setting.protocol) == setting.protocol
  }
}

extension Array where Element == UsbID {
  /// The first entry that fits (`usb_match_id()`).
  func match(_ setting: UsbInterface, of device: UsbDevice) -> UsbID? {
    first { $0.matches(setting, of: device) }
  }
}
