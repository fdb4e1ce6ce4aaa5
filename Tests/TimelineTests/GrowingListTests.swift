import Testing
import Timeline

struct GrowingListTests {
  @Test(arguments: [0, 1, 2, 31, 32, 33, 1_023, 1_024, 1_025, 33_000])
  func holdsWhatAnArrayHolds(count: Int) {
    let list = GrowingList(0..<count)
    #expect(list.count == count && Array(list) == Array(0..<count))
    #expect(list.last == (0..<count).last && list.first == (0..<count).first)
    #expect(Array(list.reversed().prefix(3)) == Array((0..<count).reversed().prefix(3)))
  }

  /// Copies taken at any time stay as they were, whatever is done to the list behind them.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
  func copiesDoNotSeeWhatComesAfter(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15
    func next(_ bound: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % bound
    }
    var list: GrowingList<Int> = []
    var array: [Int] = []
    var kept: [(GrowingList<Int>, [Int])] = []
    for _ in 0..<3_000 {
      switch next(20) {
      case 0:
        let length = next(array.count + 2)
        list.keep(first: length)
        array = Array(array.prefix(length))
      case 1 where !array.isEmpty:
        let index = next(array.count)
        list.change(index) { $0 = -$0 }
        array[index] = -array[index]
      case 2: #expect(list.popLast() == array.popLast())
      case 3: kept.append((list, array))
      default:
        let more = (0..<next(40)).map { _ in next(1_000) }
        list.append(contentsOf: more)
        array += more
      }
      #expect(list.count == array.count && list.last == array.last)
    }
    kept.append((list, array))
    for (list, array) in kept { #expect(list.elementsEqual(array)) }
    #expect(list == GrowingList(array) && (array.isEmpty || list != []))
  }
}
