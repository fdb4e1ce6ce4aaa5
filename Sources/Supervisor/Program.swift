import CSupervisor
import Glibc

/// A program that runs on a terminal of its own and whose opens of `/dev/raw-gadget`, and calls on it,
/// wait for an answer from here (`seccomp_unotify(2)`). It ends with its owner.
public final class Program {
  /// Why a program cannot be followed.
  public struct StartError: Error, CustomStringConvertible {
    public var description: String
  }

  /// How it ended.
  public enum Ending: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// Set once the program has ended.
  public private(set) var ending: Ending?
  let process: Int32
  let calls: Int32
  private let terminal: Int32
  private var hasOutput = true

  /// Starts a program, found as a shell finds it.
  ///
  /// - Throws: the program cannot be started, or this kernel does not let it be followed.
  public init(_ words: [String]) throws(StartError) {
    var arguments = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var program = cs_program()
    var stage = CS_PROCESS
    let problem = arguments.withUnsafeMutableBufferPointer { arguments -> Int32 in
      guard let first = arguments.baseAddress, arguments.count > 1 else { return EINVAL }
      return cs_start(first, &program, &stage)
    }
    guard problem == 0 else {
      throw StartError(description: Self.words(stage, problem, words.first ?? ""))
    }
    process = program.pid
    calls = program.calls
    terminal = program.terminal
    _ = fcntl(terminal, F_SETFL, fcntl(terminal, F_GETFL) | O_NONBLOCK)
    _ = fcntl(calls, F_SETFL, fcntl(calls, F_GETFL) | O_NONBLOCK)
  }

  private static func words(_ stage: cs_stage, _ problem: Int32, _ name: String) -> String {
    let cause = String(cString: strerror(problem))
    return switch stage {
    case CS_EXECUTION: "\(name): \(cause)"
    case CS_FILTER:
      "\(name): this kernel does not let its calls be followed: \(cause); Linux 5.9 or later, "
        + "x86_64 or arm64, and seccomp are needed"
    case CS_TERMINAL: "no terminal can be made for the program: \(cause)"
    default: "no process can be made for the program: \(cause)"
    }
  }

  deinit {
    stop()
    close(calls)
    close(terminal)
  }

  /// Descriptors that become readable when the program wants something or has said something.
  public var descriptors: [Int32] {
    (ending == nil ? [calls] : []) + (hasOutput ? [terminal] : [])
  }

  /// Ends the program and everything it started; what does not heed the request is killed.
  public func stop() {
    if noticeEnding() == nil {
      kill(-process, SIGTERM)
      kill(-process, SIGCONT)
      for _ in 0..<20 where noticeEnding() == nil { usleep(10_000) }
      if noticeEnding() == nil { kill(-process, SIGKILL) }
      while ending == nil, noticeEnding(waiting: true) == nil {}
    }
    // Children whose parents are gone are this program's own, and theirs will be.
    for _ in 0..<50 {
      while waitpid(-1, nil, WNOHANG) > 0 {}
      let left = Self.children
      guard !left.isEmpty else { return }
      for child in left { kill(child, SIGKILL) }
      usleep(2_000)
    }
  }

  /// This program's own children.
  private static var children: [Int32] {
    guard let file = fopen("/proc/self/task/\(getpid())/children", "re") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
      .compactMap { Int32($0) }
  }

  /// How the program ended, if it has.
  @discardableResult
  public func noticeEnding(waiting: Bool = false) -> Ending? {
    if let ending { return ending }
    var status: Int32 = 0
    let found = waitpid(process, &status, waiting ? 0 : WNOHANG)
    if found == process {
      let signal = status & 0x7f
      ending = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    } else if found < 0, errno == ECHILD {
      ending = .exited(0)
    }
    return ending
  }

  /// What the program has written since it was asked last, at most 64 KiB of it.
  public func takeOutput() -> String {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while hasOutput, bytes.count < 1 << 16 {
      let count = read(terminal, &part, part.count)
      if count > 0 {
        bytes += part[..<count]
      } else if count == 0 || errno != EINTR {
        // EIO: nobody has the terminal open any more.
        hasOutput = count < 0 && errno == EAGAIN
        break
      }
    }
    return String(decoding: bytes.filter { $0 != 0x0D }, as: UTF8.self)
  }

  /// Threads of the process.
  var threadCount: Int { Self.entries("/proc/\(process)/task") }

  private static func entries(_ path: String) -> Int {
    guard let folder = opendir(path) else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }
}
