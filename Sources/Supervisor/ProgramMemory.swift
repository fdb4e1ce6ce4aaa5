import CSupervisor

/// The memory of a program that waits in a call.
struct ProgramMemory {
  /// One of its threads, as the kernel numbers it.
  var thread: Int32

  /// Bytes from an address on, as many of them as can be read.
  func bytes(_ address: UInt64, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = cs_read(thread, address, buffer.baseAddress, count)
    }
  }

  /// How many bytes from an address on the program may write, at most `count`
  /// (`/proc/PID/maps`).
  func writable(_ address: UInt64, _ count: Int) -> Int {
    count > 0 ? cs_writable(thread, address, count) : 0
  }
}
