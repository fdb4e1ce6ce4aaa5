/// Something found in a log whose rest is still being read.
struct PendingFinding: Sendable {
  /// What was found, without what follows.
  private var finding: LogFinding
  private var reader: AftermathReader
  /// Start, in the input, of the next line to read.
  var position: Int
  /// Whether that is the rest of a line too long to read.
  var skipping = false
  /// Lines read for a neighbour, whose numbers stand behind its trace.
  private var lines = 0
  /// Line of the input the last part of its message begins on.
  private let messageLine: Int

  private static let mostLines = 120
  /// Lines a part of a message takes in a mail.
  private static let wrapped = 2

  init(_ report: Report, position: Int) {
    self.init(report, at: position)
    reader.readAssertion(report.line)
  }

  /// A report whose message is missing, with the text of its assertion, which may name a task; empty for none.
  init(_ report: Report, position: Int, text: String) {
    self.init(report, at: position)
    if !text.isEmpty { reader.read(text) }
  }

  private init(_ report: Report, at position: Int) {
    finding = .report(report)
    reader = AftermathReader(isReport: true)
    messageLine = report.lineNumber
    self.position = position
  }

  init(_ neighbour: Neighbour, position: Int) {
    finding = .neighbour(neighbour)
    reader = AftermathReader(isReport: false)
    messageLine = neighbour.lineNumber
    self.position = position
  }

  /// This finding as the end of another's message: tools that know the source write a line for each function the compiler
  /// put into the next (`in copy_to_user … [inline]`). Nil for two findings.
  func joined(to other: PendingFinding) -> PendingFinding? {
    guard case .neighbour(var last) = finding, case .neighbour(let first) = other.finding,
      last.kind == .kasanInCopy || last.kind == .infoleak, last.kind == first.kind,
      last.finding == first.finding,
      messageLine - other.messageLine <= Self.wrapped
    else { return nil }
    last.line = first.line
    last.lineNumber = first.lineNumber
    last.byteOffset = first.byteOffset
    var whole = self
    whole.finding = .neighbour(last)
    return whole
  }

  /// A usercopy report of which neither the task nor a trace was read: what comes is still the same event.
  var isBare: Bool {
    guard case .report = finding else { return false }
    let seen = reader.aftermath
    return seen.bugLine == nil || seen.command == nil && seen.frames.isEmpty
  }

  /// A page fault: the kernel may say in the next lines that it was one of user memory.
  var isFault: Bool { finding.neighbour?.kind == .faultInCopy }

  /// Whether nothing more is wanted.
  var isDone: Bool {
    guard case .neighbour(let neighbour) = finding else { return reader.isDone }
    // KASAN tells of the object behind its traces, KMSAN of the bytes.
    let isLate =
      neighbour.kind == .kasanInCopy && neighbour.cache == nil
      || neighbour.kind == .infoleak && neighbour.size == nil
    return reader.isDone && !isLate || lines >= Self.mostLines
  }

  /// Takes the next line if nothing in it can matter. False if it must be read.
  mutating func pass(_ line: UnsafeRawBufferPointer.SubSequence) -> Bool { reader.pass(line) }

  /// Takes the next line, transport encodings undone.
  mutating func read(_ line: String) {
    if !reader.isDone { reader.read(line) }
    guard case .neighbour(var neighbour) = finding else { return }
    lines += 1
    neighbour.take(LogWords.content(line))
    finding = .neighbour(neighbour)
  }

  /// Whether what follows an assertion is a kernel's work and not a sentence's: a task or a trace; without the
  /// assertion itself, the check where the kernel stopped or in the trace.
  private func isKernels(_ aftermath: Aftermath) -> Bool {
    guard aftermath.bugLine == nil else {
      return aftermath.command != nil || aftermath.frames.contains { $0.role == .checker }
    }
    return aftermath.stop?.isUsercopy == true || aftermath.frames.contains(where: \.isUsercopy)
  }

  /// The finding with what followed it; nil for what the rest of the log does not bear out.
  var settled: LogFinding? {
    switch finding {
    case .report(var report):
      report.aftermath = reader.aftermath
      if !reader.isCheckSeen { report.aftermath.traceBasis = .assumed }
      report.eraGuesses = EraGuess.all(for: report)
      guard report.wording == .assertion else { return .report(report) }
      return isKernels(report.aftermath) ? .report(report) : nil
    case .neighbour(var neighbour):
      neighbour.aftermath = reader.aftermath
      return neighbour.judged.map { .neighbour($0) }
    }
  }
}

