/// What a kernel printed after a report: up to 64 frames within 200 lines.
public struct Aftermath: Sendable, Equatable {
  /// The call trace, innermost function first, entries marked unreliable (`?`) left out.
  public var frames: [TraceFrame]
  /// What it rests on that the trace is this event's: assumed where a report's names no function of the check.
  public var traceBasis = Basis.known
  /// The kernel's release ("6.1.0-22-amd64"), from the line that names the task.
  public var release: String?
  /// Name of the task that made the copy.
  public var command: String?
  /// Number of that task.
  public var pid: Int?
  /// Number of the CPU it ran on.
  public var cpu: Int?
  /// The letters of the kernel's taint ("P O"); empty for "Not tainted", nil where nothing is said.
  public var taint: String?
  /// What the kernel printed behind "Hardware name:".
  public var hardware: String?
  /// The architecture, by what its oops prints; nil where nothing tells.
  public var machine: Machine?
  /// Loaded modules that did not come with the kernel, by the letter O in the list of modules.
  public var foreignModules: [String]
  /// The function the kernel was in when it stopped or warned, by the line of the instruction pointer.
  public var stop: TraceFrame?
  /// Source file of the assertion that ended it ("mm/usercopy.c").
  public var bugFile: String?
  /// Line of that assertion.
  public var bugLine: Int?
  /// The assertion only warned, and the copy was made.
  public var isWarning = false

  /// Makes an aftermath; without arguments an empty one.
  public init(
    frames: [TraceFrame] = [], release: String? = nil, command: String? = nil, pid: Int? = nil,
    cpu: Int? = nil, taint: String? = nil, hardware: String? = nil, machine: Machine? = nil,
    foreignModules: [String] = [], stop: TraceFrame? = nil, bugFile: String? = nil,
    bugLine: Int? = nil
  ) {
    self.frames = frames
    self.release = release
    self.command = command
    self.pid = pid
    self.cpu = cpu
    self.taint = taint
    self.hardware = hardware
    self.machine = machine
    self.foreignModules = foreignModules
    self.stop = stop
    self.bugFile = bugFile
    self.bugLine = bugLine
  }

  /// Names of the functions of the call trace, innermost first.
  public var callTrace: [String] { frames.map(\.function) }

  /// The function that asked for the copy: the first one behind the check and the copy's entry points.
  public var copier: TraceFrame? { chain.first }

  /// The functions that led to it, the copier first. What stands in front of the check is left of earlier calls: ARC's
  /// traces begin with the address behind the trap.
  public var chain: [TraceFrame] {
    let check =
      frames.prefix(Self.mostOfTrap).firstIndex { $0.isUsercopy }
      ?? frames.prefix(Self.mostInFront).firstIndex { $0.role == .checker } ?? 0
    let behind = frames[check...].drop { $0.role != .caller }
    // A call that never returns may be a function's last instruction: the address behind it is the next function's.
    let isNext = behind.startIndex > check && behind.first?.offset == 0
    return Array(isNext ? behind.dropFirst() : behind)
  }

  private static let mostInFront = 3
  /// Frames of the trap and the handlers that may stand in front of the check.
  private static let mostOfTrap = 16
}

/// An architecture an oops was printed on.
public enum Machine: String, Sendable, Hashable, CaseIterable {
  case x86_64, i386, arm64, arm, riscv, powerpc, s390, parisc, mips, sparc, ia64

  /// The machine by the start of an oops's register line, or by the suffix of a release.
  init?(_ words: [Substring]) {
    guard let first = words.first else { return nil }
    switch first {
    case "RIP:": self = .x86_64
    case "EIP:": self = .i386
    case "pc" where words.count > 2 && words[1] == ":":
      self = Self.isARM32(words[2]) ? .arm : .arm64
    case "Internal" where ["ARM", "THUMB2"].contains(words.last): self = .arm
    case "NIP", "NIP:": self = .powerpc
    case "epc:", "epc": self = Self.isRISCV(words) ? .riscv : .mips
    case "LE", "BE":
      guard words.count > 1, words[1].hasPrefix("PAGE_SIZE=") else { return nil }
      self = .powerpc
    case "Krnl" where words.dropFirst().first == "PSW": self = .s390
    case "Last" where words.dropFirst().first?.hasPrefix("Breaking-Event-Address") == true:
      self = .s390
    case "psr" where words.contains("ifs"): self = .ia64
    case "IAOQ[0]:", "IASQ:": self = .parisc
    case "TPC:", "TSTATE:": self = .sparc
    default: return nil
    }
  }

  /// Both ARMs said "PC is at"; the 32-bit one prints an address of eight digits, `[<c02d33fc>]`.
  private static func isARM32(_ word: Substring) -> Bool {
    let digits = word.drop { "[<".contains($0) }.prefix { $0 != ">" }
    return word.hasPrefix("[<") && digits.utf8.count == 8
  }

  /// RISC-V prints the function alone or all of its registers; MIPS the address and then the function.
  private static func isRISCV(_ words: [Substring]) -> Bool {
    words.contains("ra") || words.prefix(3).contains { FrameLine.symbol($0) != nil }
  }

  /// The machine whose entry of system calls a function is.
  init?(_ frame: TraceFrame) {
    let prefixes: [(String, Machine)] = [
      ("__x64_sys_", .x86_64), ("__arm64_sys_", .arm64), ("__s390x_sys_", .s390),
      ("__riscv_sys_", .riscv),
    ]
    guard let found = prefixes.first(where: { frame.function.hasPrefix($0.0) }) else { return nil }
    self = found.1
  }

  /// The machine a release is built for, by its suffix ("6.1.0-22-amd64"); nil where it has none that tells.
  init?(release: String) {
    let parts = release.split { "-._".contains($0) }
    let names: [(String, Machine)] = [
      ("amd64", .x86_64), ("x86", .x86_64), ("arm64", .arm64), ("aarch64", .arm64),
      ("riscv64", .riscv),
      ("ppc64le", .powerpc), ("powerpc64le", .powerpc), ("ppc64", .powerpc), ("s390x", .s390),
      ("parisc", .parisc), ("parisc64", .parisc), ("armmp", .arm), ("armv7l", .arm),
      ("i686", .i386), ("686", .i386),
    ]
    guard let found = names.first(where: { name in parts.contains { $0 == name.0 } }) else {
      return nil
    }
    self = found.1
  }

  /// Bits of a word, where the architecture has but one size.
  public var wordBits: Int? {
    switch self {
    case .x86_64, .arm64, .s390, .ia64: 64
    case .i386, .arm: 32
    case .riscv, .powerpc, .parisc, .mips, .sparc: nil
    }
  }
}
