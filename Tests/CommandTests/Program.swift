import Foundation
import Testing

/// The program under test, run as its users run it.
enum Program {
  /// How a run ended.
  struct Outcome {
    /// Exit status, or 128 and the signal's number.
    var status: Int32
    var bytes: [UInt8]
    var errors: String
    /// Standard output as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var json: Any? { try? JSONSerialization.jsonObject(with: Data(bytes)) }
  }

  struct TookTooLong: Error { var arguments: [String] }

  /// The top of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The built program: beside the tests' own executable.
  static let path: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "copyscope").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return root.appending(path: ".build/debug/copyscope").path
  }()

  /// The environment of every run: nothing of the machine's own but the way to its tools.
  static let environment: [String: String] = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
    "TERM": "tmux-256color", "HOME": "/nonexistent", "COPYSCOPE": path,
  ]

  /// Runs the program.
  static func run(
    _ arguments: String..., input: [UInt8] = [], environment more: [String: String] = [:]
  ) throws -> Outcome {
    try start(path, arguments, input: input, environment: more)
  }

  /// Runs a line of shell with the program as `$COPYSCOPE`.
  static func shell(_ line: String, environment more: [String: String] = [:]) throws -> Outcome {
    try start("/bin/bash", ["--norc", "-c", line], input: [], environment: more)
  }

  static func start(
    _ executable: String, _ arguments: [String], input: [UInt8], environment more: [String: String]
  ) throws -> Outcome {
    let folder = try Folder()
    let files = ["in", "out", "err"].map { folder.path($0) }
    try Data(input).write(to: URL(filePath: files[0]))
    for file in files[1...] { try Data().write(to: URL(filePath: file)) }
    let child = try spawn(
      ["/usr/bin/env", "-C", folder.path, executable] + arguments,
      environment.merging(more) { $1 }, files)
    guard let status = wait(for: child, 90) else {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
      throw TookTooLong(arguments: arguments)
    }
    return Outcome(
      status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F,
      bytes: Array(try Data(contentsOf: URL(filePath: files[1]))),
      errors: String(decoding: try Data(contentsOf: URL(filePath: files[2])), as: UTF8.self))
  }

  /// Starts a program with files for its standard streams. Foundation's own way waits for
  /// grandchildren too, and a terminal's server is one. Signals start as a shell has them.
  static func spawn(
    _ words: [String], _ environment: [String: String], _ files: [String]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, file) in zip(Int32(0)..., files) {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, file, descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    let pointers = words.map { strdup($0) } + [nil]
    let settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in pointers + settings { free(pointer) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var child = pid_t()
    let problem = posix_spawn(&child, words[0], &actions, &attributes, pointers, settings)
    guard problem == 0 else { throw POSIXError(POSIXErrorCode(rawValue: problem) ?? .EINVAL) }
    return child
  }

  static func wait(for child: pid_t, _ seconds: Double) -> Int32? {
    let start = Date()
    var status: Int32 = 0
    while Date().timeIntervalSince(start) < seconds {
      if waitpid(child, &status, WNOHANG) == child { return status }
      usleep(1500)
    }
    return nil
  }
}

/// A folder of its own for a test, gone when the test is.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "copyscope-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file; returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}
