import USB

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
  /// Bytes a buffer of the kernel may have.
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
      stage = .set
      guard let alternate = driver.model.alternate else { return begin(&side, driver) }
      guard place.interface == 0 else { return .done(Errno.ENODEV.negated) }
      return .call(
        SetInterface(device: place.device, interface: place.interface, alternate: alternate))
    case .set:
      let ret = input.value.ret
      guard ret < 0 else { return begin(&side, driver) }
      side.usbtestLog(place, "set altsetting to \(driver.model.alternate ?? 0) failed, \(ret)")
      return .done(ret)
    case .testing: return .done(input.value)
    }
  }

  /// `usbtest_do_ioctl()`.
  private mutating func begin(_ side: inout some HostSide, _ driver: Usbtest) -> RoutineStep {
    stage = .testing
    guard test.iterations > 0, (0...Self.mostQueued).contains(test.sglen) else {
      return .done(Errno.EINVAL.negated)
    }
    guard test.vary >= 0, let plan = UsbtestPlan(test, driver, place) else {
      return .done(Errno.EOPNOTSUPP.negated)
    }
    side.usbtestLog(place, "TEST \(test.number): \(test.number < 25 ? " " : "")\(plan.words)")
    guard (0...Self.longest).contains(test.length) else { return .done(Errno.ENOMEM.negated) }
    return .call(plan.routine)
  }
}

/// What a case does, and the words it begins with.
struct UsbtestPlan {
  var words: String
  var routine: any HostRoutine

  private init(_ words: String, _ routine: some HostRoutine) {
    self.words = words
    self.routine = routine
  }

  /// Nil for a case the device cannot be put to.
  init?(_ test: UsbtestCase, _ driver: Usbtest, _ place: InterfacePlace) {
    let plan =
      switch test.number {
      case 0: UsbtestPlan("NOP", Answer(0))
      case 1...8, 17...20, 25, 26: Self.transfers(test, driver.endpoints, place)
      case 9, 10, 13, 14, 21: Self.requests(test, driver, place)
      case 11, 12, 24, 29: Self.bulk(test, driver.endpoints, place)
      case 15, 16, 22, 23: Self.streams(test, driver.endpoints, place)
      // 27 and 28 are for drivers loaded without a pattern.
      default: UsbtestPlan?.none
      }
    guard let plan else { return nil }
    self = plan
  }

  /// Cases whose transfers wait for each other.
  private static func transfers(
    _ test: UsbtestCase, _ ends: UsbtestEndpoints, _ place: InterfacePlace
  ) -> UsbtestPlan? {
    let (number, times, length, vary) = (test.number, test.iterations, test.length, test.vary)
    let reads = number % 2 == 0
    let isInterrupt = number > 24
    let bulk = reads ? ends.bulkIn : ends.bulkOut
    let verb = reads ? "read" : "write"
    guard
      let endpoint = isInterrupt ? (reads ? ends.interruptIn : ends.interruptOut) : bulk
    else { return nil }
    let varies = [3, 4, 7, 8].contains(number)
    guard !varies || vary > 0 else { return nil }
    if (5...8).contains(number) {
      guard test.sglen > 0 else { return nil }
      return UsbtestPlan(
        "\(verb)\(varies ? "/\(vary)" : "") \(times) sglists \(test.sglen) entries "
          + "\(varies ? "0..\(length)" : "of \(length)") bytes",
        UsbtestLists(
          place: place, endpoint: endpoint, length: length, vary: varies ? vary : 0,
          entries: test.sglen, times: times))
    }
    let how = number < 17 || isInterrupt ? "" : number < 19 ? " core map" : " premapped"
    return UsbtestPlan(
      "\(verb)\(varies ? "/\(vary) 0.." : how.isEmpty ? " " : " odd addr ")\(length) bytes "
        + "\(times) times\(how)",
      UsbtestSimple(
        place: place, endpoint: endpoint, length: length, times: times, vary: varies ? vary : 0,
        label: "test\(number)"))
  }

  /// Cases that are mostly control transfers.
  private static func requests(
    _ test: UsbtestCase, _ driver: Usbtest, _ place: InterfacePlace
  ) -> UsbtestPlan? {
    let times = test.iterations
    switch test.number {
    case 9:
      return UsbtestPlan(
        "ch9 (subset) control tests, \(times) times", UsbtestChapter9(place, times))
    case 10:
      return UsbtestPlan(
        "queue \(test.sglen) control calls, \(times) times",
        UsbtestControls(place: place, queued: test.sglen, times: times))
    case 13:
      let ends = [driver.endpoints.bulkIn, driver.endpoints.bulkOut].compactMap { $0 }
      guard !ends.isEmpty else { return nil }
      return UsbtestPlan(
        "set/clear \(times) halts", UsbtestHalts(place: place, endpoints: ends, times: times))
    default:
      guard driver.model.readsBack else { return nil }
      return UsbtestPlan(
        "\(times) ep0out\(test.number == 21 ? " odd addr" : ""), 1..\(test.length) vary \(test.vary)",
        UsbtestReadBack(place: place, length: test.length, vary: test.vary, times: times))
    }
  }

  /// Cases that take transfers back, and the one that begins an endpoint's toggle anew.
  private static func bulk(
    _ test: UsbtestCase, _ ends: UsbtestEndpoints, _ place: InterfacePlace
  ) -> UsbtestPlan? {
    let (times, length) = (test.iterations, test.length)
    guard let endpoint = test.number == 11 ? ends.bulkIn : ends.bulkOut else { return nil }
    if test.number == 29 {
      return UsbtestPlan(
        "Clear toggle between bulk writes \(times) times",
        UsbtestToggle(place: place, endpoint: endpoint, times: times))
    }
    guard length > 0 else { return nil }
    if test.number == 24 {
      guard test.sglen >= 4 else { return nil }
      return UsbtestPlan(
        "unlink from \(times) queues of \(test.sglen) \(length)-byte writes",
        UsbtestUnlinkQueue(
          place: place, endpoint: endpoint, length: length, queued: test.sglen, times: times))
    }
    let what = test.number == 11 ? "reads" : "writes"
    return UsbtestPlan(
      "unlink \(times) \(what) of \(length)",
      UsbtestUnlink(place: place, endpoint: endpoint, length: length, times: times, label: what))
  }

  /// Cases of isochronous endpoints.
  private static func streams(
    _ test: UsbtestCase, _ ends: UsbtestEndpoints, _ place: InterfacePlace
  ) -> UsbtestPlan? {
    let reads = test.number == 16 || test.number == 23
    guard let endpoint = reads ? ends.isoIn : ends.isoOut, test.sglen > 0 else { return nil }
    return UsbtestPlan(
      "\(reads ? "read" : "write") \(test.iterations) iso\(test.number > 16 ? " odd" : ""), "
        + "\(test.sglen) entries of \(test.length) bytes",
      UsbtestStream(
        place: place, endpoint: endpoint, length: test.length, queued: test.sglen,
        times: test.iterations))
  }
}
