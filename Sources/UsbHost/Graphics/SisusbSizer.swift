/// How the chip's memory is measured: by writing patterns and looking what is left of them.
struct SisusbSizer {
  /// The kind of memory: 0 and 1 for single, 2 and 3 for double data rate.
  var kind: Int

  /// Bits of the bus, and the channel.
  private struct Bus {
    var width = 64
    var channel: UInt8 = 0
  }

  /// Sizes of memory chips that are tried: banks, rows and columns as bits, megabytes, and the value of the register.
  private struct Chip {
    var banks, rows, columns, size: Int
    var register: UInt8

    init(_ banks: Int, _ rows: Int, _ columns: Int, _ size: Int, _ register: UInt8) {
      (self.banks, self.rows, self.columns, self.size) = (banks, rows, columns, size)
      self.register = register
    }
  }

  private static let chips = [
    Chip(2, 12, 9, 64, 0x35), Chip(1, 13, 9, 64, 0x44), Chip(2, 12, 8, 32, 0x31),
    Chip(2, 11, 9, 32, 0x25), Chip(1, 12, 9, 32, 0x34), Chip(1, 13, 8, 32, 0x40),
    Chip(2, 11, 8, 16, 0x21), Chip(1, 12, 8, 16, 0x30), Chip(1, 11, 9, 16, 0x24),
    Chip(1, 11, 8, 8, 0x20), Chip(2, 9, 8, 4, 0x01), Chip(1, 10, 8, 4, 0x10),
    Chip(1, 9, 8, 2, 0x00),
  ]
  private static let start = SisusbPlaces.memory
  private static let pattern: [UInt32] = [
    0x0123_4567, 0x4567_89ab, 0x89ab_cdef, 0xcdef_0123, 0x5555_5555, 0x5555_5555, 0xffff_ffff,
    0xffff_ffff,
  ]

  /// The whole measurement, as it ends up in the chip's registers.
  func size(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    let bus = try measureBus(&talk)
    try verifyClock(&talk)
    if kind > 1 {
      talk.tell("DDR RAM device found, assuming 8MB video RAM")
      return try talk.set(.sequencer, 0x14, 0x31)
    }
    if try findSize(&talk, bus) { return }
    talk.tell("RAM size detection failed, assuming 8MB video RAM")
    try talk.set(.sequencer, 0x14, 0x31)
  }

  /// `sisusb_triggersr16()`.
  func trigger(_ talk: inout SisusbTalk, _ kind: Int) throws(SisusbQuestion) {
    var value = try talk.get(.sequencer, 0x16)
    let changes: [(kept: UInt8, added: UInt8)] =
      kind <= 1
      ? [(0x3f, 0), (0xff, 0x80)]
      : [(0xff, 0xc0), (0x0f, 0), (0xff, 0x80), (0x0f, 0), (0xff, 0xd0), (0x0f, 0), (0xff, 0xa0)]
    for (kept, added) in changes {
      value = value & kept | added
      try talk.set(.sequencer, 0x16, value)
    }
  }

  // MARK: - The bus

