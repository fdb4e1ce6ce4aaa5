import Grid

/// The parts of the screen around the panes.
struct ScreenLayout {
  let header: Rect
  let panes: Rect
  let status: Rect
  let footer: Rect

  init(_ model: Model) {
    let width = model.width
    let height = model.height
    header = Rect(x: 0, y: 0, width: width, height: 1)
    panes = Rect(x: 0, y: 1, width: width, height: max(0, height - 3))
    status = Rect(x: 0, y: height - 2, width: width, height: 1)
    footer = Rect(x: 0, y: height - 1, width: width, height: 1)
  }
}
