import USB

extension DriverSide {
  /// INIT: takes the names of the controller and the speed into a device that is OPENED
  /// (`raw_ioctl_init()`).
  mutating func initialize(_ call: CheckedCall) -> CallResult {
    let number = call.device
    let driverNumber = freeDriverNumber()
    let names = [("udc_driver_name", call.driverName), ("udc_device_name", call.deviceName)]
    let objects = names.compactMap {
      drivers.copies?.allocate($0.1 + [0], size: RawLayout.nameSize, label: $0.0)
    }
    drivers.devices[number]?.nameObjects = objects
    drivers.devices[number]?.speed = call.speed
    drivers.devices[number]?.udcDriverName = call.driverName
    drivers.devices[number]?.udcDeviceName = call.deviceName
    drivers.devices[number]?.driverNumber = driverNumber
    setState(number, .initialized)
    return .success(0)
  }

  private func freeDriverNumber() -> Int {
    let taken = Set(drivers.devices.values.compactMap(\.driverNumber))
    return (0...taken.count).first { !taken.contains($0) } ?? taken.count
  }

  // MARK: The checks of its argument

  /// The speed a gadget may ask for; false when the number is refused.
  func takeSpeed(_ found: inout CheckedCall) -> Bool {
    let number =
      drivers.policy.pointsToNames
      ? littleEndianValue(found.argument[0..<8])
      : UInt64(found.argument[RawLayout.initSize - 1])
    let speed: UsbSpeed? =
      switch number {
      case 1: .low
      case 2: .full
      case 3: .high
      case 5: .super
      case 0: .high
      default: drivers.policy.refusesUnknownSpeed ? nil : .high
      }
    found.speed = speed ?? .high
    return speed != nil
  }

  /// The first or the second name: bytes of the argument, or in v1 what a pointer in it leads to.
  ///
  /// - Returns: false when the pointer leads nowhere.
  func takeName(
    _ field: WritableKeyPath<CheckedCall, [UInt8]>, at place: Int, _ found: inout CheckedCall
  ) -> Bool {
    guard drivers.policy.pointsToNames else {
      found[keyPath: field] = Array(
        found.argument[place * RawLayout.nameSize..<(place + 1) * RawLayout.nameSize]
          .prefix(while: { $0 != 0 }))
      return true
    }
    let pointer = littleEndianValue(found.argument[8 * (place + 1)..<8 * (place + 2)])
    guard let name = name(at: pointer, in: found.memory) else { return false }
    found[keyPath: field] = name
    return true
  }

  /// True for a name that fills its array, which v1 has not.
  func isUnterminated(_ name: [UInt8]) -> Bool {
    !drivers.policy.pointsToNames && name.count == RawLayout.nameSize
  }

  /// `strncpy_from_user()` of at most 128 bytes: a longer name is cut without an error.
  ///
  /// The program's memory is one run of bytes, so a name is found where its pointer points into it.
  private func name(at address: UInt64, in memory: UserMemory) -> [UInt8]? {
    let offset = address &- memory.address
    guard offset < UInt64(memory.readable) else { return nil }
    let there = min(memory.readable - Int(offset), RawLayout.nameSize)
    let rest = memory.content(Int(offset), there)[...]
    let end = rest.firstIndex(of: 0)
    if end == nil, rest.count < RawLayout.nameSize { return nil }
    return Array(end.map { rest[..<$0] } ?? rest)
  }
}
