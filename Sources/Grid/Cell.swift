/// How a cell is drawn besides its role.
public struct Attributes: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Attributes of raw bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Heavier strokes.
  public static let bold = Attributes(rawValue: 1)
  /// Foreground and background exchanged.
  public static let reverse = Attributes(rawValue: 2)
  /// A line below.
  public static let underline = Attributes(rawValue: 4)
}

/// One column of one row: a printable scalar, at most one combining mark, a role and attributes.
///
/// A scalar that is two columns wide takes two cells: a lead cell and, right of it, a continuation.
/// No control character, escape or direction override can be in a cell (see ``TextWidth``).
public struct Cell: Hashable, Sendable {
  /// The scalar's value; 0 in a continuation.
  let code: UInt32
  /// A combining mark of the basic plane, 0 for none.
  let markCode: UInt16
  /// What the cell means.
  public var role: Role
  /// How it is drawn besides.
  public var attributes: Attributes

  /// A cell showing `scalar`, or what stands for it when it must not reach a terminal.
  /// A scalar of no width becomes a space.
  public init(_ scalar: Unicode.Scalar, role: Role = .text, attributes: Attributes = []) {
    let shown = TextWidth.visible(scalar)
    self.init(
      code: TextWidth.columns(shown) == 0 ? 0x20 : shown.value, markCode: 0, role: role,
      attributes: attributes)
  }

  init(code: UInt32, markCode: UInt16, role: Role, attributes: Attributes) {
    self.code = code
    self.markCode = markCode
    self.role = role
    self.attributes = attributes
  }

  /// A space of role `text` without attributes.
  public static let blank = Cell(code: 0x20, markCode: 0, role: .text, attributes: [])

  /// A cell's fields fill eight bytes, which are compared at once.
  public static func == (one: Cell, other: Cell) -> Bool {
    unsafeBitCast(one, to: UInt64.self) == unsafeBitCast(other, to: UInt64.self)
  }

  /// Whether this is the right half of a wide scalar.
  public var isContinuation: Bool { code == 0 }

  /// Whether this is the left half of a wide scalar.
  public var isWide: Bool { code >= 0x1100 && TextWidth.isWide(code) }

  /// The scalar shown; a space in a continuation.
  public var scalar: Unicode.Scalar { Unicode.Scalar(code == 0 ? 0x20 : code) ?? " " }

  /// The combining mark over the scalar, if there is one.
  public var mark: Unicode.Scalar? { markCode == 0 ? nil : Unicode.Scalar(markCode) }

  static func continuation(of cell: Cell) -> Cell {
    Cell(code: 0, markCode: 0, role: cell.role, attributes: cell.attributes)
  }

  func adding(mark: UInt16) -> Cell {
    Cell(code: code, markCode: mark, role: role, attributes: attributes)
  }

  /// The same glyph in another dress.
  func showing(_ scalar: Unicode.Scalar) -> Cell {
    Cell(code: scalar.value, markCode: 0, role: role, attributes: attributes)
  }
}
