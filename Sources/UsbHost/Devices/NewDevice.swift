import USB

/// `usb_new_device()`: reads configurations and strings, announces the device and binds drivers.
struct NewDevice: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case configurations
    case product
    case manufacturer
    case serial
    case bound
  }

  var device: Int
  private var stage = Stage.start

  init(device: Int) { self.device = device }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    guard let descriptor = side.host.devices[device]?.descriptor else {
      return .done(Errno.ENODEV.negated)
    }
    switch stage {
    case .start:
      stage = .configurations
      return .call(GetConfigurations(device: device))
    case .configurations:
      guard value.ret >= 0 else {
        if value.ret != Errno.ENODEV.negated {
          side.deviceLog(device, "can't read configurations, error \(value.ret)")
        }
        return .done(value.ret)
      }
      stage = .product
      return .call(ReadString(device: device, index: descriptor[15]))
    case .product:
      side.host.devices[device]?.product = text(value)
      stage = .manufacturer
      return .call(ReadString(device: device, index: descriptor[14]))
    case .manufacturer:
      side.host.devices[device]?.manufacturer = text(value)
      stage = .serial
      return .call(ReadString(device: device, index: descriptor[16]))
    case .serial:
      side.host.devices[device]?.serial = text(value)
      side.announce(device)
      side.host.devices[device]?.isRegistered = true
      stage = .bound
      return .call(BindDevice(device: device))
    case .bound:
      return .done(0)
    }
  }

  /// `usb_cache_string()`: what an empty or unread string counts as is none.
  private func text(_ value: HostValue) -> String? {
    value.ret > 0 ? String(decoding: value.data, as: UTF8.self) : nil
  }
}

extension HostSide {
  /// `announce_device()`.
  mutating func announce(_ id: Int) {
    guard let device = host.devices[id] else { return }
    let bcd = device.bcdDevice
    let major = String(bcd >> 8, radix: 16)
    deviceLog(
      id,
      "New USB device found, idVendor=\(hex(UInt64(device.vendor), 4)), "
        + "idProduct=\(hex(UInt64(device.productID), 4)), "
        + "bcdDevice=\(major.count < 2 ? " " : "")\(major).\(hex(UInt64(bcd & 0xff), 2))")
    deviceLog(
      id,
      "New USB device strings: Mfr=\(device.descriptor[14]), "
        + "Product=\(device.descriptor[15]), SerialNumber=\(device.descriptor[16])")
    if let product = device.product { deviceLog(id, "Product: \(escapedForLog(product))") }
    if let maker = device.manufacturer { deviceLog(id, "Manufacturer: \(escapedForLog(maker))") }
    if let serial = device.serial { deviceLog(id, "SerialNumber: \(escapedForLog(serial))") }
  }
}

/// The generic `usb` driver's probe: chooses a configuration and sets it
/// (`usb_generic_driver_probe()`).
struct BindDevice: HostRoutine {
  var device: Int
  private var value = 0

  init(device: Int) { self.device = device }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let returned) = input {
      if returned.ret < 0, returned.ret != Errno.ENODEV.negated {
        side.deviceLog(device, "can't set config #\(value), error \(returned.ret)")
      }
      return .done(0)
    }
    side.host.devices[device]?.hasDriver = true
    guard side.host.devices[device]?.authorized == true else {
      side.deviceLog(device, "Device is not authorized for usage")
      return .done(0)
    }
    guard let chosen = side.chooseConfiguration(device) else { return .done(0) }
    value = chosen
    return .call(SetConfiguration(device: device, value: chosen))
  }
}

extension HostSide {
  /// `usb_choose_configuration()`: the value of the configuration to set, or nil.
  mutating func chooseConfiguration(_ id: Int) -> Int? {
    guard let device = host.devices[id] else { return nil }
    var best: UsbConfiguration?
    var insufficient = 0
    for (index, configuration) in device.configurations.enumerated() {
      let unit = device.speed >= .super ? 8 : 2
      if Int(configuration.maxPower) * unit > device.mA {
        insufficient += 1
        continue
      }
      let number = configuration.interfaceNumbers.first
      let first = configuration.interfaces.first { $0.number == number }
      if let first, first.interfaceClass == 1 {
        // Of audio devices the first with the newest protocol is taken, else the first.
        if index == 0 || first.protocol == 0x30 { best = configuration }
        if first.protocol == 0x30 { break }
        continue
      }
      if index == 0, device.configurations.count > 1, let first, isNetworkOfItsKind(first) {
        best = configuration
        continue
      }
      if device.descriptor[4] != 0xff, let first, first.interfaceClass != 0xff {
        best = configuration
        break
      }
      if best == nil { best = configuration }
    }
    if insufficient > 0 {
      deviceLog(
        id,
        "rejected \(insufficient) configuration\(insufficient == 1 ? "" : "s") "
          + "due to insufficient available bus power")
    }
    guard let best else {
      let count = device.configurations.count
      deviceLog(id, "no configuration chosen from \(count) choice\(count == 1 ? "" : "s")")
      return nil
    }
    return Int(best.value)
  }

  /// The two kinds of Ethernet over USB that never win over another configuration.
  private func isNetworkOfItsKind(_ interface: UsbInterface) -> Bool {
    let kind = [interface.interfaceClass, interface.subclass, interface.protocol]
    return [[2, 2, 0xff], [0xef, 1, 1]].contains(kind)
  }
}
