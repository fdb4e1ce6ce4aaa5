import Text

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

/// One column of one row: a printable scalar, at most two combining marks, a role and attributes.
///
/// A scalar that is two columns wide takes two cells: a lead cell and, right of it, a continuation.
/// Nothing that may not be shown can be in a cell (see `ShownText`).
public struct Cell: Hashable, Sendable {
  /// The scalar's value in 21 bits, 0 in a continuation; above them what ``lowMarks`` has no room for.
  private let packed: UInt32
  /// The ranks of the marks, twelve bits each, 0 for none: the lower 16 bits.
  private let lowMarks: UInt16
  /// What the cell means.
  public var role: Role
  /// How it is drawn besides.
  public var attributes: Attributes

  private static let codeBits: UInt32 = 21
  private static let rankBits: UInt32 = 12

  /// A cell showing `scalar`, or what stands in for it when it may not be shown.
  public init(_ scalar: Unicode.Scalar, role: Role = .text, attributes: Attributes = []) {
    self.init(code: Printable.glyph(scalar).value, role: role, attributes: attributes)
  }

  init(code: UInt32, marks: UInt32 = 0, role: Role, attributes: Attributes) {
    packed = code | (marks >> 16) << Cell.codeBits
    lowMarks = UInt16(truncatingIfNeeded: marks)
    self.role = role
    self.attributes = attributes
  }

  /// A space of role `text` without attributes.
  public static let blank = Cell(code: 0x20, role: .text, attributes: [])

  /// A cell's fields fill eight bytes, which are compared at once.
  public static func == (one: Cell, other: Cell) -> Bool {
    unsafeBitCast(one, to: UInt64.self) == unsafeBitCast(other, to: UInt64.self)
  }

  /// The scalar's value; 0 in a continuation.
  var code: UInt32 { packed & (1 << Cell.codeBits - 1) }

  /// The ranks of the marks.
  private var markBits: UInt32 { UInt32(lowMarks) | (packed >> Cell.codeBits) << 16 }

  /// Whether this is the right half of a wide scalar.
  public var isContinuation: Bool { code == 0 }

  /// Whether this is the left half of a wide scalar.
  public var isWide: Bool { code >= 0x1100 && TextWidth.isWide(scalar) }

  /// The scalar shown; a space in a continuation.
  public var scalar: Unicode.Scalar { Unicode.Scalar(code == 0 ? 0x20 : code) ?? " " }

  /// Whether there are combining marks on the scalar.
  public var hasMarks: Bool { lowMarks != 0 }

  /// The combining marks on the scalar, at most `ShownText.markLimit`.
  public var marks: [Unicode.Scalar] {
    guard hasMarks else { return [] }
    return [markBits, markBits >> Cell.rankBits].compactMap { bits in
      CombiningMark(rank: UInt16(bits & (1 << Cell.rankBits - 1)))?.scalar
    }
  }

  static func continuation(of cell: Cell) -> Cell {
    Cell(code: 0, role: cell.role, attributes: cell.attributes)
  }

  /// The cell with one mark more; as it is when it has two.
  func adding(_ mark: CombiningMark) -> Cell {
    guard markBits >> Cell.rankBits == 0 else { return self }
    let shift = hasMarks ? Cell.rankBits : 0
    return Cell(
      code: code, marks: markBits | UInt32(mark.rank) << shift, role: role, attributes: attributes)
  }

  /// The same glyph in another dress.
  func showing(_ scalar: Unicode.Scalar) -> Cell {
    Cell(code: scalar.value, role: role, attributes: attributes)
  }
}
