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

  /// Whether blanks at its ends are drawn as the rest of it is.
  fileprivate var isFilled: Bool {
    !attributes.isDisjoint(with: [.reverse, .underline]) || role == .selection || role == .cursor
  }
}

/// What a piece of text wears.
struct Dress {
  var role: Role = .text
  var attributes: Attributes = []
}

extension Grid {
  /// Writes text on one row from column `x`.
  ///
  /// Newlines and tabs show as their control pictures; use ``wrap(_:width:)`` for text of many lines.
  /// - Parameters:
  ///   - text: what to write.
  ///   - x: the first column.
  ///   - y: the row.
  ///   - role: what it is drawn as.
  ///   - attributes: what it is drawn with.
  ///   - width: columns at most; a wide scalar that would cross the end is not written.
  /// - Returns: the columns the text took, counting those outside the clip.
  @discardableResult
  public mutating func put(
    _ text: String, x: Int, y: Int, role: Role = .text,
    attributes: Attributes = [], width: Int? = nil
  ) -> Int {
    write(
      text, x: x, y: y, dress: Dress(role: role, attributes: attributes), isBare: false,
      width: width)
  }

  private mutating func write(
    _ text: String, x: Int, y: Int, dress: Dress, isBare: Bool, width: Int?
  ) -> Int {
    let bound = 1 << 30
    let start = min(max(x, -bound), bound)
    let end = start + min(max(width ?? bound, 0), bound)
    let plain = text.utf8.withContiguousStorageIfAvailable { bytes in
      putPlain(bytes, x: start, y: y, end: end, dress: dress, isBare: isBare)
    }
    if case let columns?? = plain { return columns }
    let core = isBare ? Grid.core(text.unicodeScalars) { $0 == " " } : nil
    var column = start
    for index in text.unicodeScalars.indices {
      let shown = TextWidth.visible(text.unicodeScalars[index])
      let columns = TextWidth.columns(shown)
      if columns == 0 {
        if column > start { addMark(shown, x: column - 1, y: y) }
        continue
      }
      if column + columns > end { break }
      let own = core.map { $0.contains(index) } ?? true ? dress : Dress()
      store(shown, columns: columns, x: column, y: y, dress: own)
      column += columns
    }
    return column - start
  }

  /// Writes printable ASCII, a byte a column, blanks at its ends without dress if `isBare`.
  /// - Returns: the columns it took; nil, having written nothing, when a byte is anything else.
  private mutating func putPlain(
    _ bytes: UnsafeBufferPointer<UInt8>, x: Int, y: Int, end: Int, dress: Dress, isBare: Bool
  ) -> Int? {
    guard bytes.allSatisfy(TextWidth.isPlain) else { return nil }
    let columns = min(bytes.count, end - x)
    guard y >= clip.y, y < clip.endY else { return columns }
    let first = min(max(0, clip.x - x), columns)
    let shown = first..<max(first, min(columns, clip.endX - x))
    guard isBare else {
      storePlain(bytes[shown], x: x + shown.lowerBound, y: y, dress: dress)
      return columns
    }
    let core = Grid.core(bytes) { $0 == 0x20 }.clamped(to: shown)
    storePlain(
      bytes[shown.lowerBound..<core.lowerBound], x: x + shown.lowerBound, y: y, dress: Dress())
    storePlain(bytes[core], x: x + core.lowerBound, y: y, dress: dress)
    storePlain(
      bytes[core.upperBound..<shown.upperBound], x: x + core.upperBound, y: y, dress: Dress())
    return columns
  }

  /// What lies between the blanks at the ends.
  private static func core<Text: BidirectionalCollection>(
    _ text: Text, _ isBlank: (Text.Element) -> Bool
  ) -> Range<Text.Index> {
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return text.endIndex..<text.endIndex }
    return first..<text.index(after: last)
  }

  private mutating func store(
    _ scalar: Unicode.Scalar, columns: Int, x: Int, y: Int, dress: Dress
  ) {
    let cell = Cell(
      code: scalar.value, markCode: 0, role: dress.role, attributes: dress.attributes)
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
      used += write(
        span.text, x: x &+ used, y: y,
        dress: Dress(role: span.role, attributes: span.attributes), isBare: !span.isFilled,
        width: width.map { max($0 - used, 0) })
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