extension Neighbour {
  /// Takes over the numbers of a line behind the message.
  fileprivate mutating func take(_ words: [Substring]) {
    guard let first = words.first else { return }
    switch kind {
    case .kasanInCopy: takeKASAN(words, first)
    case .infoleak: takeKMSAN(words, first)
    case .faultInCopy, .userAccess: takeFault(words, first)
    case .copySize, .fortify, .refcount, .list: break
    }
  }

  private mutating func takeKASAN(_ words: [Substring], _ first: Substring) {
    if access == nil, first == "Read" || first == "Write", words.count > 3, words[1] == "of",
      words[2] == "size"
    {
      access = first == "Read" ? .read : .write
      size = UInt64(words[3])
      if let at = words.firstIndex(of: "addr"), at + 1 < words.count {
        address = String(words[at + 1])
      }
    }
    // "which belongs to the cache NAME of size N"; before 4.10 "in cache NAME size: N".
    guard cache == nil, let mark = words.firstIndex(of: "cache"), mark + 2 < words.count,
      let size = words[mark...].firstIndex(where: { $0 == "size" || $0 == "size:" }),
      size + 1 < words.count, let bytes = UInt64(words[size + 1])
    else { return }
    cache = String(words[mark + 1].utf8.last == 0x2C ? words[mark + 1].dropLast() : words[mark + 1])
    objectSize = bytes
  }

  /// `Bytes 18-19 of 20 are uninitialized`, `Byte 3 of 4 is uninitialized`, `Memory access of size 20 starts at ffff…`.
  private mutating func takeKMSAN(_ words: [Substring], _ first: Substring) {
    if first == "Byte" || first == "Bytes", words.count > 3, words[2] == "of", unwritten == nil {
      let ends = words[1].split(separator: "-").compactMap { UInt64($0) }
      guard let low = ends.first, let high = ends.last, low <= high else { return }
      unwritten = low...high
      size = UInt64(words[3])
    }
    if first == "Memory", let at = words.firstIndex(of: "at"), at + 1 < words.count {
      address = String(words[at + 1])
    }
  }

  private mutating func takeFault(_ words: [Substring], _ first: Substring) {
    if first == "#PF:", access == nil {
      if words.contains("read") { access = .read }
      if words.contains("write") { access = .write }
    }
    if access == nil, let bit = words.firstIndex(of: "WnR"), bit + 2 < words.count {
      access = words[bit + 2].hasPrefix("1") ? .write : .read
    }
    if let outside = words.firstIndex(of: "outside"), outside + 1 < words.count,
      words[outside + 1].hasPrefix("uaccess")
    {
      kind = .userAccess
    }
  }

  /// The message by what the rest of the log says: nil for a KASAN report or a fault that has nothing to do with copies.
  fileprivate var judged: Neighbour? {
    var judged = self
    let stop = aftermath.stop
    let first = aftermath.frames.first { $0.role != .checker }
    switch kind {
    case .copySize, .fortify, .refcount, .list, .userAccess, .infoleak: break
    case .kasanInCopy:
      if finding == "user-memory-access" {
        judged.kind = .userAccess
      } else {
        let name = function ?? ""
        guard TraceFrame(name).role == .copier || name.hasPrefix("instrument_copy") else {
          return nil
        }
      }
    case .faultInCopy:
      if stop?.role == .copier || first?.role == .copier {
        judged.function = stop?.role == .copier ? stop?.function : first?.function
      } else if hasUserAddress, stop != nil || first != nil {
        judged.kind = .userAccess
      } else {
        return nil
      }
    }
    return judged
  }

  /// An address of the lower half of a 64-bit machine's, and not one next to NULL.
  private var hasUserAddress: Bool {
    guard let address, address.utf8.count >= 16, let number = UInt64(hexadecimal: address) else {
      return false
    }
    return number >= 0x10000 && number < 1 << 47
  }
}

extension UInt64 {
  /// The number of hexadecimal digits with or without `0x` in front; nil for anything else.
  init?(hexadecimal text: String) {
    self.init(text.hasPrefix("0x") ? text.dropFirst(2) : text[...], radix: 16)
  }
}
