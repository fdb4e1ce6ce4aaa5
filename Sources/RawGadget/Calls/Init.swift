import USB

extension DriverSide {
  /// INIT: takes the names of the controller and the speed (`raw_ioctl_init()`).
  mutating func ioctlInit(_ call: CallContext) -> CallResult {
    if drivers.policy.pointsToNames { return ioctlInitV1(call) }
    guard
      let arg = copyArgument(call.thread, from: call.memory, size: RawLayout.initSize)
    else { return badPointer(call, size: RawLayout.initSize) }
    guard let speed = gadgetSpeed(UInt64(arg[RawLayout.initSize - 1])) else {
      return .failure(.EINVAL, .`init`, row: 2)
    }
    guard let driver = terminated(arg[0..<RawLayout.nameSize]) else {
      return .failure(.E2BIG, .`init`, row: 4)
    }
    guard let name = terminated(arg[RawLayout.nameSize..<2 * RawLayout.nameSize]) else {
      return .failure(.E2BIG, .`init`, row: 5)
    }
    return initialize(call.device, speed: speed, driver: driver, name: name)
  }

  /// What becomes of an argument that could not be copied whole: v1 returns the count of the bytes
  /// left as it is, a positive result.
  func badPointer(_ call: CallContext, size: Int) -> CallResult {
    drivers.policy.reportsBadPointer
      ? .failure(.EFAULT, .`init`, row: 1) : .success(size - min(size, call.memory.readable))
  }

  /// Takes names and speed into a device that is OPENED.
  func canInitialize(_ device: Int) -> Bool { drivers.devices[device]?.state == .opened }

  mutating func initialize(
    _ number: Int, speed: UsbSpeed, driver: [UInt8], name: [UInt8]
  ) -> CallResult {
    guard canInitialize(number) else {
      return .failure(.EINVAL, .`init`, row: 6, why: .stateNotOpened)
    }
    let driverNumber = freeDriverNumber()
    let objects = [("udc_driver_name", driver), ("udc_device_name", name)].compactMap {
      drivers.machine?.allocate($0.1 + [0], size: RawLayout.nameSize, label: $0.0)
    }
    drivers.devices[number]?.nameObjects = objects
    drivers.devices[number]?.speed = speed
    drivers.devices[number]?.udcDriverName = driver
    drivers.devices[number]?.udcDeviceName = name
    drivers.devices[number]?.driverNumber = driverNumber
    setState(number, .initialized)
    return .success(0)
  }

  /// The speed a gadget may ask for, or nil when the number is refused.
  func gadgetSpeed(_ number: UInt64) -> UsbSpeed? {
    switch number {
    case 1: .low
    case 2: .full
    case 3: .high
    case 5: .super
    case 0: .high
    default: drivers.policy.refusesUnknownSpeed ? nil : .high
    }
  }

  private func terminated(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    bytes.firstIndex(of: 0).map { Array(bytes[..<$0]) }
  }

  private func freeDriverNumber() -> Int {
    let taken = Set(drivers.devices.values.compactMap(\.driverNumber))
    return (0...taken.count).first { !taken.contains($0) } ?? taken.count
  }
}
