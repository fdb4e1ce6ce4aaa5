/// Collects from the lines behind a report what else the kernel printed about it.
struct AftermathReader {
  private enum Phase {
    case searching
    case inTrace(strange: Int)
    case done
  }

  private static let maximumLines = 200
  private static let maximumFrames = 64

  private(set) var aftermath = Aftermath()
  private var phase = Phase.searching
  private var lines = 0
  private var awaitsRelease = false

  /// Whether nothing more is wanted.
  var isDone: Bool {
    if case .done = phase { return true }
    return lines >= Self.maximumLines
  }

  /// Takes one line, transport encodings undone.
  mutating func read(_ line: String) {
    lines += 1
    let words = Self.content(line)
    if awaitsRelease { readRelease(words[...]) }
    readAssertion(line)
    readTask(words)
    switch phase {
    case .searching:
      if Self.opensTrace(words) { phase = .inTrace(strange: 0) }
    case .inTrace(let strange):
      readFrame(words, strange: strange)
    case .done: break
    }
  }

  /// `kernel BUG at mm/usercopy.c:102!`, `BUG: failure at mm/usercopy.c:99/usercopy_abort()!` or
  /// `WARNING: ... at mm/usercopy.c:81 usercopy_warn`.
  mutating func readAssertion(_ line: String) {
    guard aftermath.bugLine == nil else { return }
    let bytes = Array(line.utf8)
    let isBug = bytes.firstRange(of: "BUG at ") ?? bytes.firstRange(of: "BUG: failure at ") != nil
    guard isBug || bytes.firstRange(of: "WARNING: ") != nil else { return }
    for file in isBug ? ["mm/usercopy.c", "mm/slab.c"] : ["mm/usercopy.c"] {
      guard let place = bytes.firstRange(of: file + ":") else { continue }
      let digits = bytes[place.upperBound...].prefix(6).prefix(while: Digits.isDecimal)
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else { continue }
      aftermath.bugFile = file
      aftermath.bugLine = number
      return
    }
  }

  private mutating func readTask(_ words: [Substring]) {
    if aftermath.command == nil, let index = words.firstIndex(of: "Comm:"),
      index + 1 < words.count
    {
      aftermath.command = String(words[index + 1])
    }
    guard aftermath.release == nil,
      let index = words.firstIndex(where: { $0 == "tainted" || $0 == "Tainted:" })
    else { return }
    readRelease(words[(index + 1)...])
    awaitsRelease = aftermath.release == nil
  }

  private mutating func readRelease(_ words: ArraySlice<Substring>) {
    awaitsRelease = false
    guard aftermath.release == nil else { return }
    let release = words.prefix(20).first { word in
      guard let first = word.utf8.first, Digits.isDecimal(first) else { return false }
      return word.utf8.contains(UInt8(ascii: "."))
    }
    aftermath.release = release.map(String.init)
  }

  // MARK: the call trace

  private static func opensTrace(_ words: [Substring]) -> Bool {
    guard let last = words.last else { return false }
    if last == "Backtrace:" { return true }
    return words.count >= 2 && (last == "Trace:" || last == "trace:")
      && words[words.count - 2] == "Call"
  }

  private mutating func readFrame(_ words: [Substring], strange: Int) {
    if let frame = Self.frame(words, first: aftermath.callTrace.isEmpty) {
      phase = .inTrace(strange: 0)
      aftermath.callTrace += frame
      if aftermath.callTrace.count >= Self.maximumFrames { phase = .done }
      return
    }
    guard let first = words.first, !(first.hasPrefix("<") && first.hasSuffix(">")) else { return }
    let ends = ["RIP:", "Code:", "Modules", "---[", "Kernel", "Exception"]
    if ends.contains(where: { first.hasPrefix($0) }) || strange >= 2 {
      phase = .done
    } else {
      phase = .inTrace(strange: strange + 1)
    }
  }

  /// Functions of a line of a trace, none for an unreliable entry; nil for any other line.
  private static func frame(_ words: [Substring], first: Bool) -> [String]? {
    guard let start = words.first else { return nil }
    if start == "?" { return words.count > 1 ? [] : nil }
    for (index, word) in words.prefix(8).enumerated() {
      guard let name = symbol(word) else { continue }
      if index >= 2, words[index - 1] == "from" || words[index - 2] == "from", first,
        let caller = words.firstIndex(of: "from"), caller > 0
      {
        return [String(bare(words[caller - 1])), name]
      }
      return [name]
    }
    guard isIdentifier(start), start.utf8.count > 1 else { return nil }
    if words.count == 1 { return [String(start)] }
    let second = words[1]
    let place = second.utf8.contains(UInt8(ascii: ":")) && second.utf8.contains(UInt8(ascii: "."))
    return place ? [String(start)] : nil
  }

  /// `name` of `name+0x1f/0x30`.
  private static func symbol(_ word: Substring) -> String? {
    let word = bare(word)
    guard let plus = word.firstIndex(of: "+"), word[plus...].hasPrefix("+0x"),
      word[plus...].contains("/")
    else { return nil }
    let name = word[..<plus]
    return isIdentifier(name) ? String(name) : nil
  }

  private static func bare(_ word: Substring) -> Substring {
    var word = word
    while let first = word.first, first == "(" || first == "[" { word = word.dropFirst() }
    while let last = word.last, last == ")" || last == "]" { word = word.dropLast() }
    return word
  }

  private static func isIdentifier(_ word: Substring) -> Bool {
    guard let first = word.utf8.first, Digits.isLetter(first) || first == 0x5F else { return false }
    return word.utf8.count < 200
      && word.utf8.allSatisfy {
        Digits.isLetter($0) || Digits.isDecimal($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x24
      }
  }

  /// Words of a log line, read byte by byte, without quoting, time stamps, addresses in brackets and syslog's head.
  private static func content(_ line: String) -> [Substring] {
    var words = line.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { Substring($0) }
    if let kernel = words.prefix(6).firstIndex(of: "kernel:") {
      words.removeFirst(kernel + 1)
    }
    while let word = words.first {
      if word.utf8.allSatisfy({ [0x3E, 0x7C, 0x2A].contains($0) }) {
        words.removeFirst()
      } else if word.hasPrefix("[") && !word.hasPrefix("[(") {
        guard let close = words.prefix(3).firstIndex(where: { $0.utf8.contains(0x5D) })
        else { break }
        let rest = Substring(words[close].utf8.drop { $0 != 0x5D }.dropFirst())
        words.removeFirst(close + 1)
        if !rest.isEmpty { words.insert(rest, at: 0) }
      } else {
        break
      }
    }
    return words
  }
}

extension Array where Element == UInt8 {
  /// First place of a piece of ASCII text.
  fileprivate func firstRange(of text: String) -> Range<Int>? {
    let wanted = Array(text.utf8)
    guard let head = wanted.first, count >= wanted.count else { return nil }
    for start in 0...(count - wanted.count) where self[start] == head {
      if self[start..<(start + wanted.count)].elementsEqual(wanted) {
        return start..<(start + wanted.count)
      }
    }
    return nil
  }
}
