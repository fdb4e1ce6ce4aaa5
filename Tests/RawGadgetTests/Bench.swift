import UsbHost
import GadgetWorld
import RawGadget
import USB

/// A program that answers as a well-behaved device does, and a host to do things with it.
struct Bench {
  var world: GadgetWorld
  /// Control requests the program was given since ``forget()``.
  private(set) var requests: [[UInt8]] = []
  /// Handles of the endpoints enabled so far.
  private(set) var handles: [Int] = []
  /// Events other than requests, as the program fetched them.
  private(set) var events: [RawEventType] = []
  var configuration: [UInt8]
  var device: [UInt8]
  /// True when every SET_INTERFACE is refused.
  var stallsSettings = false
  /// Bytes of the first look at a configuration it answers with.
  var configurationHead = 9
  /// What it says as a HID device; nil for one that is none.
  var hid: HIDAnswers?

  /// A HID device's answers, and what it was told.
  struct HIDAnswers {
    var reportDescriptor: [UInt8]
    /// Answers to the first requests for it, where they are others.
    var firstAnswers: [[UInt8]] = []
    /// Answer to GET_REPORT; nil refuses it.
    var feature: [UInt8]?
    /// Handles halted as soon as endpoints are enabled.
    var halted: [UInt64] = []
    /// Data of every SET_REPORT.
    var set: [[UInt8]] = []
    /// Whether SET_REPORT is refused.
    var refusesSet = false
  }

  private let program = 0
  private let hostThread = 9

  /// One interface with bulk IN 0x81 and bulk OUT 0x02.
  static let loopback: [UInt8] =
    [9, 2, 32, 0, 1, 1, 0, 0x80, 50] + setting(0, endpoints: [0x81, 0x02])

  /// A setting of interface 0 with bulk endpoints of 512 bytes.
  static func setting(_ alternate: UInt8, endpoints: [UInt8], name: UInt8 = 0) -> [UInt8] {
    [9, 4, 0, alternate, UInt8(endpoints.count), 0xff, 0, 0, name]
      + endpoints.flatMap { [7, 5, $0, 2, 0, 2, 0] }
  }

  init(
    _ policy: DriverPolicy = .linux6_1, controllers: GadgetWorld.Controllers = .high,
    speed: UInt8 = 3, configuration: [UInt8] = Bench.loopback, hid: HIDAnswers? = nil,
    configurationHead: Int = 9
  ) {
    (self.hid, self.configurationHead) = (hid, configurationHead)
    world = GadgetWorld(policy: policy, controllers: controllers)
    self.configuration = configuration
    self.configuration[2] = UInt8(configuration.count)
    let version: [UInt8] = speed == 5 ? [0, 3] : [0, 2]
    let packet: UInt8 = speed == 5 ? 9 : 64
    device = [18, 1] + version + [0xff, 0, 0, packet, 9, 0x12, 1, 0, 0, 1, 1, 2, 3, 1]
    _ = world.call(program, .open(descriptor: 3, nonblocking: false))
    ioctl(.`init`, .memory(Self.initArgument(policy, speed)))
    ioctl(.run)
    serve(for: 2_000_000)
  }

  /// The argument of INIT as that version of the driver takes it.
  private static func initArgument(_ policy: DriverPolicy, _ speed: UInt8) -> UserMemory {
    let base: UInt64 = 0x7f00_0000_0000
    let names = [Array("dummy_udc".utf8), Array("dummy_udc.0".utf8)].flatMap {
      $0 + [UInt8](repeating: 0, count: 128 - $0.count)
    }
    guard policy.pointsToNames else { return UserMemory(bytes: names + [speed]) }
    let words = [UInt64(speed), base + 24, base + 152].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    return UserMemory(address: base, bytes: words + names)
  }

  /// Runs a second device on the same controller, as descriptor 4; nobody serves it.
  mutating func openSecond() {
    _ = world.call(7, .open(descriptor: 4, nonblocking: false))
    let argument = IoctlArgument.memory(Self.initArgument(world.policy, 3))
    for (call, argument) in [(RawIoctl.`init`, argument), (.run, .value(0))] {
      let number = world.number(of: call)
      _ = world.call(7, .ioctl(descriptor: 4, number: number, argument: argument))
    }
  }

  // MARK: - The program

  @discardableResult
  mutating func ioctl(
    _ call: RawIoctl, _ argument: IoctlArgument = .value(0), thread: Int = 0
  ) -> CallResult? {
    let number = world.number(of: call)
    let outcome = world.call(thread, .ioctl(descriptor: 3, number: number, argument: argument))
    if case .returned(let result) = outcome { return result }
    return nil
  }

  /// EP_WRITE or EP_READ on a thread of its own; nil when it blocks.
  mutating func transfer(
    _ call: RawIoctl, handle: Int, _ data: [UInt8], thread: Int
  ) -> CallResult? {
    ioctl(call, io(data, endpoint: UInt8(handle)), thread: thread)
  }

  mutating func enable(_ descriptor: [UInt8]) -> CallResult? {
    ioctl(.epEnable, .memory(UserMemory(bytes: descriptor + [0, 0])))
  }

  private func io(_ data: [UInt8], endpoint: UInt8 = 0) -> IoctlArgument {
    let length = [UInt8(data.count & 255), UInt8(data.count >> 8), 0, 0]
    return .memory(UserMemory(bytes: [endpoint, 0, 0, 0] + length + data))
  }

