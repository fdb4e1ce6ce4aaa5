import USB

/// `sd_open()`: the medium is looked at and, for the first who opens, held.
struct DiskOpen: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case checked
    case held
    case scanned
  }

  var disk: DiskPlace
  var node: String
  var mode: NodeMode
  private var stage = Stage.start

  init(disk: DiskPlace, node: String, mode: NodeMode) {
    self.disk = disk
    self.node = node
    self.mode = mode
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(Errno.ENXIO.negated) }
    switch stage {
    case .start:
      stage = .checked
      return .call(DiskCheck(disk: disk))
    case .checked:
      if unit.isRemovable, !unit.hasMedium {
        side.forgetPartitions(disk)
        return .done(Errno.ENOMEDIUM.negated)
      }
      if unit.isProtected, mode.writes { return .done(Errno.EROFS.negated) }
      side.changeUnit(disk) { $0.openers += 1 }
      stage = .held
      guard unit.openers == 0, unit.isRemovable else { return scan(&side, unit) }
      return .call(ScsiExecute(disk, .preventRemoval(true)))
    case .held: return scan(&side, unit)
    case .scanned:
      side.listPartitions(disk)
      return .done(0)
    }
  }

  private mutating func scan(_ side: inout some HostSide, _ unit: ScsiUnit) -> RoutineStep {
    guard unit.needsScan else { return .done(0) }
    stage = .scanned
    return .call(DiskScan(disk: disk))
  }
}

/// `blkdev_put()` and `sd_release()`: a look at the medium is asked for, then the last one lets it go.
struct DiskClose: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case looking
    case released
  }

  var disk: DiskPlace
  var node: String
  private var stage = Stage.start

  init(disk: DiskPlace, node: String) {
    self.disk = disk
    self.node = node
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(0) }
    switch stage {
    case .start:
      side.changeUnit(disk) {
        $0.openers = max(0, $0.openers - 1)
        $0.pages = [:]
      }
      guard unit.isRemovable else { return .done(0) }
      side.startTask(.worker, DiskCheck(disk: disk, onlyLooks: true))
      stage = .looking
      return .pause(10)
    case .looking:
      stage = .released
      return unit.openers == 0 ? .call(ScsiExecute(disk, .preventRemoval(false))) : .done(0)
    case .released: return .done(0)
    }
  }
}

/// A read of a disk: as asked for with `O_DIRECT`, else by pages, four at a time at first.
struct DiskRead: HostRoutine {
  var disk: DiskPlace
  var node: String
  /// Bytes from the beginning of the disk.
  var offset: Int
  var length: Int
  var isDirect: Bool
  private var data: [UInt8] = []
  /// The first byte and the bytes of the command at work.
  private var asked: (start: Int, count: Int)? { request.map { ($0[0], $0[1]) } }
  private var request: [Int]?
  /// Bytes one command moves at most.
  private static let most = 240 * 512
  private static let page = 4096

  init(disk: DiskPlace, node: String, offset: Int, length: Int, isDirect: Bool) {
    self.disk = disk
    self.node = node
    self.offset = offset
    self.length = length
    self.isDirect = isDirect
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(Errno.ENXIO.negated) }
    if let asked {
      request = nil
      guard input.value.ret == ScsiStatus.good, input.value.data.count == asked.count else {
        return failed(&side, unit, asked.start / max(1, unit.sector))
      }
      take(&side, input.value.data, from: asked.start)
    }
    let size = unit.blocks * unit.sector
    let wanted = max(0, min(length, size - offset))
    if isDirect, offset % unit.sector != 0 || length % unit.sector != 0 {
      return .done(Errno.EINVAL.negated)
    }
    if !isDirect, let known = side.unit(disk) { takePages(known, wanted) }
    guard data.count < wanted else { return finished(&side) }
    let start = isDirect ? offset + data.count : (offset + data.count) / Self.page * Self.page
    let ahead =
      isDirect
      ? wanted - data.count
      : max(4 * Self.page, (wanted - data.count + Self.page - 1) / Self.page * Self.page)
    let count = min(ahead, Self.most, size - start) / unit.sector * unit.sector
    guard count > 0 else { return finished(&side) }
    request = [start, count]
    return .call(
      ScsiExecute(disk, .read(start / unit.sector, count / unit.sector, sector: unit.sector)))
  }

  private mutating func take(_ side: inout some HostSide, _ bytes: [UInt8], from start: Int) {
    guard !isDirect else {
      data += bytes
      return
    }
    for at in stride(from: 0, to: bytes.count, by: Self.page) {
      let page = Array(bytes[at..<min(bytes.count, at + Self.page)])
      side.changeUnit(disk) { $0.pages[(start + at) / Self.page] = page }
    }
  }

  /// What the cache holds already.
  private mutating func takePages(_ unit: ScsiUnit, _ wanted: Int) {
    while data.count < wanted {
      let at = offset + data.count
      guard let page = unit.pages[at / Self.page] else { return }
      let part = page.dropFirst(at % Self.page).prefix(wanted - data.count)
      if part.isEmpty { return }
      data += part
    }
  }

  private func finished(_ side: inout some HostSide) -> RoutineStep {
    if let index = side.nodeIndex(node) {
      side.host.nodes[index].lastReceived = Array(data.prefix(64))
    }
    return .done(HostValue(ret: data.count, data: data))
  }

  private func failed(_ side: inout some HostSide, _ unit: ScsiUnit, _ block: Int) -> RoutineStep {
    side.logLine(
      "I/O error, dev \(unit.node), sector \(block) op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2"
    )
    return .done(data.isEmpty ? Errno.EIO.negated : data.count)
  }
}

