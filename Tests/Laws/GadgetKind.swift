/// A kind of device: the driver that is to take it and what makes it do so.
public struct GadgetKind: Sendable {
  /// The name of that driver.
  public var name: String
  var vendor: UInt16 = 0x1209
  var product: UInt16 = 0x0001
  /// Device class, and release.
  var deviceClass: UInt8 = 0
  var release: UInt16 = 0x0100
  /// Class, subclass and protocol of its interface.
  var triple: [UInt8] = [0xff, 0, 0]
  /// Addresses of its endpoints.
  var endpoints: [UInt8] = [0x02, 0x81]
  /// What follows the interface's descriptor. With it, the bulk endpoints are those of a second interface.
  var communication: [UInt8] = []
  /// The same where there is one interface.
  var extra: [UInt8] = []
  /// A node that appears.
  var node: String?

  /// True when none of its endpoints is an interrupt one.
  var isBulkOnly = false

  func isInterrupt(_ address: UInt8) -> Bool {
    !isBulkOnly && (address >= 0x83 || address == 0x01)
  }

  /// All of them.
  public static let all: [GadgetKind] = [
    GadgetKind(name: "usblp", triple: [7, 1, 2], node: "lp0"),
    GadgetKind(name: "usb-storage", triple: [8, 6, 0x50], node: "sda"),
    GadgetKind(name: "ftdi_sio", vendor: 0x0403, product: 0x6001, release: 0x0600, node: "ttyUSB0"),
    GadgetKind(
      name: "ch341", vendor: 0x1a86, product: 0x7523, endpoints: [0x02, 0x81, 0x85], node: "ttyUSB0"
    ),
    GadgetKind(
      name: "pl2303", vendor: 0x067b, product: 0x2303, release: 0x0300,
      endpoints: [0x02, 0x81, 0x85], node: "ttyUSB0"),
    GadgetKind(name: "cp210x", vendor: 0x10c4, product: 0xea60, node: "ttyUSB0"),
    GadgetKind(
      name: "oti6858", vendor: 0x0ea0, product: 0x6858, endpoints: [0x02, 0x81, 0x85],
      node: "ttyUSB0"),
    GadgetKind(
      name: "usbtmc", triple: [0xfe, 3, 1], endpoints: [0x02, 0x81, 0x85], node: "usbtmc0"),
    GadgetKind(
      name: "rtl8150", vendor: 0x0bda, product: 0x8150, endpoints: [0x02, 0x81, 0x83], node: "eth0"),
    GadgetKind(
      name: "pegasus", vendor: 0x07a6, product: 0x0986, endpoints: [0x02, 0x81, 0x83], node: "eth0"),
    GadgetKind(
      name: "pegasus", vendor: 0x07a6, product: 0x8511, endpoints: [0x02, 0x81, 0x83], node: "eth0"),
    GadgetKind(
      name: "cdc_ether", deviceClass: 2, triple: [2, 6, 0], endpoints: [0x85, 0x02, 0x81],
      communication: [5, 0x24, 6, 0, 1, 13, 0x24, 15, 4, 0, 0, 0, 0, 0xea, 5, 0, 0, 0],
      node: "usb0"),
    GadgetKind(
      name: "usbtest", vendor: 0x0525, product: 0xa4a0, endpoints: [0x02, 0x81, 0x85, 0x01],
      node: "usbtest"),
    GadgetKind(
      name: "sisusb", vendor: 0x0711, product: 0x0900,
      endpoints: [0x0e, 0x8e, 0x01, 0x03, 0x8d, 0x0d], node: "sisusbvga0",
      isBulkOnly: true),
    GadgetKind(
      name: "xpad", vendor: 0x045e, product: 0x028e, triple: [0xff, 0x5d, 1],
      endpoints: [0x85, 0x01], node: "js0"),
    GadgetKind(
      name: "usb_acecad", vendor: 0x0460, product: 0x0008, endpoints: [0x85], node: "event0"),
    GadgetKind(name: "kbtab", vendor: 0x084e, product: 0x1001, endpoints: [0x85], node: "event0"),
    GadgetKind(
      name: "hanwang", vendor: 0x0b57, product: 0x8401, triple: [3, 1, 2], endpoints: [0x85],
      node: "event0"),
    GadgetKind(
      name: "pegasus_notetaker", vendor: 0x0e20, product: 0x0101, endpoints: [0x85], node: "event0"),
    GadgetKind(name: "aiptek", vendor: 0x08ca, product: 0x0010, endpoints: [0x85], node: "event0"),
    GadgetKind(
      name: "cdc_acm", deviceClass: 2, triple: [2, 2, 1], endpoints: [0x85, 0x02, 0x81],
      communication: [5, 0x24, 0, 0x10, 1, 4, 0x24, 2, 2, 5, 0x24, 6, 0, 1, 5, 0x24, 1, 0, 1],
      node: "ttyACM0"),
    GadgetKind(
      name: "usbhid", triple: [3, 1, 1], endpoints: [0x85],
      extra: [9, 0x21, 0x11, 1, 0, 1, 0x22, 63, 0]),
    GadgetKind(name: "hub", deviceClass: 9, triple: [9, 0, 0], endpoints: [0x85]),
  ]
}
