import Testing
import Timeline

/// Values behind one reference behave as values.
@Suite struct SharedTests {
  @Test func writingToACopyLeavesTheOriginal() {
    let first = Shared([1, 2, 3])
    var second = first
    second.value.append(4)
    var third = second
    third.value[0] = 9
    #expect(first.value == [1, 2, 3])
    #expect(second.value == [1, 2, 3, 4])
    #expect(third.value == [9, 2, 3, 4])
  }
}
