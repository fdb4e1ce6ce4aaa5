import Foundation
import GadgetWorld
import RawGadget
import Testing
import USB
import UsbHost

/// Devices at random behind each of the host's drivers: whatever they answer, the machine's laws hold, time passes,
/// and what a driver does is a sequence of URBs that usbcore allows.
@Suite struct DriverWalkTests {
  /// Devices of each kind; 10⁵ in all, with COPYSCOPE_DEVICES=5000, wants an optimised build.
  private static let devices =
    ProcessInfo.processInfo.environment["COPYSCOPE_DEVICES"].flatMap(Int.init) ?? 6

  @Test(arguments: RandomGadget.kinds)
  func lawsHoldBehindADriver(_ kind: RandomGadget.Kind) {
    for seed in 0..<UInt64(Self.devices) {
      var gadget = RandomGadget(kind, seed: seed)
      for step in 0..<60 {
        gadget.step()
        let violations = gadget.world.violations() + gadget.unlawful
        #expect(violations.isEmpty, "\(kind.name) \(seed) \(step): \(violations)")
        if !violations.isEmpty { return }
      }
    }
  }

  /// A hub is bound only with a right hub descriptor, which no random answer is; a recording has one.
  @Test func aDeviceOfEachKindIsBound() {
    for kind in RandomGadget.kinds where kind.name != "hub" {
      let isBound = (0..<24 as Range<UInt64>).contains { seed in
        var gadget = RandomGadget(kind, seed: seed)
        for _ in 0..<30 { gadget.step() }
        return gadget.bound.contains(kind.name)
      }
      #expect(isBound, "\(kind.name)")
    }
  }
}

/// A device of some driver's whose answers are random.
struct RandomGadget {
  /// A kind of device: the driver that is to take it and what makes it do so.
  struct Kind: Sendable, CustomTestStringConvertible {
    var name: String
    var vendor: UInt16 = 0x1209
    var product: UInt16 = 0x0001
    /// Device class, and release.
    var deviceClass: UInt8 = 0
    var release: UInt16 = 0x0100
    /// Class, subclass and protocol of its interface.
    var triple: [UInt8] = [0xff, 0, 0]
    /// Addresses of its endpoints.
    var endpoints: [UInt8] = [0x02, 0x81]
    /// What follows the interface's descriptor. With it, the bulk endpoints are those of a second interface.
    var communication: [UInt8] = []
    /// A node that appears.
    var node: String?

    /// True when none of its endpoints is an interrupt one.
    var isBulkOnly = false

    func isInterrupt(_ address: UInt8) -> Bool {
      !isBulkOnly && (address >= 0x83 || address == 0x01)
    }

    var testDescription: String { name }
  }

  static let kinds: [Kind] = [
    Kind(name: "usblp", triple: [7, 1, 2], node: "lp0"),
    Kind(name: "usb-storage", triple: [8, 6, 0x50], node: "sda"),
    Kind(name: "ftdi_sio", vendor: 0x0403, product: 0x6001, release: 0x0600, node: "ttyUSB0"),
    Kind(
      name: "ch341", vendor: 0x1a86, product: 0x7523, endpoints: [0x02, 0x81, 0x85], node: "ttyUSB0"
    ),
    Kind(
      name: "pl2303", vendor: 0x067b, product: 0x2303, release: 0x0300,
      endpoints: [0x02, 0x81, 0x85], node: "ttyUSB0"),
    Kind(name: "cp210x", vendor: 0x10c4, product: 0xea60, node: "ttyUSB0"),
    Kind(
      name: "oti6858", vendor: 0x0ea0, product: 0x6858, endpoints: [0x02, 0x81, 0x85],
      node: "ttyUSB0"),
    Kind(name: "usbtmc", triple: [0xfe, 3, 1], endpoints: [0x02, 0x81, 0x85], node: "usbtmc0"),
    Kind(
      name: "rtl8150", vendor: 0x0bda, product: 0x8150, endpoints: [0x02, 0x81, 0x83], node: "eth0"),
    Kind(
      name: "pegasus", vendor: 0x07a6, product: 0x0986, endpoints: [0x02, 0x81, 0x83], node: "eth0"),
    Kind(
      name: "pegasus", vendor: 0x07a6, product: 0x8511, endpoints: [0x02, 0x81, 0x83], node: "eth0"),
    Kind(
      name: "cdc_ether", deviceClass: 2, triple: [2, 6, 0], endpoints: [0x85, 0x02, 0x81],
      communication: [5, 0x24, 6, 0, 1, 13, 0x24, 15, 4, 0, 0, 0, 0, 0xea, 5, 0, 0, 0],
      node: "usb0"),
    Kind(
      name: "usbtest", vendor: 0x0525, product: 0xa4a0, endpoints: [0x02, 0x81, 0x85, 0x01],
      node: "usbtest"),
    Kind(
      name: "sisusb", vendor: 0x0711, product: 0x0900,
      endpoints: [0x0e, 0x8e, 0x01, 0x03, 0x8d, 0x0d], node: "sisusbvga0",
      isBulkOnly: true),
    Kind(
      name: "xpad", vendor: 0x045e, product: 0x028e, triple: [0xff, 0x5d, 1],
      endpoints: [0x85, 0x01], node: "js0"),
    Kind(name: "usb_acecad", vendor: 0x0460, product: 0x0008, endpoints: [0x85], node: "event0"),
    Kind(name: "kbtab", vendor: 0x084e, product: 0x1001, endpoints: [0x85], node: "event0"),
    Kind(
      name: "hanwang", vendor: 0x0b57, product: 0x8401, triple: [3, 1, 2], endpoints: [0x85],
      node: "event0"),
    Kind(
      name: "pegasus_notetaker", vendor: 0x0e20, product: 0x0101, endpoints: [0x85], node: "event0"),
    Kind(name: "aiptek", vendor: 0x08ca, product: 0x0010, endpoints: [0x85], node: "event0"),
    Kind(name: "hub", deviceClass: 9, triple: [9, 0, 0], endpoints: [0x85]),
  ]

