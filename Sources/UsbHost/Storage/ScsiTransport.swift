import USB

/// `usb_stor_invoke_transport()` with the bulk-only transport: the command, its data, its status; the sense data of a
/// command that failed; and a reset when the device and the host have lost each other.
struct ScsiTransport: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case sent
    case moved
    case haltCleared
    case status(tries: Int)
    case statusCleared
    case sensed
    case reset
    case classReset
    case recovered
    case cleared(next: Int)
  }

  var disk: DiskPlace
  var command: ScsiCommand
  /// True for REQUEST SENSE of another command, whose failure is that command's.
  private var isSense = false
  private var stage = Stage.start
  private var data: [UInt8] = []
  private var isTooLong = false
  private var isShort = false
  private static let commandSize = 31
  private static let statusSize = 13

  init(disk: DiskPlace, command: ScsiCommand, isSense: Bool = false) {
    self.disk = disk
    self.command = command
    self.isSense = isSense
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let storage = side.storage(disk.storage) else { return .done(Errno.ENODEV.negated) }
    let value = input.value
    switch stage {
    case .start: return start(&side)
    case .sent: return sent(&side, storage, value)
    case .moved: return moved(&side, storage, value)
    case .haltCleared:
      return value.ret < 0 ? failed(&side) : askStatus(&side, storage, tries: 0)
    case .status(let tries): return status(&side, storage, value, tries)
    case .statusCleared:
      return value.ret < 0 ? failed(&side) : askStatus(&side, storage, tries: 2)
    case .sensed: return sensed(&side, value)
    case .reset, .classReset, .recovered, .cleared: return recover(&side, storage, value)
    }
  }

  private var place: InterfacePlace { disk.storage }

  private func message(_ urb: URB?) -> RoutineStep {
    guard let urb else { return .done(Errno.ENODEV.negated) }
    return .call(URBMessage(urb: urb, timeout: command.timeout, errno: .ECONNRESET))
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    side.changeStorage(place) { $0.tag &+= 1 }
    guard let storage = side.storage(place) else { return .done(Errno.ENODEV.negated) }
    func little(_ value: Int) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let padding = [UInt8](repeating: 0, count: max(0, 16 - command.bytes.count))
    let block =
      Array("USBC".utf8) + little(Int(storage.tag)) + little(command.transferLength)
      + [command.isIn ? 0x80 : 0, UInt8(clamping: disk.unit), UInt8(clamping: command.bytes.count)]
      + command.bytes + padding
    stage = .sent
    return message(side.urb(place, storage.bulkOut, data: Array(block.prefix(Self.commandSize))))
  }

  private mutating func sent(
    _ side: inout some HostSide, _ storage: StorageState, _ value: HostValue
  ) -> RoutineStep {
    guard value.ret == Self.commandSize else {
      if value.ret == Errno.EPIPE.negated {
        // The halt is cleared; the command is lost all the same.
        stage = .reset
        return .call(ClearHalt(device: place.device, endpoint: storage.bulkOut))
      }
      return failed(&side)
    }
    guard command.transferLength > 0 else { return askStatus(&side, storage, tries: 0) }
    stage = .moved
    if !command.isIn { return message(side.urb(place, storage.bulkOut, data: command.data)) }
    var urb = side.urb(place, storage.bulkIn, length: command.length)
    urb?.shortNotOK = true
    return message(urb)
  }

  /// `interpret_urb_result()`.
  private mutating func moved(
    _ side: inout some HostSide, _ storage: StorageState, _ value: HostValue
  ) -> RoutineStep {
    data = value.data
    switch Errno(negated: value.ret) {
    case nil: isShort = value.ret < command.transferLength
    case .EREMOTEIO: isShort = true
    case .EPIPE:
      isShort = true
      stage = .haltCleared
      return .call(
        ClearHalt(
          device: place.device, endpoint: command.isIn ? storage.bulkIn : storage.bulkOut))
    case .EOVERFLOW: isTooLong = true
    default: return failed(&side)
    }
    return askStatus(&side, storage, tries: 0)
  }

  private mutating func askStatus(
    _ side: inout some HostSide, _ storage: StorageState, tries: Int
  ) -> RoutineStep {
    stage = .status(tries: tries)
    return message(side.urb(place, storage.bulkIn, length: Self.statusSize))
  }

  private mutating func status(
    _ side: inout some HostSide, _ storage: StorageState, _ value: HostValue, _ tries: Int
  ) -> RoutineStep {
    // Some devices end their data with an empty packet too many.
    if value.ret == 0, tries == 0 { return askStatus(&side, storage, tries: 1) }
    if value.ret == Errno.EPIPE.negated, tries < 2 {
      stage = .statusCleared
      return .call(ClearHalt(device: place.device, endpoint: storage.bulkIn))
    }
    guard value.ret == Self.statusSize else { return failed(&side) }
    func word(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(value.data[at + $1]) << (8 * UInt32($1)) }
    }
    let known = storage.signature ?? word(0)
    side.changeStorage(place) { $0.signature = known }
    guard word(4) == storage.tag, word(0) == known, value.data[12] <= 2 else {
      return failed(&side)
    }
    takeResidue(&side, storage, Int(word(8)), status: value.data[12])
    switch value.data[12] {
    case 0: return isTooLong ? tooLong() : done(side)
    case 1: return askSense(&side)
    default: return failed(&side)
    }
  }

  /// A residue that says less came than came is not believed from then on.
  private mutating func takeResidue(
    _ side: inout some HostSide, _ storage: StorageState, _ residue: Int, status: UInt8
  ) {
    guard residue > 0, !storage.ignoresResidue else { return }
    let isWhole = !isShort && status == 0
    let isKnown = [ScsiCommand.inquiry.bytes[0], ScsiCommand.readCapacity.bytes[0]].contains(
      command.bytes[0])
    if isWhole, isKnown {
      side.changeStorage(place) { $0.ignoresResidue = true }
    } else if command.isIn {
      let kept = max(0, command.length - min(residue, command.length))
      data = Array(data.prefix(kept))
    }
  }

  private func done(_ side: some HostSide) -> RoutineStep {
    .done(HostValue(ret: ScsiStatus.good, data: data))
  }

  /// More came than was asked for: an illegal request, in words of the driver's own.
  private func tooLong() -> RoutineStep {
    .done(
      HostValue(
        ret: ScsiStatus.checkCondition,
        data: [0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0, 0, 0]))
  }

  private mutating func askSense(_ side: inout some HostSide) -> RoutineStep {
    guard !isSense else { return failed(&side) }
    stage = .sensed
    return .call(ScsiTransport(disk: disk, command: .requestSense, isSense: true))
  }

  private mutating func sensed(_ side: inout some HostSide, _ value: HostValue) -> RoutineStep {
    guard value.ret == ScsiStatus.good else {
      return .done(value.ret < 0 ? value.ret : Errno.EIO.negated)
    }
    var sense = value.data
    // Sense data that says nothing of a command that failed: taken for an error of the hardware.
    if let read = ScsiSense(sense), read.key == 0, read.code == 0, read.qualifier == 0,
      sense.count > 2
    {
      sense[2] = 4
    }
    return .done(HostValue(ret: ScsiStatus.checkCondition, data: sense))
  }

  // MARK: - Finding each other again

  /// The device and the host have lost each other: its port is reset.
  private mutating func failed(_ side: inout some HostSide) -> RoutineStep {
    guard let device = side.host.devices[place.device], device.state != .notAttached else {
      return .done(Errno.ENODEV.negated)
    }
    if isSense { return .done(Errno.EIO.negated) }
    stage = .classReset
    return .call(ResetDevice(device: place.device))
  }

  private mutating func recover(
    _ side: inout some HostSide, _ storage: StorageState, _ value: HostValue
  ) -> RoutineStep {
    switch stage {
    case .reset: return failed(&side)
    case .classReset:
      guard value.ret < 0, value.ret != Errno.ENODEV.negated else {
        return .done(value.ret < 0 ? value.ret : Errno.EIO.negated)
      }
      stage = .recovered
      return .call(
        DriverRequest(
          type: 0x21, request: 0xff, index: UInt16(clamping: place.interface)
        ).message(place.device))
    case .recovered:
      if value.ret < 0 { return .done(Errno.EIO.negated) }
      stage = .cleared(next: 0)
      return .sleep(milliseconds: 6000)
    case .cleared(let next):
      guard next < 2 else { return .done(Errno.EIO.negated) }
      stage = .cleared(next: next + 1)
      return .call(
        ClearHalt(
          device: place.device, endpoint: next == 0 ? storage.bulkIn : storage.bulkOut))
    case .start, .sent, .moved, .haltCleared, .status, .statusCleared, .sensed:
      return .done(Errno.EIO.negated)
    }
  }
}
