public import Foundation

/// Test data that lies packed beside the tests.
public enum Packed {
  /// A file that gzip could not read.
  public struct Unreadable: Error {
    /// Where it should be.
    public var path: String
  }

  /// The content of a gzip file.
  public static func content(of file: URL) throws -> [UInt8] {
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", file.path]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let bytes = [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else { throw Unreadable(path: file.path) }
    return bytes
  }
}
