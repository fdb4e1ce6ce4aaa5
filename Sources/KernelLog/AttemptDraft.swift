import KernelHistory

/// The words for the direction of a refused copy.
enum Verb: String, CaseIterable {
  case exposure
  case overwrite
  case leak

  var direction: CopyDirection { self == .overwrite ? .fromUser : .toUser }
}

/// Fields of a "memory ... attempt detected" report as they are read, so that a cut report keeps
/// what was there.
struct AttemptDraft {
  let verb: Verb
  let header: ReportHeader.Kind
  /// Since 4.16 the sentence starts with a capital.
  let capital: Bool
  private var object: String?
  private var quoted: String?
  private var address: String?
  private var offset: UInt64?
  private var size: UInt64?
  private var overflowed = false
  private var early: Bool
  private var named = false

  init(verb: Verb, header: ReportHeader.Kind, capital: Bool) {
    self.verb = verb
    self.header = header
    self.capital = capital
    early = !capital
  }

  /// Reads on behind the verb.
  mutating func read(_ cursor: inout LogCursor) throws(LogStop) {
    try cursor.expect(" attempt detected")
    try cursor.expect(verb == .overwrite ? " to " : " from ")
    var lookahead = cursor
    if let pointer = try? lookahead.pointer() {
      cursor = lookahead
      early = true
      try readEarly(&cursor, pointer: pointer)
    } else if capital {
      try readNamed(&cursor)
    } else {
      throw cursor.stop()
    }
  }

  // MARK: until 4.15: ADDRESS (NAME) (N bytes)

  private mutating func readEarly(
    _ cursor: inout LogCursor, pointer: String
  ) throws(LogStop) {
    guard let byte = cursor.next, LogCursor.isGap(byte) || byte == 0x28 else {
      throw cursor.stop()
    }
    cursor.skipGap()
    try cursor.expect("(")
    address = pointer
    if try readBytes(&cursor) { return }
    let start = cursor.position
    let limit = min(cursor.text.bytes.count, start + 160)
    for index in start..<limit where cursor.text.bytes[index] == UInt8(ascii: ")") {
      var rest = cursor
      rest.position = index + 1
      rest.skipGap()
      guard rest.accept("("), (try? readBytes(&rest)) == true else { continue }
      cursor.position = rest.position
      setEarlyName(cursor.slice(start..<index))
      return
    }
    guard let end = cursor.firstCut(in: start..<limit) ?? endOfText(cursor, limit)
    else { throw .mismatch }
    let rest = cursor.text.bytes[start..<end]
    if let close = rest.lastIndex(of: UInt8(ascii: ")")),
      rest.count(where: { $0 == 0x28 }) < rest.count(where: { $0 == 0x29 })
        || rest[close...].contains(0x28)
    {
      setEarlyName(cursor.slice(start..<close))
    }
    throw .cut(at: end)
  }

  /// `N bytes)`; false when a name stands there.
  private mutating func readBytes(_ cursor: inout LogCursor) throws(LogStop) -> Bool {
    cursor.skipGap(before: Digits.isDecimal)
    var rest = cursor
    guard let byte = rest.next, Digits.isDecimal(byte), let number = try? rest.number(),
      rest.accept(" bytes)")
    else {
      var wide = cursor
      guard (try? wide.number()) == UInt64?.none, wide.position > cursor.position,
        wide.accept(" bytes)")
      else { return false }
      overflowed = true
      cursor = wide
      return true
    }
    size = number
    cursor = rest
    return true
  }

  private mutating func setEarlyName(_ name: String) {
    named = true
    if name == "(null)" || name == "unknown" || name == "null" {
      object = "unknown"
    } else if name.hasPrefix("<") {
      // The closing bracket is lost where a line was broken in front of it.
      let inner = name.hasSuffix(">") ? name.dropLast() : name[...]
      object = ObjectNames.canonical(String(inner.dropFirst()))
    } else {
      object = ObjectNames.heapObject
      quoted = name
    }
  }

  // MARK: since 4.16: NAME 'detail' (offset N, size N)!

  private mutating func readNamed(_ cursor: inout LogCursor) throws(LogStop) {
    try readObject(&cursor)
    if let mark = cursor.next, Self.quotes.contains(mark) { try readQuoted(&cursor, mark) }
    try cursor.expect("(offset ")
    let offset = try cursor.number()
    try cursor.expect(",")
    self.offset = offset
    overflowed = offset == nil
    try cursor.expect(" size ")
    let size = try cursor.number()
    // A buffer too small for the message can end in the middle of the number.
    if cursor.next == UInt8(ascii: "!") { throw .cut(at: cursor.position) }
    try cursor.expect(")")
    self.size = size
    overflowed = overflowed || size == nil
    _ = cursor.accept("!")
  }

