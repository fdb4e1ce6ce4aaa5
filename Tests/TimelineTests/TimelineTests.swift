import Testing
import Timeline

struct TimelineTests {
  /// A world whose state tells its whole history, so that a wrong replay shows.
  static func timeline(stride: Int) -> Timeline<[Int], Int, Int, Int> {
    Timeline(start: [], stride: stride, keeping: { $0 / 2 }) { world, action in
      (world + [action], [action * 2])
    }
  }

  @Test(arguments: [1, 2, 3, 7, 32])
  func everyPositionCanBeReachedFromEveryOther(stride: Int) {
    var timeline = Self.timeline(stride: stride)
    for action in 0..<40 { timeline.record(action) }
    for from in 0...40 {
      for target in [0, 1, from - 1, from + 1, 17, 31, 32, 33, 39, 40] {
        timeline.seek(from)
        timeline.seek(target)
        let reached = min(max(0, target), 40)
        #expect(timeline.position == reached)
        #expect(timeline.world == Array(0..<reached))
        #expect(timeline.previous == (reached > 0 ? Array(0..<(reached - 1)) : nil))
        #expect(timeline.events == (reached > 0 ? [(reached - 1) * 2] : []))
      }
    }
  }

  @Test(arguments: [1, 4, 5])
  func recordingInThePastForgetsTheFuture(stride: Int) {
    for cut in 0...20 {
      var timeline = Self.timeline(stride: stride)
      for action in 0..<20 { timeline.record(action) }
      timeline.seek(cut)
      timeline.record(99)
      #expect(timeline.count == cut + 1)
      #expect(timeline.world == Array(0..<cut) + [99])
      for action in 0..<9 { timeline.record(action) }
      #expect(timeline.world(at: cut + 1) == Array(0..<cut) + [99])
      #expect(timeline.world(at: cut) == Array(0..<cut))
      #expect(timeline.world(at: 1_000) == Array(0..<cut) + [99] + Array(0..<9))
    }
  }
}
