import Grid

extension Pane {
  /// What the pane shows, as values.
  func rows(_ context: PaneContext) -> any PaneRows {
    switch self {
    case .memory: MemoryRows(context)
    case .check: CheckRows(context)
    case .side: Self.sideRows(context)
    case .story: StoryRows(context)
    }
  }

  /// What the upper right pane shows; the eras where the view has nothing to be made of.
  static func sideRows(_ context: PaneContext) -> any PlainRows {
    let shown = SideView.shown(context.model.sideView, context.session)
    return SideView.all.first { $0.name == shown }?.rows(context) ?? ErasRows(context)
  }

  /// What the pane shows on the screen now; nil when it is not in sight.
  func rows(in model: Model) -> (any PaneRows)? { PaneContext(of: self, in: model).map(rows) }
}
