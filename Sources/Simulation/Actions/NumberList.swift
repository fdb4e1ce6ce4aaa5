/// Numbers and spans of them as files and lines write them: `1-10, 13`.
public enum NumberList {
  /// The numbers in the order they are written.
  ///
  /// - Returns: nil where that is no list, or a number is beyond the range.
  public static func numbers(_ text: String, in range: ClosedRange<UInt64>) -> [UInt64]? {
    var numbers: [UInt64] = []
    for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let ends = word.split(separator: "-", omittingEmptySubsequences: false)
      let bounds = ends.compactMap { Number.unsigned(String($0)) }
      guard (1...2).contains(ends.count), bounds.count == ends.count,
        let first = bounds.first, let last = bounds.last, first <= last,
        range.contains(first), range.contains(last), numbers.count <= longest
      else { return nil }
      numbers += first...last
    }
    return numbers.isEmpty || numbers.count > longest ? nil : numbers
  }

  /// As many numbers as a list holds at most.
  private static let longest = 256

  /// The same as text, with three and more that follow each other as a span.
  public static func text(_ numbers: [UInt64]) -> String {
    var spans: [ClosedRange<UInt64>] = []
    for number in numbers {
      if let last = spans.last, number == last.upperBound &+ 1 {
        spans[spans.count - 1] = last.lowerBound...number
      } else {
        spans.append(number...number)
      }
    }
    return spans.map { span in
      switch span.upperBound - span.lowerBound {
      case 0: String(span.lowerBound)
      case 1: "\(span.lowerBound), \(span.upperBound)"
      default: "\(span.lowerBound)-\(span.upperBound)"
      }
    }.joined(separator: ", ")
  }
}
