import USB

/// `sisusb_get_ramconfig()`: says how much memory there is, and comes to its bytes.
struct SisusbMemory: SisusbScript {
  private static let single = [64, 64, 128, 128]
  private static let double = [32, 32, 64, 64]

  func play(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Int {
    let layout = try talk.get(.sequencer, 0x14)
    let width = try talk.get(.sequencer, 0x15)
    let kind = Int(try talk.get(.sequencer, 0x3a) & 3)
    // The driver counts in 32 bits.
    var size = UInt32(truncatingIfNeeded: (1 << Int(layout >> 4)) * 1024 * 1024)
    let bus: Int
    let words: String
    let index = Int(layout & 3)
    switch layout >> 2 & 3 {
    case 0:
      words = "1 ch/1 r"
      bus = width & 0x10 != 0 ? 32 : Self.single[index]
    case 1:
      words = "1 ch/2 r"
      size <<= 1
      bus = Self.single[index]
    case 2:
      words = "asymmetric"
      size &+= size / 2
      bus = Self.double[index] * 3
    default:
      words = "2 channel"
      size <<= 1
      bus = Self.double[index]
    }
    let rate = kind < 2 ? "S" : "D"
    let type = kind % 2 == 0 ? "D" : "G"
    talk.tell("\(size >> 20)MB \(words) \(rate)DR S\(type)RAM, bus width \(bus)")
    return Int(size)
  }
}

/// `sisusb_clear_vram()`: the whole memory is written with zeros. Returns 0, or EIO.
struct SisusbClear: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case told(Int)
    case sent
  }

  var place: InterfacePlace
  /// Bytes, of which the bridge takes 24 bits.
  var length: UInt32
  private var stage = Stage.start
  private var ret = 0

  init(place: InterfacePlace, length: UInt32) {
    self.place = place
    self.length = length
  }

  private var bytes: UInt32 { length & 0x00ff_ffff & ~3 }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      // A size with the uppermost bit is less than nothing to the driver.
      guard Int32(bitPattern: length) > 0, bytes > 0 else { return .done(0) }
      return tell(&side, 0)
    case .told(let index):
      ret |= input.value.ret
      return tell(&side, index + 1)
    case .sent:
      ret |= input.value.ret
      guard ret != 0 else { return .done(0) }
      side.deviceLog(
        place.device, "Wrote \(input.value.data.count) of \(bytes) bytes, error \(ret)")
      return .done(Errno.EIO.negated)
    }
  }

  /// The bridge is told where to, how much, and that it goes to memory.
  private mutating func tell(_ side: inout some HostSide, _ index: Int) -> RoutineStep {
    let words: [(UInt32, UInt32)] = [(0x1d4, SisusbPlaces.memory), (0x1d0, bytes), (0x1c0, 0x16)]
    guard words.indices.contains(index) else {
      stage = .sent
      return .call(
        SisusbSend(
          place: place, endpoint: .largeMemoryOut,
          bytes: [UInt8](repeating: 0, count: Int(bytes))))
    }
    stage = .told(index)
    let (address, data) = words[index]
    return .call(
      SisusbExchange(
        place: place,
        packet: SisusbPacket(header: 0x001f, address: address, data: data, isForBridge: true)))
  }
}

/// The frame `sisusb_setup_screen()` draws: the upper and lower line, then the left and right one.
struct SisusbFrame: HostRoutine {
  private static let (columns, rows): (UInt32, UInt32) = (640, 480)

  var place: InterfacePlace
  private var next: UInt32 = 0
  private var ret = 0

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    ret |= min(0, input.value.ret)
    let (index, isSecond) = (next / 2, next % 2 == 1)
    next += 1
    var point: UInt32
    if index < Self.columns {
      point = index + (isSecond ? Self.columns * (Self.rows - 1) : 0)
    } else {
      guard index < Self.columns + Self.rows else { return .done(ret) }
      point = (index - Self.columns) * Self.columns + (isSecond ? Self.columns - 1 : 0)
    }
    point = SisusbPlaces.memory + point * 2
    let isUpper = point & 2 != 0
    return .call(
      SisusbExchange(
        place: place,
        packet: SisusbPacket(
          header: isUpper ? 0x000c : 0x0003, address: point & ~3,
          data: isUpper ? 0xf100_0000 : 0xf100)))
  }
}
