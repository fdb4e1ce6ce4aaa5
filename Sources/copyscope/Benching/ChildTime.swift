import Foundation

/// CPU time that another program takes from its start to its end, all its own children included.
enum ChildTime {
  /// The program cannot be run, or fails.
  struct Failure: Error {}

  /// Seconds.
  static func of(_ words: [String]) throws(Failure) -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    // A search whose output goes nowhere ends at the first line it finds.
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let before = seconds()
    guard (try? process.run()) != nil else { throw Failure() }
    _ = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure() }
    return seconds() - before
  }

  /// This program, to be run again.
  static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "copyscope"
  }

  private static func seconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
  }
}
