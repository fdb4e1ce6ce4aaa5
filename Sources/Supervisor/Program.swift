import CSupervisor
import Glibc

/// A program that runs on a terminal of its own and whose opens of `/dev/raw-gadget`, and calls on it,
/// wait for an answer from here (`seccomp_unotify(2)`). It and all it starts end with its owner.
public final class Program {
  /// Why a program cannot be followed.
  public struct StartError: Error, Hashable, Sendable {
    /// What could not be done.
    public enum Stage: Hashable, Sendable {
      /// Making a process.
      case process
      /// Making a terminal for it.
      case terminal
      /// Asking the kernel for its calls.
      case filter
      /// Starting the program itself.
      case execution
    }

    /// What could not be done.
    public var stage: Stage
    /// The system's number for why.
    public var number: Int32
    /// The program as it was named.
    public var program: String
  }

  /// How it ended.
  public enum Ending: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// What this kernel does not let be done for a program.
  public enum Limit: Sendable, Equatable {
    /// Linux before 5.19: a signal may end a call before its answer arrives.
    case signalsDisturb
    /// Its processes cannot be followed (`ptrace(2)`), for that error number.
    case cannotFollow(Int32)
  }

  /// Set once the program itself has ended; what it started may still run.
  public private(set) var ending: Ending?
  /// Nothing is left of it and of what it started.
  public private(set) var isGone = false
  private var supervised: cs_program
  private var hasOutput = true
  private var text = PlainText()
  private var input: [UInt8] = []
  private var isReleased = false

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
      throw StartError(stage: Self.stage(stage), number: problem, program: words.first ?? "")
    }
    supervised = program
    _ = fcntl(program.terminal, F_SETFL, fcntl(program.terminal, F_GETFL) | O_NONBLOCK)
    _ = fcntl(program.calls, F_SETFL, fcntl(program.calls, F_GETFL) | O_NONBLOCK)
  }

  private static func stage(_ stage: cs_stage) -> StartError.Stage {
    switch stage {
    case CS_EXECUTION: .execution
    case CS_FILTER: .filter
    case CS_TERMINAL: .terminal
    default: .process
    }
  }

  deinit { cs_release(&supervised) }

  /// The program's process.
  var process: Int32 { supervised.pid }

  /// Readable when a call waits.
  var calls: Int32 { supervised.calls }

  /// Readable when the program has written something.
  var terminal: Int32? { hasOutput ? supervised.terminal : nil }

  /// Readable when a process or a thread came or went; nil when nothing is left.
  var keeper: Int32? { isGone ? nil : supervised.keeper }

  /// A call that was taken waits for its answer whatever signals come.
  var isUndisturbed: Bool { supervised.is_undisturbed != 0 }

  /// What has to be done without; empty on a kernel of today.
  public var limits: [Limit] {
    (isUndisturbed ? [] : [.signalsDisturb])
      + (supervised.trace_error == 0 ? [] : [.cannotFollow(supervised.trace_error)])
  }

  /// Changes whenever a thread comes or goes; nil when nobody knows.
  var generation: UInt32? {
    let number = cs_generation(&supervised)
    return number == 0 ? nil : number
  }

  /// Ends the program and everything it started, and nothing else; what does not heed the request is killed.
  ///
  /// - Parameter waiting: calls that were taken and not answered: they keep their threads from the request.
  public func stop(_ waiting: [UInt64] = []) {
    hear()
    if ending == nil {
      kill(-process, SIGTERM)
      kill(-process, SIGCONT)
      for call in waiting { _ = cs_answer_later(calls, call) }
      for _ in 0..<20 where ending == nil {
        letGoOfCalls()
        usleep(10_000)
        hear()
      }
    }
    cs_end(&supervised)
    hear()
    isGone = true
  }

  /// Whether a thread hears the request to end: one that has left the program's group does not, and a call of its
  /// that were answered would fail with a number no program should see.
  func isAsked(_ thread: Int32) -> Bool { getpgid(thread) == process }

  /// Nobody answers any more: what is waiting, or comes, meets the signal first.
  private func letGoOfCalls() {
    var call = cs_call()
    var wait = pollfd(fd: calls, events: Int16(POLLIN), revents: 0)
    for _ in 0..<64 where poll(&wait, 1, 0) > 0 && wait.revents & Int16(POLLIN) != 0 {
      guard cs_receive(calls, &call) == 0 else { continue }
      if call.kind == CS_IOCTL {
        guard isAsked(call.thread) else { continue }
        _ = cs_answer_later(calls, call.id)
        return
      }
      _ = cs_let_through(calls, call.id)
    }
  }

  /// A folder of the program's own, taken away when it is gone; nil when there can be none.
  func makeFolder() -> String? { cs_make_folder(&supervised).map { String(cString: $0) } }

  /// Takes what the keeper says of processes that came to their end.
  func hear() {
    guard !isGone else { return }
    var news = cs_news()
    cs_hear(&supervised, &news)
    if news.has_ended != 0 {
      let signal = news.status & 0x7f
      ending = signal == 0 ? .exited(news.status >> 8 & 0xff) : .killed(signal: signal)
    }
    if news.is_gone != 0 {
      isGone = true
      // A keeper that was itself killed tells nothing.
      ending = ending ?? .killed(signal: SIGKILL)
    }
  }

  /// What the program has written since it was asked last, at most 64 KiB of it, without what only a
  /// terminal understands.
  public func takeOutput() -> String {
    var taken = 0
    var part = [UInt8](repeating: 0, count: 4096)
    while hasOutput, taken < 1 << 16 {
      let count = read(supervised.terminal, &part, part.count)
      if count > 0 {
        text.add(part[..<count])
        taken += count
        if count < part.count { break }
      } else if count == 0 || errno != EINTR {
        // EIO: nobody has the terminal open any more.
        hasOutput = count < 0 && errno == EAGAIN
        break
      }
    }
    return text.take()
  }

  /// Hands bytes to the program as if they were typed; as many as its terminal takes now.
  public func type(_ bytes: [UInt8]) {
    input += bytes
    while !input.isEmpty {
      let count = write(supervised.terminal, input, input.count)
      guard count > 0 else { return }
      input.removeFirst(count)
    }
  }

  /// What was typed and not taken yet.
  public var waitingInput: Int { input.count }

  /// Keeps the terminal from repeating what is typed.
  public func hideTyping() {
    var settings = termios()
    guard tcgetattr(supervised.terminal, &settings) == 0 else { return }
    settings.c_lflag &= ~UInt32(ECHO)
    tcsetattr(supervised.terminal, TCSANOW, &settings)
  }

  /// Whether the program sleeps in a read of its own terminal.
  public var readsItsTerminal: Bool { ending == nil && cs_reads_terminal(process) != 0 }
}
