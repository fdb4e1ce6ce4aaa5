/// Recognises a message close to usercopy's in a piece of log text.
///
/// Wordings: `__copy_overflow()` of mm/maccess.c, `kasan_report()`, `kmsan_report()`, `fortify_panic()` and `__fortify_report()`, the
/// page fault handlers of the architectures, lib/refcount.c and lib/list_debug.c.
struct NeighbourParser {
  /// A message and the part of the text it takes.
  struct Found {
    var neighbour: Neighbour
    var start: Int
    /// Behind the last byte that belongs to it.
    var end: Int
  }

  let text: LogText

  /// The message whose words include the raw byte `anchor`, if one does.
  func neighbour(around anchor: Int) -> Found? {
    let behind = text.origin.partitioningIndex { $0 > anchor }
    for start in stride(from: behind - 1, through: max(0, behind - 64), by: -1) {
      guard let found = neighbour(at: start), found.end > 0, text.origin[found.end - 1] >= anchor
      else { continue }
      return isLogLine(found.start) ? found : nil
    }
    return nil
  }

  private func neighbour(at start: Int) -> Found? {
    if start > 0, Self.isWord(text.bytes[start - 1]) { return nil }
    let cursor = LogCursor(text, at: start)
    switch text.bytes[start] {
    case UInt8(ascii: "B"):
      return copySize(cursor) ?? kasan(cursor) ?? kmsan(cursor) ?? fault(cursor)
    case UInt8(ascii: "U"): return fault(cursor)
    case UInt8(ascii: "A"): return access(cursor)
    case UInt8(ascii: "d"): return fortify(cursor)
    case UInt8(ascii: "r"): return refcount(cursor)
    case UInt8(ascii: "l"): return list(cursor)
    default: return nil
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    Digits.isLetter(byte) || Digits.isDecimal(byte) || byte == 0x5F
  }

  /// Whether what stands in front of it on the line is a logger's work, not a sentence.
  private func isLogLine(_ start: Int) -> Bool {
    let lineStart = text.bytes[..<start].lastIndex(of: LogText.lineBreak).map { $0 + 1 } ?? 0
    let before = text.bytes[lineStart..<start]
    // A call with the words in quotes is a program's source.
    if before.contains(UInt8(ascii: "\"")), before.contains(UInt8(ascii: "(")) { return false }
    return !LogPrefix(before).isSentence
  }

  // MARK: the length against a size the compiler knows

  private func copySize(_ start: LogCursor) -> Found? {
    var cursor = start
    guard cursor.accept("Buffer overflow detected ("), let object = cursor.wholeNumber(),
      cursor.accept(" < "), let size = cursor.wholeNumber(), cursor.accept(")")
    else { return nil }
    _ = cursor.accept("!")
    var neighbour = Neighbour(.copySize)
    neighbour.objectSize = object
    neighbour.size = size
    return Found(neighbour: neighbour, start: start.position, end: cursor.position)
  }

  // MARK: KASAN

  private func kasan(_ start: LogCursor) -> Found? {
    var cursor = start
    guard cursor.accept("BUG: KASAN: ") || cursor.accept("BUG: KASan: "),
      let finding = cursor.token(64), finding.utf8.allSatisfy(Self.isKind)
    else { return nil }
    var neighbour = Neighbour(.kasanInCopy)
    neighbour.finding = finding
    if cursor.accept(" in ") {
      guard let word = cursor.token(200) else { return nil }
      guard let frame = FrameLine.frame([Substring(word)]) else { return nil }
      neighbour.function = frame.function
      if cursor.accept(" at addr ") { neighbour.address = try? cursor.pointer() }
    } else {
      guard cursor.accept(" on address ") else { return nil }
      neighbour.address = try? cursor.pointer()
    }
    return Found(neighbour: neighbour, start: start.position, end: cursor.position)
  }

  /// `BUG: KMSAN: kernel-infoleak in copy_to_user+0x1/0x2`; its other findings are of no copy to user space.
  private func kmsan(_ start: LogCursor) -> Found? {
    var cursor = start
    guard cursor.accept("BUG: KMSAN: "), let finding = cursor.token(64),
      finding == "kernel-infoleak" || finding == "kernel-infoleak-after-free",
      cursor.accept(" in "), let word = cursor.token(200),
      let frame = FrameLine.frame([Substring(word)])
    else { return nil }
    var neighbour = Neighbour(.infoleak)
    neighbour.finding = finding
    neighbour.function = frame.function
    neighbour.access = .read
    return Found(neighbour: neighbour, start: start.position, end: cursor.position)
  }

  /// `slab-out-of-bounds`.
  private static func isKind(_ byte: UInt8) -> Bool { Digits.isLetter(byte) || byte == 0x2D }

  // MARK: page faults

  private static let faults = [
    "BUG: unable to handle page fault for address: ",
    "BUG: kernel NULL pointer dereference, address: ",
    "BUG: unable to handle kernel paging request at ",
    "BUG: unable to handle kernel NULL pointer dereference at ",
    "BUG: Unable to handle kernel data access at ",
    "BUG: Unable to handle kernel data access on read at ",
    "BUG: Unable to handle kernel data access on write at ",
    "BUG: Kernel NULL pointer dereference on read at ",
    "BUG: Kernel NULL pointer dereference on write at ",
    "Unable to handle kernel paging request at virtual address ",
    "Unable to handle kernel NULL pointer dereference at virtual address ",
    "Unable to handle kernel paging request for data at address ",
    "Unable to handle kernel access to user memory outside uaccess routines at virtual address ",
    "Unable to handle kernel access to user memory without uaccess routines at virtual address ",
  ]

  private func fault(_ start: LogCursor) -> Found? {
    for literal in Self.faults {
      var cursor = start
      guard cursor.accept(literal) else { continue }
      var neighbour = Neighbour(.faultInCopy)
      neighbour.address = try? cursor.pointer()
      guard neighbour.address != nil else { return nil }
      if literal.contains("uaccess") { neighbour.kind = .userAccess }
      if literal.contains(" on read ") { neighbour.access = .read }
      if literal.contains(" on write ") { neighbour.access = .write }
      return Found(neighbour: neighbour, start: start.position, end: cursor.position)
    }
    return nil
  }

  /// What arm64 said until 5.1, behind "Internal error:", where a fault's first line was lost.
  private func access(_ start: LogCursor) -> Found? {
    var cursor = start
    guard cursor.accept("Accessing user space memory outside uaccess") else { return nil }
    return Found(neighbour: Neighbour(.userAccess), start: start.position, end: cursor.position)
  }

  // MARK: fortified string functions

  private func fortify(_ start: LogCursor) -> Found? {
    var cursor = start
    var neighbour = Neighbour(.fortify)
    neighbour.function = nameBefore(start.position)
    if cursor.accept("detected buffer overflow in ") {
      guard let name = cursor.token(64), FrameLine.isIdentifier(Substring(name)) else { return nil }
      neighbour.function = name
    } else if cursor.accept("detected buffer overflow: ") {
      guard let size = cursor.wholeNumber(), cursor.accept(" byte "),
        let access = cursor.access(), cursor.accept(" of buffer size "),
        let object = cursor.wholeNumber()
      else { return nil }
      (neighbour.size, neighbour.access, neighbour.objectSize) = (size, access, object)
    } else if cursor.accept("detected field-spanning ") {
      guard readField(&cursor, &neighbour) else { return nil }
    } else {
      return nil
    }
    let name = neighbour.function.map { $0.utf8.count + 2 } ?? 0
    let isBefore = nameBefore(start.position) != nil
    return Found(
      neighbour: neighbour, start: start.position - (isBefore ? name : 0), end: cursor.position)
  }

  /// `write (size 16) of single field "f" at drivers/x.c:12 (size 10)`.
  private func readField(_ cursor: inout LogCursor, _ neighbour: inout Neighbour) -> Bool {
    guard let access = cursor.access(), cursor.accept(" (size "), let size = cursor.wholeNumber(),
      cursor.accept(") of single field "), let field = cursor.quoted()
    else { return false }
    if cursor.accept(" at ") { neighbour.place = cursor.token(300) }
    guard cursor.accept(" (size "), let object = cursor.wholeNumber(), cursor.accept(")") else {
      return false
    }
    neighbour.access = access
    neighbour.size = size
    neighbour.field = field
    neighbour.objectSize = object
    return true
  }

  /// The function's name in front of a place, `memcpy: `.
  private func nameBefore(_ place: Int) -> String? {
    guard place >= 3, text.bytes[place - 1] == LogText.blank,
      text.bytes[place - 2] == UInt8(ascii: ":")
    else { return nil }
    var first = place - 2
    while first > 0, Self.isWord(text.bytes[first - 1]), place - first < 64 { first -= 1 }
    let name = Substring(String(decoding: text.bytes[first..<(place - 2)], as: UTF8.self))
    return FrameLine.isIdentifier(name) ? String(name) : nil
  }

  // MARK: counts and lists

  private func refcount(_ start: LogCursor) -> Found? {
    var cursor = start
    guard cursor.accept("refcount_t: "),
      let finding = cursor.sentence(80, endsAt: UInt8(ascii: ".")),
      finding.hasSuffix("use-after-free") || finding.hasSuffix("leaking memory")
    else { return nil }
    var neighbour = Neighbour(.refcount)
    neighbour.finding = finding
    return Found(neighbour: neighbour, start: start.position, end: cursor.position)
  }

  private func list(_ start: LogCursor) -> Found? {
    var cursor = start
    let heads = ["list_add corruption", "list_del corruption", "list_add double add"]
    guard let head = heads.first(where: { cursor.accept($0) }), let mark = cursor.next,
      ".,:".utf8.contains(mark)
    else { return nil }
    cursor.position += 1
    cursor.skipGap()
    let rest = cursor.sentence(160, endsAt: LogText.lineBreak) ?? ""
    guard !rest.isEmpty else { return nil }
    var neighbour = Neighbour(.list)
    neighbour.function = String(head.prefix(8))
    neighbour.finding = rest
    return Found(neighbour: neighbour, start: start.position, end: cursor.position)
  }
}

extension LogCursor {
  /// Decimal digits that fit 64 bits.
  fileprivate mutating func wholeNumber() -> UInt64? { (try? number()) ?? nil }

  fileprivate mutating func access() -> Neighbour.Access? {
    accept("read") ? .read : accept("write") ? .write : nil
  }

  /// The bytes up to the next gap, at most `most`.
  fileprivate mutating func token(_ most: Int) -> String? {
    let start = position
    while let byte = next, !Self.isGap(byte), position - start < most { position += 1 }
    return position > start ? slice(start..<position) : nil
  }

  /// What stands between quotation marks, at most 200 bytes.
  fileprivate mutating func quoted() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    var index = start
    while let byte = byte(index), index - start < 200 {
      if byte == UInt8(ascii: "\"") {
        position = index + 1
        return slice(start..<index)
      }
      index += 1
    }
    return nil
  }

  /// The bytes up to a mark, which is passed when it is no line end, or to the line's end.
  fileprivate mutating func sentence(_ most: Int, endsAt mark: UInt8) -> String? {
    let start = position
    while let byte = next, byte != mark, byte != LogText.lineBreak, position - start < most {
      position += 1
    }
    return position > start ? slice(start..<position) : nil
  }
}
