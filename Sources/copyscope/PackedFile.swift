import Foundation

/// Compressed files, told by their first bytes and unpacked by the system's own tool.
struct PackedFile {
  /// The tool that unpacks it, as it is called.
  let tool: String

  /// The forms known, by how such a file begins.
  private static let forms: [(start: [UInt8], tool: String)] = [
    ([0x1F, 0x8B], "gzip"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x42, 0x5A, 0x68], "bzip2"),
  ]

  /// Nil for what is not compressed.
  init?(_ start: ArraySlice<UInt8>) {
    guard let form = Self.forms.first(where: { start.starts(with: $0.start) }) else { return nil }
    tool = form.tool
  }

  /// Hands a file's bytes on in pieces, unpacked where it is compressed.
  static func chunks(
    of path: String, _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    var packed: PackedFile?
    var isFirst = true
    do {
      try InputFile.chunks(of: path) { chunk in
        if isFirst, let found = PackedFile(chunk) {
          packed = found
          throw Stop()
        }
        isFirst = false
        try body(chunk)
      }
    } catch is Stop {
      try packed?.unpacked(path, body)
    }
  }

  private struct Stop: Error {}

  /// Hands the unpacked bytes on in pieces. Without the tool, and where the packed bytes came through a pipe, the error
  /// says which command to use.
  private func unpacked(_ path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    guard path != "-" else {
      throw BadInput.file(path, .compressed(tool: tool))
    }
    guard let program = Self.find(tool) else {
      throw BadInput.file(path, .noTool(tool))
    }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-dc", "--", path]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer { if process.isRunning { process.terminate() } }
    while let data = try pipe.fileHandleForReading.read(upToCount: 1 << 20), !data.isEmpty {
      try body(Array(data)[...])
    }
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      throw BadInput.file(path, .notUnpacked(tool: tool))
    }
  }

  private static func find(_ tool: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(tool)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
