/// What a scalar is for whoever shows it, by itself. What its neighbours add is ``ShownText``'s business.
///
/// From Unicode's data, of the version ``unicodeVersion``; the table is written by `.ci/unicode-table`.
public enum ScalarClass: UInt8, Hashable, Sendable, CaseIterable {
  /// Never shown as it is: controls, format characters and direction overrides, private, unassigned and
  /// ignorable characters (fillers, joiners, variation selectors), blanks other than the plain one, and the
  /// letters and skin tones that terminals merge into one sign with their neighbour.
  case hidden
  /// Joins the sign before it and takes no column: nonspacing and enclosing marks, vowels and final
  /// consonants of Hangul.
  case mark
  /// Takes one column.
  case narrow
  /// Takes two columns: East Asian Width W or F.
  case wide

  /// The class of a scalar.
  public init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if ScalarClass.isCertainlyNarrow(value) {
      self = .narrow
    } else {
      let entry = ScalarTable.starts[ScalarClass.index(of: value)]
      self = ScalarClass(rawValue: UInt8(entry & 3)) ?? .hidden
    }
  }

  /// The version of Unicode that decides.
  public static var unicodeVersion: String { ScalarTable.version }

  /// What most text and most pictures are made of: ASCII, Latin letters, dashes and quotation marks, arrows,
  /// mathematics, boxes, blocks and shapes, ticks and crosses.
  static func isCertainlyNarrow(_ value: UInt32) -> Bool {
    if value < 0x300 { return value >= 0x20 && value < 0x7F || value > 0xA0 && value != 0xAD }
    return value >= 0x2500 && value < 0x25FD || value >= 0x2190 && value < 0x231A
      || value >= 0x2010 && value < 0x2028 || value >= 0x2713 && value < 0x2719
  }

  /// The entry of the table that a value belongs to.
  static func index(of value: UInt32) -> Int {
    let wanted = value << 2 | 3
    var low = 0
    var high = ScalarTable.starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if ScalarTable.starts[middle] <= wanted { low = middle } else { high = middle }
    }
    return low
  }
}