  /// The configuration as far as it is given out.
  private func given(_ length: Int) -> IoctlArgument {
    io(Array(configuration.prefix(length == 9 ? configurationHead : length)))
  }

  mutating func forget() { requests = [] }

  /// Answers what comes for that long.
  mutating func serve(for span: Microseconds) {
    serve(until: world.now + span) { _ in false }
  }

  private mutating func serve(until time: Microseconds, _ holds: (GadgetWorld) -> Bool) {
    while true {
      world.advance(until: time) { world in
        holds(world) || world.devices.values.contains { !$0.events.isEmpty }
      }
      guard !holds(world), world.devices.values.contains(where: { !$0.events.isEmpty }) else {
        return
      }
      let memory = UserMemory(bytes: [0, 0, 0, 0, 8, 0, 0, 0] + [UInt8](repeating: 0, count: 8))
      guard let bytes = ioctl(.eventFetch, .memory(memory))?.written, bytes.count >= 8 else {
        return
      }
      if bytes[0] == 2 {
        answer(Array(bytes.dropFirst(8)))
      } else if let type = RawEventType(rawValue: UInt32(bytes[0])) {
        events.append(type)
      }
    }
  }

  private mutating func answer(_ setup: [UInt8]) {
    requests.append(setup)
    let length = Int(setup[6]) | Int(setup[7]) << 8
    let done: CallResult?
    switch (setup[0], setup[1], setup[3]) {
    case (0x80, 6, 1): done = ioctl(.ep0Write, io(Array(device.prefix(length))))
    case (0x80, 6, 2): done = ioctl(.ep0Write, given(length))
    case (0x80, 6, 3): done = ioctl(.ep0Write, io(setup[2] == 0 ? [4, 3, 9, 4] : [4, 3, 65, 0]))
    case (0x00, 9, _):
      if setup[2] != 0, handles.isEmpty { enableEndpoints() }
      ioctl(.configure)
      done = ioctl(.ep0Read, io([]))
    case (0x81, 6, 0x22):
      let isOther = hid?.firstAnswers.isEmpty == false
      let report = isOther ? hid?.firstAnswers.removeFirst() : hid?.reportDescriptor
      done = ioctl(.ep0Write, io(Array((report ?? []).prefix(length))))
    case (0xa1, 1, _) where hid?.feature != nil: done = ioctl(.ep0Write, io(hid?.feature ?? []))
    case (0x21, 9, _) where hid?.refusesSet == false:
      done = ioctl(.ep0Read, io([UInt8](repeating: 0, count: length)))
    case (0x21, 10, _) where hid != nil: done = ioctl(.ep0Read, io([]))
    case (0x01, 11, _) where !stallsSettings, (0x00, 0x31, _): done = ioctl(.ep0Read, io([]))
    default: done = ioctl(.ep0Stall)
    }
    // What was not taken at once is waited for.
    if done == nil { world.advance(until: world.now + 5_000_000) { !$0.isBlocked(0) } }
    let result = done ?? world.takeResult(of: program)
    if setup[0] == 0x21, setup[1] == 9, let result, result.errno == nil, length > 0 {
      hid?.set.append(result.data)
    }
  }

  private mutating func enableEndpoints() {
    var at = 9
    while at + 7 <= configuration.count, configuration[at] > 0 {
      let bytes = Array(configuration[at..<at + 7])
      if bytes[1] == 5, let handle = enable(bytes)?.ret, handle >= 0 { handles.append(Int(handle)) }
      at += Int(configuration[at])
    }
    for handle in hid?.halted ?? [] { ioctl(.epSetHalt, .value(handle)) }
  }

  // MARK: - The host

  /// Does something on the host's side while the program answers.
  @discardableResult
  mutating func host(_ action: HostAction) -> HostResult? {
    if case .returned(let result) = world.host(hostThread, action) { return result }
    serve(until: world.now + 30_000_000) { !$0.isBlocked(9) }
    return world.takeHostResult(of: hostThread)
  }

  mutating func control(
    _ type: UInt8, _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 0
  ) -> HostResult? {
    let setup = SetupPacket(type, request, value: value, index: index, length: length)
    return host(.control(setup: setup, data: [], timeout: 1000))
  }

  mutating func read(_ endpoint: UInt8, _ length: Int) -> HostResult? {
    host(.bulk(endpoint: endpoint, data: [], length: length, timeout: 300))
  }

  mutating func write(_ endpoint: UInt8, _ data: [UInt8]) -> HostResult? {
    host(.bulk(endpoint: endpoint, data: data, length: data.count, timeout: 300))
  }

  /// A bulk IN transfer that waits, known as `u`.
  mutating func submitRead(_ endpoint: UInt8 = 0x81, flags: Int = 0) -> HostResult? {
    host(
      .submit(
        tag: "u", type: .bulk, endpoint: endpoint, flags: flags, data: [], length: 64))
  }

  /// The error the reaped transfer ended with.
  mutating func reapStatus() -> Errno? {
    world.advance(by: 10_000)
    return host(.reap(wait: 0))?.status.flatMap { Errno(negated: $0) }
  }

  mutating func sysfs(_ file: String, _ value: String) -> HostResult? {
    host(.sysfsWrite(file: file, value: value))
  }
}
