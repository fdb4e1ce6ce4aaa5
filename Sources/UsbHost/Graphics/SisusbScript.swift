import USB

/// A run of packets whose course depends on what the chip answers, told as an ordinary function: it is run from its
/// beginning each time an answer has come, with all the answers so far, until it needs one that has not.
protocol SisusbScript: Equatable, Sendable {
  /// What the run comes to, once nothing more is to be asked.
  func play(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Int
}

/// A packet that has to be exchanged before a script can go on.
struct SisusbQuestion: Error {
  var packet: SisusbPacket
}

/// What a script says to the chip, and what was answered so far.
struct SisusbTalk {
  private var answers: ArraySlice<HostValue>
  /// What has failed since it was last forgotten: the errors of all packets, one over the other.
  var ret = 0
  /// Lines for the kernel log.
  private(set) var lines: [String] = []

  init(_ answers: [HostValue]) { self.answers = answers[...] }

  mutating func tell(_ line: String) { lines.append(line) }

  /// Exchanges a packet: the word that was read; 0 when there is none.
  @discardableResult
  mutating func exchange(_ packet: SisusbPacket) throws(SisusbQuestion) -> UInt32 {
    guard let answer = answers.popFirst() else { throw SisusbQuestion(packet: packet) }
    ret |= answer.ret
    return answer.data.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  // MARK: - The bridge and the registers of its bus

  mutating func writeBridge(_ address: UInt32, _ data: UInt32) throws(SisusbQuestion) {
    try exchange(
      SisusbPacket(header: 0x001f, address: address, data: data, isForBridge: true))
  }

  mutating func readBus(_ register: UInt32) throws(SisusbQuestion) -> UInt32 {
    try exchange(SisusbPacket(header: 0x008f, address: register | 0x10000))
  }

  mutating func writeBus(_ register: UInt32, _ data: UInt32) throws(SisusbQuestion) {
    try exchange(SisusbPacket(header: 0x008f, address: register | 0x10000, data: data))
  }

  // MARK: - Memory

  mutating func write(_ address: UInt32, _ data: UInt32) throws(SisusbQuestion) {
    try exchange(SisusbPacket(header: 0x000f, address: address & ~3, data: data))
  }

  mutating func read(_ address: UInt32) throws(SisusbQuestion) -> UInt32 {
    try exchange(SisusbPacket(header: 0x000f, address: address & ~3))
  }

  mutating func writeByte(_ address: UInt32, _ data: UInt8, kind: UInt16 = 0)
    throws(SisusbQuestion)
  {
    try exchange(
      SisusbPacket(
        header: 1 << UInt16(address & 3) | kind, address: address & ~3,
        data: UInt32(data) << (address & 3 << 3)))
  }

  mutating func readByte(_ address: UInt32, kind: UInt16 = 0) throws(SisusbQuestion) -> UInt8 {
    let word = try exchange(
      SisusbPacket(header: 1 << UInt16(address & 3) | kind, address: address & ~3))
    return UInt8(truncatingIfNeeded: word >> (address & 3 << 3))
  }

  // MARK: - Ports

  private static let ports: UInt16 = 1 << 6

  mutating func set(_ port: SisusbPort, _ data: UInt8) throws(SisusbQuestion) {
    try writeByte(port.address, data, kind: Self.ports)
  }

  mutating func get(_ port: SisusbPort) throws(SisusbQuestion) -> UInt8 {
    try readByte(port.address, kind: Self.ports)
  }

  /// A register behind a port: its number is written to the port, its value stands at the next one.
  mutating func set(_ port: SisusbPort, _ index: UInt8, _ data: UInt8) throws(SisusbQuestion) {
    try set(port, index)
    try writeByte(port.address + 1, data, kind: Self.ports)
  }

  mutating func get(_ port: SisusbPort, _ index: UInt8) throws(SisusbQuestion) -> UInt8 {
    try set(port, index)
    return try readByte(port.address + 1, kind: Self.ports)
  }

  /// Keeps some bits of a register and sets some.
  mutating func change(
    _ port: SisusbPort, _ index: UInt8, and kept: UInt8 = 0xff, or added: UInt8 = 0
  ) throws(SisusbQuestion) {
    let old = try get(port, index)
    try writeByte(port.address + 1, old & kept | added, kind: Self.ports)
  }
}

/// Ports of the graphics chip, by their distance from the first.
enum SisusbPort: UInt32 {
  case capture = 0x00
  case part1 = 0x04
  case attributes = 0x40
  case miscellaneousOut = 0x42
  case enable = 0x43
  case sequencer = 0x44
  case miscellaneousIn = 0x4c
  case graphics = 0x4e
  case controller = 0x54
  case inputStatus = 0x5a

  var address: UInt32 { SisusbPlaces.ports + rawValue }
}

/// Where the parts of the chip lie on the bridge's bus.
enum SisusbPlaces {
  static let memory: UInt32 = 0xd000_0000
  static let registers: UInt32 = 0xe400_0000
  static let ports: UInt32 = 0xd000
}

/// Plays a script: exchanges what it asks for.
struct SisusbPlay<Script: SisusbScript>: HostRoutine {
  var place: InterfacePlace
  var script: Script
  private var answers: [HostValue] = []
  /// Lines of the log that were written.
  private var told = 0

  init(place: InterfacePlace, script: Script) {
    self.place = place
    self.script = script
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input { answers.append(value) }
    var talk = SisusbTalk(answers)
    defer {
      for line in talk.lines.dropFirst(told) { side.deviceLog(place.device, line) }
      told = talk.lines.count
    }
    do throws(SisusbQuestion) {
      return .done(try script.play(&talk))
    } catch {
      return .call(SisusbExchange(place: place, packet: error.packet))
    }
  }
}
