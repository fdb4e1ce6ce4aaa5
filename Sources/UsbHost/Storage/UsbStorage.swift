import USB

/// `usb-storage`: disks and optical drives that take SCSI commands by bulk transfers alone.
struct UsbStorage: NodeDriver {
  static let name = "usb-storage"
  private static let ids =
    [1, 2, 4, 5, 6].map { UsbID(class: 8, UInt8($0), 0x50) }

  /// The number of the SCSI host.
  var number = 0
  var bulkIn: UInt8 = 0
  var bulkOut: UInt8 = 0
  /// The tag of the last command.
  var tag: UInt32 = 0
  /// The first signature a status came with.
  var signature: UInt32?
  /// True of a device whose residues are not to be believed.
  var ignoresResidue = false
  /// Commands that wait for their turn, the one at work first.
  var line: [Int] = []
  var nextTurn = 0
  /// Units by number.
  var units: [Int: ScsiUnit] = [:]
  /// True once it is being taken away.
  var isGone = false

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
    var driver = UsbStorage()
    driver.number = side.host.nextSCSIHost
    side.host.nextSCSIHost += 1
    driver.bulkIn = input.address
    driver.bulkOut = output.address
    side.keep(driver, place)
    side.logLine("scsi host\(driver.number): usb-storage \(side.name(of: place))")
    side.startTask(.worker, ScsiScan(place: place))
    return nil
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
  }

  var staysThroughReset: Bool { true }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    guard let unit = units.first(where: { $0.value.owns(node.name) })?.key, let known = units[unit]
    else { return nil }
    let disk = DiskPlace(storage: place, unit: unit)
    return known.kind == .optical
      ? optical(operation, node, disk, known) : fixed(operation, node, disk, known)
  }

  private func fixed(
    _ operation: NodeOperation, _ node: DeviceNode, _ disk: DiskPlace, _ unit: ScsiUnit
  ) -> (any HostRoutine)? {
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

  private func optical(
    _ operation: NodeOperation, _ node: DeviceNode, _ disk: DiskPlace, _ unit: ScsiUnit
  ) -> (any HostRoutine)? {
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

  func attribute(_ name: String, _ node: DeviceNode) -> String? {
    guard let unit = units.values.first(where: { $0.owns(node.name) }) else { return nil }
    switch name {
    case "size": return String(unit.size(of: node.name) / 512)
    case "vendor": return unit.names.first
    case "model": return unit.names.dropFirst().first
    case "rev": return unit.names.last
    default: return nil
    }
  }

  /// Changes what is known of a unit.
  mutating func change(_ unit: Int, _ body: (inout ScsiUnit) -> Void) {
    guard var known = units[unit] else { return }
    body(&known)
    units[unit] = known
  }
}

/// A unit of a storage device.
struct DiskPlace: Equatable, Sendable {
  var storage: InterfacePlace
  /// Its number (LUN).
  var unit: Int
}

/// What the SCSI drivers know of a unit.
struct ScsiUnit: Equatable, Sendable {
  /// Kinds of units that have a driver here.
  enum Kind: Equatable, Sendable {
    case disk
    case optical
  }

  /// A part of a disk.
  struct Partition: Equatable, Sendable {
    var number: Int
    /// In sectors.
    var start: Int
    var count: Int
  }

  var kind: Kind
  /// Its node, such as `sda`.
  var node = ""
  /// Its name in the kernel log, such as `0:0:0:0`.
  var address: String
  /// Vendor, model and revision as the unit tells them.
  var names: [String] = []
  var isRemovable = false
  var hasMedium = false
  /// Sectors, and bytes of one.
  var blocks = 0
  var sector = 512
  var isProtected = false
  var hasWriteCache = false
  /// True until it was looked at for the first time.
  var isFirst = true
  var openers = 0
  var partitions: [Partition] = []
  /// True while the table of partitions is to be read at the next opening.
  var needsScan = false
  /// True once it is listed, so that its medium is watched.
  var isWatched = false
  /// What the cache of an open node holds, by pages of 4096 bytes.
  var pages: [Int: [UInt8]] = [:]
  /// True after the medium was seen to change.
  var mediumChanged = false
  /// True after GET EVENT STATUS NOTIFICATION was refused too often to be sent again.
  var ignoresEvents = false
  /// Times events said nothing.
  var silentEvents = 0

  func owns(_ name: String) -> Bool {
    name == node || partitions.contains { "\(node)\($0.number)" == name }
  }

  private func partition(_ name: String) -> Partition? {
    partitions.first { "\(node)\($0.number)" == name }
  }

  /// Where a node begins and how large it is, in bytes.
  func start(of name: String) -> Int { (partition(name)?.start ?? 0) * 512 }
  func size(of name: String) -> Int { (partition(name).map { $0.count * 512 }) ?? blocks * sector }
}

extension HostSide {
  /// What `usb-storage` keeps of an interface.
  func storage(_ place: InterfacePlace) -> UsbStorage? { bound(UsbStorage.self, place) }

  func unit(_ disk: DiskPlace) -> ScsiUnit? { storage(disk.storage)?.units[disk.unit] }

  mutating func changeUnit(_ disk: DiskPlace, _ body: (inout ScsiUnit) -> Void) {
    change(UsbStorage.self, disk.storage) { $0.change(disk.unit, body) }
  }

  /// A line of the kernel log about a disk: `sd 0:0:0:0: [sda] …`.
  mutating func diskLog(_ disk: DiskPlace, _ text: String) {
    guard let unit = unit(disk) else { return }
    logLine("sd \(unit.address): [\(unit.node)] \(text)")
  }
}
