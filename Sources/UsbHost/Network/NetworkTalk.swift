import USB

/// What IPv6 sends by itself once an interface has a link (`addrconf_dad_start()`, `ipv6_mc_dad_complete()`): that it
/// listens to its own group, whether its address is taken, and a question for a router. Waiting times that the kernel
/// draws by lot have one value here.
struct NetworkTalk<Adapter: NetworkAdapter>: HostRoutine {
  var place: InterfacePlace
  /// The time the interface is up for.
  var ups: Int
  private var next = 0

  init(place: InterfacePlace, ups: Int) {
    self.place = place
    self.ups = ups
  }

  /// Milliseconds before each frame.
  private static var pauses: [Int] { [12, 100, 200, 1000, 8] }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place), driver.isUp,
      driver.hasCarrier, driver.ups == ups
    else { return .done(0) }
    if next > 0 {
      let talk = IPv6Talk(driver.address)
      let frames = [
        talk.report(from: nil), talk.report(from: nil), talk.solicitation,
        talk.report(from: talk.own), talk.routerQuestion,
      ]
      side.sendFrame(Adapter.self, place, frames[next - 1])
    }
    guard next < Self.pauses.count else { return .done(0) }
    next += 1
    return .pause(Microseconds(Self.pauses[next - 1]) &* 1000)
  }
}

/// The frames of IPv6's beginning, for an interface with an address.
struct IPv6Talk {
  private var address: [UInt8]

  init(_ address: [UInt8]) { self.address = Array((address + [0, 0, 0, 0, 0, 0]).prefix(6)) }

  private static let unspecified = [UInt8](repeating: 0, count: 16)

  /// `ff02::` with that end.
  private static func group(_ end: [UInt8]) -> [UInt8] {
    [0xff, 0x02] + [UInt8](repeating: 0, count: 14 - end.count) + end
  }

  /// The link-local address, made of the interface's.
  var own: [UInt8] {
    [0xfe, 0x80, 0, 0, 0, 0, 0, 0, address[0] ^ 2, address[1], address[2], 0xff, 0xfe]
      + address[3...5]
  }

  private var solicited: [UInt8] { Self.group([1, 0xff] + address[3...5]) }

  /// An MLDv2 report: the interface listens to the group its neighbours ask in.
  func report(from source: [UInt8]?) -> [UInt8] {
    packet(
      from: source ?? Self.unspecified, to: Self.group([0x16]), hops: 1,
      options: [0x3a, 0, 5, 2, 0, 0, 1, 0],
      message: [0x8f, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0] + solicited)
  }

  /// A neighbour solicitation for the own address: is it taken?
  var solicitation: [UInt8] {
    packet(
      from: Self.unspecified, to: solicited, hops: 255, options: [],
      message: [0x87, 0, 0, 0, 0, 0, 0, 0] + own + [14, 1, 0, 0, 0, 0, 0, 0])
  }

  /// A router solicitation.
  var routerQuestion: [UInt8] {
    packet(
      from: own, to: Self.group([2]), hops: 255, options: [],
      message: [0x85, 0, 0, 0, 0, 0, 0, 0, 1, 1] + address)
  }

  private func packet(
    from source: [UInt8], to target: [UInt8], hops: UInt8, options: [UInt8], message: [UInt8]
  ) -> [UInt8] {
    var message = message
    let sum = Self.checksum(
      source + target + [0, 0, 0, UInt8(message.count), 0, 0, 0, 0x3a] + message)
    message[2] = sum.highByte
    message[3] = sum.lowByte
    let length = UInt8(clamping: options.count + message.count)
    let header: [UInt8] = [0x60, 0, 0, 0, 0, length, options.isEmpty ? 0x3a : 0, hops]
    return [0x33, 0x33] + target[12...15] + address + [0x86, 0xdd] + header + source + target
      + options + message
  }

  /// The Internet checksum of an even number of bytes.
  private static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum = 0
    for at in stride(from: 0, to: bytes.count - 1, by: 2) {
      sum += Int(UInt16(low: bytes[at + 1], high: bytes[at]))
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(truncatingIfNeeded: sum)
  }
}