  /// `sisusb_getbuswidth()`.
  private func measureBus(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Bus {
    let kind = Int(try talk.get(.sequencer, 0x3a) & 3)
    try talk.set(.sequencer, 0x13, 0x00)
    if kind <= 1 {
      try talk.set(.sequencer, 0x14, 0x12)
      try talk.change(.sequencer, 0x15, and: 0xef)
    } else {
      try talk.set(.sequencer, 0x14, 0x02)
    }
    try trigger(&talk, kind)
    try fill(&talk, Self.pattern)
    var words: [UInt32] = []
    for index: UInt32 in 0..<4 { words.append(try talk.read(Self.start + index * 4)) }
    return kind <= 1 ? try single(&talk, kind, words) : try double(&talk, kind, words)
  }

  private func fill(_ talk: inout SisusbTalk, _ words: [UInt32]) throws(SisusbQuestion) {
    for (index, word) in words.enumerated() {
      try talk.write(Self.start + UInt32(index) * 4, word)
    }
  }

  private func single(
    _ talk: inout SisusbTalk, _ kind: Int, _ words: [UInt32]
  ) throws(SisusbQuestion) -> Bus {
    let isLowerRight = Array(words.prefix(2)) == Array(Self.pattern.prefix(2))
    if isLowerRight {
      if words != Array(Self.pattern.prefix(4)) { try talk.change(.sequencer, 0x14, and: 0xfd) }
      return Bus()
    }
    try talk.change(.sequencer, 0x14, and: 0xfc, or: 0x01)
    try trigger(&talk, kind)
    try fill(
      &talk,
      [0x89ab_cdef, 0xcdef_0123, 0x5555_5555, 0x5555_5555, 0xaaaa_aaaa, 0xaaaa_aaaa])
    if try talk.read(Self.start + 4) == 0xcdef_0123 { return Bus(channel: 1) }
    try talk.change(.sequencer, 0x15, or: 0x10)
    return Bus(width: 32, channel: 1)
  }

  private func double(
    _ talk: inout SisusbTalk, _ kind: Int, _ words: [UInt32]
  ) throws(SisusbQuestion) -> Bus {
    if words[0] == Self.pattern[0] {
      if words[1] == Self.pattern[1] { return Bus() }
      try talk.set(.sequencer, 0x14, 0x00)
      return Bus(width: 32)
    }
    try talk.set(.sequencer, 0x14, 0x03)
    try trigger(&talk, kind)
    try fill(&talk, Self.pattern)
    let first = try talk.read(Self.start)
    let second = try talk.read(Self.start + 4)
    guard first == Self.pattern[0] else { return Bus() }
    if second == Self.pattern[1] { return Bus(channel: 1) }
    try talk.set(.sequencer, 0x14, 0x01)
    return Bus(width: 32, channel: 1)
  }

  /// `sisusb_verify_mclk()`.
  private func verifyClock(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    try talk.writeByte(Self.start, 0xaa)
    try talk.writeByte(Self.start + 16, 0x55)
    let first = try talk.readByte(Self.start)
    let second = try talk.readByte(Self.start + 16)
    guard first != 0xaa || second != 0x55 else { return }
    for step: UInt8 in [16, 32] {
      let old = try talk.get(.sequencer, 0x21)
      try talk.change(.sequencer, 0x21, and: old & 0xfb)
      try talk.change(.sequencer, 0x3c, or: 0x01)
      try talk.change(.sequencer, 0x3c, and: 0xfe)
      try talk.set(.sequencer, 0x21, old)
      try talk.writeByte(Self.start + 16 + UInt32(step), step)
      guard try talk.readByte(Self.start + 16 + UInt32(step)) == step else { continue }
      return try talk.writeByte(Self.start + UInt32(step), step)
    }
  }

  // MARK: - The size

  /// `sisusb_get_sdram_size()`: true when one was found.
  private func findSize(_ talk: inout SisusbTalk, _ bus: Bus) throws(SisusbQuestion) -> Bool {
    for chip in Self.chips {
      try talk.change(.sequencer, 0x13, and: 0x80, or: chip.register)
      for ranks in [2, 1] {
        guard try setRanks(&talk, chip, ranks, bus) else { continue }
        if try checkRanks(&talk, chip, ranks, bus) { return true }
      }
    }
    return false
  }

  /// `sisusb_set_rank()`: false when the chip cannot be had so often.
  private func setRanks(
    _ talk: inout SisusbTalk, _ chip: Chip, _ ranks: Int, _ bus: Bus
  ) throws(SisusbQuestion) -> Bool {
    if ranks == 2, chip.banks == 2 { return false }
    var size = chip.size / 2 * bus.width / 32
    if size * ranks > 128 { return false }
    var value: UInt8 = 0
    size >>= 1
    while size > 0 {
      value += 0x10
      size >>= 1
    }
    value |= UInt8(ranks - 1) << 2 | UInt8(bus.width / 64) & 0x02 | bus.channel & 0x01
    try talk.set(.sequencer, 0x14, value)
    try trigger(&talk, 0)
    return true
  }

  /// `sisusb_check_ranks()`.
  private func checkRanks(
    _ talk: inout SisusbTalk, _ chip: Chip, _ ranks: Int, _ bus: Bus
  ) throws(SisusbQuestion) -> Bool {
    let wide = bus.width / 64
    for rank in stride(from: ranks, through: 1, by: -1) {
      let shift = chip.columns + chip.rows + chip.banks + wide + rank
      guard try check(&talk, 1 << UInt32(shift), 2) else { return false }
    }
    guard try check(&talk, 1 << UInt32(chip.columns + wide + 2), 4) else { return false }
    return try check(&talk, 1 << UInt32(10 + wide), 2)
  }

  /// `sisusb_check_rbc()`: whether words at some distance are kept apart.
  private func check(
    _ talk: inout SisusbTalk, _ distance: UInt32, _ count: UInt32
  ) throws(SisusbQuestion) -> Bool {
    for index in 0..<count {
      try talk.write(Self.start &+ index &* distance, index &* distance)
    }
    for index in 0..<count
    where try talk.read(Self.start &+ index &* distance) != index &* distance {
      return false
    }
    return true
  }
}
