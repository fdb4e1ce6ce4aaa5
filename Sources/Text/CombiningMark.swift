/// A scalar of class ``ScalarClass/mark``, named by its rank among them: twelve bits, so that a cell of a
/// grid has room for two.
public struct CombiningMark: Hashable, Sendable {
  /// Its place among all marks, from 1; below 4096.
  public let rank: UInt16

  /// The mark of a rank; nil for a rank that no mark has.
  public init?(rank: UInt16) {
    guard rank > 0, Int(rank) <= CombiningMark.count else { return nil }
    self.rank = rank
  }

  /// The mark that a scalar is; nil for any other scalar.
  public init?(_ scalar: Unicode.Scalar) {
    guard ScalarClass(scalar) == .mark else { return nil }
    let run = CombiningMark.runs.last { $0.first <= scalar.value }
    guard let run else { return nil }
    rank = run.rank + UInt16(scalar.value - run.first)
  }

  /// The scalar.
  public var scalar: Unicode.Scalar {
    let run = CombiningMark.runs.last { $0.rank <= rank }
    return run.flatMap { Unicode.Scalar($0.first + UInt32(rank - $0.rank)) } ?? "\u{FFFD}"
  }

  /// How many marks there are.
  public static var count: Int { runs.last.map { Int($0.rank) + $0.count - 1 } ?? 0 }

  /// Marks side by side: the value and the rank of the first, and how many they are.
  private static let runs: [(first: UInt32, rank: UInt16, count: Int)] = {
    var found: [(first: UInt32, rank: UInt16, count: Int)] = []
    var rank: UInt16 = 1
    let starts = ScalarTable.starts
    for (entry, next) in zip(starts, starts.dropFirst())
    where entry & 3 == UInt32(ScalarClass.mark.rawValue) {
      let count = Int(next >> 2 - entry >> 2)
      found.append((entry >> 2, rank, count))
      rank += UInt16(count)
    }
    return found
  }()
}
