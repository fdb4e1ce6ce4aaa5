import Grid

extension Model {
  /// A mouse event: click focuses, the wheel scrolls, dragging a divider moves it.
  mutating func point(_ mouse: Mouse) -> [Effect] {
    if case .lessons = mode { return pointAtList(mouse) }
    guard session != nil else { return [] }
    let area = ScreenLayout(self).panes
    let pane = layout.rects(in: area).first {
      $0.rect.contains(x: mouse.position.x, y: mouse.position.y)
    }
    switch mouse.action {
    case .press(.left): if let pane { layout.focus = pane.pane }
    case .drag(.left):
      if area.width > 0, !layout.isZoomed {
        layout.columns = min(max(Double(mouse.position.x - area.x) / Double(area.width), 0.3), 0.8)
      }
    case .wheelUp, .wheelDown:
      if let pane { layout.focus = pane.pane }
      return browse(mouse.action == .wheelUp ? .up : .down)
    default: break
    }
    return []
  }

  private mutating func pointAtList(_ mouse: Mouse) -> [Effect] {
    switch mouse.action {
    case .wheelUp: return list(.up)
    case .wheelDown: return list(.down)
    case .press(.left):
      let row = mouse.position.y - ScreenLayout.listTop + ScreenLayout.listScroll(self)
      guard lessons.indices.contains(row) else { return [] }
      if row == lessonCursor { return list(.open) }
      lessonCursor = row
    default: break
    }
    return []
  }
}
