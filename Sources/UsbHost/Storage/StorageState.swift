/// What `usb-storage` knows of a device (`struct us_data`).
struct StorageState: Equatable, Sendable {
  /// The driver's folder below `/sys/bus/usb/drivers`.
  static let driver = "usb-storage"

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
