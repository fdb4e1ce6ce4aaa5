extension GadgetWorld {
  /// What `/sys/bus/usb/devices/…` says about the device of that bus, or nil when there is none.
  public func deviceAttributes() -> [String: String]? {
    guard let id = host.firstDevice, let device = host.devices[id] else { return nil }
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

  /// One attribute of the device of that bus, by its name below the device's folder.
  public func deviceAttribute(_ file: String) -> String? {
    guard let id = host.firstDevice, let device = host.devices[id] else { return nil }
    switch file {
    case "power/runtime_status": return device.isSuspended ? "suspended" : "active"
    case "power/control": return device.controlAuto ? "auto" : "on"
    case "power/autosuspend_delay_ms": return String(device.autosuspendDelay)
    case "authorized": return device.authorized ? "1" : "0"
    default: return deviceAttributes()?[file]
    }
  }

  /// What `/sys/class/udc/NAME` says about a controller, or nil when there is none of that name.
  public func controllerAttributes(_ name: String) -> [String: String]? {
    guard let controller = controllers.first(where: { $0.name == name }) else { return nil }
    return [
      "state": controller.state.rawValue,
      "current_speed": controller.speed.name,
      "maximum_speed": controller.maxSpeed.name,
      "function": controller.boundDriver?.function ?? "",
    ]
  }
}
