import USB

/// `sd_revalidate_disk()`: whether the disk is ready, how large it is, whether it may be written and how it caches.
struct DiskRevalidate: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case ready(tries: Int)
    case spinning
    case spun
    case capacity(tries: Int)
    case longCapacity
    case first
    case protection
    case cache
  }

  var disk: DiskPlace
  private var stage = Stage.start
  private var oldBlocks = 0
  private var wasProtected = false
  private var isFirst = true
  /// When waiting for a disk that has to spin up ends.
  private var patience: Microseconds?

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(Errno.ENXIO.negated) }
    let value = input.value
    switch stage {
    case .start:
      oldBlocks = unit.blocks
      wasProtected = unit.isProtected
      isFirst = unit.isFirst
      side.changeUnit(disk) {
        $0.isFirst = false
        $0.hasMedium = true
      }
      return test(tries: 1)
    case .ready(let tries): return ready(&side, value, tries)
    case .spinning:
      stage = .spun
      return .sleep(milliseconds: 1000)
    case .spun: return test(tries: 1)
    case .capacity(let tries): return capacity(&side, value, tries)
    case .longCapacity: return longCapacity(&side, value)
    case .first: return ask(.protection, .modeSense)
    case .protection: return protection(&side, value)
    case .cache: return cache(&side, unit, value)
    }
  }

  private mutating func ask(_ next: Stage, _ command: ScsiCommand) -> RoutineStep {
    stage = next
    return .call(ScsiExecute(disk, command))
  }

  private mutating func test(tries: Int) -> RoutineStep {
    ask(.ready(tries: tries), .testUnitReady)
  }

  /// `sd_spinup_disk()`.
  private mutating func ready(
    _ side: inout some HostSide, _ value: HostValue, _ tries: Int
  ) -> RoutineStep {
    let sense = value.ret == ScsiStatus.checkCondition ? ScsiSense(value.data) : nil
    if sense?.saysNoMedium == true {
      side.changeUnit(disk) {
        $0.hasMedium = false
        $0.blocks = 0
      }
      return finish(&side)
    }
    if value.ret != ScsiStatus.good, tries < 3, sense?.key != ScsiSense.notReady {
      return test(tries: tries + 1)
    }
    guard let sense, sense.key == ScsiSense.notReady,
      !(sense.code == 4 && [3, 0x0b, 0x0c].contains(sense.qualifier))
    else {
      stage = .capacity(tries: 1)
      return .call(ScsiExecute(disk, .readCapacity))
    }
    return spinUp(&side)
  }

  /// A disk that is not ready is started and waited for, at most 100 seconds.
  private mutating func spinUp(_ side: inout some HostSide) -> RoutineStep {
    guard let patience else {
      side.diskLog(disk, "Spinning up disk...")
      patience = side.now &+ 100_000_000
      return ask(.spinning, .startStop(1, immediately: true))
    }
    guard side.now < patience else {
      side.logLine("not responding...")
      return ask(.capacity(tries: 1), .readCapacity)
    }
    stage = .spun
    return .sleep(milliseconds: 1000)
  }

  /// `read_capacity_10()`.
  private mutating func capacity(
    _ side: inout some HostSide, _ value: HostValue, _ tries: Int
  ) -> RoutineStep {
    let sense = value.ret == ScsiStatus.checkCondition ? ScsiSense(value.data) : nil
    if sense?.saysNoMedium == true {
      side.changeUnit(disk) {
        $0.hasMedium = false
        $0.blocks = 0
      }
      return finish(&side)
    }
    guard value.ret == ScsiStatus.good, value.data.count >= 8 else {
      if tries < 3 { return ask(.capacity(tries: tries + 1), .readCapacity) }
      return noCapacity(&side, value, sense, "Read Capacity(10)")
    }
    let last = Self.big(value.data[0..<4])
    if last == 0xffff_ffff { return ask(.longCapacity, .readCapacity16) }
    return known(&side, last + 1, Self.big(value.data[4..<8]))
  }

  private mutating func longCapacity(
    _ side: inout some HostSide, _ value: HostValue
  ) -> RoutineStep {
    guard value.ret == ScsiStatus.good, value.data.count >= 12 else {
      return noCapacity(&side, value, ScsiSense(value.data), "Read Capacity(16)")
    }
    return known(&side, Self.big(value.data[0..<8]) &+ 1, Self.big(value.data[8..<12]))
  }

  private static func big(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func noCapacity(
    _ side: inout some HostSide, _ value: HostValue, _ sense: ScsiSense?, _ what: String
  ) -> RoutineStep {
    let result = value.ret < 0 ? "hostbyte=DID_ERROR" : "hostbyte=DID_OK"
    side.diskLog(disk, "\(what) failed: Result: \(result) driverbyte=DRIVER_OK")
    side.diskLog(
      disk,
      sense == nil ? "Sense not available." : "Sense Key : 0x\(String(sense?.key ?? 0, radix: 16))")
    return known(&side, 0, 512)
  }

  private mutating func known(
    _ side: inout some HostSide, _ count: Int, _ size: Int
  ) -> RoutineStep {
    var blocks = max(0, min(count, 1 << 42))
    var sector = size
    if sector == 0 {
      sector = 512
      side.diskLog(disk, "Sector size 0 reported, assuming 512.")
    }
    if ![512, 1024, 2048, 4096].contains(sector) {
      side.diskLog(disk, "Unsupported sector size \(sector).")
      blocks = 0
      sector = 512
    }
    side.changeUnit(disk) {
      $0.blocks = blocks
      $0.sector = sector
    }
    if isFirst || oldBlocks != blocks {
      let decimal = DiskSize.text(blocks * sector, base: 1000)
      let binary = DiskSize.text(blocks * sector, base: 1024)
      side.diskLog(disk, "\(blocks) \(sector)-byte logical blocks: (\(decimal)/\(binary))")
    }
    // A sector is read first: some disks answer MODE SENSE only then.
    return ask(.first, .read(0, 1, sector: sector))
  }

  /// `sd_read_write_protect_flag()`.
  private mutating func protection(
    _ side: inout some HostSide, _ value: HostValue
  ) -> RoutineStep {
    guard value.ret == ScsiStatus.good else {
      if isFirst { side.diskLog(disk, "Test WP failed, assume Write Enabled") }
      return ask(.cache, .modeSense)
    }
    let data = value.data + [0, 0, 0, 0]
    let isProtected = data[2] & 0x80 != 0
    side.changeUnit(disk) { $0.isProtected = isProtected }
    if isFirst || isProtected != wasProtected {
      side.diskLog(disk, "Write Protect is \(isProtected ? "on" : "off")")
      let bytes = data.prefix(4).map { hex(UInt64($0), 2) }.joined(separator: " ")
      side.diskLog(disk, "Mode Sense: \(bytes)")
    }
    return ask(.cache, .modeSense)
  }

  /// `sd_read_cache_type()`.
  private mutating func cache(
    _ side: inout some HostSide, _ unit: ScsiUnit, _ value: HostValue
  ) -> RoutineStep {
    guard value.ret == ScsiStatus.good, value.data.count >= 4 else {
      let sense = value.ret == ScsiStatus.checkCondition ? ScsiSense(value.data) : nil
      let isInvalid = sense?.key == 5 && sense?.code == 0x24 && sense?.qualifier == 0
      return assume(
        &side, isInvalid ? "Cache data unavailable" : "Asking for cache data failed")
    }
    let length = min(192, Int(value.data[0]) + 1)
    let data = value.data + [UInt8](repeating: 0, count: max(0, 256 - value.data.count))
    var at = 4 + Int(data[3])
    while at < length, at < data.count {
      if data[at] & 0x3f == 8 || data[at] & 0x3f == 6 {
        guard length - at > 2 else { return assume(&side, "Incomplete mode parameter data") }
        return caching(&side, unit, data, at)
      }
      at += 2 + Int(data[at + 1])
    }
    return assume(&side, "No Caching mode page found")
  }

  private mutating func caching(
    _ side: inout some HostSide, _ unit: ScsiUnit, _ data: [UInt8], _ at: Int
  ) -> RoutineStep {
    let writes = data[at + 2] & 0x04 != 0 && !unit.isProtected
    let reads = data[at + 2] & 0x01 == 0
    let forces = data[2] & 0x10 != 0
    if isFirst || writes != unit.hasWriteCache {
      side.diskLog(
        disk,
        "Write cache: \(writes ? "enabled" : "disabled"), read cache: "
          + "\(reads ? "enabled" : "disabled"), "
          + (forces ? "supports DPO and FUA" : "doesn't support DPO or FUA"))
    }
    side.changeUnit(disk) { $0.hasWriteCache = writes }
    return finish(&side)
  }

  private mutating func assume(_ side: inout some HostSide, _ why: String) -> RoutineStep {
    if isFirst {
      side.diskLog(disk, why)
      side.diskLog(disk, "Assuming drive cache: write through")
    }
    side.changeUnit(disk) { $0.hasWriteCache = false }
    return finish(&side)
  }

  /// `set_capacity_and_notify()`.
  private func finish(_ side: inout some HostSide) -> RoutineStep {
    guard let unit = side.unit(disk), unit.isWatched, unit.blocks != oldBlocks,
      unit.blocks == 0 || oldBlocks > 0
    else { return .done(0) }
    let scale = max(1, unit.sector / 512)
    side.logLine(
      "\(unit.node): detected capacity change from \(oldBlocks * scale) to \(unit.blocks * scale)")
    return .done(0)
  }
}

/// Sizes as the kernel writes them (`string_get_size()`): three digits that count.
enum DiskSize {
  static func text(_ bytes: Int, base: Int) -> String {
    let units =
      base == 1000
      ? ["B", "kB", "MB", "GB", "TB", "PB"] : ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var value = bytes
    var rest = 0
    var index = 0
    while value >= base, index < units.count - 1 {
      rest = value % base
      value /= base
      index += 1
    }
    guard index > 0, value < 1000 else { return "\(value) \(units[index])" }
    let digits = value < 10 ? 2 : value < 100 ? 1 : 0
    let scale = [1, 10, 100][digits]
    // Rounded at the digit behind the last one that is shown.
    let thousandths = rest * 1000 / base
    let step = 1000 / scale
    var fraction = (thousandths + step / 2) / step
    if fraction == scale {
      value += 1
      fraction = 0
    }
    guard digits > 0 else { return "\(value) \(units[index])" }
    let shown = String(fraction)
    let zeros = String(repeating: "0", count: max(0, digits - shown.count))
    return "\(value).\(zeros)\(shown) \(units[index])"
  }
}
