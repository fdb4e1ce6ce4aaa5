/// Collects from the lines behind a report what else the kernel printed about it.
struct AftermathReader {
  private enum Phase {
    case searching
    /// In a trace; how many lines in a row were no frames.
    case inTrace(strange: Int)
    /// In lines that look like a trace, though none was announced.
    case headless(strange: Int)
    /// In the trace of another event; how many lines in a row were no frames.
    case inAnother(strange: Int)
    case done
  }

  private static let maximumLines = 200
  private static let maximumFrames = 64

  private(set) var aftermath = Aftermath()
  /// Whether a usercopy report is read for: the check itself stopped the kernel then, or warned.
  private let isReport: Bool
  private var phase = Phase.searching
  /// The function of the last instruction pointer printed.
  private var latestStop: TraceFrame?
  private var isStoppedByCheck = false
  private var lines = 0
  private var awaitsRelease = false
  private var awaitsCaller = false
  private var listsModules = false

  init(isReport: Bool) { self.isReport = isReport }

  /// Whether nothing more is wanted.
  var isDone: Bool {
    if case .done = phase { return true }
    return lines >= Self.maximumLines
  }

  /// Whether the trace is one the check made: without a function of it, it may be any other event's.
  var isCheckSeen: Bool {
    isStoppedByCheck || aftermath.frames.contains(where: \.isUsercopy)
  }

  /// Takes a line that is dull, unless it may go on what another began. False if it must be read.
  mutating func pass(_ line: UnsafeRawBufferPointer.SubSequence) -> Bool {
    guard isReport, !awaitsRelease, !awaitsCaller, !listsModules else { return false }
    switch phase {
    case .inTrace, .inAnother: return false
    case .searching, .headless, .done: break
    }
    guard DullLine.isDull(line) else { return false }
    lines += 1
    // An empty line says nothing at all.
    if case .headless(let strange) = phase, line.contains(where: { $0 > LogText.blank }) {
      phase = strange >= 2 ? .done : .headless(strange: strange + 1)
    }
    return true
  }

  /// Takes one line, transport encodings undone.
  mutating func read(_ line: String) {
    lines += 1
    let words = LogWords.content(line)
    guard let first = words.first else { return }
    if awaitsRelease { readRelease(words[...]) }
    if readAssertion(line) { readWarning(words) }
    readTask(words)
    readMachine(words, first)
    readStop(words, first)
    readTrace(words)
  }

  private mutating func readTrace(_ words: [Substring]) {
    switch phase {
    case .searching, .headless, .inAnother:
      if let head = Self.traceHead(words) {
        openTrace(words, head)
      } else if case .inAnother(let strange) = phase {
        passFrame(words, strange: strange)
      } else {
        readHeadless(words)
      }
    case .inTrace(let strange): readFrame(words, strange: strange)
    case .done: break
    }
  }

  private mutating func openTrace(_ words: [Substring], _ head: Int) {
    if isReport, let latestStop, !latestStop.isUsercopy {
      phase = .inAnother(strange: 0)
      return
    }
    aftermath.frames = []
    phase = .inTrace(strange: 0)
    readRest(words, head)
  }

  // MARK: the assertion

  /// `kernel BUG at mm/usercopy.c:102!`, `BUG: failure at mm/usercopy.c:99/usercopy_abort()!` or
  /// `WARNING: ... at mm/usercopy.c:81 usercopy_warn`. Whether it was the first.
  @discardableResult
  mutating func readAssertion(_ line: String) -> Bool {
    guard aftermath.bugLine == nil, let found = AssertionText(line) else { return false }
    aftermath.bugFile = found.file
    aftermath.bugLine = found.line
    aftermath.isWarning = !found.isBug
    return true
  }

  /// `WARNING: CPU: 1 PID: 38 at mm/usercopy.c:83`: the line of the name may be damaged.
  private mutating func readWarning(_ words: [Substring]) {
    for (key, word) in zip(words, words.dropFirst()) {
      if key == "PID:", aftermath.pid == nil { aftermath.pid = Int(word) }
      if key == "CPU:", aftermath.cpu == nil { aftermath.cpu = Int(word) }
    }
  }

  // MARK: the task and the machine

