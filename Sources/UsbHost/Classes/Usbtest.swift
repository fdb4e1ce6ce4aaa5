import USB

/// `usbtest`: holds a device to be tested; its cases are asked for through usbfs. Loaded with `pattern=1`.
struct Usbtest: NodeDriver {
  /// An entry of the driver's table: what the device is called and what it can do.
  struct Model: Equatable, Sendable {
    var id: UsbID
    var title: String
    /// The endpoints; nil to look for them.
    var input: UInt8?
    var output: UInt8?
    /// The setting every case begins with; nil for the one there is.
    var alternate: Int?
    var readsBack = true
    var interrupts = true
  }

  static let name = "usbtest"
  private static let models = [
    Model(id: UsbID(0x0525, 0xa4a0), title: "Linux gadget zero", alternate: 0),
    Model(
      id: UsbID(0x0547, 0x2235), title: "EZ-USB device", input: 0x82, output: 0x02, alternate: 1,
      readsBack: false, interrupts: false),
    Model(
      id: UsbID(0x0547, 0x0080), title: "EZ-USB device", input: 0x82, output: 0x02, alternate: 1,
      readsBack: false, interrupts: false),
    Model(
      id: UsbID(0x04b4, 0x8613), title: "FX2 device", input: 0x86, output: 0x02, alternate: 1,
      readsBack: false, interrupts: false),
    Model(
      id: UsbID(0xfff0, 0xfff0), title: "usb test device", alternate: 1, interrupts: false),
    Model(
      id: UsbID(0x0525, 0xa4a4), title: "Linux user mode test driver", readsBack: false,
      interrupts: false),
    Model(
      id: UsbID(0x0525, 0xa4a3), title: "Linux user mode ISO test driver", readsBack: false,
      interrupts: false),
  ]

  var model: Model
  var bulkIn: UInt8?
  var bulkOut: UInt8?
  var interruptIn: UInt8?
  var interruptOut: UInt8?
  /// What queued transfers of a case have come to.
  var queue = UsbtestQueue()

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    models.contains { $0.id.matches(setting, of: device) }
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    UsbtestProbe(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
    if let waiter = queue.waiter { side.interruptSleep(of: waiter) }
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .test(let test): UsbtestCall(place: place, test: test)
    case .open, .close, .read, .write, .readAt, .writeAt, .sync, .ask, .command, .line, .raise,
      .lower, .send:
      nil
    }
  }

  static func model(_ setting: UsbInterface, _ device: UsbDevice) -> Model? {
    models.first { $0.id.matches(setting, of: device) }
  }

  /// Bytes as they are sent and expected: each packet counts anew, modulo 63.
  static func pattern(_ count: Int, packet: Int, from start: Int = 0) -> [UInt8] {
    (start..<start + max(0, count)).map { UInt8($0 % max(1, packet) % 63) }
  }
}

/// Queued transfers of a case.
struct UsbtestQueue: Equatable, Sendable {
  /// Those in flight, and those still to be submitted.
  var pending = 0
  var left = 0
  /// The first error.
  var status = 0
  /// The task that waits for the last of them.
  var waiter: Int?
}

extension HostSide {
  /// Waits until none of a case's transfers is in flight.
  mutating func awaitUsbtest(_ place: InterfacePlace, _ task: Int) -> RoutineStep {
    change(Usbtest.self, place) { $0.queue.waiter = task }
    return .sleep(milliseconds: 600_000)
  }

  /// A transfer of a case came back and was not submitted again.
  mutating func usbtestCameBack(_ place: InterfacePlace) {
    guard let queue = bound(Usbtest.self, place)?.queue, queue.pending == 0,
      let waiter = queue.waiter
    else { return }
    change(Usbtest.self, place) { $0.queue.waiter = nil }
    interruptSleep(of: waiter)
  }
}

