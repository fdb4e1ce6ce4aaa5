import USB

/// A function of the host's kernel that can sleep, with the state it keeps while it does.
indirect enum HostFrame: Equatable, Sendable {
  case controlMessage(ControlMessage)
  case urbMessage(URBMessage)
  case getDescriptor(GetDescriptor)
  case getMaxPacket(GetMaxPacket)
  case portReset(PortReset)
  case portInit(PortInit)
  case portConnect(PortConnect)
  case debounce(Debounce)
  case hubWork(HubWork)
  case newDevice(NewDevice)
  case getConfigurations(GetConfigurations)
  case getBOS(GetBOS)
  case getString(GetString)
  case readString(ReadString)
  case setConfiguration(SetConfiguration)
  case bindDevice(BindDevice)
  case hidProbe(HIDProbe)
  case hidRecovery(HIDRecovery)
  case clearHalt(ClearHalt)
  case checkChanged(CheckChanged)
  case resetDevice(ResetDevice)
  case setInterface(SetInterface)
  case resetConfiguration(ResetConfiguration)
  case nameInterface(NameInterface)
  case unbindInterfaces(UnbindInterfaces)
  case usbfsClose(UsbfsClose)
  case hidPostReset(HIDPostReset)
  case sysfs(SysfsAction)
  case usbfsTransfer(UsbfsTransfer)
  case reap(UsbfsReap)
  case resume(ResumeDevice)
  case suspendDevice(SuspendDevice)

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    func run<F: SteppingFrame>(_ frame: F, _ wrap: (F) -> HostFrame) -> FrameStep {
      var frame = frame
      let step = frame.step(&world, task: task, input)
      self = wrap(frame)
      return step
    }
    return switch self {
    case .controlMessage(let frame): run(frame, HostFrame.controlMessage)
    case .urbMessage(let frame): run(frame, HostFrame.urbMessage)
    case .getDescriptor(let frame): run(frame, HostFrame.getDescriptor)
    case .getMaxPacket(let frame): run(frame, HostFrame.getMaxPacket)
    case .portReset(let frame): run(frame, HostFrame.portReset)
    case .portInit(let frame): run(frame, HostFrame.portInit)
    case .portConnect(let frame): run(frame, HostFrame.portConnect)
    case .debounce(let frame): run(frame, HostFrame.debounce)
    case .hubWork(let frame): run(frame, HostFrame.hubWork)
    case .newDevice(let frame): run(frame, HostFrame.newDevice)
    case .getConfigurations(let frame): run(frame, HostFrame.getConfigurations)
    case .getBOS(let frame): run(frame, HostFrame.getBOS)
    case .getString(let frame): run(frame, HostFrame.getString)
    case .readString(let frame): run(frame, HostFrame.readString)
    case .setConfiguration(let frame): run(frame, HostFrame.setConfiguration)
    case .bindDevice(let frame): run(frame, HostFrame.bindDevice)
    case .hidProbe(let frame): run(frame, HostFrame.hidProbe)
    case .hidRecovery(let frame): run(frame, HostFrame.hidRecovery)
    case .clearHalt(let frame): run(frame, HostFrame.clearHalt)
    case .checkChanged(let frame): run(frame, HostFrame.checkChanged)
    case .resetDevice(let frame): run(frame, HostFrame.resetDevice)
    case .setInterface(let frame): run(frame, HostFrame.setInterface)
    case .resetConfiguration(let frame): run(frame, HostFrame.resetConfiguration)
    case .nameInterface(let frame): run(frame, HostFrame.nameInterface)
    case .unbindInterfaces(let frame): run(frame, HostFrame.unbindInterfaces)
    case .usbfsClose(let frame): run(frame, HostFrame.usbfsClose)
    case .hidPostReset(let frame): run(frame, HostFrame.hidPostReset)
    case .sysfs(let frame): run(frame, HostFrame.sysfs)
    case .usbfsTransfer(let frame): run(frame, HostFrame.usbfsTransfer)
    case .reap(let frame): run(frame, HostFrame.reap)
    case .resume(let frame): run(frame, HostFrame.resume)
    case .suspendDevice(let frame): run(frame, HostFrame.suspendDevice)
    }
  }
}

/// A function that goes on from where it stopped each time it is stepped.
protocol SteppingFrame: Equatable, Sendable {
  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep
}
