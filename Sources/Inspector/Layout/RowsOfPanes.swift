import Grid

extension Pane {
  /// What the pane shows, as values.
  func rows(_ context: PaneContext) -> any PaneRows {
    switch self {
    case .memory: MemoryRows(context)
    case .check: Self.eventRows(context) ?? CheckRows(context)
    case .side: Self.sideRows(context)
    case .story: StoryRows(context)
    }
  }

  /// The events of the step that is gone through, in place of a check; nil otherwise.
  static func eventRows(_ context: PaneContext) -> (any PaneRows)? { EventRows(context) }

  /// What the upper right pane shows; the eras where the view has nothing to be made of.
  static func sideRows(_ context: PaneContext) -> any PlainRows {
    let shown = SideView.shown(context.model.sideView, context.session)
    return SideView.all.first { $0.name == shown }?.rows(context) ?? ErasRows(context)
  }

  /// What the pane shows on the screen now; nil when it is not in sight.
  func rows(in model: Model) -> (any PaneRows)? { PaneContext(of: self, in: model).map(rows) }
}
