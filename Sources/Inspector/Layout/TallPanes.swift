import Grid
import Simulation
import Timeline

/// The panes one below the other, each as wide as the screen, as high as what they have to say.
struct TallPanes {
  let all: [PlacedPane]
  /// The pane that keys go to.
  let focus: Pane

  /// Nil where there is no room for three rows of each.
  init?(_ scene: Frozen<PaneScene>, _ area: Rect, focus: Pane) {
    let order: [Pane] =
      scene.value.subject.report == nil && scene.value.session.world.hasGadget
      ? [.side, .check, .story, .memory] : [.memory, .check, .side, .story]
    var needs = order.map { pane in
      (pane, pane.rows(PaneContext(scene, rect: area.inset(), isFocused: pane == focus)).need)
    }
    needs.removeAll { $0.1 == .nothing && $0.0 != focus }
    self.focus = needs.contains { $0.0 == focus } ? focus : needs.first?.0 ?? focus
    // Neighbours share a border.
    let rows = area.height - 1 - needs.count
    guard rows >= 3 * needs.count else { return nil }
    let heights = Self.heights(needs.map(\.1), rows)
    var y = area.y
    all = zip(needs, heights).map { need, height in
      defer { y += height + 1 }
      return PlacedPane(
        pane: need.0, rect: Rect(x: area.x, y: y, width: area.width, height: height + 2))
    }
  }

  /// Rows for each: three at least, then what each needs at least, to be read well, whole, and at most; what
  /// is left goes to the first.
  private static func heights(_ needs: [PaneNeed], _ rows: Int) -> [Int] {
    var heights = needs.map { _ in 3 }
    var left = rows - heights.reduce(0, +)
    for level in [\PaneNeed.least, \PaneNeed.well, \PaneNeed.whole, \PaneNeed.most] {
      for index in needs.indices where left > 0 {
        let more = min(left, max(0, needs[index][keyPath: level] - heights[index]))
        heights[index] += more
        left -= more
      }
    }
    heights[0] += left
    return heights
  }
}
