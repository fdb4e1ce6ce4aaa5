/// Finds the bytes of a log at which a report may stand, sixteen bytes at a time.
///
/// Two bytes of "attempt" and two of "kernel memory" are looked for, then the letters around them,
/// whatever stands between: a line break inserted anywhere spoils at most one of the pairs. Three of "usercopy.c" lead
/// to assertions whose message is missing, three of "usercopy_abort" and "usercopy_warn" to traces, a few of "detected", "refcount_t", "list_add", "BUG" and "Unable" to the
/// messages close to usercopy's.
enum AnchorSearch {
  /// What may stand at an anchor.
  enum Kind { case report, assertion, sign, neighbour }

  /// First anchor in `range`, or nil.
  static func first(in raw: UnsafeRawBufferPointer, range: Range<Int>) -> Int? {
    var position = range.lowerBound
    let vectorEnd = min(range.upperBound, raw.count - 18)
    while position < vectorEnd {
      if anyPair(raw, position) {
        for index in position..<min(position + 16, range.upperBound) where kind(raw, index) != nil {
          return index
        }
      }
      position += 16
    }
    while position < range.upperBound {
      if kind(raw, position) != nil { return position }
      position += 1
    }
    return nil
  }

  private typealias Block = SIMD16<UInt8>

  @inline(__always) private static var m: Block { Block(repeating: UInt8(ascii: "m")) }
  @inline(__always) private static var p: Block { Block(repeating: UInt8(ascii: "p")) }
  @inline(__always) private static var l: Block { Block(repeating: UInt8(ascii: "l")) }
  @inline(__always) private static var k: Block { Block(repeating: UInt8(ascii: "k")) }
  @inline(__always) private static var underscore: Block { Block(repeating: UInt8(ascii: "_")) }
  @inline(__always) private static var s: Block { Block(repeating: UInt8(ascii: "s")) }
  @inline(__always) private static var y: Block { Block(repeating: UInt8(ascii: "y")) }
  @inline(__always) private static var dot: Block { Block(repeating: UInt8(ascii: ".")) }
  @inline(__always) private static var c: Block { Block(repeating: UInt8(ascii: "c")) }
  @inline(__always) private static var w: Block { Block(repeating: UInt8(ascii: "w")) }
  @inline(__always) private static var t: Block { Block(repeating: UInt8(ascii: "t")) }
  @inline(__always) private static var e: Block { Block(repeating: UInt8(ascii: "e")) }
  @inline(__always) private static var a: Block { Block(repeating: UInt8(ascii: "a")) }
  @inline(__always) private static var d: Block { Block(repeating: UInt8(ascii: "d")) }
  @inline(__always) private static var U: Block { Block(repeating: UInt8(ascii: "U")) }
  @inline(__always) private static var G: Block { Block(repeating: UInt8(ascii: "G")) }
  @inline(__always) private static var u: Block { Block(repeating: UInt8(ascii: "u")) }
  @inline(__always) private static var n: Block { Block(repeating: UInt8(ascii: "n")) }
  @inline(__always) private static var newline: Block { Block(repeating: UInt8(ascii: "\n")) }

  /// Whether one of `mp`, `l?m`, `_?k`, `s_`, `y.c`, `y_a` and `y_w`, or of `tec`, `t_t`, `t_a`, `t_d`, `UG`, `Un` and `uac`, starts in
  /// the sixteen bytes.
  @inline(__always)
  private static func anyPair(_ raw: UnsafeRawBufferPointer, _ position: Int) -> Bool {
    let first = raw.loadUnaligned(fromByteOffset: position, as: Block.self)
    let second = raw.loadUnaligned(fromByteOffset: position + 1, as: Block.self)
    let third = raw.loadUnaligned(fromByteOffset: position + 2, as: Block.self)
    let attempt = (first .== Self.m) .& (second .== Self.p)
    let memory = (first .== Self.l) .& (third .== Self.m)
    let access = (first .== Self.underscore) .& (third .== Self.k)
    let name = (first .== Self.s) .& (second .== Self.underscore)
    let source = (second .== Self.dot) .& (third .== Self.c)
    let function = (second .== Self.underscore) .& ((third .== Self.a) .| (third .== Self.w))
    let file = (first .== Self.y) .& (source .| function)
    let tail = (third .== Self.t) .| (third .== Self.a) .| (third .== Self.d)
    let count = (second .== Self.underscore) .& tail
    let detected = (second .== Self.e) .& (third .== Self.c)
    let behindT = (first .== Self.t) .& (count .| detected)
    let shout = (first .== Self.U) .& ((second .== Self.G) .| (second .== Self.n))
    let user = (first .== Self.u) .& (second .== Self.a) .& (third .== Self.c)
    let hit = attempt .| memory .| access .| name .| file .| behindT .| shout .| user
    let words = unsafeBitCast(hit, to: SIMD2<UInt64>.self)
    return words[0] | words[1] != 0
  }

