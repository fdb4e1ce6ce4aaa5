import Grid
import Testing

@Suite struct RectTests {
  @Test func splitsCoverTheWholeAndKeepMinima() {
    let rect = Rect(x: 3, y: 2, width: 40, height: 20)
    for ratio in [-1, 0, 0.25, 0.5, 0.99, 1, 7, Double.nan, .infinity] {
      let (left, right) = rect.splitColumns(ratio: ratio, minimumLeft: 5, minimumRight: 8)
      #expect(left.width + right.width == 40 && left.endX == right.x && left.x == 3)
      #expect(left.width >= 5 && right.width >= 8)
      let (top, bottom) = rect.splitRows(ratio: ratio, overlap: 1)
      #expect(top.height + bottom.height == 20 + (top.height > 0 ? 1 : 0))
      #expect(bottom.endY == rect.endY)
    }
    let (left, right) = Rect(x: 0, y: 0, width: 3, height: 1).splitColumns(
      ratio: 0.5, minimumLeft: 9, minimumRight: 9)
    #expect(left.width + right.width == 3)
  }

  @Test func intersectionIsCommonCells() {
    let rects = (0..<200).map { seed in
      Rect(x: seed % 7 - 3, y: seed % 5 - 2, width: seed % 6, height: seed % 4)
    }
    for first in rects.prefix(40) {
      for second in rects.suffix(40) {
        let both = first.intersection(second)
        for y in -4..<9 {
          for x in -4..<12 {
            #expect(
              both.contains(x: x, y: y)
                == (first.contains(x: x, y: y) && second.contains(x: x, y: y)))
          }
        }
      }
    }
  }

  @Test func insetsNeverTurnInsideOut() {
    for size in 0..<6 {
      let rect = Rect(x: 1, y: 1, width: size, height: size).inset(columns: 2, rows: Int.max)
      #expect(rect.width >= 0 && rect.height == 0)
    }
    #expect(Rect(x: Int.max, y: Int.min, width: Int.max, height: -1).isEmpty)
  }
}
