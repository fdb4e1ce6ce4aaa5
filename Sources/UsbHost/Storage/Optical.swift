import USB

extension ScsiCommand {
  /// The page on what an optical drive can do, in ten bytes.
  static let driveAbilities = ScsiCommand(
    bytes: [0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 128, 0], length: 128)
  /// Whether something happened to the medium.
  static let mediumEvents = ScsiCommand(bytes: [0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8, 0], length: 8)
  static let discInformation = ScsiCommand(bytes: [0x51, 0, 0, 0, 0, 0, 0, 0, 2, 0], length: 2)

  /// GET CONFIGURATION from a feature on.
  static func configuration(_ feature: UInt8, length: Int) -> ScsiCommand {
    ScsiCommand(
      bytes: [0x46, 0, 0, feature, 0, 0, 0, 0, UInt8(clamping: length), 0], length: length)
  }

  /// READ TOC: of a track, in frames or in minutes, in a format.
  static func contents(track: UInt8, inMinutes: Bool = false, format: UInt8 = 0) -> ScsiCommand {
    ScsiCommand(
      bytes: [0x43, inMinutes ? 2 : 0, 0, 0, 0, 0, track, 0, 12, format], length: 12)
  }
}

/// Sends commands to a drive, whatever comes of each, and returns what the last one did.
struct OpticalCommands: HostRoutine {
  var disk: DiskPlace
  /// Those left, the next one last.
  private var left: [ScsiCommand]

  init(disk: DiskPlace, _ commands: [ScsiCommand]) {
    self.disk = disk
    left = commands.reversed()
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard input.value.ret != Errno.ENODEV.negated, let next = left.popLast() else {
      return .done(input.value)
    }
    return .call(ScsiExecute(disk, next))
  }
}