  /// What may stand at an index; nil for nothing.
  static func kind(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Kind? {
    switch raw[index] {
    case UInt8(ascii: "m"), UInt8(ascii: "l"), UInt8(ascii: "_"), UInt8(ascii: "s"):
      isReport(raw, index) ? .report : nil
    case UInt8(ascii: "y"): isSource(raw, index) ? .assertion : isSign(raw, index) ? .sign : nil
    case UInt8(ascii: "t"), UInt8(ascii: "U"), UInt8(ascii: "u"):
      isNeighbour(raw, index) ? .neighbour : nil
    default: nil
    }
  }

  private static func isReport(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    switch raw[index] {
    case UInt8(ascii: "m"):
      return letter(raw, index + 1) == UInt8(ascii: "p") && leads(raw, index, "atte")
        && follow(raw, index + 2, "t") && letters(raw, after: index + 3, start: ["det"])
    case UInt8(ascii: "l"):
      return letter(raw, index + 2) == UInt8(ascii: "m") && leads(raw, index, "erne")
        && follow(raw, index + 3, "emory")
        && letters(raw, after: index + 8, start: ["exp", "ove", "lea"])
    case UInt8(ascii: "_"):
      return letter(raw, index + 2) == UInt8(ascii: "k") && leads(raw, index, "access")
        && letters(raw, after: index + 3, start: ["fai", "sta"])
    case UInt8(ascii: "s"):
      return letter(raw, index + 1) == UInt8(ascii: "_") && leads(raw, index, "acces")
        && follow(raw, index + 2, "ok") && letters(raw, after: index + 4, start: ["fai", "sta"])
    default: return false
    }
  }

  /// Whether the letter is one of "detected" beside a buffer or a field, of "refcount_t:", of "list_add" or "list_del"
  /// and what is wrong with it, of "BUG:" and a fault, or of "Unable to handle".
  private static func isNeighbour(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    switch (raw[index], letter(raw, index + 1)) {
    case (UInt8(ascii: "t"), UInt8(ascii: "e")):
      guard leads(raw, index, "de"), follow(raw, index + 2, "cted") else { return false }
      return leads(raw, index, "overflowde") || follow(raw, index + 2, "ctedbuffer")
        || follow(raw, index + 2, "ctedfield")
    case (UInt8(ascii: "t"), UInt8(ascii: "_")):
      if leads(raw, index, "refcoun") { return letter(raw, index + 3) == UInt8(ascii: ":") }
      return leads(raw, index, "lis")
        && (follow(raw, index + 2, "addcorr") || follow(raw, index + 2, "delcorr")
          || follow(raw, index + 2, "adddouble"))
    case (UInt8(ascii: "U"), UInt8(ascii: "G")):
      guard letter(raw, index + 2) == UInt8(ascii: ":"), leads(raw, index, "B") else {
        return false
      }
      return follow(raw, index + 3, "KAS") || follow(raw, index + 3, "KMS")
        || follow(raw, index + 3, "nable", after: "uU")
        || follow(raw, index + 3, "ernelNULL", after: "kK")
    case (UInt8(ascii: "u"), UInt8(ascii: "a")):
      return follow(raw, index + 2, "ccess") && leads(raw, index, "memoryoutside")
    case (UInt8(ascii: "U"), UInt8(ascii: "n")):
      return follow(raw, index + 2, "abletohandlekernel")
    default: return false
    }
  }

  /// Whether the y is that of `mm/usercopy.c:` and a digit.
  private static func isSource(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index >= 10, index + 4 < raw.count, raw[index] == UInt8(ascii: "y"),
      raw[index + 3] == UInt8(ascii: ":"), Digits.isDecimal(raw[index + 4])
    else { return false }
    return raw[(index - 10)..<(index + 3)].elementsEqual("mm/usercopy.c".utf8)
  }

  /// Whether the y is that of `usercopy_abort+0x` or `usercopy_warn+0x`.
  private static func isSign(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index >= 7, raw[(index - 7)...index].elementsEqual("usercopy".utf8) else { return false }
    let rest = raw[(index + 1)..<min(raw.count, index + 10)]
    return rest.starts(with: "_abort+0x".utf8) || rest.starts(with: "_warn+0x".utf8)
  }

  private static func letter(_ raw: UnsafeRawBufferPointer, _ index: Int) -> UInt8? {
    index < raw.count ? raw[index] : nil
  }

  /// Most bytes between two words; a web page puts whole tags there.
  private static let farthest = 256
  /// Most bytes that are no letters within a word: a line end and quoting marks.
  private static let longestGap = 16

  /// Whether the letters before an index are those of a word.
  private static func leads(
    _ raw: UnsafeRawBufferPointer, _ index: Int, _ word: StaticString
  ) -> Bool {
    word.withUTF8Buffer { letters in
      var place = index - 1
      for wanted in letters.reversed() {
        let lowest = max(-1, place - longestGap)
        while place > lowest, !Digits.isLetter(raw[place]) { place -= 1 }
        guard place >= 0, raw[place] == wanted else { return false }
        place -= 1
      }
      return true
    }
  }

  /// Whether the letters from an index on are those of a word.
  private static func follow(
    _ raw: UnsafeRawBufferPointer, _ index: Int, _ word: StaticString
  ) -> Bool {
    word.withUTF8Buffer { follow(raw, index, $0[...]) }
  }

  /// Whether one of two letters and then those of a word follow.
  private static func follow(
    _ raw: UnsafeRawBufferPointer, _ index: Int, _ word: StaticString, after first: StaticString
  ) -> Bool {
    var place = index
    while place < min(raw.count, index + longestGap), !Digits.isLetter(raw[place]) { place += 1 }
    guard place < raw.count else { return false }
    return first.withUTF8Buffer { $0.contains(raw[place]) } && follow(raw, place + 1, word)
  }

  private static func follow(
    _ raw: UnsafeRawBufferPointer, _ index: Int, _ letters: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Bool {
    var place = index
    for wanted in letters {
      let highest = min(raw.count, place + longestGap)
      while place < highest, !Digits.isLetter(raw[place]) { place += 1 }
      guard place < raw.count, raw[place] == wanted else { return false }
      place += 1
    }
    return true
  }

  /// Whether one of a few words follows close behind, by its first letters: line breaks, colours
  /// and entities may stand before and inside it.
  private static func letters(
    _ raw: UnsafeRawBufferPointer, after start: Int, start words: [StaticString]
  ) -> Bool {
    let limit = min(raw.count, start + farthest)
    return words.contains { word in
      word.withUTF8Buffer { letters in
        (start..<max(start, limit)).contains {
          raw[$0] == letters[0] && follow(raw, $0 + 1, letters.dropFirst())
        }
      }
    }
  }

  /// Number of line ends in `range`.
  static func lines(in raw: UnsafeRawBufferPointer, range: Range<Int>) -> Int {
    var count = 0
    var position = range.lowerBound
    while position + 16 <= range.upperBound {
      let blocks = min(255, (range.upperBound - position) / 16)
      var lanes = Block(repeating: 0)
      for _ in 0..<blocks {
        let block = raw.loadUnaligned(fromByteOffset: position, as: Block.self)
        let hit = unsafeBitCast(block .== Self.newline, to: Block.self)
        lanes = lanes &- hit
        position += 16
      }
      for lane in 0..<16 { count += Int(lanes[lane]) }
    }
    while position < range.upperBound {
      if raw[position] == UInt8(ascii: "\n") { count += 1 }
      position += 1
    }
    return count
  }
}