  private mutating func readTask(_ words: [Substring]) {
    if let index = words.firstIndex(of: "Comm:") { readCommand(words, index) }
    guard aftermath.release == nil,
      let index = words.firstIndex(where: { $0 == "tainted" || Self.isTaint($0) })
    else { return }
    if words[index] == "tainted" {
      aftermath.taint = aftermath.taint ?? ""
    } else if aftermath.taint == nil {
      let letters = words[(index + 1)...].prefix {
        $0.utf8.count < 20 && $0.utf8.allSatisfy { (0x41...0x5A).contains($0) }
      }
      aftermath.taint = letters.joined(separator: " ")
    }
    readRelease(words[(index + 1)...])
    awaitsRelease = aftermath.release == nil
  }

  /// "Tainted:", also as people type it off a screen.
  private static func isTaint(_ word: Substring) -> Bool {
    word == "Tainted:" || word.utf8.count < 12 && word.hasPrefix("T") && word.hasSuffix("ainted:")
  }

  /// A name has up to fifteen bytes and may hold blanks; what follows it tells where it ends.
  private mutating func readCommand(_ words: [Substring], _ index: Int) {
    guard aftermath.command == nil, index + 1 < words.count else { return }
    let rest = words[(index + 1)...]
    let end =
      rest.firstIndex { ["Not", "Kdump:"].contains($0) || Self.isTaint($0) } ?? rest.endIndex
    var name = ""
    for word in rest[..<max(end, index + 2)] {
      guard name.isEmpty || name.utf8.count + 1 + word.utf8.count <= 15 else { break }
      name += (name.isEmpty ? "" : " ") + word
    }
    aftermath.command = name
    for (key, word) in zip(words[..<index], words[..<index].dropFirst()) {
      if key == "PID:" { aftermath.pid = Int(word) }
      if key == "CPU:" { aftermath.cpu = Int(word) }
    }
  }

  private mutating func readRelease(_ words: ArraySlice<Substring>) {
    awaitsRelease = false
    guard aftermath.release == nil else { return }
    let release = words.prefix(20).first { word in
      guard let first = word.utf8.first, Digits.isDecimal(first) else { return false }
      return word.utf8.contains(UInt8(ascii: "."))
    }
    guard let release else { return }
    aftermath.release = String(release)
    if aftermath.machine == nil { aftermath.machine = Machine(release: String(release)) }
  }

  /// `RIP: 0010:f+0x1/0x2`, `pc : f+0x1/0x2`, `PC is at f+0x1/0x2`, `NIP [c0…] f+0x1/0x2`, `epc : f+0x1/0x2`.
  private mutating func readStop(_ words: [Substring], _ first: Substring) {
    guard Self.pointers.contains(first) else { return }
    let places = words.prefix(8).map { word in
      let colon = word.utf8.lastIndex(of: UInt8(ascii: ":"))
      return colon.map { word[word.index(after: $0)...] } ?? word
    }
    guard let index = places.firstIndex(where: { FrameLine.symbol($0) != nil }) else { return }
    latestStop = FrameLine.frame([places[index]] + words[(index + 1)...])
    if aftermath.stop == nil { aftermath.stop = latestStop }
    if latestStop?.isUsercopy == true { isStoppedByCheck = true }
  }

  private static let pointers: Set<Substring> = [
    "RIP:", "IP:", "EIP:", "EIP", "pc", "PC", "NIP", "epc", "Krnl", "IAOQ[0]:",
  ]

  private mutating func readMachine(_ words: [Substring], _ first: Substring) {
    if let machine = Machine(words) { aftermath.machine = aftermath.machine ?? machine }
    if first == "Hardware", words.count > 2, words[1] == "name:", aftermath.hardware == nil {
      aftermath.hardware = words[2...].joined(separator: " ")
    }
    if first == "Modules", words.count > 1, words[1] == "linked" { listsModules = true }
    guard listsModules else { return }
    if first == "CPU:" || first.hasSuffix("Comm:") { listsModules = false }
    for word in words where word.utf8.last == 0x29 && aftermath.foreignModules.count < 64 {
      guard let open = word.utf8.firstIndex(of: 0x28) else { continue }
      if word[open...].utf8.contains(UInt8(ascii: "O")) {
        aftermath.foreignModules.append(String(word[..<open]))
      }
    }
  }

  // MARK: the call trace

