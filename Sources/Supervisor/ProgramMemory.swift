import CSupervisor
import Glibc

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
    let end = address.addingReportingOverflow(UInt64(count))
    guard count > 0, !end.overflow else { return 0 }
    var reached = address
    for area in maps() where area.start <= reached && area.end > reached {
      guard area.isWritable else { break }
      reached = min(area.end, end.partialValue)
      if reached == end.partialValue { break }
    }
    return Int(reached - address)
  }

  private struct Area {
    var start: UInt64
    var end: UInt64
    var isWritable: Bool
  }

  /// The areas of the program's memory, lowest first.
  private func maps() -> [Area] {
    guard let file = fopen("/proc/\(thread)/maps", "re") else { return [] }
    defer { fclose(file) }
    var areas: [Area] = []
    var line = [CChar](repeating: 0, count: 4200)
    while fgets(&line, Int32(line.count), file) != nil {
      let words = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self
      )
      .split(separator: " ", maxSplits: 2)
      let bounds = words.first?.split(separator: "-").compactMap { UInt64($0, radix: 16) } ?? []
      guard bounds.count == 2, words.count > 1 else { continue }
      areas.append(
        Area(start: bounds[0], end: bounds[1], isWritable: words[1].dropFirst().first == "w"))
    }
    return areas
  }
}
