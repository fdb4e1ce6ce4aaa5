import USB

/// A write to a file of sysfs.
struct SysfsAction: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case ending
    /// The configuration is set; a failure is the write's own.
    case configured
    /// A driver's probe is over; a failure is the write's own.
    case probed
    case chosen
    case settling(half: RootHubID)
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
  private var written: RoutineStep { .done(value.utf8.count) }

  /// What was written without the newline that may end it.
  private var word: String { value.hasSuffix("\n") ? String(value.dropLast()) : value }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    var ret = 0
    if case .value(let returned) = input { ret = returned.ret }
    switch stage {
    case .start: return start(&side)
    case .ending: return written
    case .configured, .probed: return ret < 0 ? .done(ret) : written
    case .chosen:
      if ret < 0 {
        side.deviceLog(device, "can't set config #\(configuration), error \(ret)")
      }
      side.deviceLog(device, "authorized to connect")
      return ret < 0 ? .done(ret) : written
    case .settling(let half):
      side.suspendIdleHub(half)
      return written
    case .poweredOff: return written
    case .removed(let device):
      if let half = side.host.devices[device]?.half { side.host.hubs[half]?.removed = true }
      side.logicalDisconnect(device)
      return written
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    let parts = file.split(separator: "/").map(String.init)
    if let ret = side.writeGadgetFile(file, word) { return ret < 0 ? .done(ret) : written }
    if file.hasPrefix("/sys/bus/usb/drivers/") { return usbBus(&side, parts) }
    if parts.last == "disable" { return portDisable(&side, parts) }
    guard let (id, name) = side.deviceFile(file) else { return .done(Errno.ENOENT.negated) }
    device = id
    switch name {
    case "authorized": return authorize(&side)
    case "remove":
      stage = .removed(device: id)
      return .call(SetConfiguration(device: id, value: -1))
    case "bConfigurationValue":
      guard let number = Int(word), (-1...255).contains(number) else {
        return .done(Errno.EINVAL.negated)
      }
      stage = .configured
      return .call(SetConfiguration(device: id, value: number))
    case "power/control", "power/level": return powerControl(&side)
    case "power/autosuspend_delay_ms", "power/autosuspend":
      guard let number = Int(word) else { return .done(Errno.EINVAL.negated) }
      let scale = name == "power/autosuspend" ? 1000 : 1
      side.host.devices[id]?.autosuspendDelay = max(-1, min(number, 1_000_000)) * scale
      side.armAutosuspend(id)
      return written
    default: return .done(Errno.ENOENT.negated)
    }
  }

  private mutating func authorize(_ side: inout some HostSide) -> RoutineStep {
    guard let wanted = UInt(word) else { return .done(Errno.EINVAL.negated) }
    let isAuthorized = side.host.devices[device]?.authorized ?? false
    guard isAuthorized != (wanted != 0) else { return written }
    side.host.devices[device]?.authorized = wanted != 0
    if wanted == 0 {
      stage = .ending
      return .call(SetConfiguration(device: device, value: -1))
    }
    stage = .chosen
    guard let chosen = side.chooseConfiguration(device) else {
      side.deviceLog(device, "authorized to connect")
      return written
    }
    configuration = chosen
    return .call(SetConfiguration(device: device, value: chosen))
  }

  private mutating func powerControl(_ side: inout some HostSide) -> RoutineStep {
    switch word {
    case "auto":
      side.host.devices[device]?.controlAuto = true
      side.armAutosuspend(device)
      return written
    case "on":
      side.host.devices[device]?.controlAuto = false
      stage = .ending
      return .call(ResumeDevice(device: device))
    default: return .done(Errno.EINVAL.negated)
    }
  }

  /// `bind` and `unbind` of the driver `usb` and of drivers of interfaces.
  private mutating func usbBus(_ side: inout some HostSide, _ parts: [String]) -> RoutineStep {
    guard parts.count == 6, ["bind", "unbind"].contains(parts[5]),
      parts[4] == "usb" || side.host.drivers.drivers.contains(where: { $0.name == parts[4] })
    else { return .done(Errno.ENOENT.negated) }
    let binds = parts[5] == "bind"
    let name = word.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = name.first, let id = side.host.device(named: String(first)) else {
      return .done(Errno.ENODEV.negated)
    }
    device = id
    stage = .ending
    guard name.count == 1 else {
      return interfaceDriver(&side, parts[4], binds: binds, String(name[1]))
    }
    guard parts[4] == "usb" else { return .done(Errno.ENODEV.negated) }
    let isBound = side.host.devices[id]?.hasDriver ?? false
    if isBound == binds {
      return .done((binds ? Errno.EBUSY : Errno.ENODEV).negated)
    }
    side.host.devices[id]?.hasDriver = binds
    if binds { return .call(BindDevice(device: id)) }
    side.disconnectFiles(id)
    guard side.host.devices[id]?.active != nil else { return written }
    return .call(SetConfiguration(device: id, value: -1))
  }

  /// A driver of an interface such as `1.0`, configuration and number.
  private mutating func interfaceDriver(
    _ side: inout some HostSide, _ driver: String, binds: Bool, _ name: String
  ) -> RoutineStep {
    let numbers = name.split(separator: ".").map { Int($0) }
    let target = side.host.devices[device]
    guard numbers.count == 2, let number = numbers[1], let target,
      let active = target.activeConfiguration, Int(active.value) == numbers[0],
      let setting = target.currentSetting(number)
    else { return .done(Errno.ENODEV.negated) }
    let bound = target.drivers[number]?.name
    if !binds {
      guard bound == driver else { return .done(Errno.ENODEV.negated) }
      return .call(UnbindInterfaces(device: device, interfaces: [number]))
    }
    let matching = side.host.drivers.drivers.first {
      $0.name == driver && $0.bindsByName && $0.matches(setting, of: target)
    }
    guard let matching else { return .done(Errno.ENODEV.negated) }
    guard bound == nil else { return .done(Errno.EBUSY.negated) }
    stage = .probed
    let routine = matching.probe(&side, device: device, interface: number)
    return routine.map(RoutineStep.call) ?? written
  }

  /// `disable_store()` of a port.
  private mutating func portDisable(
    _ side: inout some HostSide, _ parts: [String]
  ) -> RoutineStep {
    guard let name = parts.first(where: { $0.hasPrefix("usb") && $0.hasSuffix("-port1") }),
      let bus = Int(name.dropFirst(3).dropLast(6)),
      let half = side.host.buses.first(where: { $0.hub.bus == bus })?.half
    else { return .done(Errno.ENOENT.negated) }
    guard let disables = ["0": false, "1": true, "n": false, "y": true][word.lowercased()] else {
      return .done(Errno.EINVAL.negated)
    }
    side.host.hubs[half]?.portDisabled = disables
    if side.host.hubs[half]?.isSuspended == true { side.wakeHub(half) }
    if disables, let child = side.host.hubs[half]?.child { side.disconnect(child) }
    guard disables else {
      side.setPortFeature(half, PortFeature.power)
      stage = .poweredOff
      return .sleep(milliseconds: 1)
    }
    side.clearPortFeature(half, PortFeature.power)
    side.clearPortFeature(half, PortFeature.changedConnection)
    if !half.isSuper { side.clearPortFeature(half, PortFeature.changedEnable) }
    stage = .settling(half: half)
    return .sleep(milliseconds: 1)
  }
}
