import USB

/// `usb_stor_scan_dwork()` and `scsi_scan_host()`: a second after the device was set up, how many units it has and
/// what they are.
struct ScsiScan: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case waited
    case counted
    case asked(unit: Int, tries: Int)
    case added(unit: Int)
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var last = 0

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard side.storage(place) != nil else { return .done(0) }
    let value = input.value
    switch stage {
    case .start:
      stage = .waited
      return .sleep(milliseconds: 1000)
    case .waited:
      stage = .counted
      return .call(
        DriverRequest(
          type: 0xa1, request: 0xfe, index: UInt16(clamping: place.interface), length: 1,
          timeout: 10_000
        ).message(place.device))
    case .counted:
      if value.ret > 0, let count = value.data.first {
        if count < 16 {
          last = Int(count)
        } else {
          side.interfaceLog(
            StorageState.driver, place, "Max LUN \(count) is not valid, using 0 instead")
        }
      }
      return ask(unit: 0, tries: 1)
    case .asked(let unit, let tries): return asked(&side, unit, tries, value)
    case .added(let unit): return next(&side, unit)
    }
  }

  private mutating func ask(unit: Int, tries: Int) -> RoutineStep {
    stage = .asked(unit: unit, tries: tries)
    return .call(
      ScsiExecute(DiskPlace(storage: place, unit: unit), .inquiry, retries: unit == 0 ? 3 : 3))
  }

  /// `scsi_probe_lun()`: a unit that has just been reset says so, and is asked again.
  private mutating func asked(
    _ side: inout some HostSide, _ unit: Int, _ tries: Int, _ value: HostValue
  ) -> RoutineStep {
    if value.ret == ScsiStatus.checkCondition, tries < 3, let sense = ScsiSense(value.data),
      sense.key == ScsiSense.unitAttention, [0x28, 0x29].contains(sense.code),
      sense.qualifier == 0
    {
      return ask(unit: unit, tries: tries + 1)
    }
    if value.ret == ScsiStatus.good, value.data.isEmpty, tries < 3 {
      return ask(unit: unit, tries: tries + 1)
    }
    guard value.ret == ScsiStatus.good, !value.data.isEmpty else { return .done(0) }
    let data = value.data + [UInt8](repeating: 0, count: max(0, 36 - value.data.count))
    // Qualifier 3: there is no such unit.
    guard data[0] >> 5 != 3 else { return next(&side, unit) }
    return add(&side, unit, data)
  }

  private mutating func add(
    _ side: inout some HostSide, _ unit: Int, _ data: [UInt8]
  ) -> RoutineStep {
    let number = side.storage(place)?.number ?? 0
    let address = "\(number):0:0:\(unit)"
    let type = Int(data[0] & 0x1f)
    let names = [Self.text(data, 8, 8), Self.text(data, 16, 16), Self.text(data, 32, 4)]
    let title = Self.types.indices.contains(type) ? Self.types[type] : "Unknown          "
    let suffix = data[3] & 15 == 1 ? " CCS" : ""
    side.logLine(
      "scsi \(address): \(title) \(names[0]) \(names[1]) \(names[2])"
        + " PQ: \(data[0] >> 5) ANSI: \(data[2] & 7)\(suffix)")
    let kind: ScsiUnit.Kind? = type == 5 ? .optical : type == 0 || type == 7 ? .disk : nil
    var known = ScsiUnit(kind: kind ?? .disk, address: address)
    known.names = names
    known.isRemovable = data[1] & 0x80 != 0
    side.changeStorage(place) { $0.units[unit] = known }
    side.addGeneric(DiskPlace(storage: place, unit: unit))
    let disk = DiskPlace(storage: place, unit: unit)
    stage = .added(unit: unit)
    switch kind {
    case .disk?:
      side.logLine("sd \(address): Attached scsi generic \(side.genericName(disk)) type \(type)")
      return .call(DiskProbe(disk: disk))
    case .optical?: return .call(OpticalProbe(disk: disk))
    case nil:
      side.logLine("scsi \(address): Attached scsi generic \(side.genericName(disk)) type \(type)")
      return next(&side, unit)
    }
  }

  private mutating func next(_ side: inout some HostSide, _ unit: Int) -> RoutineStep {
    unit < last ? ask(unit: unit + 1, tries: 1) : .done(0)
  }

  /// Names as they are printed: what is no ASCII is blank.
  private static func text(_ data: [UInt8], _ at: Int, _ count: Int) -> String {
    String(
      decoding: data[at..<at + count].map { (0x20...0x7e).contains($0) ? $0 : 0x20 },
      as: UTF8.self)
  }

  /// `scsi_device_type()`.
  private static let types = [
    "Direct-Access    ", "Sequential-Access", "Printer          ", "Processor        ",
    "WORM             ", "CD-ROM           ", "Scanner          ", "Optical Device   ",
    "Medium Changer   ", "Communications   ", "ASC IT8          ", "ASC IT8          ",
    "RAID             ", "Enclosure        ", "Direct-Access-RBC", "Optical card     ",
    "Bridge controller", "Object storage   ", "Automation/Drive ",
  ]
}