  /// Index behind the words that announce a trace.
  private static func traceHead(_ words: [Substring]) -> Int? {
    if words.last == "Backtrace:" { return words.count }
    for index in words.indices.dropFirst()
    where (words[index] == "Trace:" || words[index] == "trace:") && words[index - 1] == "Call" {
      return index + 1
    }
    return nil
  }

  /// Frames on the line that announces the trace: a log that lost its line ends has them all there.
  private mutating func readRest(_ words: [Substring], _ head: Int) {
    guard head < words.count else { return }
    var isDoubtful = false
    for index in head..<words.count where aftermath.frames.count < Self.maximumFrames {
      if words[index] == "?" { isDoubtful = true }
      guard FrameLine.symbol(words[index]) != nil else { continue }
      let end = words[(index + 1)...].firstIndex { FrameLine.symbol($0) != nil } ?? words.count
      if !isDoubtful, let frame = FrameLine.frame(words[index..<end]) {
        aftermath.frames.append(frame)
      }
      isDoubtful = false
    }
  }

  private mutating func readHeadless(_ words: [Substring]) {
    if case .headless = phase, takePlace(words) { return }
    let line = FrameLine(words, isFirst: aftermath.frames.isEmpty)
    if let line, line.isCertain || !aftermath.frames.isEmpty && line.frames.first?.offset != nil {
      phase = .headless(strange: 0)
      take(line)
    } else if awaitsCaller, let frame = FrameLine.frame(words[...]) {
      awaitsCaller = false
      aftermath.frames.append(frame)
    } else if case .headless(let strange) = phase {
      phase = strange >= 2 ? .done : .headless(strange: strange + 1)
    }
  }

  private mutating func take(_ line: FrameLine) {
    aftermath.frames += line.frames
    awaitsCaller = line.awaitsCaller
    if aftermath.machine == nil {
      aftermath.machine = line.frames.lazy.compactMap(Machine.init).first
    }
    if aftermath.frames.count >= Self.maximumFrames { phase = .done }
  }

  /// Passes over a line of another event's trace.
  private mutating func passFrame(_ words: [Substring], strange: Int) {
    let isFrame = FrameLine(words, isFirst: false) != nil
    let isOver = !isFrame && strange >= 2 || words.first.map(Self.endsTrace) == true
    phase = isOver ? .searching : .inAnother(strange: isFrame ? 0 : strange + 1)
  }

  /// Takes a file and line that a mailer wrapped onto a line of their own. False for any other line.
  private mutating func takePlace(_ words: [Substring]) -> Bool {
    guard words.count == 1, let last = aftermath.frames.indices.last,
      aftermath.frames[last].place == nil, let place = FrameLine.place(words[0])
    else { return false }
    aftermath.frames[last].place = place
    return true
  }

  /// Whether a line is one word, and not the kernel's kind, in a trace whose frames say more: a mail's.
  private func isLoneWord(_ line: FrameLine) -> Bool {
    guard let frame = line.frames.first, line.frames.count == 1, !line.isCertain,
      frame.offset == nil, frame.place == nil, !frame.function.utf8.contains(UInt8(ascii: "_"))
    else { return false }
    return aftermath.frames.contains { $0.offset != nil }
  }

  private mutating func readFrame(_ words: [Substring], strange: Int) {
    if awaitsCaller, let frame = FrameLine.frame(words[...]), words[0].hasPrefix("(") {
      awaitsCaller = false
      aftermath.frames.append(frame)
      return
    }
    if takePlace(words) { return }
    if let line = FrameLine(words, isFirst: aftermath.frames.isEmpty), !isLoneWord(line) {
      phase = .inTrace(strange: 0)
      return take(line)
    }
    guard let first = words.first, !(first.hasPrefix("<") && first.hasSuffix(">")) else { return }
    if Self.endsTrace(first) || strange >= 2 {
      // A kernel that panics on warnings prints the trap first, then its registers, then who was interrupted.
      let goesOn = isReport && latestStop?.isUsercopy == true && aftermath.chain.isEmpty
      phase = goesOn && !aftermath.frames.isEmpty ? .searching : .done
    } else {
      phase = .inTrace(strange: strange + 1)
    }
  }

  private static func endsTrace(_ first: Substring) -> Bool {
    let ends = [
      "RIP:", "Code:", "Modules", "---[", "Kernel", "Exception", "Allocated", "Freed", "Memory",
    ]
    return ends.contains { first.hasPrefix($0) }
  }
}
