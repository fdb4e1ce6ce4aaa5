import USB

/// `cp210x_set_flow_control()`: what the chip does is read, changed and written back.
struct CP210xFlow: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case characters
    case read
    case written
  }

  var place: InterfacePlace
  /// What the line is set to; nil to change only how DTR and RTS stand.
  var line: LineSettings?
  var lines: ModemLines
  private var stage = Stage.start

  init(place: InterfacePlace, line: LineSettings?, lines: ModemLines) {
    self.place = place
    self.line = line
    self.lines = lines
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      guard line?.softwareFlow == true else { return read() }
      stage = .characters
      return .call(CP210xCall(place: place, [.write(0x19, [0, 0, 0, 0, 0x11, 0x13])]))
    case .characters: return input.value.ret < 0 ? .done(input.value.ret) : read()
    case .read:
      guard input.value.ret >= 0, input.value.data.count == 16 else {
        return .done(input.value.ret)
      }
      stage = .written
      return .call(CP210xCall(place: place, [.write(0x13, changed(&side, input.value.data))]))
    case .written: return .done(input.value.ret)
    }
  }

  private mutating func read() -> RoutineStep {
    stage = .read
    return .call(CP210xCall(place: place, [.read(0x14, 16)]))
  }

  private func changed(_ side: inout some HostSide, _ old: [UInt8]) -> [UInt8] {
    var bytes = old
    let flows =
      line?.hardwareFlow ?? side.bound(SerialDriver<CP210x>.self, place)?.chip.flows ?? false
    bytes[0] = bytes[0] & ~0x7b | (lines.contains(.dtr) ? 1 : 0) | (flows ? 0x08 : 0)
    bytes[4] &= ~0xc0
    if lines.contains(.rts) { bytes[4] |= flows ? 0x80 : 0x40 }
    if let line {
      bytes[4] = bytes[4] & ~0x03 | (line.softwareFlow ? 0x01 : 0)
    }
    side.changeChip(CP210x.self, place) { $0.flows = flows }
    return bytes
  }
}

/// `cp210x_tiocmget()`.
struct CP210xModem: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(CP210xCall(place: place, [.read(0x08, 1)]))
    }
    guard input.value.ret >= 0, let status = input.value.data.first else {
      return .done(translated(input.value.ret))
    }
    let bits: [(UInt8, ModemLines)] = [
      (1, .dtr), (2, .rts), (0x10, .cts), (0x20, .dsr), (0x40, .ring), (0x80, .carrier),
    ]
    var lines: ModemLines = []
    for (bit, line) in bits where status & bit != 0 { lines.insert(line) }
    return .done(lines.rawValue)
  }
}

/// `cp210x_tx_empty()`.
struct CP210xEmpty: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(CP210xCall(place: place, [.read(0x10, 19)]))
    }
    let data = input.value.data
    // Bytes 8 to 11 say how much is still to be sent.
    let isWaiting = input.value.ret >= 0 && data.count == 19 && data[8..<12].contains { $0 != 0 }
    return .done(isWaiting ? 0 : 1)
  }
}
