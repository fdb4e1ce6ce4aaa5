import USB

/// `sd_probe()`: looks the disk over, makes its node, reads its table of partitions.
struct DiskProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case looked
    case opened
    case prevented
    case scanned
    case allowed
    case watched
  }

  var disk: DiskPlace
  private var stage = Stage.start
  private var name = ""

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(0) }
    switch stage {
    case .start:
      let name = side.freeDiskName()
      self.name = name
      side.changeUnit(disk) { $0.node = name }
      stage = .looked
      return .call(DiskRevalidate(disk: disk))
    case .looked:
      stage = .opened
      // A disk with sectors is opened once, to look for partitions.
      guard unit.blocks > 0 else { return attached(&side, unit) }
      side.changeUnit(disk) { $0.needsScan = true }
      return .call(DiskCheck(disk: disk))
    case .opened:
      guard unit.blocks > 0 else { return attached(&side, unit) }
      stage = .prevented
      guard unit.isRemovable else { return scan() }
      return .call(ScsiExecute(disk, .preventRemoval(true)))
    case .prevented: return scan()
    case .scanned:
      stage = .allowed
      guard unit.isRemovable else { return attached(&side, unit) }
      return .call(ScsiExecute(disk, .preventRemoval(false)))
    case .allowed: return attached(&side, unit)
    case .watched: return .done(0)
    }
  }

  private mutating func scan() -> RoutineStep {
    stage = .scanned
    return .call(DiskScan(disk: disk))
  }

  /// The disk is listed, and its medium is watched from now on.
  private mutating func attached(_ side: inout some HostSide, _ unit: ScsiUnit) -> RoutineStep {
    side.addNode(unit.node, .block, driver: StorageState.driver, disk.storage)
    for part in unit.partitions {
      side.addNode("\(unit.node)\(part.number)", .block, driver: StorageState.driver, disk.storage)
    }
    side.changeUnit(disk) { $0.isWatched = true }
    side.diskLog(disk, "Attached SCSI \(unit.isRemovable ? "removable " : "")disk")
    stage = .watched
    if unit.isRemovable { side.startTask(.worker, DiskCheck(disk: disk, onlyLooks: true)) }
    return .done(0)
  }
}

/// `sd_check_events()` and, when the medium changed or the disk is to be scanned, `sd_revalidate_disk()`.
struct DiskCheck: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case tested
    case looked
  }

  var disk: DiskPlace
  /// True for a look at the medium that nobody waits for.
  var onlyLooks = false
  private var stage = Stage.start

  init(disk: DiskPlace, onlyLooks: Bool = false) {
    self.disk = disk
    self.onlyLooks = onlyLooks
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(Errno.ENXIO.negated) }
    switch stage {
    case .start:
      stage = .tested
      guard unit.isRemovable || unit.isProtected else { return tested(&side, unit, nil) }
      return .call(ScsiExecute(disk, .testUnitReady))
    case .tested: return tested(&side, unit, input.value)
    case .looked: return .done(0)
    }
  }

  private mutating func tested(
    _ side: inout some HostSide, _ unit: ScsiUnit, _ value: HostValue?
  ) -> RoutineStep {
    var changed = unit.mediumChanged
    if let value {
      let sense = value.ret == ScsiStatus.checkCondition ? ScsiSense(value.data) : nil
      let isThere = !(sense?.saysNoMedium ?? false) && value.ret >= 0
      if sense?.saysNoMedium == true || isThere != unit.hasMedium {
        if isThere != unit.hasMedium { changed = true }
        side.changeUnit(disk) { $0.hasMedium = isThere }
      }
      if sense?.key == ScsiSense.unitAttention, sense?.code == 0x28 { changed = true }
    }
    if onlyLooks {
      side.changeUnit(disk) { $0.mediumChanged = changed }
      return .done(0)
    }
    side.changeUnit(disk) { $0.mediumChanged = false }
    if changed { side.changeUnit(disk) { $0.needsScan = true } }
    guard changed || unit.needsScan else { return .done(0) }
    stage = .looked
    return .call(DiskRevalidate(disk: disk))
  }
}

/// The scan of a disk's table of partitions (`disk_scan_partitions()`).
struct DiskScan: HostRoutine {
  var disk: DiskPlace
  private var asked = false

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(0) }
    guard asked else {
      asked = true
      side.changeUnit(disk) { $0.needsScan = false }
      let count = min(unit.blocks, max(1, 4096 / unit.sector))
      return .call(ScsiExecute(disk, .read(0, count, sector: unit.sector)))
    }
    side.changeUnit(disk) { $0.partitions = [] }
    guard input.value.ret == ScsiStatus.good else {
      side.logLine(" \(unit.node): unable to read partition table")
      return .done(0)
    }
    guard let found = Self.table(input.value.data, unit) else { return .done(0) }
    side.changeUnit(disk) { $0.partitions = found }
    let names = found.map { " \(unit.node)\($0.number)" }.joined()
    side.logLine(" \(unit.node):\(names)")
    return .done(0)
  }

  /// `msdos_partition()`: the four entries of sector 0; nil when it holds no table.
  private static func table(_ data: [UInt8], _ unit: ScsiUnit) -> [ScsiUnit.Partition]? {
    guard data.count >= 512, data[510] == 0x55, data[511] == 0xaa else { return nil }
    let entries = (0..<4).map { Array(data[(446 + 16 * $0)..<(462 + 16 * $0)]) }
    guard entries.allSatisfy({ $0[0] == 0 || $0[0] == 0x80 }) else { return nil }
    func word(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    }
    let scale = max(1, unit.sector / 512)
    return entries.enumerated().compactMap { index, entry in
      let start = word(entry[8..<12]) * scale
      let count = word(entry[12..<16]) * scale
      guard count > 0, start < unit.blocks * scale else { return nil }
      return ScsiUnit.Partition(
        number: index + 1, start: start, count: min(count, unit.blocks * scale - start))
    }
  }
}
