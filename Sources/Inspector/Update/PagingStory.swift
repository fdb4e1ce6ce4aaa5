import Grid

/// Reading a story that has more rows than there is room for.
extension Model {
  /// Rows of the story below those in sight.
  var storyRowsBelow: Int {
    guard let rows = Pane.story.rows(in: self) else { return 0 }
    return rows.scrollRange.upperBound - rows.scroll
  }

  /// Turns to the next page of the story; behind the last comes the first.
  mutating func turnStoryPage() {
    guard let pane = PaneContext(of: .story, in: self) else { return }
    let rows = StoryRows(pane)
    let isAtEnd = rows.scroll >= rows.scrollRange.upperBound
    scrolls[.story] = isAtEnd ? 0 : rows.scroll(by: max(1, pane.rect.height - 1))
  }

  /// At the end of the story its rest is read before the end is told; false where there is no rest.
  mutating func readsOn() -> Bool {
    guard let session, session.position == session.count, story.live == nil, story.question == nil,
      storyRowsBelow > 0
    else { return false }
    turnStoryPage()
    return true
  }
}