  private(set) var world: GadgetWorld
  private(set) var bound: Set<String> = []
  /// What broke a rule of usbcore's.
  private(set) var unlawful: [String] = []
  private let kind: Kind
  private var random: Seeded
  private var handles: [(address: UInt8, handle: Int)] = []
  private var pending: [UInt64: UsbTransfer] = [:]

  init(_ kind: Kind, seed: UInt64) {
    self.kind = kind
    random = Seeded(state: seed)
    world = GadgetWorld(policy: .linux6_1, modules: .all)
    _ = world.call(0, .open(descriptor: 3, nonblocking: false))
    let names = [Array("dummy_udc".utf8), Array("dummy_udc.0".utf8)].flatMap {
      $0 + [UInt8](repeating: 0, count: 128 - $0.count)
    }
    _ = ioctl(0, .`init`, .memory(UserMemory(bytes: names + [3])))
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
  mutating func step() {
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
    [18, 1, 0, 2, kind.deviceClass, 0, 0, 64]
      + [kind.vendor, kind.product, kind.release].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      + [1, 2, 3, 1]
  }

  /// Twelve letters that are digits of an address too.
  private static let name: [UInt8] = [26, 3] + (0..<12).flatMap { _ in [65, 0] as [UInt8] }

  private func end(_ address: UInt8) -> [UInt8] {
    kind.isInterrupt(address) ? [7, 5, address, 3, 16, 0, 4] : [7, 5, address, 2, 0, 2, 0]
  }

  private var configuration: [UInt8] {
    let isSplit = !kind.communication.isEmpty
    let own = kind.endpoints.filter { !isSplit || kind.isInterrupt($0) }
    var body =
      [9, 4, 0, 0, UInt8(own.count)] + kind.triple + [0] + kind.communication
      + own.flatMap(end)
    if isSplit {
      let others = kind.endpoints.filter { !kind.isInterrupt($0) }
      body += [9, 4, 1, 0, UInt8(others.count), 10, 0, 0, 0] + others.flatMap(end)
    }
    return [9, 2, UInt8(9 + body.count), 0, isSplit ? 2 : 1, 1, 0, 0xc0, 50] + body
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
    var submissions = 0
    for event in world.takeEvents() {
      guard case .monitored(let transfer) = event.kind, transfer.device > 1 else { continue }
      if transfer.event == .submission { submissions += 1 }
      check(transfer)
    }
    // Every transfer takes a turn of the controller; sixteen may be asked for at once, and again.
    if submissions > Int((world.now - begin) / 125) * 4 + 200 {
      unlawful.append("\(submissions) URBs in \(span) µs")
    }
  }

  /// usbcore's rules: a URB that comes back was submitted, brings no more than was asked for, and an endpoint is used as
  /// it is described.
  private mutating func check(_ transfer: UsbTransfer) {
    guard transfer.event == .completion else {
      if transfer.event == .submission { pending[transfer.tag] = transfer }
      let address = transfer.endpoint | (transfer.isIn ? 0x80 : 0)
      if transfer.kind != .control, !kind.endpoints.contains(address) {
        unlawful.append("no endpoint \(address)")
      }
      if transfer.kind == .control, case .packet(let setup)? = transfer.setup,
        Int(setup.wLength) != Int(transfer.length)
      {
        unlawful.append("wLength \(setup.wLength), \(transfer.length) bytes")
      }
      return
    }
    guard let first = pending.removeValue(forKey: transfer.tag) else {
      return unlawful.append("a URB came back that was not submitted")
    }
    if transfer.length > first.length { unlawful.append("\(transfer.length) of \(first.length)") }
  }
}
