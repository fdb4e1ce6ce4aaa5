import Grid
import Timeline

/// A story that has more rows than there is room for, read page by page.
struct StoryPages {
  private let rows: (any PaneRows)?
  private let height: Int

  init(_ model: Model) {
    let context = PaneContext(of: .story, in: model)
    (rows, height) = (context.map(Pane.story.rows), context?.rect.height ?? 0)
  }

  /// Of a frame whose panes are placed.
  init(_ scene: Frozen<PaneScene>, _ placed: PlacedPanes) {
    let context = placed.rect(of: .story).map {
      PaneContext(scene, rect: $0.inset(), isFocused: placed.focus == .story)
    }
    (rows, height) = (context.map(Pane.story.rows), context?.rect.height ?? 0)
  }

  /// Rows below those in sight.
  var below: Int { rows.map { $0.scrollRange.upperBound - $0.scroll } ?? 0 }

  /// Where the next page begins; behind the last comes the first.
  var next: Int? {
    guard let rows else { return nil }
    return below <= 0 ? 0 : rows.scroll(by: max(1, height - 1))
  }

  /// Turns the page at the end of the story, before the end is told; false where there is no rest to read.
  static func readsOn(_ model: inout Model) -> Bool {
    guard let session = model.session, session.position == session.count,
      model.story.live == nil, model.story.question == nil, session.prediction == nil
    else { return false }
    let pages = StoryPages(model)
    guard pages.below > 0 else { return false }
    model.scrolls[.story] = pages.next
    return true
  }
}
