import USB

/// A driver whose devices programs reach through nodes.
protocol NodeDriver: InterfaceDriver {
  /// What an operation on a node of it leads to; nil when the driver knows no such operation (ENOTTY).
  ///
  /// Opening and closing are counted by the caller, reading is its own affair (``take(_:_:)``).
  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)?
  /// What a read finds at once: bytes, none, or a negative error number.
  func take(_ side: inout some HostSide, _ node: DeviceNode, _ count: Int) -> HostValue
  /// What a file of a node's folder in sysfs says; nil when there is no such file.
  func attribute(_ name: String, _ node: DeviceNode, _ side: some HostSide) -> String?
}

extension NodeDriver {
  func attribute(_ name: String, _ node: DeviceNode, _ side: some HostSide) -> String? { nil }

  func take(_ side: inout some HostSide, _ node: DeviceNode, _ count: Int) -> HostValue {
    side.takeArrived(node.name, count)
  }
}

extension HostSide {
  /// What a driver keeps of an interface it is bound to.
  func bound<Driver: InterfaceDriver>(_ type: Driver.Type, _ place: InterfacePlace) -> Driver? {
    host.devices[place.device]?.drivers[place.interface]?.driver as? Driver
  }

  /// Keeps what a driver knows of an interface; it is bound from now on.
  mutating func keep(_ driver: some InterfaceDriver, _ place: InterfacePlace) {
    host.devices[place.device]?.drivers[place.interface] = BoundDriver(driver)
  }

  /// Changes what a driver knows, if it is still bound.
  mutating func change<Driver: InterfaceDriver>(
    _ type: Driver.Type, _ place: InterfacePlace, _ body: (inout Driver) -> Void
  ) {
    guard var driver = bound(type, place) else { return }
    body(&driver)
    keep(driver, place)
  }

  /// The interface's name in the kernel log, such as `1-1:1.0`.
  func name(of place: InterfacePlace) -> String {
    guard let device = host.devices[place.device] else { return "?" }
    let value = device.activeConfiguration?.value ?? 1
    return "\(host.name(of: device)):\(value).\(place.interface)"
  }

  /// A line of the kernel log about an interface, in the name of its driver.
  mutating func interfaceLog(_ driver: String, _ place: InterfacePlace, _ text: String) {
    logLine("\(driver) \(name(of: place)): \(text)")
  }

  /// A probe that failed: the driver core tells of errors other than those that mean "not mine".
  mutating func probeFailed(_ driver: String, _ place: InterfacePlace, _ ret: Int) -> RoutineStep {
    let silent = [Errno.ENODEV.negated, Errno.ENXIO.negated].contains(ret)
    if !silent {
      logLine("\(driver): probe of \(name(of: place)) failed with error \(ret)")
    }
    return .done(ret)
  }

  /// Bytes of a node that nobody has read yet.
  mutating func takeArrived(_ name: String, _ count: Int) -> HostValue {
    let bytes = Array(host.arrived[name, default: []].prefix(max(0, count)))
    host.arrived[name]?.removeFirst(bytes.count)
    return HostValue(ret: bytes.count, data: bytes)
  }
}

/// A negative error number, or 0 for anything else, as programs are told it (`usb_translate_errors()`).
func translated(_ ret: Int) -> Int {
  switch Errno(negated: ret) {
  case nil: 0
  case .ENOMEM, .ENODEV, .EOPNOTSUPP: ret
  default: Errno.EIO.negated
  }
}
