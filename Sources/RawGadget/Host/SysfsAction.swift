import USB

/// A write to a file of sysfs.
struct SysfsAction: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case ending
    /// The configuration is set; a failure is the write's own.
    case configured
    /// A driver's probe is over; a failure is the write's own.
    case probed
    case chosen
    case settling(half: HostRef)
    case poweredOff
    case removed(device: Int)
  }

  var file: String
  var value: String
  private var stage = Stage.start
  private var device = -1
  private var configuration = 0

  init(file: String, value: String) {
    self.file = file
    self.value = value
  }

  /// A write that worked returns how much was written.
  private var written: FrameStep { .done(value.utf8.count) }

  /// What was written without the newline that may end it.
  private var word: String { value.hasSuffix("\n") ? String(value.dropLast()) : value }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    var ret = 0
    if case .value(let returned) = input { ret = returned.ret }
    switch stage {
    case .start: return start(&world)
    case .ending: return written
    case .configured, .probed: return ret < 0 ? .done(ret) : written
    case .chosen:
      if ret < 0 {
        world.deviceLog(device, "can't set config #\(configuration), error \(ret)")
      }
      world.deviceLog(device, "authorized to connect")
      return ret < 0 ? .done(ret) : written
    case .settling(let half):
      world.suspendIdleHub(half)
      return written
    case .poweredOff: return written
    case .removed(let device):
      if let half = world.host.devices[device]?.half { world.host.hubs[half]?.removed = true }
      world.logicalDisconnect(device)
      return written
    }
  }

  private mutating func start(_ world: inout GadgetWorld) -> FrameStep {
    let parts = file.split(separator: "/").map(String.init)
    if let last = parts.last, ["soft_connect", "srp"].contains(last), parts.count >= 2 {
      return controllerFile(&world, controller: parts[parts.count - 2], file: last)
    }
    if file.hasPrefix("/sys/bus/gadget/drivers/") {
      return .done(world.bindGadget(parts, word) ?? value.utf8.count)
    }
    if file.hasPrefix("/sys/bus/usb/drivers/") { return usbBus(&world, parts) }
    if parts.last == "disable" { return portDisable(&world, parts) }
    guard let (id, name) = world.deviceFile(file) else { return .done(Errno.ENOENT.negated) }
    device = id
    switch name {
    case "authorized": return authorize(&world)
    case "remove":
      stage = .removed(device: id)
      return .call(.setConfiguration(SetConfiguration(device: id, value: -1)))
    case "bConfigurationValue":
      guard let number = Int(word), (-1...255).contains(number) else {
        return .done(Errno.EINVAL.negated)
      }
      stage = .configured
      return .call(.setConfiguration(SetConfiguration(device: id, value: number)))
    case "power/control", "power/level": return powerControl(&world)
    case "power/autosuspend_delay_ms", "power/autosuspend":
      guard let number = Int(word) else { return .done(Errno.EINVAL.negated) }
      let scale = name == "power/autosuspend" ? 1000 : 1
      world.host.devices[id]?.autosuspendDelay = max(-1, min(number, 1_000_000)) * scale
      world.armAutosuspend(id)
      return written
    default: return .done(Errno.ENOENT.negated)
    }
  }

  private mutating func authorize(_ world: inout GadgetWorld) -> FrameStep {
    guard let wanted = UInt(word) else { return .done(Errno.EINVAL.negated) }
    let isAuthorized = world.host.devices[device]?.authorized ?? false
    guard isAuthorized != (wanted != 0) else { return written }
    world.host.devices[device]?.authorized = wanted != 0
    if wanted == 0 {
      stage = .ending
      return .call(.setConfiguration(SetConfiguration(device: device, value: -1)))
    }
    stage = .chosen
    guard let chosen = world.chooseConfiguration(device) else {
      world.deviceLog(device, "authorized to connect")
      return written
    }
    configuration = chosen
    return .call(.setConfiguration(SetConfiguration(device: device, value: chosen)))
  }

  private mutating func powerControl(_ world: inout GadgetWorld) -> FrameStep {
    switch word {
    case "auto":
      world.host.devices[device]?.controlAuto = true
      world.armAutosuspend(device)
      return written
    case "on":
      world.host.devices[device]?.controlAuto = false
      stage = .ending
      return .call(.resume(ResumeDevice(device: device)))
    default: return .done(Errno.EINVAL.negated)
    }
  }

  /// `soft_connect_store()` and `srp_store()`.
  private func controllerFile(
    _ world: inout GadgetWorld, controller name: String, file: String
  ) -> FrameStep {
    guard let controller = world.controllers.firstIndex(where: { $0.name == name }) else {
      return .done(Errno.ENOENT.negated)
    }
    switch (file, word) {
    case ("srp", _):
      if word == "1" { world.wakeHost(controller) }
    case ("soft_connect", _) where world.controllers[controller].boundDriver == nil:
      return .done(Errno.EOPNOTSUPP.negated)
    case ("soft_connect", "connect"): world.softConnect(controller)
    case ("soft_connect", "disconnect"):
      world.disconnectGadget(controller)
      world.stopController(controller)
    case ("soft_connect", _): return .done(Errno.EINVAL.negated)
    default: return .done(Errno.ENOENT.negated)
    }
    return written
  }

  /// `bind` and `unbind` of the drivers `usb`, `usbfs` and `usbhid`.
  private mutating func usbBus(_ world: inout GadgetWorld, _ parts: [String]) -> FrameStep {
    guard parts.count == 6, ["bind", "unbind"].contains(parts[5]),
      ["usb", "usbfs", "usbhid", "hub"].contains(parts[4])
    else { return .done(Errno.ENOENT.negated) }
    let binds = parts[5] == "bind"
    let name = word.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = name.first, let id = world.host.device(named: String(first)) else {
      return .done(Errno.ENODEV.negated)
    }
    device = id
    stage = .ending
    guard name.count == 1 else {
      return interfaceDriver(&world, parts[4], binds: binds, String(name[1]))
    }
    guard parts[4] == "usb" else { return .done(Errno.ENODEV.negated) }
    let isBound = world.host.devices[id]?.hasDriver ?? false
    if isBound == binds {
      return .done((binds ? Errno.EBUSY : Errno.ENODEV).negated)
    }
    world.host.devices[id]?.hasDriver = binds
    if binds { return .call(.bindDevice(BindDevice(device: id))) }
    world.disconnectFiles(id)
    guard world.host.devices[id]?.active != nil else { return written }
    return .call(.setConfiguration(SetConfiguration(device: id, value: -1)))
  }

  /// A driver of an interface such as `1.0`, configuration and number.
  private mutating func interfaceDriver(
    _ world: inout GadgetWorld, _ driver: String, binds: Bool, _ name: String
  ) -> FrameStep {
    let numbers = name.split(separator: ".").map { Int($0) }
    let target = world.host.devices[device]
    guard numbers.count == 2, let number = numbers[1], let target,
      let active = target.activeConfiguration, Int(active.value) == numbers[0],
      let setting = target.currentSetting(number)
    else { return .done(Errno.ENODEV.negated) }
    let bound: String? =
      switch target.drivers[number] {
      case .usbfs: "usbfs"
      case .usbhid: "usbhid"
      case nil: nil
      }
    if !binds {
      guard bound == driver else { return .done(Errno.ENODEV.negated) }
      return .call(
        .unbindInterfaces(UnbindInterfaces(device: device, interfaces: [number])))
    }
    // usbfs matches nothing by itself.
    guard driver == "usbhid", setting.interfaceClass == 3 else {
      return .done(Errno.ENODEV.negated)
    }
    guard bound == nil else { return .done(Errno.EBUSY.negated) }
    stage = .probed
    return .call(.hidProbe(HIDProbe(device: device, interface: number)))
  }

  /// `disable_store()` of a port.
  private mutating func portDisable(
    _ world: inout GadgetWorld, _ parts: [String]
  ) -> FrameStep {
    guard let name = parts.first(where: { $0.hasPrefix("usb") && $0.hasSuffix("-port1") }),
      let bus = Int(name.dropFirst(3).dropLast(6)),
      let half = world.host.buses.first(where: { $0.hub.bus == bus })?.half
    else { return .done(Errno.ENOENT.negated) }
    guard let disables = ["0": false, "1": true, "n": false, "y": true][word.lowercased()] else {
      return .done(Errno.EINVAL.negated)
    }
    world.host.hubs[half]?.portDisabled = disables
    if world.host.hubs[half]?.isSuspended == true { world.wakeHub(half) }
    if disables, let child = world.host.hubs[half]?.child { world.disconnect(child) }
    guard disables else {
      world.setPortFeature(half, PortFeature.power)
      stage = .poweredOff
      return .sleep(milliseconds: 1)
    }
    world.clearPortFeature(half, PortFeature.power)
    world.clearPortFeature(half, PortFeature.changedConnection)
    if !half.isSuper { world.clearPortFeature(half, PortFeature.changedEnable) }
    stage = .settling(half: half)
    return .sleep(milliseconds: 1)
  }
}