/// A write to a disk.
struct DiskWrite: HostRoutine {
  var disk: DiskPlace
  var node: String
  var offset: Int
  var bytes: [UInt8]
  private var done = 0
  private var isAsked = false

  init(disk: DiskPlace, node: String, offset: Int, bytes: [UInt8]) {
    self.disk = disk
    self.node = node
    self.offset = offset
    self.bytes = bytes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(Errno.ENXIO.negated) }
    if unit.isProtected { return .done(Errno.EBADF.negated) }
    guard offset % unit.sector == 0, bytes.count % unit.sector == 0 else {
      return .done(Errno.EINVAL.negated)
    }
    if isAsked {
      guard input.value.ret == ScsiStatus.good else {
        return .done(done > 0 ? done : Errno.EIO.negated)
      }
      done += min(240 * 512, bytes.count - done)
    }
    guard done < bytes.count else {
      side.changeUnit(disk) { $0.pages = [:] }
      return .done(done)
    }
    guard offset + bytes.count <= unit.blocks * unit.sector else {
      return .done(Errno.ENOSPC.negated)
    }
    isAsked = true
    let part = Array(bytes.dropFirst(done).prefix(240 * 512))
    return .call(
      ScsiExecute(disk, .write((offset + done) / unit.sector, part, sector: unit.sector)))
  }
}

/// `fsync()`: a disk with a write cache is told to empty it.
struct DiskSync: HostRoutine {
  var disk: DiskPlace
  private var asked = false

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let unit = side.unit(disk), unit.hasWriteCache else {
      return .done(input.value.ret == ScsiStatus.good ? 0 : Errno.EIO.negated)
    }
    asked = true
    return .call(ScsiExecute(disk, .synchronize))
  }
}

/// `BLKRRPART`: the disk is looked over and its table of partitions read again.
struct DiskRescan: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case checked
    case scanned
  }

  var disk: DiskPlace
  private var stage = Stage.start

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(Errno.ENXIO.negated) }
    switch stage {
    case .start:
      side.changeUnit(disk) { $0.needsScan = true }
      stage = .checked
      return .call(DiskCheck(disk: disk))
    case .checked:
      if unit.isRemovable, !unit.hasMedium { return .done(Errno.ENOMEDIUM.negated) }
      stage = .scanned
      side.forgetPartitions(disk)
      return .call(DiskScan(disk: disk))
    case .scanned:
      side.listPartitions(disk)
      if unit.isRemovable { side.startTask(.worker, DiskCheck(disk: disk, onlyLooks: true)) }
      return .done(0)
    }
  }
}

/// What eject(1) sends: let go, start, eject.
struct DiskEject: HostRoutine {
  var disk: DiskPlace
  private var next = 0

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if next > 0, input.value.ret != ScsiStatus.good { return .done(Errno.EIO.negated) }
    let commands: [ScsiCommand] = [.preventRemoval(false), .startStop(1), .startStop(2)]
    guard next < commands.count else { return .done(0) }
    next += 1
    return .call(ScsiExecute(disk, commands[next - 1]))
  }
}

extension HostSide {
  /// The nodes of a disk's partitions go away, as when its medium does.
  mutating func forgetPartitions(_ disk: DiskPlace) {
    guard let unit = unit(disk) else { return }
    let names = Set(unit.partitions.map { "\(unit.node)\($0.number)" })
    removeNodes(disk.storage) { names.contains($0.name) }
    changeUnit(disk) { $0.partitions = [] }
  }

  /// The nodes of partitions that were found.
  mutating func listPartitions(_ disk: DiskPlace) {
    guard let unit = unit(disk) else { return }
    for part in unit.partitions where nodeIndex("\(unit.node)\(part.number)") == nil {
      addNode("\(unit.node)\(part.number)", .block, driver: StorageState.driver, disk.storage)
    }
  }
}
