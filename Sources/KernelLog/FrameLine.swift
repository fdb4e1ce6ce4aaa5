/// Reads the functions a line of a call trace names.
///
/// Forms: `name+0x1f/0x30 [module buildid]`, `name+0x1f/0x30 file.c:12`, `name file.c:12 [inline]`, a bare name, and
/// those of 32-bit ARM, `(name+0x1/0x2) from [<address>] (caller+0x3/0x4 file.c:12)` and `name from caller+0x3/0x4`.
struct FrameLine {
  /// The functions, innermost first.
  var frames: [TraceFrame] = []
  /// Whether the line is a trace's beyond doubt: it names a place in a function, or a file and line.
  var isCertain = false
  /// Whether it breaks off behind "from": the caller stands on the next line.
  var awaitsCaller = false

  /// The frames of a line's words, those of an unreliable entry left out; nil for any other line.
  ///
  /// - Parameters:
  ///   - words: the line without time stamps and quoting.
  ///   - isFirst: no frame was read yet; only then the callee of a "from" counts.
  init?(_ words: [Substring], isFirst: Bool) {
    guard let start = words.first else { return nil }
    if start == "?" {
      guard words.count > 1 else { return nil }
      isCertain = Self.symbol(words[1]) != nil
      return
    }
    if let from = words.prefix(8).firstIndex(of: "from"), from > 0 {
      guard readPair(words, from, isFirst: isFirst) else { return nil }
      return
    }
    if let index = words.prefix(8).firstIndex(where: { Self.symbol($0) != nil }),
      let frame = Self.frame(words[index...])
    {
      frames = [frame]
      isCertain = index == 0 || index == 1 && Self.isAddress(start)
      addOthers(words[(index + 1)...])
      return
    }
    let name = Self.bare(start)
    guard Self.isIdentifier(name), name.utf8.count > 1 else { return nil }
    if words.count == 1 {
      frames = [TraceFrame(String(name))]
      return
    }
    // A sentence may name a place too: "kernel BUG at mm/usercopy.c:102 !".
    guard Self.place(words[1]) != nil, let frame = Self.frame(words[...]) else { return nil }
    frames = [frame]
    isCertain = true
  }

  /// The functions behind the first: a log that was wrapped anew has several on a line.
  private mutating func addOthers(_ words: ArraySlice<Substring>) {
    for index in words.indices where Self.symbol(words[index]) != nil {
      let isDoubtful = words[..<index].last == "?"
      if !isDoubtful, let frame = Self.frame(words[index...]) { frames.append(frame) }
    }
  }

  /// `<ffffffff81234567>`, with what s390 puts around it.
  private static func isAddress(_ word: Substring) -> Bool {
    let inner = word.drop { "([".contains($0) }
    guard inner.hasPrefix("<") else { return false }
    let digits = inner.dropFirst().prefix { $0 != ">" }
    return digits.utf8.count >= 8 && digits.utf8.allSatisfy { Digits.hex($0) != nil }
  }

  /// `(callee) from [<address>] (caller+0x3/0x4)`, `callee from caller+0x3/0x4`. A sentence has "from" too, and neither
  /// brackets nor a place in a function.
  private mutating func readPair(_ words: [Substring], _ from: Int, isFirst: Bool) -> Bool {
    guard let callee = Self.frame(words[..<from]) else { return false }
    var rest = words[(from + 1)...]
    if let first = rest.first, first.hasPrefix("[<") { rest = rest.dropFirst() }
    guard words[0].hasPrefix("(") || rest.first.flatMap(Self.symbol) != nil else { return false }
    isCertain = true
    guard let caller = Self.frame(rest) else {
      guard rest.isEmpty, words[0].hasPrefix("(") else { return false }
      frames = isFirst ? [callee] : []
      awaitsCaller = true
      return true
    }
    frames = isFirst ? [callee, caller] : [caller]
    return true
  }

  /// The function a run of words begins with, with what stands behind it.
  static func frame(_ words: ArraySlice<Substring>) -> TraceFrame? {
    guard let first = words.first else { return nil }
    var frame: TraceFrame
    if let symbol = symbol(first) {
      frame = symbol
    } else {
      let name = bare(first)
      guard isIdentifier(name) else { return nil }
      frame = TraceFrame(String(name))
    }
    for word in words.dropFirst().prefix(4) {
      if symbol(word) != nil { break }
      if word.hasPrefix("[") || word.hasPrefix("Ý") {
        let name = bare(word)
        if name == "inline" {
          frame.isInline = true
        } else if isModule(name), frame.module == nil {
          frame.module = String(name.prefix { $0 != "(" })
        }
      } else if frame.place == nil, let place = place(word) {
        frame.place = place
      }
    }
    return frame
  }

  /// `name+0x1f/0x30`.
  static func symbol(_ word: Substring) -> TraceFrame? {
    let word = bare(word)
    guard let plus = word.utf8.firstIndex(of: UInt8(ascii: "+")),
      word[plus...].hasPrefix("+0x")
    else { return nil }
    let numbers = word[plus...].dropFirst(3).split(separator: "/", maxSplits: 1)
    guard numbers.count == 2, numbers[1].hasPrefix("0x") else { return nil }
    let name = word[..<plus]
    guard isIdentifier(name) else { return nil }
    return TraceFrame(
      String(name), offset: UInt64(numbers[0], radix: 16),
      length: UInt64(numbers[1].dropFirst(2), radix: 16))
  }

  /// `net/core/scm.c:242`.
  static func place(_ word: Substring) -> String? {
    let word = bare(word)
    guard let colon = word.utf8.lastIndex(of: UInt8(ascii: ":")), colon > word.startIndex,
      word[..<colon].utf8.contains(UInt8(ascii: "."))
    else { return nil }
    let digits = word[colon...].utf8.dropFirst()
    guard !digits.isEmpty, digits.allSatisfy(Digits.isDecimal), word.utf8.count < 300
    else { return nil }
    return String(word)
  }

  private static func isModule(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, name.utf8.count < 64 else { return false }
    return Digits.isLetter(first) || first == 0x5F
      || Digits.isDecimal(first) && name.utf8.count < 20
  }

  /// A word without the brackets around it, also as IBM's terminals show square ones: Ý and ¨.
  static func bare(_ word: Substring) -> Substring {
    var word = word
    if word.hasPrefix("Ý"), word.hasSuffix("¨") { word = word.dropFirst().dropLast() }
    while let first = word.utf8.first, first == 0x28 || first == 0x5B { word = word.dropFirst() }
    while let last = word.utf8.last, last == 0x29 || last == 0x5D { word = word.dropLast() }
    return word
  }

  static func isIdentifier(_ word: Substring) -> Bool {
    guard let first = word.utf8.first, Digits.isLetter(first) || first == 0x5F else { return false }
    return word.utf8.count < 200
      && word.utf8.allSatisfy {
        Digits.isLetter($0) || Digits.isDecimal($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x24
      }
  }
}