  private mutating func readObject(_ cursor: inout LogCursor) throws(LogStop) {
    let start = cursor.position
    var index = start
    let limit = min(cursor.text.bytes.count, start + 80)
    while index < limit, Self.isNameByte(cursor.text.bytes[index]) { index += 1 }
    let name = cursor.words(start..<index)
    let ended =
      index < limit
      && (cursor.text.bytes[index] == 0x28 || Self.quotes.contains(cursor.text.bytes[index]))
    guard ended, name.utf8.contains(where: Digits.isLetter) else {
      guard let end = cursor.firstCut(in: start..<min(limit, index + 1)) ?? endOfText(cursor, index)
      else { throw .mismatch }
      let cutName = cursor.words(start..<end)
      guard ObjectNames.isStart(cutName) else { throw .mismatch }
      object = ObjectNames.known(cutName)
      throw .cut(at: end)
    }
    object = ObjectNames.canonical(name)
    cursor.position = index
  }

  private func endOfText(_ cursor: LogCursor, _ index: Int) -> Int? {
    index >= cursor.text.bytes.count ? index : nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    Digits.isLetter(byte) || Digits.isDecimal(byte) || LogCursor.isGap(byte)
      || "?!-_/".utf8.contains(byte)
  }

  /// The kernel's quotation mark, and what other programs make of it.
  private static let quotes = Array("'\"`".utf8)

  /// A name in quotation marks, doubled where a table or a scenario file doubled them.
  private mutating func readQuoted(_ cursor: inout LogCursor, _ mark: UInt8) throws(LogStop) {
    var start = cursor.position
    while cursor.byte(start) == mark { start += 1 }
    // A backquote is closed by an apostrophe.
    let close = mark == UInt8(ascii: "`") ? UInt8(ascii: "'") : mark
    let limit = min(cursor.text.bytes.count, start + 160)
    for index in start..<max(start, limit) where cursor.text.bytes[index] == close {
      var rest = cursor
      rest.position = index
      while rest.next == close { rest.position += 1 }
      rest.skipGap()
      let behind = rest
      guard rest.accept("(offset ") else { continue }
      quoted = ObjectNames.detail(cursor.slice(start..<index))
      cursor = behind
      return
    }
    guard let end = cursor.firstCut(in: start..<max(start, limit)) ?? endOfText(cursor, limit)
    else { throw .mismatch }
    if let last = cursor.text.bytes[start..<end].lastIndex(of: close) {
      quoted = ObjectNames.detail(cursor.slice(start..<last))
    }
    throw .cut(at: end)
  }

  // MARK: the report

  /// The report of what was read; its place in the log is not known here.
  func report(cut: Bool) -> Report {
    let isSlab =
      object.map {
        $0 == ObjectNames.heapObject || ReportedObject(rawValue: $0)?.namesCache == true
      } ?? false
    let complete = !cut && !overflowed
    return Report(
      wording: wording, isTruncated: cut, direction: verb.direction,
      object: object ?? (early && !cut ? "unknown" : nil), cache: isSlab ? quoted : nil,
      detail: isSlab ? nil : quoted, address: address, offset: offset, size: size,
      complete: complete, line: "")
  }

  private var wording: Wording {
    if header == .whitelist { return .whitelistWarning }
    if early {
      if header == .pax || verb == .leak && (named || size == nil) { return .pax }
      if verb == .leak || size != nil && !named { return .rfcV3 }
      return .pointers
    }
    let known = object.flatMap(ReportedObject.init)
    if let since = known?.change?.since, since == UsercopyChange.mappings.since {
      return .mappings
    }
    if known == .processStack, let offset, offset != 0 { return .stackOffset }
    return .offsets
  }
}

/// The kernel's own words for what a copy touched.
enum ObjectNames {
  /// What is said of an early report that names a cache and nothing else.
  static let heapObject = "heap object"

  private static let all = ReportedObject.allCases.map(\.rawValue)

  private static func squeezed(_ name: String) -> [UInt8] {
    name.utf8.filter { !LogCursor.isGap($0) }
  }

  /// A word of the kernel's, whatever line breaks did to its blanks; nil for any other.
  static func known(_ name: String) -> String? {
    let key = squeezed(name)
    return all.first { squeezed($0) == key }
  }

  /// Whether a word of the kernel's starts like this.
  static func isStart(_ name: String) -> Bool {
    let key = squeezed(name)
    return all.contains { squeezed($0).starts(with: key) }
  }

  /// The kernel's word if it is one, else the name itself.
  static func canonical(_ name: String) -> String { known(name) ?? name }

  /// What stands in quotes: "no area" whatever a mailer did to it, else the name itself.
  static func detail(_ name: String) -> String {
    squeezed(name) == squeezed(ReportedObject.noArea) ? ReportedObject.noArea : name
  }
}