/// `usbtest_probe()`: looks for endpoints and says what can be tested.
struct UsbtestProbe: HostRoutine {
  var place: InterfacePlace
  private var driver: Usbtest?

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface),
      let model = Usbtest.model(setting, device)
    else { return .done(Errno.ENODEV.negated) }
    if let driver {
      guard input.value.ret >= 0 else { return failed(&side, input.value.ret) }
      return bind(&side, driver)
    }
    var found = Usbtest(model: model)
    (found.bulkIn, found.bulkOut) = (model.input, model.output)
    guard model.input == nil else { return bind(&side, found) }
    for setting in device.settings(place.interface) {
      found.bulkIn = setting.endpoint(.bulk, isIn: true)?.address
      found.bulkOut = setting.endpoint(.bulk, isIn: false)?.address
      if model.interrupts {
        found.interruptIn = setting.endpoint(.interrupt, isIn: true)?.address
        found.interruptOut = setting.endpoint(.interrupt, isIn: false)?.address
      }
      let hasBulk = found.bulkIn != nil && found.bulkOut != nil
      guard hasBulk || found.interruptIn != nil || found.interruptOut != nil else { continue }
      found.model.alternate = setting.alternate
      driver = found
      guard setting.alternate != 0 else { return bind(&side, found) }
      return .call(
        SetInterface(
          device: place.device, interface: place.interface, alternate: setting.alternate))
    }
    return failed(&side, Errno.EINVAL.negated)
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.interfaceLog(Usbtest.name, place, "couldn't get endpoints, \(ret)")
    return side.probeFailed(Usbtest.name, place, ret)
  }

  private func bind(_ side: inout some HostSide, _ driver: Usbtest) -> RoutineStep {
    let speed = side.host.devices[place.device]?.speed ?? .high
    let words: [(Bool, String)] = [
      (driver.model.readsBack, " in/out"), (driver.bulkIn != nil, " bulk-in"),
      (driver.bulkOut != nil, " bulk-out"), (driver.interruptIn != nil, " int-in"),
      (driver.interruptOut != nil, " int-out"),
    ]
    let tests = words.filter(\.0).map(\.1).joined()
    let names: [UsbSpeed: String] = [
      .low: "low-speed", .full: "full-speed", .high: "high-speed", .super: "super-speed",
    ]
    side.keep(driver, place)
    side.addNode(Usbtest.name, .interface, driver: Usbtest.name, place)
    side.interfaceLog(Usbtest.name, place, driver.model.title)
    side.interfaceLog(
      Usbtest.name, place,
      "\(names[speed] ?? "UNKNOWN") {control\(tests)} tests"
        + (driver.model.alternate != nil ? " (+alt)" : ""))
    return .done(0)
  }
}

/// `usbtest_ioctl()`: the setting, then the case.
struct UsbtestCall: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case set
    case testing
  }

  var place: InterfacePlace
  var test: UsbtestCase
  private var stage = Stage.start
  private static let mostQueued = 128
  private static let longest = 1 << 22

  init(place: InterfacePlace, test: UsbtestCase) {
    self.place = place
    self.test = test
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtest.self, place) else { return .done(Errno.ENODEV.negated) }
    switch stage {
    case .start:
      guard test.iterations > 0, (0...Self.mostQueued).contains(test.sglen),
        (0...Self.longest).contains(test.length), test.vary >= 0
      else { return .done(Errno.EINVAL.negated) }
      stage = .set
      guard let alternate = driver.model.alternate else { return begin(&side, driver) }
      guard place.interface == 0 else { return .done(Errno.ENODEV.negated) }
      return .call(
        SetInterface(device: place.device, interface: place.interface, alternate: alternate))
    case .set:
      if input.value.ret < 0 {
        side.interfaceLog(
          Usbtest.name, place,
          "set altsetting to \(driver.model.alternate ?? 0) failed, \(input.value.ret)")
        return .done(input.value.ret)
      }
      return begin(&side, driver)
    case .testing: return .done(input.value)
    }
  }

  private mutating func begin(_ side: inout some HostSide, _ driver: Usbtest) -> RoutineStep {
    stage = .testing
    guard let plan = UsbtestPlan(test, driver, place) else {
      return .done(test.number == 0 ? 0 : Errno.EOPNOTSUPP.negated)
    }
    side.interfaceLog(
      Usbtest.name, place,
      "TEST \(test.number): \(test.number < 25 ? " " : "")\(plan.words)")
    return .call(plan.routine)
  }
}

