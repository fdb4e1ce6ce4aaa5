public import USB

/// A device as the host knows it (`struct usb_device`).
public struct UsbDevice: Equatable, Sendable {
  /// The states of `enum usb_device_state` in use.
  public enum State: Int, Equatable, Sendable {
    case notAttached
    case powered
    case `default`
    case address
    case configured
  }

  /// The root hub it is on.
  public let half: RootHubID
  /// How far it has come.
  public internal(set) var state = State.powered
  /// The address it has or is to be given, 1 … 127.
  public internal(set) var devnum: Int
  /// The speed its port was reset to.
  public internal(set) var speed: UsbSpeed
  /// The largest packet of ep0, in bytes.
  public internal(set) var ep0MaxPacket = 64
  /// The 18 bytes of the device descriptor.
  public internal(set) var descriptor = [UInt8](repeating: 0, count: 18)
  /// What it can be set to, as read.
  public internal(set) var configurations: [UsbConfiguration] = []
  /// Configurations `bNumConfigurations` says after reading them.
  var configurationCount = 0
  /// The language asked for strings; nil unknown, −1 when the device cannot deal with strings.
  var languageID: Int?
  /// Its own name; nil when it gives none.
  public internal(set) var product: String?
  /// Its maker's name; nil when it gives none.
  public internal(set) var manufacturer: String?
  /// Its serial number; nil when it gives none.
  public internal(set) var serial: String?
  /// The index of the active configuration.
  public internal(set) var active: Int?
  /// Names of configurations by index, once read.
  var configurationStrings: [Int: String] = [:]
  /// Names of interface settings by configuration index, number and alternate, once read.
  var interfaceStrings: [[Int]: String] = [:]
  /// The bytes of the BOS descriptor; nil when there is none.
  var bos: [UInt8]?
  /// The same as read last; taken over when the device turns out to be the one it was.
  var newBOS: [UInt8]?
  var authorized = true
  /// True once it is listed in sysfs and drivers may bind.
  public internal(set) var isRegistered = false
  /// True while the generic `usb` driver is bound to the device.
  var hasDriver = false
  /// What is bound to each interface number.
  var drivers: [Int: BoundDriver] = [:]
  /// The alternate setting of each interface number.
  var alternates: [Int: Int] = [:]
  var controlAuto = false
  /// Milliseconds, below 0 for never.
  var autosuspendDelay = 2000
  /// True while it sleeps.
  public internal(set) var isSuspended = false
  /// True from the first step of waking up until it is awake.
  var isResuming = false
  /// Uses that keep it awake: usbfs files, drivers, tasks at work on it.
  var usage = 0
  var autosuspendToken: UInt64 = 0
  /// Milliamperes its port gives.
  var mA = 500

  var vendor: UInt16 { UInt16(low: descriptor[8], high: descriptor[9]) }
  var productID: UInt16 { UInt16(low: descriptor[10], high: descriptor[11]) }
  var bcdDevice: UInt16 { UInt16(low: descriptor[12], high: descriptor[13]) }
  var bcdUSB: UInt16 { UInt16(low: descriptor[2], high: descriptor[3]) }

  var activeConfiguration: UsbConfiguration? {
    guard let active, configurations.indices.contains(active) else { return nil }
    return configurations[active]
  }

  var configurationString: String? { active.flatMap { configurationStrings[$0] } }

  /// The settings of an interface of the active configuration.
  func settings(_ interface: Int) -> [UsbInterface] {
    activeConfiguration?.interfaces.filter { $0.number == interface } ?? []
  }

  /// The interface with an endpoint of that address in any of its settings (`findintfep()`).
  func interface(ofEndpoint address: UInt8) -> Int? {
    interfaceNumbers.first { number in
      settings(number).contains { $0.endpoints.contains { $0.address == address } }
    }
  }

  /// `findintfep()` as usbfs calls it: the interface's number, or a negative error number.
  func findInterface(_ address: UInt8) -> Int {
    if address & 0x70 != 0 { return Errno.EINVAL.negated }
    if activeConfiguration == nil { return Errno.ESRCH.negated }
    return interface(ofEndpoint: address) ?? Errno.ENOENT.negated
  }

  /// The current setting of an interface.
  func currentSetting(_ interface: Int) -> UsbInterface? {
    let alternate = alternates[interface] ?? 0
    let settings = settings(interface)
    return settings.first { $0.alternate == alternate } ?? settings.first
  }

  /// True when a driver of the kernel is bound to an interface.
  public func isHeldByKernel(interface: Int) -> Bool {
    drivers[interface].map { !$0.servesPrograms } ?? false
  }

  /// The numbers of the interfaces of the active configuration.
  var interfaceNumbers: [Int] { activeConfiguration?.interfaceNumbers ?? [] }

  /// The endpoint of that address among the current settings, with its interface.
  func endpoint(_ address: UInt8) -> (interface: Int, UsbEndpoint)? {
    for number in interfaceNumbers {
      if let found = currentSetting(number)?.endpoints.first(where: { $0.address == address }) {
        return (number, found)
      }
    }
    return nil
  }
}

/// A configuration as parsed (`struct usb_host_config`).
public struct UsbConfiguration: Equatable, Sendable {
  /// `bConfigurationValue`, by which it is set.
  public var value: UInt8
  /// `bmAttributes`: bit 6 self powered, bit 5 remote wakeup.
  public var attributes: UInt8
  /// In units of 2 mA, or 8 mA at super speed.
  public var maxPower: UInt8
  /// The index of its name; 0 for none.
  public var stringIndex: UInt8
  /// Interfaces the header announces, after correction.
  public var interfaceCount: Int
  /// All settings, in the order of numbers first seen.
  public var interfaces: [UsbInterface] = []
  /// The numbers of its interfaces, in the order first seen.
  public var interfaceNumbers: [Int] = []
  /// The bytes it was read as, up to the end of what could be parsed.
  public var raw: [UInt8] = []
}

/// One alternate setting of an interface (`struct usb_host_interface`).
public struct UsbInterface: Equatable, Sendable {
  /// `bInterfaceNumber`.
  public var number: Int
  /// `bAlternateSetting`.
  public var alternate: Int
  /// `bInterfaceClass`, such as 3 for HID.
  public var interfaceClass: UInt8
  /// `bInterfaceSubClass`.
  public var subclass: UInt8
  /// `bInterfaceProtocol`.
  public var `protocol`: UInt8
  /// The index of its name; 0 for none.
  public var stringIndex: UInt8
  /// Its endpoints, without ep0.
  public var endpoints: [UsbEndpoint] = []
  /// Class-specific descriptors that follow the interface's own.
  public var extra: [UInt8] = []
}

/// An endpoint as the host knows it (`struct usb_host_endpoint`).
public struct UsbEndpoint: Equatable, Sendable {
  /// The number in bits 0 to 3; bit 7 is set for IN.
  public var address: UInt8
  /// `bmAttributes`: the type in bits 0 and 1.
  public var attributes: UInt8
  /// `wMaxPacketSize`.
  public var maxPacket: UInt16
  /// `bInterval`, in units that depend on speed and type.
  public var interval: UInt8
  /// Descriptors of other kinds that follow the endpoint's own.
  public var extra: [UInt8] = []

  var type: TransferType { TransferType(rawValue: attributes & 3) ?? .control }
}
