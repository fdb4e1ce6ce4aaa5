/// Text in one dress, a piece of a line.
public struct Span: Hashable, Sendable {
  /// What is written.
  public var text: String
  /// What it means.
  public var role: Role
  /// How it is drawn besides.
  public var attributes: Attributes

  /// A piece of a line.
  public init(_ text: String, _ role: Role = .text, _ attributes: Attributes = []) {
    self.text = text
    self.role = role
    self.attributes = attributes
  }

  /// The columns it takes.
  public var columns: Int { TextWidth.of(text) }

  fileprivate var hasBlanksAround: Bool { text.utf8.first == 0x20 || text.utf8.last == 0x20 }

  /// The text between the blanks around it, and those; all of it where they are filled.
  fileprivate var parts: (lead: Substring, core: Substring, trail: Substring) {
    let isFilled = !attributes.isDisjoint(with: [.reverse, .underline])
    guard !isFilled, role != .selection, role != .cursor else { return ("", text[...], "") }
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { $0 != 0x20 }),
      let last = bytes.lastIndex(where: { $0 != 0x20 })
    else { return (text[...], "", "") }
    let end = bytes.index(after: last)
    return (text[..<first], text[first..<end], text[end...])
  }
}

extension Grid {
  /// Writes text on one row from column `x`.
  ///
  /// Newlines and tabs show as their control pictures; use ``wrap(_:width:)`` for text of many lines.
  /// - Parameter width: columns at most; a wide scalar that would cross the end is not written.
  /// - Returns: the columns the text took, counting those outside the clip.
  @discardableResult
  public mutating func put(
    _ text: some StringProtocol, x: Int, y: Int, role: Role = .text,
    attributes: Attributes = [], width: Int? = nil
  ) -> Int {
    let bound = 1 << 30
    let start = min(max(x, -bound), bound)
    let end = start + min(max(width ?? bound, 0), bound)
    var column = start
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      putPlain(bytes, x: start, y: y, end: end, role: role, attributes: attributes)
    }
    if isPlain == true { return min(text.utf8.count, end - start) }
    for scalar in text.unicodeScalars {
      let shown = TextWidth.visible(scalar)
      let columns = TextWidth.columns(shown)
      if columns == 0 {
        if column > start { addMark(shown, x: column - 1, y: y) }
        continue
      }
      if column + columns > end { break }
      store(shown, columns: columns, x: column, y: y, role: role, attributes: attributes)
      column += columns
    }
    return column - start
  }

  /// Writes printable ASCII, a byte a column; false, having written nothing, when a byte is anything else.
  private mutating func putPlain(
    _ bytes: UnsafeBufferPointer<UInt8>, x: Int, y: Int, end: Int, role: Role,
    attributes: Attributes
  ) -> Bool {
    guard bytes.allSatisfy(TextWidth.isPlain) else { return false }
    let first = max(x, clip.x)
    let last = min(x + bytes.count, end, clip.endX)
    guard y >= clip.y, y < clip.endY, first < last else { return true }
    for column in first..<last {
      storeNarrow(
        Cell(
          code: UInt32(bytes[column - x]), markCode: 0, role: role, attributes: attributes),
        x: column, y: y)
    }
    return true
  }

  private mutating func store(
    _ scalar: Unicode.Scalar, columns: Int, x: Int, y: Int, role: Role, attributes: Attributes
  ) {
    let cell = Cell(code: scalar.value, markCode: 0, role: role, attributes: attributes)
    store(cell, x: x, y: y)
    // The right half of a wide scalar cut by the clip's left edge.
    if columns == 2, !clip.contains(x: x, y: y) {
      store(cell.showing(" "), x: x + 1, y: y)
    }
  }

  /// Writes spans one after the other. Blanks at the ends of a span part it from others and wear no dress,
  /// unless it is one that fills them.
  /// - Returns: the columns they took together.
  @discardableResult
  public mutating func put(_ spans: [Span], x: Int, y: Int, width: Int? = nil) -> Int {
    var used = 0
    for span in spans {
      var rest: Int? { width.map { max($0 - used, 0) } }
      guard span.hasBlanksAround else {
        used += put(
          span.text, x: x &+ used, y: y, role: span.role, attributes: span.attributes, width: rest)
        continue
      }
      let (lead, core, trail) = span.parts
      used += put(lead, x: x &+ used, y: y, width: rest)
      used += put(
        core, x: x &+ used, y: y, role: span.role, attributes: span.attributes, width: rest)
      used += put(trail, x: x &+ used, y: y, width: rest)
    }
    return used
  }

  /// Fills `rect` with one scalar; a wide one is replaced by a space.
  public mutating func fill(
    _ rect: Rect, with scalar: Unicode.Scalar = " ", role: Role = .text,
    attributes: Attributes = []
  ) {
    let wanted = Cell(scalar, role: role, attributes: attributes)
    let cell = wanted.isWide ? wanted.showing(" ") : wanted
    let area = rect.intersection(clip)
    guard !area.isEmpty else { return }
    for y in area.y..<area.endY {
      for x in area.x..<area.endX { store(cell, x: x, y: y) }
    }
  }

  /// Blanks `rect`.
  public mutating func clear(_ rect: Rect) {
    fill(rect)
  }
}