/// What a case does, and the words it begins with.
struct UsbtestPlan {
  var words: String
  var routine: any HostRoutine

  /// Nil for a case the device cannot be put to.
  init?(_ test: UsbtestCase, _ driver: Usbtest, _ place: InterfacePlace) {
    let (times, length, vary, sglen) = (test.iterations, test.length, test.vary, test.sglen)
    let isIn = test.number % 2 == 0
    let bulk = isIn ? driver.bulkIn : driver.bulkOut
    let interrupt = isIn ? driver.interruptIn : driver.interruptOut
    let verb = isIn ? "read" : "write"
    func simple(_ endpoint: UInt8, vary: Int = 0) -> UsbtestSimple {
      UsbtestSimple(
        place: place, endpoint: endpoint, length: length, times: times, vary: vary, expected: 0,
        label: "test\(test.number)")
    }
    switch test.number {
    case 1, 2:
      guard let bulk else { return nil }
      self.init("\(verb) \(length) bytes \(times) times", simple(bulk))
    case 3, 4:
      guard let bulk, vary > 0 else { return nil }
      self.init("\(verb)/\(vary) 0..\(length) bytes \(times) times", simple(bulk, vary: vary))
    case 5...8:
      guard let bulk, sglen > 0, test.number < 7 || vary > 0 else { return nil }
      let varies = test.number > 6
      self.init(
        "\(verb)\(varies ? "/\(vary)" : "") \(times) sglists \(sglen) entries "
          + "\(varies ? "0..\(length)" : "of \(length)") bytes",
        UsbtestLists(
          place: place, endpoint: bulk, length: length, vary: varies ? vary : 0, entries: sglen,
          times: times))
    case 9: self.init("ch9 (subset) control tests, \(times) times", UsbtestChapter9(place, times))
    case 10:
      self.init(
        "queue \(sglen) control calls, \(times) times",
        UsbtestControls(place: place, queued: sglen, total: sglen * times))
    case 11, 12:
      guard let endpoint = test.number == 11 ? driver.bulkIn : driver.bulkOut, length > 0 else {
        return nil
      }
      let what = test.number == 11 ? "reads" : "writes"
      self.init(
        "unlink \(times) \(what) of \(length)",
        UsbtestUnlink(
          place: place, endpoint: endpoint, length: length, times: times, label: what))
    case 13:
      let ends = [driver.bulkIn, driver.bulkOut].compactMap { $0 }
      guard !ends.isEmpty else { return nil }
      self.init(
        "set/clear \(times) halts", UsbtestHalts(place: place, endpoints: ends, times: times))
    case 14, 21:
      guard driver.model.readsBack else { return nil }
      self.init(
        "\(times) ep0out\(test.number == 21 ? " odd addr" : ""), 1..\(length) vary \(vary)",
        UsbtestReadBack(place: place, length: length, vary: vary, times: times))
    case 17...20:
      guard let bulk else { return nil }
      self.init(
        "\(verb) odd addr \(length) bytes \(times) times "
          + (test.number < 19 ? "core map" : "premapped"), simple(bulk))
    case 24:
      guard let output = driver.bulkOut, length > 0, sglen >= 4 else { return nil }
      self.init(
        "unlink from \(times) queues of \(sglen) \(length)-byte writes",
        UsbtestUnlinkQueue(
          place: place, endpoint: output, length: length, queued: sglen, times: times))
    case 25, 26:
      guard let interrupt else { return nil }
      self.init("\(verb) \(length) bytes \(times) times", simple(interrupt))
    default: return nil
    }
  }

  private init(_ words: String, _ routine: some HostRoutine) {
    self.words = words
    self.routine = routine
  }
}
