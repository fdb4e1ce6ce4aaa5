import Foundation
import Text

/// Compressed files, told by their first bytes and unpacked by the system's own tool.
struct PackedFile {
  /// How a compressed file is unpacked.
  private enum Form {
    /// By a tool that reads its standard input, `-dc`.
    case tool(String)
    /// Not here: many files in one, or a tool that is not everywhere. The command for it.
    case refused(String)
  }

  private let form: Form

  /// Bytes that tell every form.
  private static let sample = 10

  /// The forms known, by how such a file begins: bzip2's name and level are followed by a block's mark, or by the mark
  /// of an empty file's end.
  private static let forms: [(start: [UInt8], form: Form)] = [
    ([0x1F, 0x8B, 8], .tool("gzip")), ([0x1F, 0x9D], .tool("gzip")),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .tool("xz")), ([0x28, 0xB5, 0x2F, 0xFD], .tool("zstd")),
    ([0x50, 0x4B, 3, 4], .refused("unzip -p")), ([4, 0x22, 0x4D, 0x18], .refused("lz4 -dc")),
  ]

  private static let bzip2Marks: [[UInt8]] = [
    [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
  ]

  /// Nil for what is not compressed.
  private init?(_ start: [UInt8]) {
    if let known = Self.forms.first(where: { start.starts(with: $0.start) }) {
      form = known.form
    } else if start.starts(with: Array("BZh".utf8)), start.count >= 10,
      (0x31...0x39).contains(start[3]), Self.bzip2Marks.contains(Array(start[4..<10]))
    {
      form = .tool("bzip2")
    } else {
      return nil
    }
  }

  /// Hands a file's bytes on in pieces, unpacked where it is compressed.
  static func chunks(
    of path: String, _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    var start: [UInt8]? = []
    var packed: (PackedFile, [UInt8])?
    do {
      try InputFile.chunks(of: path) { chunk in
        guard let held = start else { return try body(chunk) }
        // The first piece of a pipe may be a single byte.
        let known = held + chunk
        guard known.count >= Self.sample else {
          start = known
          return
        }
        start = nil
        if let found = PackedFile(known) {
          packed = (found, known)
          throw Stop()
        }
        try body(known[...])
      }
      guard let short = start, !short.isEmpty else { return }
      if let found = PackedFile(short) { return try found.unpacked(path, short, body) }
      try body(short[...])
    } catch is Stop {
      if let (found, known) = packed { try found.unpacked(path, known, body) }
    }
  }

  private struct Stop: Error {}

  /// Hands the unpacked bytes on in pieces.
  ///
  /// - Parameter start: what was read of standard input already.
  private func unpacked(
    _ path: String, _ start: [UInt8], _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    switch form {
    case .refused(let command):
      throw BadInput.file(path, .compressed(unpack: command))
    case .tool(let tool):
      guard let program = Self.find(tool) else {
        throw BadInput.file(path, .noTool(tool))
      }
      try Unpacking(tool: tool, program: program).run(path, start, body)
    }
  }

  private static func find(_ tool: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(tool)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}

/// One run of the tool that unpacks a file.
private struct Unpacking {
  let tool: String
  let program: String

  /// Hands on what the tool gives. What it says when it fails stands in the error, behind all that it gave.
  func run(
    _ path: String, _ start: [UInt8], _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-dc"]
    process.standardOutput = output
    let complaints = Self.nameless()
    process.standardError = complaints ?? FileHandle.nullDevice
    var feed: Pipe?
    if path == "-" {
      let pipe = Pipe()
      feed = pipe
      process.standardInput = pipe
    } else {
      guard let file = FileHandle(forReadingAtPath: path) else {
        throw BadInput.file(path, .unreadable(errno))
      }
      process.standardInput = file
    }
    do { try process.run() } catch {
      throw BadInput.file(path, .noTool(tool))
    }
    defer { if process.isRunning { process.terminate() } }
    if let feed { Self.pump(start, into: feed) }
    while let data = try? output.fileHandleForReading.read(upToCount: 1 << 20), !data.isEmpty {
      try body(Array(data)[...])
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BadInput.file(path, .notUnpacked(tool: tool, said: Self.words(complaints)))
    }
  }

  /// Standard input goes to the tool beside what is read of it.
  private static func pump(_ start: [UInt8], into pipe: Pipe) {
    let descriptor = dup(pipe.fileHandleForWriting.fileDescriptor)
    try? pipe.fileHandleForWriting.close()
    Thread.detachNewThread {
      var broken = sigset_t()
      sigemptyset(&broken)
      sigaddset(&broken, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &broken, nil)
      defer { close(descriptor) }
      guard Output.send(start, to: descriptor) == 0 else { return }
      try? InputFile.chunks(of: "-", size: 1 << 16) { chunk in
        guard Output.send(Array(chunk), to: descriptor) == 0 else { throw ReaderIsGone() }
      }
    }
  }

  /// A file without a name, for what the tool has to say.
  private static func nameless() -> FileHandle? {
    var path = Array((NSTemporaryDirectory() + "copyscope-XXXXXX").utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { return nil }
    unlink(path)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// The first line of it, in brackets.
  private static func words(_ file: FileHandle?) -> String {
    guard let file, (try? file.seek(toOffset: 0)) != nil,
      let data = try? file.read(upToCount: 240),
      let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first
    else { return "" }
    return " (\(Printable.text(String(line))))"
  }
}
