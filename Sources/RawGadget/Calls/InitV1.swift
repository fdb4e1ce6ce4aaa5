import USB

extension DriverSide {
  /// INIT of v1: 24 bytes, a 64-bit speed and pointers to the two names
  /// (`raw_ioctl_init()` as posted in November 2019).
  ///
  /// The program's memory is one run of bytes, so a name is found where its pointer points into it.
  mutating func ioctlInitV1(_ call: CallContext) -> CallResult {
    let memory = call.memory
    guard
      let arg = copyArgument(call.thread, from: memory, size: RawLayout.initSizeV1)
    else { return badPointer(call, size: RawLayout.initSizeV1) }
    guard let speed = gadgetSpeed(littleEndianValue(arg[0..<8])) else {
      return .failure(.EINVAL, .`init`, row: 2)
    }
    guard let driver = name(call.thread, at: littleEndianValue(arg[8..<16]), in: memory) else {
      return .failure(.EFAULT, .`init`, row: 3)
    }
    guard let device = name(call.thread, at: littleEndianValue(arg[16..<24]), in: memory) else {
      return .failure(.EFAULT, .`init`, row: 4)
    }
    return initialize(call.device, speed: speed, driver: driver, name: device)
  }

  /// `strncpy_from_user()` of at most 128 bytes: a longer name is cut without an error.
  private mutating func name(
    _ thread: ThreadID, at address: UInt64, in memory: UserMemory
  ) -> [UInt8]? {
    let offset = address &- memory.address
    guard offset < UInt64(memory.readable) else { return nil }
    let there = min(memory.readable - Int(offset), RawLayout.nameSize)
    let rest = memory.content(Int(offset), there)[...]
    let end = rest.firstIndex(of: 0)
    if end == nil, rest.count < RawLayout.nameSize { return nil }
    return Array(end.map { rest[..<$0] } ?? rest)
  }
}
