import USB

/// `usbtest_probe()`: looks for endpoints and says what can be tested.
struct UsbtestProbe: HostRoutine {
  var place: InterfacePlace
  private var found: Usbtest?

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if let found {
      let ret = input.value.ret
      return ret < 0 ? withoutEndpoints(&side, ret) : bind(&side, found)
    }
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface),
      let model = UsbtestModel.of(setting, device)
    else { return .done(Errno.ENODEV.negated) }
    var driver = Usbtest(model: model)
    if let fixed = model.fixed {
      driver.endpoints.bulkIn = fixed.input
      driver.endpoints.bulkOut = fixed.output
      return bind(&side, driver)
    }
    // Endpoints are looked for at the speeds that have bulk endpoints only.
    return device.speed == .low ? bind(&side, driver) : search(&side, driver, device)
  }

  /// The first setting that has endpoints to test is set.
  private mutating func search(
    _ side: inout some HostSide, _ driver: Usbtest, _ device: UsbDevice
  ) -> RoutineStep {
    var driver = driver
    for setting in device.settings(place.interface) {
      guard let endpoints = UsbtestEndpoints(setting, driver.model) else { continue }
      driver.endpoints = endpoints
      driver.model.alternate = setting.alternate
      guard setting.alternate != 0 else { return bind(&side, driver) }
      found = driver
      return .call(
        SetInterface(
          device: place.device, interface: place.interface, alternate: setting.alternate))
    }
    return withoutEndpoints(&side, Errno.EINVAL.negated)
  }

  private func withoutEndpoints(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.usbtestLog(place, "couldn't get endpoints, \(ret)")
    return side.probeFailed(Usbtest.name, place, ret)
  }

  private func bind(_ side: inout some HostSide, _ driver: Usbtest) -> RoutineStep {
    let speed = side.host.devices[place.device]?.speed ?? .high
    var words = driver.endpoints.words
    if speed == .low { words = words.replacing("bulk", with: "intr") }
    side.keep(driver, place)
    side.addNode(Usbtest.name, .interface, driver: Usbtest.name, place)
    side.usbtestLog(place, driver.model.title)
    side.usbtestLog(
      place,
      "\(Self.names[speed] ?? "UNKNOWN") {control\(driver.model.readsBack ? " in/out" : "")\(words)}"
        + " tests\(driver.model.alternate != nil ? " (+alt)" : "")")
    return .done(0)
  }

  private static let names: [UsbSpeed: String] = [
    .low: "low-speed", .full: "full-speed", .high: "high-speed", .super: "super-speed",
  ]
}
