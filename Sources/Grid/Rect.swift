/// A rectangle of cells; a width or height is never negative and the far edges never overflow.
public struct Rect: Hashable, Sendable {
  /// The left column and the top row.
  public let x, y: Int
  /// Columns and rows, 0 or more.
  public let width, height: Int

  /// A rectangle; negative sizes count as 0, and every number is kept within ±2^30.
  public init(x: Int, y: Int, width: Int, height: Int) {
    let bound = 1 << 30
    self.x = min(max(x, -bound), bound)
    self.y = min(max(y, -bound), bound)
    self.width = min(max(width, 0), bound)
    self.height = min(max(height, 0), bound)
  }

  /// The first column right of the rectangle.
  public var endX: Int { x + width }
  /// The first row below the rectangle.
  public var endY: Int { y + height }
  /// Whether it holds no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether the cell at (`x`, `y`) is inside.
  public func contains(x: Int, y: Int) -> Bool {
    x >= self.x && x < endX && y >= self.y && y < endY
  }

  /// The rectangle without `columns` at the left and right and `rows` at the top and bottom.
  public func inset(columns: Int = 1, rows: Int = 1) -> Rect {
    let dx = min(max(columns, 0), (width + 1) / 2)
    let dy = min(max(rows, 0), (height + 1) / 2)
    return Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
  }

  /// What both rectangles cover; empty when they are apart.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(endX, other.endX) - left, height: min(endY, other.endY) - top)
  }

  /// Cuts into left and right parts.
  ///
  /// - Parameters:
  ///   - ratio: the left part's share, 0…1.
  ///   - minimumLeft: columns the left part keeps if the whole has them.
  ///   - minimumRight: columns the right part keeps if the whole has both minima.
  ///   - overlap: columns both parts have, 1 for a shared border.
  public func splitColumns(
    ratio: Double, minimumLeft: Int = 0, minimumRight: Int = 0, overlap: Int = 0
  ) -> (left: Rect, right: Rect) {
    let cut = Rect.cut(width, ratio: ratio, first: minimumLeft, second: minimumRight)
    let shared = min(max(overlap, 0), cut)
    return (
      Rect(x: x, y: y, width: cut, height: height),
      Rect(x: x + cut - shared, y: y, width: width - cut + shared, height: height)
    )
  }

  /// Cuts into upper and lower parts; the parameters are those of ``splitColumns(ratio:minimumLeft:minimumRight:overlap:)``.
  public func splitRows(
    ratio: Double, minimumTop: Int = 0, minimumBottom: Int = 0, overlap: Int = 0
  ) -> (top: Rect, bottom: Rect) {
    let cut = Rect.cut(height, ratio: ratio, first: minimumTop, second: minimumBottom)
    let shared = min(max(overlap, 0), cut)
    return (
      Rect(x: x, y: y, width: width, height: cut),
      Rect(x: x, y: y + cut - shared, width: width, height: height - cut + shared)
    )
  }

  private static func cut(_ length: Int, ratio: Double, first: Int, second: Int) -> Int {
    let share = ratio.isFinite ? min(max(ratio, 0), 1) : 0.5
    var cut = Int((Double(length) * share).rounded())
    cut = min(cut, length - min(max(second, 0), length))
    return min(max(cut, min(max(first, 0), length)), length)
  }
}
