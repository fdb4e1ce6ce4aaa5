import USB

extension HostSide {
  /// What `/sys/bus/usb/devices/…` says about the device of that bus, or nil when there is none.
  package func deviceAttributes() -> [String: String]? {
    host.firstDevice.flatMap { host.devices[$0] }.map(attributes)
  }

  private func attributes(of device: UsbDevice) -> [String: String] {
    let descriptor = device.descriptor
    let bcd = device.bcdUSB
    let major = String(bcd >> 8, radix: 16)
    var attributes = [
      "idVendor": hex(UInt64(device.vendor), 4),
      "idProduct": hex(UInt64(device.productID), 4),
      "bcdDevice": hex(UInt64(device.bcdDevice), 4),
      "version": "\(major.count < 2 ? " " : "")\(major).\(hex(UInt64(bcd & 0xff), 2))",
      "speed": device.speed.megabits,
      "devnum": String(device.devnum),
      "bMaxPacketSize0": String(descriptor[7]),
      "bNumConfigurations": String(descriptor[17]),
      "bDeviceClass": hex(UInt64(descriptor[4]), 2),
      "bDeviceSubClass": hex(UInt64(descriptor[5]), 2),
      "bDeviceProtocol": hex(UInt64(descriptor[6]), 2),
    ]
    let names = ["product": device.product, "manufacturer": device.manufacturer]
    for (key, text) in names { attributes[key] = text }
    attributes["serial"] = device.serial
    let configuration = device.activeConfiguration
    let count = configuration.map { String($0.interfaceCount) }
    attributes["bConfigurationValue"] = configuration.map { String($0.value) } ?? ""
    attributes["bNumInterfaces"] = count.map { ($0.count < 2 ? " " : "") + $0 } ?? ""
    attributes["bmAttributes"] = configuration.map { spaced($0.attributes) } ?? ""
    let unit = device.speed >= .super ? 8 : 2
    attributes["bMaxPower"] = configuration.map { "\(Int($0.maxPower) * unit)mA" } ?? ""
    attributes["configuration"] = device.configurationString ?? ""
    return attributes
  }

  /// A byte in hexadecimal, two places wide (`%2x`).
  private func spaced(_ byte: UInt8) -> String {
    (byte < 16 ? " " : "") + String(byte, radix: 16)
  }

  /// The device a file of sysfs belongs to, and the file's name below the device's folder.
  func deviceFile(_ file: String) -> (device: Int, name: String)? {
    guard file.hasPrefix("/") else { return host.firstDevice.map { ($0, file) } }
    let folder = "/sys/bus/usb/devices/"
    guard file.hasPrefix(folder) else { return nil }
    let parts = file.dropFirst(folder.count).split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let id = host.device(named: String(parts[0])) else { return nil }
    return (id, String(parts[1]))
  }

  /// What reading a file of the USB host in sysfs gives: a path, or a name below the device's own folder.
  package func hostFile(_ file: String) -> String? {
    if let known = nodeFile(file) { return known }
    guard let (id, name) = deviceFile(file), let device = host.devices[id] else { return nil }
    switch name {
    case "power/runtime_status": return device.isSuspended ? "suspended" : "active"
    case "power/control", "power/level": return device.controlAuto ? "auto" : "on"
    case "power/autosuspend_delay_ms": return String(device.autosuspendDelay)
    case "power/autosuspend": return String(device.autosuspendDelay / 1000)
    case "authorized": return device.authorized ? "1" : "0"
    case "maxchild":
      let hub = device.drivers.values.compactMap { $0.driver as? HubDriver }.first
      return String(hub?.ports ?? 0)
    default: return attributes(of: device)[name]
    }
  }
}
