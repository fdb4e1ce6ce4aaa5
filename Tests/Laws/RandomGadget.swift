public import GadgetWorld
import RawGadget
import Support
import USB
import UsbHost

/// A device of some driver's whose answers are random, and its descriptors now and then.
public struct RandomGadget {
  /// The machine it is plugged into.
  public private(set) var world: GadgetWorld
  /// The drivers that took it.
  public private(set) var bound: Set<String> = []
  /// What it does wrong, and what the host may not do.
  public var broken: [String] { world.violations() + laws.broken }
  private var laws = TransferLaws()
  private let kind: GadgetKind
  private var isHigh = true
  private var random: SplitMix
  private var handles: [(address: UInt8, handle: Int)] = []
  /// Bytes of its descriptors that are others than they should be, by their place.
  private var slips: [(place: Int, value: UInt8)] = []

  /// A device of that kind; the same seed does the same.
  public init(_ kind: GadgetKind, seed: UInt64) {
    self.kind = kind
    random = SplitMix(seed)
    world = GadgetWorld(policy: .linux6_1, modules: .all)
    _ = world.call(0, .open(descriptor: 3, nonblocking: false))
    let names = [Array("dummy_udc".utf8), Array("dummy_udc.0".utf8)].flatMap {
      $0 + [UInt8](repeating: 0, count: 128 - $0.count)
    }
    let speed: UInt8 = chance(25) ? 2 : 3
    isHigh = speed == 3
    if chance(50) {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        slips.append(
          (Int.random(in: 9..<80, using: &random), UInt8.random(in: 0...255, using: &random)))
      }
    }
    _ = ioctl(0, .`init`, .memory(UserMemory(bytes: names + [speed])))
    _ = ioctl(0, .run)
  }

  private mutating func ioctl(
    _ thread: Int, _ call: RawIoctl, _ argument: IoctlArgument = .value(0)
  ) -> CallResult? {
    let number = world.number(of: call)
    let outcome = world.call(thread, .ioctl(descriptor: 3, number: number, argument: argument))
    if case .returned(let result) = outcome { return result }
    return nil
  }

  private func io(_ data: [UInt8], endpoint: Int = 0) -> IoctlArgument {
    let length = [UInt8(data.count & 255), UInt8(data.count >> 8), 0, 0]
    return .memory(UserMemory(bytes: [UInt8(endpoint), 0, 0, 0] + length + data))
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in chance(40) ? 0 : UInt8.random(in: 0...255, using: &random) }
  }

  /// Lets time pass, answers what is asked and does something on the host.
  public mutating func step() {
    advance(chance(10) ? 1_200_000 : 30_000)
    while let setup = fetch() { answer(setup) }
    for (address, handle) in handles where chance(60) {
      let thread = 20 + handle
      if address & 0x80 != 0 {
        let status = Array("USBS".utf8) + bytes(4) + [0, 0, 0, 0, 0]
        let data = chance(50) ? status : bytes(Int.random(in: 0...64, using: &random))
        _ = ioctl(thread, .epWrite, io(data, endpoint: handle))
      } else {
        _ = ioctl(thread, .epRead, io([UInt8](repeating: 0, count: 512), endpoint: handle))
      }
      _ = world.takeResult(of: thread)
    }
    if chance(40) { actOnHost() }
    if chance(2) { _ = world.call(0, .close(descriptor: 3)) }
  }

  private mutating func actOnHost() {
    guard let node = world.host.nodes.randomElement(using: &random) else { return }
    _ = world.takeHostResult(of: 99)
    let operations: [NodeOperation] = [
      .open(NodeMode(nonblocking: true)), .close, .read(length: 8, wait: 100), .write(bytes(40)),
      .readAt(offset: 0, length: 512), .writeAt(offset: 0, bytes(512)), .sync,
      .line(
        LineSettings(
          speed: [0, 1, 300, 9600, 115_200, 3_000_000].randomElement(using: &random) ?? 9600)),
      .raise([.dtr]), .lower([.rts]), .ask(.modem), .ask(.status), .ask(.deviceID),
      .command(.sendBreak), .command(.drain), .command(.reset), .command(.clear), .command(.eject),
      .command(.partitions), .command(.up), .command(.down), .send(bytes(60)),
      .test(
        UsbtestCase(
          number: Int.random(in: 0...29, using: &random), iterations: 2, length: 64, vary: 16,
          sglen: 5)),
    ]
    let operation = operations.randomElement(using: &random) ?? .close
    _ = world.host(99, .node(node.name, operation))
  }

  private mutating func fetch() -> [UInt8]? {
    guard world.devices.values.contains(where: { !$0.events.isEmpty }) else { return nil }
    let memory = UserMemory(bytes: [0, 0, 0, 0, 8, 0, 0, 0] + [UInt8](repeating: 0, count: 8))
    guard let bytes = ioctl(0, .eventFetch, .memory(memory))?.written, bytes.count >= 8 else {
      return nil
    }
    return bytes[0] == 2 ? Array(bytes.dropFirst(8)) : fetch()
  }

  private mutating func answer(_ setup: [UInt8]) {
    let length = Int(setup[6]) | Int(setup[7]) << 8
    switch (setup[0], setup[1], setup[3]) {
    case (0x80, 6, 1): write(device, length)
    case (0x80, 6, 2): write(configuration, length)
    case (0x80, 6, 3) where chance(90):
      write(setup[2] == 0 ? [4, 3, 9, 4] : Self.name, length)
    case (0x00, 9, _):
      enable()
      _ = ioctl(0, .configure)
      _ = ioctl(0, .ep0Read, io([]))
    default:
      if chance(20) {
        _ = ioctl(0, .ep0Stall)
      } else if setup[0] & 0x80 != 0, length > 0 {
        write(bytes(chance(80) ? length : Int.random(in: 0...length, using: &random)), length)
      } else {
        _ = ioctl(0, .ep0Read, io([UInt8](repeating: 0, count: min(length, 4096))))
      }
    }
    // A call that still waits is interrupted: the next request is to be fetched.
    advance(2_000)
    world.signal(0, restart: false)
    _ = world.takeResult(of: 0)
  }

  private mutating func write(_ data: [UInt8], _ length: Int) {
    _ = ioctl(0, .ep0Write, io(Array(data.prefix(length))))
  }

  private var device: [UInt8] {
    let beginning: [UInt8] = [18, 1, 0, 2, kind.deviceClass, 0, 0, 64]
    let numbers = [kind.vendor, kind.product, kind.release]
    return beginning + numbers.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } + [1, 2, 3, 1]
  }

  /// Twelve letters that are digits of an address too.
  private static let name: [UInt8] = [26, 3] + (0..<12).flatMap { _ in [65, 0] as [UInt8] }

  private func end(_ address: UInt8) -> [UInt8] {
    if kind.isInterrupt(address) { return [7, 5, address, 3, 16, 0, 4] }
    return isHigh ? [7, 5, address, 2, 0, 2, 0] : [7, 5, address, 2, 64, 0, 0]
  }

  private var configuration: [UInt8] {
    let isSplit = !kind.communication.isEmpty
    let own = kind.endpoints.filter { !isSplit || kind.isInterrupt($0) }
    var body: [UInt8] = [9, 4, 0, 0, UInt8(own.count)] + kind.triple + [0]
    body += kind.communication + kind.extra
    body += own.flatMap(end)
    if isSplit {
      let others = kind.endpoints.filter { !kind.isInterrupt($0) }
      body += [9, 4, 1, 0, UInt8(others.count), 10, 0, 0, 0] as [UInt8]
      body += others.flatMap(end)
    }
    let interfaces: UInt8 = isSplit ? 2 : 1
    var all: [UInt8] = [9, 2, UInt8(9 + body.count), 0, interfaces, 1, 0, 0xc0, 50]
    all += body
    for slip in slips where all.indices.contains(slip.place) { all[slip.place] = slip.value }
    return all
  }

  private mutating func enable() {
    guard handles.isEmpty else { return }
    for address in kind.endpoints where chance(95) {
      let end = end(address) + [0, 0]
      if let handle = ioctl(0, .epEnable, .memory(UserMemory(bytes: end)))?.ret, handle >= 0 {
        handles.append((address, Int(handle)))
      }
    }
  }

  private mutating func advance(_ span: Microseconds) {
    let begin = world.now
    world.advance(by: span)
    for device in world.host.devices.values { bound.formUnion(device.driverNames.map(\.name)) }
    laws.see(world.takeEvents(), from: begin, on: world)
  }
}
