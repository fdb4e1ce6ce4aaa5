/// A write to a file of sysfs.
struct SysfsAction: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case ending
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

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    var ret = 0
    if case .value(let returned) = input { ret = returned.ret }
    switch stage {
    case .start: return start(&world)
    case .ending: return written
    case .chosen:
      if ret < 0 {
        world.deviceLog(device, "can't set config #\(configuration), error \(ret)")
      }
      world.deviceLog(device, "authorized to connect")
      return written
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
    if parts.last == "soft_connect", parts.count >= 2 {
      return softConnect(&world, controller: parts[parts.count - 2])
    }
    if file.hasPrefix("/sys/bus/gadget/drivers/") { return gadgetBus(&world, parts) }
    if file.hasPrefix("/sys/bus/usb/drivers/") { return usbBus(&world, parts) }
    if parts.last == "disable" { return portDisable(&world, parts) }
    guard let id = world.host.firstDevice else { return .done(Errno.ENOENT.negated) }
    device = id
    switch file {
    case "authorized": return authorize(&world)
    case "remove":
      stage = .removed(device: id)
      return .call(.setConfiguration(SetConfiguration(device: id, value: -1)))
    case "bConfigurationValue":
      guard let number = Int(value) else { return .done(Errno.EINVAL.negated) }
      stage = .ending
      return .call(.setConfiguration(SetConfiguration(device: id, value: number)))
    case "power/control": return powerControl(&world)
    case "power/autosuspend_delay_ms", "power/autosuspend":
      guard let number = Int(value) else { return .done(Errno.EINVAL.negated) }
      let scale = file == "power/autosuspend" ? 1000 : 1
      world.host.devices[id]?.autosuspendDelay = max(-1, min(number, 1_000_000)) * scale
      world.armAutosuspend(id)
      return written
    default: return .done(Errno.ENOENT.negated)
    }
  }

  private mutating func authorize(_ world: inout GadgetWorld) -> FrameStep {
    guard let wanted = UInt(value) else { return .done(Errno.EINVAL.negated) }
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
    switch value {
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

  /// `soft_connect_store()`.
  private func softConnect(_ world: inout GadgetWorld, controller name: String) -> FrameStep {
    guard let controller = world.controllers.firstIndex(where: { $0.name == name }) else {
      return .done(Errno.ENOENT.negated)
    }
    guard let driver = world.controllers[controller].boundDriver else {
      return .done(Errno.EOPNOTSUPP.negated)
    }
    switch value {
    case "connect":
      if world.controllers[controller].driver == nil {
        world.startController(controller, driver)
      }
      world.pullUp(controller, true)
    case "disconnect":
      world.disconnectGadget(controller)
      world.stopController(controller)
    default: return .done(Errno.EINVAL.negated)
    }
    return written
  }

  /// Unbinding a gadget from its driver on the gadget bus.
  private func gadgetBus(_ world: inout GadgetWorld, _ parts: [String]) -> FrameStep {
    let index = Int(value.split(separator: ".").last ?? "") ?? -1
    guard parts.last == "unbind", world.controllers.indices.contains(index),
      let driver = world.controllers[index].boundDriver
    else { return .done(Errno.ENODEV.negated) }
    world.unregisterDriver(driver)
    return written
  }

  /// `bind` and `unbind` of the drivers `usb` and `usbhid`.
  private mutating func usbBus(_ world: inout GadgetWorld, _ parts: [String]) -> FrameStep {
    guard parts.count >= 6 else { return .done(Errno.EINVAL.negated) }
    let driver = parts[4]
    let binds = parts[5] == "bind"
    let name = value.split(separator: ":")
    guard let first = name.first, let id = world.host.device(named: String(first)) else {
      return .done(Errno.ENODEV.negated)
    }
    device = id
    stage = .ending
    if driver == "usb" {
      guard world.host.devices[id]?.hasDriver != binds else {
        return .done(Errno.ENODEV.negated)
      }
      world.host.devices[id]?.hasDriver = binds
      return binds
        ? .call(.bindDevice(BindDevice(device: id)))
        : .call(.setConfiguration(SetConfiguration(device: id, value: -1)))
    }
    guard name.count == 2, let number = Int(name[1].split(separator: ".").last ?? "") else {
      return .done(Errno.ENODEV.negated)
    }
    let bound = world.host.devices[id]?.drivers[number]
    if binds {
      guard bound == nil, let step = world.probe(id, interface: number) else {
        return .done(Errno.ENODEV.negated)
      }
      return step
    }
    guard case .usbhid? = bound, driver == "usbhid" else { return .done(Errno.ENODEV.negated) }
    world.unbindInterface(id, number)
    return written
  }

  /// `disable_store()` of a port.
  private mutating func portDisable(
    _ world: inout GadgetWorld, _ parts: [String]
  ) -> FrameStep {
    guard let name = parts.first(where: { $0.hasPrefix("usb") && $0.hasSuffix("-port1") }),
      let bus = Int(name.dropFirst(3).dropLast(6)),
      let half = world.host.buses.first(where: { $0.hub.bus == bus })?.half
    else { return .done(Errno.ENOENT.negated) }
    let disables = value != "0"
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
