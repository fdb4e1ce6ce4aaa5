/// The one rule for what of a text may be shown, scalar by scalar. Grids, pictures, plain text, JSON and
/// messages all follow it and differ only in what they put in the place of what may not be shown.
///
/// By itself a scalar is what its ``ScalarClass`` says. Its neighbours add:
/// - A mark is shown on a sign of the same text, at most ``markLimit`` on one. A mark without a sign would
///   join whatever stands before the text, and a heap of them covers the lines around it.
/// - Sequences of emoji are shown as their parts: a variation selector, skin tone or joiner behind a sign
///   that is an emoji is left out. Terminals disagree on the columns of whole sequences (U+260E U+FE0F takes one
///   or two, a family two or eight); on those of the parts they agree, and what is left out says nothing
///   that the parts do not.
/// - Anywhere else such characters are hidden as all invisible ones are: two names that differ must not
///   look the same.
///
/// Bytes that are no UTF-8 have become U+FFFD, which is shown, when text was made of them.
public struct ShownText: Sequence, IteratorProtocol {
  /// What becomes of a scalar.
  public enum Form: Hashable, Sendable {
    /// Shown, in one column.
    case narrow
    /// Shown, in two columns.
    case wide
    /// Shown on the sign before it, in no column.
    case mark
    /// A part of an emoji that is shown without it.
    case leftOut
    /// Not shown as it is; something that can be seen stands in for it.
    case hidden
  }

  /// A scalar of the text and what becomes of it.
  public struct Element: Hashable, Sendable {
    /// The scalar as it stands in the text.
    public let scalar: Unicode.Scalar
    /// What becomes of it.
    public let form: Form

    /// The columns it takes on a screen, where one sign stands in for what is hidden.
    public var columns: Int {
      switch form {
      case .narrow, .hidden: 1
      case .wide: 2
      case .mark, .leftOut: 0
      }
    }
  }

  /// Marks on one sign: what Vietnamese, Thai and Hangul need.
  public static let markLimit = 2

  private var rest: Substring.UnicodeScalarView.Iterator
  private var upcoming: Unicode.Scalar?
  /// The sign that a mark would join.
  private var base: Unicode.Scalar?
  private var marks = 0

  /// The scalars of a text.
  public init(_ text: some StringProtocol) {
    rest = Substring(text).unicodeScalars.makeIterator()
    upcoming = rest.next()
  }

  /// The next scalar; nil at the end.
  public mutating func next() -> Element? {
    guard let scalar = upcoming else { return nil }
    upcoming = rest.next()
    return Element(scalar: scalar, form: form(of: scalar))
  }

  private mutating func form(of scalar: Unicode.Scalar) -> Form {
    switch ScalarClass(scalar) {
    case .narrow:
      (base, marks) = (scalar, 0)
      return .narrow
    case .wide:
      (base, marks) = (scalar, 0)
      return .wide
    case .mark:
      guard base != nil, marks < Self.markLimit else { return .hidden }
      marks += 1
      return .mark
    case .hidden:
      if joinsEmoji(scalar) { return .leftOut }
      base = nil
      return .hidden
    }
  }

  /// Whether a hidden scalar is part of an emoji that is shown without it.
  private func joinsEmoji(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xFE0E, 0xFE0F: isEmoji(base) || base != nil && upcoming?.value == 0x20E3
    case 0x1F3FB...0x1F3FF: isEmoji(base)
    case 0x200D: isEmoji(base) && isEmoji(upcoming)
    default: false
    }
  }

  /// Digits and signs of ASCII are emoji to Unicode, but to nobody here.
  private func isEmoji(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar, !scalar.isASCII else { return false }
    return scalar.properties.isEmoji
  }
}