/// What is asked of a medium that is new to the driver: its sessions and tracks, and how large it is.
struct OpticalMedium: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case ready
    case tracks
    case capacity
    case over
  }

  var disk: DiskPlace
  private var stage = Stage.start

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let value = input.value
    switch stage {
    case .start:
      stage = .ready
      return .call(ScsiExecute(disk, .testUnitReady))
    case .ready:
      let isThere =
        ScsiSense(value.ret == ScsiStatus.checkCondition ? value.data : [])?.saysNoMedium != true
      side.changeUnit(disk) {
        $0.hasMedium = isThere && value.ret >= 0
        $0.mediumChanged = false
      }
      guard isThere, value.ret >= 0 else { return .done(Errno.ENOMEDIUM.negated) }
      stage = .tracks
      return .call(
        OpticalCommands(
          disk: disk, [.contents(track: 0, format: 0x40), .contents(track: 0), .contents(track: 1)])
      )
    case .tracks:
      stage = .capacity
      return .call(ScsiExecute(disk, .readCapacity))
    case .capacity:
      takeCapacity(&side, value)
      stage = .over
      return .call(
        OpticalCommands(disk: disk, [.discInformation, .contents(track: 0xaa, inMinutes: true)]))
    case .over: return .done(0)
    }
  }

  /// `get_sectorsize()`.
  private func takeCapacity(_ side: inout some HostSide, _ value: HostValue) {
    guard value.ret == ScsiStatus.good, value.data.count >= 8 else {
      return side.changeUnit(disk) {
        $0.blocks = 0x1f_ffff / 4
        $0.sector = 2048
      }
    }
    func word(_ at: Int) -> Int { value.data[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    let size = [0, 2048, 2340, 2352].contains(word(4)) ? 2048 : word(4) == 512 ? 512 : 2048
    let last = word(0)
    side.changeUnit(disk) {
      $0.blocks = last + 1
      $0.sector = size
    }
  }
}

/// `sr_probe()`.
struct OpticalProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case ready
    case abilities
    case features
    case medium
  }

  var disk: DiskPlace
  private var stage = Stage.start

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let unit = side.unit(disk) else { return .done(0) }
    switch stage {
    case .start:
      let name = "sr\(side.freeNumber("sr"))"
      side.changeUnit(disk) {
        $0.node = name
        $0.sector = 2048
        $0.mediumChanged = true
      }
      stage = .ready
      return .call(ScsiExecute(disk, .testUnitReady))
    case .ready:
      stage = .abilities
      return .call(ScsiExecute(disk, .driveAbilities, retries: 3))
    case .abilities:
      side.logLine("sr \(unit.address): [\(unit.node)] \(Self.drive(input.value))")
      if !side.host.hasToldOfCDROM {
        side.host.hasToldOfCDROM = true
        side.logLine("cdrom: Uniform CD-ROM driver Revision: 3.20")
      }
      stage = .features
      return .call(
        OpticalCommands(
          disk: disk, [.configuration(0x28, length: 16), .configuration(0x20, length: 24)]))
    case .features:
      stage = .medium
      return .call(OpticalMedium(disk: disk))
    case .medium:
      side.addNode(unit.node, .block, driver: StorageState.driver, disk.storage)
      side.changeUnit(disk) {
        $0.mediumChanged = true
        $0.isWatched = true
      }
      side.logLine("sr \(unit.address): Attached scsi CD-ROM \(unit.node)")
      side.logLine("sr \(unit.address): Attached scsi generic \(side.genericName(disk)) type 5")
      side.startTask(.worker, OpticalCommands(disk: disk, [.mediumEvents]))
      return .done(0)
    }
  }

  /// `get_capabilities()`: what the drive can do, in the kernel's words.
  private static func drive(_ value: HostValue) -> String {
    let data = value.data
    guard value.ret == ScsiStatus.good, data.count >= 8 else { return "scsi-1 drive" }
    let at = 8 + Int(UInt16(low: data[7], high: data[6]))
    guard data.count > at + 15 else { return "scsi-1 drive" }
    func speed(_ place: Int) -> Int { Int(UInt16(low: data[place + 1], high: data[place])) / 176 }
    let loaders = ["caddy", "tray", "pop-up", "", "changer", "cartridge changer", "", ""]
    return "scsi3-mmc drive: \(speed(at + 14))x/\(speed(at + 8))x "
      + (data[at + 3] & 0x01 != 0 ? "writer " : "") + (data[at + 3] & 0x20 != 0 ? "dvd-ram " : "")
      + (data[at + 2] & 0x02 != 0 ? "cd/rw " : "") + (data[at + 4] & 0x20 != 0 ? "xa/form2 " : "")
      + (data[at + 5] & 0x01 != 0 ? "cdda " : "") + loaders[Int(data[at + 6] >> 5)]
  }
}

/// `sr_block_open()` and `cdrom_open()`.
struct OpticalOpen: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case checked
    case known
    case ready
    case held
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
      stage = .checked
      return .call(OpticalCommands(disk: disk, [.mediumEvents, .testUnitReady]))
    case .checked:
      stage = .known
      return unit.mediumChanged ? .call(OpticalMedium(disk: disk)) : ready()
    case .known: return ready()
    case .ready:
      let sense = input.value.ret == ScsiStatus.checkCondition ? ScsiSense(input.value.data) : nil
      guard sense?.saysNoMedium != true, input.value.ret >= 0, unit.hasMedium else {
        return .done(Errno.ENOMEDIUM.negated)
      }
      stage = .held
      side.changeUnit(disk) { $0.openers += 1 }
      return .call(
        OpticalCommands(
          disk: disk,
          [
            .testUnitReady, .contents(track: 0), .contents(track: 1, inMinutes: true),
            .preventRemoval(true), .configuration(0, length: 32),
          ]))
    case .held: return .done(0)
    }
  }

  private mutating func ready() -> RoutineStep {
    stage = .ready
    return .call(ScsiExecute(disk, .testUnitReady))
  }
}

/// `sr_block_release()`: the medium is let go and then looked at.
struct OpticalClose: HostRoutine {
  var disk: DiskPlace
  private var asked = false

  init(disk: DiskPlace) { self.disk = disk }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      side.changeUnit(disk) {
        $0.openers = max(0, $0.openers - 1)
        $0.pages = [:]
      }
      return .call(ScsiExecute(disk, .preventRemoval(false)))
    }
    side.startTask(.worker, OpticalCommands(disk: disk, [.mediumEvents, .testUnitReady]))
    return .done(0)
  }
}
