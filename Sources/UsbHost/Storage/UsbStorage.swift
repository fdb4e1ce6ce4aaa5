import USB

/// `usb-storage`: disks and optical drives that take SCSI commands by bulk transfers alone.
struct UsbStorage: NodeDriver {
  static let name = StorageState.driver
  private static let ids =
    [1, 2, 4, 5, 6].map { UsbID(class: 8, UInt8($0), 0x50) }

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    let place = InterfacePlace(device: device, interface: interface)
    guard let setting = side.host.devices[device]?.currentSetting(interface) else { return nil }
    side.interfaceLog(name, place, "USB Mass Storage device detected")
    guard let input = setting.endpoint(.bulk, isIn: true),
      let output = setting.endpoint(.bulk, isIn: false)
    else {
      _ = side.probeFailed(name, place, Errno.EIO.negated)
      return nil
    }
    var state = StorageState()
    state.number = side.host.nextSCSIHost
    side.host.nextSCSIHost += 1
    state.bulkIn = input.address
    state.bulkOut = output.address
    side.keep(UsbStorage(), place)
    side.host.storages[place] = state
    side.logLine("scsi host\(state.number): usb-storage \(side.name(of: place))")
    side.startTask(.worker, ScsiScan(place: place))
    return nil
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    let place = InterfacePlace(device: device, interface: interface)
    side.removeNodes(place)
    side.host.storages[place] = nil
  }

  var staysThroughReset: Bool { true }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .line, .raise, .lower, .test, .send: nil
    case .open, .close, .read, .write, .readAt, .writeAt, .sync, .ask, .command:
      StorageServe(place: place, node: node, operation: operation)
    }
  }

  func attribute(_ name: String, _ node: DeviceNode, _ side: some HostSide) -> String? {
    let place = InterfacePlace(device: node.device, interface: node.interface)
    let units = side.storage(place)?.units.values
    guard let unit = units?.first(where: { $0.owns(node.name) }) else { return nil }
    switch name {
    case "size": return String(unit.size(of: node.name) / 512)
    case "vendor": return unit.names.first
    case "model": return unit.names.dropFirst().first
    case "rev": return unit.names.last
    default: return nil
    }
  }
}

/// A system call on a node of a disk or an optical drive.
struct StorageServe: HostRoutine {
  var place: InterfacePlace
  var node: DeviceNode
  var operation: NodeOperation
  private var asked = false

  init(place: InterfacePlace, node: DeviceNode, operation: NodeOperation) {
    self.place = place
    self.node = node
    self.operation = operation
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if asked { return .done(input.value) }
    asked = true
    guard let (number, unit) = side.storage(place)?.units.first(where: { $0.value.owns(node.name) })
    else { return .done(Errno.ENOTTY.negated) }
    let disk = DiskPlace(storage: place, unit: number)
    let routine = unit.kind == .optical ? optical(disk, unit) : fixed(disk, unit)
    return routine.map(RoutineStep.call) ?? .done(Errno.ENOTTY.negated)
  }

  private func fixed(_ disk: DiskPlace, _ unit: ScsiUnit) -> (any HostRoutine)? {
    let start = unit.start(of: node.name)
    switch operation {
    case .open(let mode): return DiskOpen(disk: disk, node: node.name, mode: mode)
    case .close: return DiskClose(disk: disk, node: node.name)
    case .readAt(let offset, let length):
      return DiskRead(
        disk: disk, node: node.name, offset: start + offset, length: length,
        isDirect: node.mode?.direct ?? true)
    case .writeAt(let offset, let bytes):
      return DiskWrite(disk: disk, node: node.name, offset: start + offset, bytes: bytes)
    case .sync: return DiskSync(disk: disk)
    case .ask(.size): return Answer(unit.size(of: node.name))
    case .ask(.sector): return Answer(unit.sector)
    case .ask(.readOnly): return Answer(unit.isProtected ? 1 : 0)
    case .command(.partitions): return DiskRescan(disk: disk)
    case .command(.eject): return DiskEject(disk: disk)
    case .read, .write, .ask, .command, .line, .raise, .lower, .test, .send: return nil
    }
  }

  private func optical(_ disk: DiskPlace, _ unit: ScsiUnit) -> (any HostRoutine)? {
    switch operation {
    case .open: OpticalOpen(disk: disk)
    case .close: OpticalClose(disk: disk)
    case .readAt(let offset, let length):
      DiskRead(
        disk: disk, node: node.name, offset: offset, length: length,
        isDirect: node.mode?.direct ?? true)
    case .ask(.size): Answer(unit.blocks * unit.sector)
    case .ask(.sector): Answer(unit.sector)
    case .ask(.readOnly): Answer(1)
    case .read, .write, .writeAt, .sync, .ask, .command, .line, .raise, .lower, .test, .send: nil
    }
  }
}
