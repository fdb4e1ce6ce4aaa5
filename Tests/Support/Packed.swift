public import Foundation

/// Test data that lies packed beside the tests.
public enum Packed {
  /// A file that is not there, or that its program could not read.
  public struct Unreadable: Error {
    /// Where it should be.
    public var path: String
  }

  /// The programs that unpack, by the ending of a file.
  private static let programs = ["xz", "gz"].map { ($0, $0 == "xz" ? "xz" : "gzip") }

  /// The content of a packed file whose name is given without the ending that packing adds.
  public static func content(named file: URL) throws -> [UInt8] {
    for (ending, _) in programs {
      let packed = file.appendingPathExtension(ending)
      if FileManager.default.fileExists(atPath: packed.path) { return try content(of: packed) }
    }
    throw Unreadable(path: file.path)
  }

  /// The content of a packed file.
  public static func content(of file: URL) throws -> [UInt8] {
    guard let program = programs.first(where: { $0.0 == file.pathExtension })?.1 else {
      throw Unreadable(path: file.path)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program, "-dc", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Unreadable(path: file.path) }
    return bytes
  }
}
